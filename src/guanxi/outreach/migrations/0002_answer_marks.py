from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outreach", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="AnswerMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("fan", models.BigIntegerField(db_index=True)),
                ("up_to", models.DateTimeField(db_index=True)),
                ("marked_by", models.TextField()),
                ("marked_at", models.DateTimeField()),
            ],
            options={"db_table": "answer_mark"},
        ),
    ]
