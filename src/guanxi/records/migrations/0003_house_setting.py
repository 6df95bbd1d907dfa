from django.db import migrations

from guanxi.records.databases import RELATIONSHIP


class Migration(migrations.Migration):
    dependencies = [("records", "0002_settings_lie_sealed")]
    operations = [
        migrations.RunSQL(
            "CREATE TABLE house_setting (name text PRIMARY KEY, value text NOT NULL)",
            migrations.RunSQL.noop,
            hints={"on": (RELATIONSHIP,)},
        ),
    ]
