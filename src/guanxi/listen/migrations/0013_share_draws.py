from pathlib import Path

from django.db import migrations

from guanxi.records.databases import SOCIAL

_room = Path(__file__).parent.parent


class Migration(migrations.Migration):
    dependencies = [("listen", "0012_account_reading")]
    operations = [
        migrations.RunSQL(
            (_room / "schema" / "share_draws.sql").read_text(), migrations.RunSQL.noop, hints={"on": (SOCIAL,)}
        ),
    ]
