from django.db import migrations, models

from guanxi.records.databases import SOCIAL

# Who followed before ways were known does so in the way of no employee.
_KEEP = """
INSERT INTO fan_way (fan, way, began_at, ended_at)
SELECT f.id, '', f.followed_at, f.unfollowed_at FROM fan f JOIN account a ON a.id = f.account_id AND a.platform = 'wecom'
WHERE f.followed_at IS NOT NULL OR f.unfollowed_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("social", "0003_topic_weight")]
    operations = [
        migrations.CreateModel(
            name="FanWay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "fan", "way", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("fan", models.BigIntegerField()),
                ("way", models.TextField()),
                ("began_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "fan_way"},
        ),
        migrations.RunSQL(_KEEP, migrations.RunSQL.noop, hints={"on": (SOCIAL,)}),
    ]
