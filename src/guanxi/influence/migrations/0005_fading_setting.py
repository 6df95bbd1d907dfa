from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("influence", "0004_screening_decisions")]

    operations = [
        migrations.CreateModel(
            name="FadingSetting",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("half_life_days", models.IntegerField(null=True)),
                ("set_by", models.TextField()),
                ("set_at", models.DateTimeField()),
            ],
            options={"db_table": "fading_setting"},
        ),
    ]
