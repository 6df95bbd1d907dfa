from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outreach", "0002_answer_marks")]

    operations = [
        migrations.AddField("campaign", "opens_at", models.DateTimeField(null=True)),
    ]
