"""Topics can weigh more or less in the scores."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("social", "0002_groups_tags_notices")]

    operations = [
        migrations.CreateModel(
            name="TopicWeight",
            fields=[
                ("topic", models.TextField(primary_key=True, serialize=False)),
                ("percent", models.IntegerField()),
            ],
            options={"db_table": "topic_weight"},
        ),
    ]
