from pathlib import Path

from django.db import migrations

from guanxi.records.databases import RELATIONSHIP

_room = Path(__file__).parent.parent


class Migration(migrations.Migration):
    dependencies = [("listen", "0009_remember_keys")]
    operations = [
        migrations.RunSQL(
            (_room / "schema" / "relay_state.sql").read_text(), migrations.RunSQL.noop, hints={"on": (RELATIONSHIP,)}
        ),
    ]
