from pathlib import Path

from django.db import migrations

from guanxi.records.databases import ALIASES

_CATALOG = (Path(__file__).parent.parent / "catalog.sql").read_text()


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(_CATALOG, "DROP SCHEMA lake CASCADE", hints={"on": ALIASES})]
