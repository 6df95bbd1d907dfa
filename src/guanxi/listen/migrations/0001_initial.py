from pathlib import Path

from django.db import migrations

from guanxi.records.databases import ALIASES, CUSTOMERS, SOCIAL

_room = Path(__file__).parent.parent


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL((_room / "schema" / "inbox.sql").read_text(), migrations.RunSQL.noop, hints={"on": (SOCIAL, CUSTOMERS)}),
        migrations.RunSQL((_room / "schema" / "cursor.sql").read_text(), migrations.RunSQL.noop, hints={"on": ALIASES}),
    ]
