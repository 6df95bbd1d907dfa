from django.db import migrations, models

from guanxi.records.audit import AUDIT_TABLE
from guanxi.records.databases import ALIASES


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="ChannelAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("platform", models.TextField()),
                ("name", models.TextField()),
                ("zone", models.TextField(default="Asia/Shanghai")),
                ("settings", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "db_table": "channel_account",
                "constraints": [models.UniqueConstraint(fields=("platform", "name"), name="channel_account_once")],
            },
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("holds", models.BooleanField()),
                ("detail", models.TextField()),
                ("checked_at", models.DateTimeField()),
            ],
            options={"db_table": "verification"},
        ),
        migrations.RunSQL(AUDIT_TABLE, "DROP TABLE audit_entry", hints={"on": ALIASES}),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("happened_at", models.DateTimeField()),
                ("user_id", models.BigIntegerField(null=True)),
                ("actor", models.TextField()),
                ("verb", models.TextField()),
                ("subject", models.TextField()),
                ("detail", models.JSONField()),
            ],
            options={"db_table": "audit_entry", "managed": False},
        ),
    ]
