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
    "screening": "Screening for share farms",
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
    "column_missing": "The file lacks the column {}.",
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
    "encoding_key": "An EncodingAESKey has 43 letters and digits; this one has not.",
    "setting_missing": "The setting {} is missing.",
    "setting_unfit": "The value of {} does not fit.",
    "demo_not_empty": "{} holds an installation that is no demo; choose another with --data.",
}

REFUSALS |= {
    "column_twice": "Two columns of the file are called {}.",
    "file_unwritable": "The file cannot be written: {}.",
    "graph_empty": "There is no tie: no row is left once headers and comments are taken away.",
    "graph_too_large": "There are more people than can be numbered: {}.",
    "id_missing": "An id is missing: {}.",
    "id_twice": "An id is there twice: {}.",
    "id_unfit": "An id is a whole number or text, which this is not: {}.",
    "half_life_out_of_range": "A half-life is 1 to 3,650 days: {}.",
    "number_unreadable": "A number cannot be read: {}.",
    "probability_outside_0_1": "A probability is from 0 to 1, which this is not: {} (from 0).",
    "ties_unequal_columns": "The columns are not of one length: {}.",
    "model_unknown": "There is no model {}; it is ic or lt.",
    "seeds_count_below_1": "How many to choose is 1 or more, not {}.",
    "epsilon_out_of_range": "--epsilon is above 0 and below 1 - 1/e, not {}.",
    "beyond_out_of_range": "--beyond is from 0 to 1, not {}.",
    "delta_out_of_range": "delta is above 0 and below 1, not {}.",
    "nobody_may_be_chosen": "Nobody is left who may be chosen.",
    "targets_unreachable": "No tie leads to anybody who counts.",
    "budget_without_costs": "--budget and --costs go together.",
    "cap_without_groups": "--group-max and --groups go together.",
    "budget_buys_nobody": "A budget of {} buys nobody.",
    "budget_negative": "A budget is 0 or more, not {}.",
    "cost_negative": "A cost is a number of 0 or more, not {}.",
    "cap_below_1": "--group-max is 1 or more, not {}.",
    "worlds_without_intervals": "Worlds are drawn around probabilities: name a column with --probability.",
    "ids_not_numbers": "The ids of the ties are numbers, and these are not.",
    "split_out_of_range": "--split is above 0 and below 1, not {}.",
    "log_empty": "No row of the log is left: none of these kinds, or everybody only moved themselves.",
    "log_too_short": "The log is too short to be cut in two: {}.",
    "nobody_counted_moved_later": "Nobody who counts moved after the cut.",
}


def sentence(refused: Refused) -> str:
    """One clear line for a refusal."""
    known = REFUSALS.get(refused.code)
    if known is not None:
        return known.format(refused.detail)
    plain = refused.code.replace("_", " ").capitalize()
    return f"{plain}: {refused.detail}" if refused.detail else f"{plain}."
