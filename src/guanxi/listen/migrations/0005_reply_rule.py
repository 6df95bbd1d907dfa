from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listen", "0004_shares")]
    operations = [
        migrations.CreateModel(
            name="ReplyRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("platform", models.TextField()),
                ("account", models.TextField()),
                ("answers", models.TextField()),
                ("match", models.TextField()),
                ("words", models.TextField(blank=True)),
                ("text", models.TextField()),
                ("place", models.IntegerField()),
                ("active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"db_table": "reply_rule"},
        ),
    ]
