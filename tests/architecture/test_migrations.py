"""What models say is what migrations make; asked without a database."""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState


def test_every_model_is_as_its_migrations_leave_it() -> None:
    loader = MigrationLoader(None)
    detector = MigrationAutodetector(
        loader.project_state(),
        ProjectState.from_apps(apps),
        NonInteractiveMigrationQuestioner(specified_apps=set(), dry_run=True),
    )
    missing = {
        app: [str(operation) for migration in migrations for operation in migration.operations]
        for app, migrations in detector.changes(graph=loader.graph).items()
        if apps.get_app_config(app).name.startswith("guanxi.")
    }
    assert missing == {}


def test_no_room_has_two_last_migrations() -> None:
    assert MigrationLoader(None).detect_conflicts() == {}
