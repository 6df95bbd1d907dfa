import json
import secrets

from django.db import migrations, models

from guanxi.records.installation import Installation
from guanxi.records.sealing import NONCE_BYTES, seal, unseal


def seal_settings(apps, schema_editor):
    pepper = Installation.current().secrets.pepper
    for account in apps.get_model("records", "ChannelAccount").objects.using(schema_editor.connection.alias):
        plain = json.dumps(account.settings).encode()
        place = f"{account.platform}/{account.name}"
        account.sealed = seal(pepper, place, plain, secrets.token_bytes(NONCE_BYTES))
        account.save()


def open_settings(apps, schema_editor):
    pepper = Installation.current().secrets.pepper
    for account in apps.get_model("records", "ChannelAccount").objects.using(schema_editor.connection.alias):
        plain = unseal(pepper, f"{account.platform}/{account.name}", bytes(account.sealed))
        account.settings = json.loads(plain)
        account.save()


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [
        migrations.AddField("ChannelAccount", "sealed", models.BinaryField(default=b""), preserve_default=False),
        migrations.RunPython(seal_settings, open_settings),
        migrations.RemoveField("ChannelAccount", "settings"),
    ]
