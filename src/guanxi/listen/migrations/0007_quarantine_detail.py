from django.db import migrations

from guanxi.records.databases import CUSTOMERS, SOCIAL

_ADD = """
ALTER TABLE quarantine ADD COLUMN detail text NOT NULL DEFAULT '';
ALTER TABLE quarantine ADD COLUMN happened_at timestamptz;
CREATE INDEX quarantine_open ON quarantine (reason, detail) WHERE state = 'open';
"""


class Migration(migrations.Migration):
    dependencies = [("listen", "0006_event_rule")]
    operations = [migrations.RunSQL(_ADD, migrations.RunSQL.noop, hints={"on": (SOCIAL, CUSTOMERS)})]
