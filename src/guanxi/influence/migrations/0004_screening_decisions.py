from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("influence", "0003_treatments")]

    operations = [
        migrations.CreateModel(
            name="ScreeningDecision",
            fields=[
                ("fan", models.BigIntegerField(primary_key=True, serialize=False)),
                ("reason", models.TextField()),
                ("decided_by", models.TextField()),
                ("decided_at", models.DateTimeField()),
            ],
            options={"db_table": "screening_decision"},
        ),
    ]
