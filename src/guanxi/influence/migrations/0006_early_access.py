from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("influence", "0005_fading_setting")]

    operations = [
        migrations.AddField(
            model_name="treatmentsetting", name="early_hours", field=models.IntegerField(null=True)
        ),
    ]
