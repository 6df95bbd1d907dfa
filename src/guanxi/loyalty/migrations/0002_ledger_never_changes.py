"""The database itself refuses to change or remove what is in the ledger."""

from django.db import migrations

_GUARD = """
CREATE FUNCTION ledger_never_changes() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger only grows' USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER entry_never_changes BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_never_changes();
CREATE TRIGGER posting_never_changes BEFORE UPDATE OR DELETE ON ledger_posting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_never_changes();
"""

_UNGUARD = """
DROP TRIGGER posting_never_changes ON ledger_posting;
DROP TRIGGER entry_never_changes ON ledger_entry;
DROP FUNCTION ledger_never_changes();
"""


class Migration(migrations.Migration):
    """After the tables."""

    dependencies = [("loyalty", "0001_initial")]
    operations = [migrations.RunSQL(_GUARD, _UNGUARD)]
