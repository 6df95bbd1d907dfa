from pathlib import Path

from django.db import migrations

from guanxi.records.databases import CUSTOMERS, SOCIAL

_room = Path(__file__).parent.parent


class Migration(migrations.Migration):
    dependencies = [("listen", "0008_share_trials")]
    operations = [
        migrations.RunSQL(
            (_room / "schema" / "remember.sql").read_text(), migrations.RunSQL.noop, hints={"on": (SOCIAL, CUSTOMERS)}
        ),
    ]
