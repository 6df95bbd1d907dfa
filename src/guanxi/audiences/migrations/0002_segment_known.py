from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audiences", "0001_initial")]

    operations = [
        migrations.AddField(model_name="segment", name="known", field=models.JSONField(null=True)),
    ]
