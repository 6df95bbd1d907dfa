from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("influence", "0002_choice_runs")]

    operations = [
        migrations.CreateModel(
            name="TreatmentSetting",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("band", models.CharField(max_length=16)),
                ("reply_hours", models.IntegerField(null=True)),
                ("goes_first", models.BooleanField()),
                ("sends_max", models.IntegerField(null=True)),
                ("window_days", models.IntegerField()),
                ("set_by", models.TextField()),
                ("set_at", models.DateTimeField()),
            ],
            options={"db_table": "treatment_setting"},
        ),
    ]
