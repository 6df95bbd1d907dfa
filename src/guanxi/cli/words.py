"""What the commands say for codes: steps of the round, and refusals with what to do about them."""

from __future__ import annotations

from guanxi.vocabulary.reasons import Refused

STEPS = {
    "database": "Starting PostgreSQL",
    "migrate": "Bringing tables up to date",
    "world": "Imagining a brand, its fans and its customers",
    "digest": "Digesting what was heard",
    "mirror_social": "Mirroring fans into the lake",
    "mirror_customers": "Mirroring customers into the lake",
    "consent": "Mirroring consent into the lake",
    "activity": "Scoring daily and campaign activity",
    "rfm": "Valuing customers",
    "links": "Correlating fans with customers",
    "ties": "Learning who moves whom",
    "weights": "Weighing influence",
    "communities": "Finding communities",
    "ambassadors": "Choosing ambassadors",
    "accounts": "Opening loyalty accounts",
    "earn": "Booking points",
    "loyalty": "Placing members in tiers",
    "segments": "Answering segments",
    "plan": "Asking the leash about everybody",
    "reserve": "Reserving messages under the leash",
    "deliver": "Delivering messages",
    "deliveries": "Mirroring deliveries into the lake",
    "responses": "Waiting a simulated week for answers",
    "measures": "Measuring what it changed",
    "backup": "Copying the databases and the lake",
    "restore": "Restoring the databases and the lake",
    "verify": "Checking the invariants",
}

REFUSALS = {
    "no_installation": "There is no Guanxi installation in {}. `guanxi demo` or `guanxi init` makes one.",
    "not_permitted": "This needs a permission that the role does not have: {}.",
    "postgres_busy": "PostgreSQL of {} belongs to another process and does not answer.",
    "postgres_ended": "PostgreSQL ended while starting; see postgres.log in {}.",
    "postgres_as_root": "PostgreSQL cannot run as root and `setpriv` is missing. Run as another user.",
    "postgres_not_initialised": "PostgreSQL could not make its files: {}.",
    "mapping_unreadable": "The mapping cannot be read: {}.",
    "mapping_field_missing": "The mapping lacks {}.",
    "mapping_field_wrong": "The mapping's {} is wrong.",
    "mapping_field_unknown": "The mapping has {}, which means nothing.",
    "file_unreadable": "The file cannot be read: {}.",
    "column_missing": "The file lacks the column {} that the mapping names.",
    "time_unreadable": "Not a time: {}. Write it like 2026-11-01 or 2026-11-01T09:00+08:00.",
    "folder_not_empty": "{} is not empty; choose an empty folder.",
    "not_a_backup": "{} is no backup of Guanxi.",
    "external_database": "Guanxi backs up its own PostgreSQL only; use your server's tools, then copy the lake.",
    "already_serving": "Another process serves {} already.",
    "option_unfit": "This option does not fit: {}.",
    "port_taken": "Something else listens on port {}; choose another with --port.",
    "nothing_heard": "Nothing was heard yet. Import something first: `guanxi import --mapping M.toml FILE`.",
    "no_such_bench": "There is no such bench: {}.",
    "no_checkout": "Benches lie beside the source; run this in a checkout.",
    "account_name_unfit": "{} is no name: 1 to 64 letters, digits, dots, dashes and underscores.",
    "account_known": "There is an account {} already.",
    "no_such_channel_account": "There is no account {}.",
    "zone_unknown": "There is no time zone {}.",
    "seal_broken": "The settings of {} were sealed by another installation; enter them with `guanxi account change`.",
    "platform_unknown": "There is no platform {}.",
    "channel_cannot_be_asked": "The platform {} cannot be asked.",
    "public_address_unfit": "{} is no public address: https:// and a host; http:// only on this machine.",
    "setting_unknown": "There is no setting {}.",
    "nothing_to_change": "Name what shall change, such as --token-file FILE or --ask token.",
    "setting_missing": "The setting {} is missing.",
    "setting_unfit": "The value of {} does not fit.",
    "demo_not_empty": "{} holds an installation that is no demo; choose another with --data.",
}


def sentence(refused: Refused) -> str:
    """One clear line for a refusal."""
    known = REFUSALS.get(refused.code)
    if known is not None:
        return known.format(refused.detail)
    plain = refused.code.replace("_", " ").capitalize()
    return f"{plain}: {refused.detail}" if refused.detail else f"{plain}."
