from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listen", "0011_share_openings")]
    operations = [
        migrations.CreateModel(
            name="AccountReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("platform", models.TextField()),
                ("account", models.TextField()),
                ("asked_at", models.DateTimeField(null=True)),
                ("asked_by", models.TextField(default="")),
                ("began_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("step", models.TextField(default="")),
                ("counts", models.JSONField(default=dict)),
                ("untold", models.JSONField(default=list)),
                ("refusal", models.TextField(default="")),
                ("whole_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "account_reading",
                "constraints": [
                    models.UniqueConstraint(fields=["platform", "account"], name="account_reading_once")
                ],
            },
        ),
    ]
