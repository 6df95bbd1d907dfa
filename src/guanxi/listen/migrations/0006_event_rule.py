from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listen", "0005_reply_rule")]
    operations = [
        migrations.CreateModel(
            name="EventRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField(unique=True)),
                ("kind", models.TextField()),
                ("content_property", models.TextField(blank=True)),
                ("mapped_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"db_table": "event_rule"},
        ),
    ]
