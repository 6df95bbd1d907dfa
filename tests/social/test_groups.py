"""Groups, tags, notices and revocations: what activities leave behind in records and mirrors."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tellings import NOON, Told, table, told

from guanxi.lake import catalog
from guanxi.lake.engine import Engine
from guanxi.records.databases import SOCIAL, raw, transaction
from guanxi.records.installation import Installation
from guanxi.social.digest import SocialDigest
from guanxi.social.forgetting import forget_notices
from guanxi.social.mirror import refresh_mirror
from guanxi.social.tables import TABLES
from guanxi.vocabulary.facts import decode
from guanxi.vocabulary.progress import SILENT

Hear = Callable[..., None]


def asked(question: str, *values: Any) -> list[tuple[Any, ...]]:
    return raw(SOCIAL).execute(question, values).fetchall()


def later(hours: int) -> datetime:
    return NOON + timedelta(hours=hours)


def in_group(kind: str, who: str, at: datetime = NOON, name: str = "", group: str = "G1") -> Told:
    traits = {"group": {"name": name, "kind": "group"}}
    return told(kind, who, at, reference=group, traits=json.dumps(traits))


def said(who: str, at: datetime = NOON, group: str = "G1") -> Told:
    return told("messaged", who, at, traits=json.dumps({"group": group}))


def noted(notice: str, at: datetime = NOON, who: str = "", group: str = "", **traits: Any) -> Told:
    if group:
        traits["group"] = {"name": ""}
    return told("noted", who, at, reference=group or None, traits=json.dumps({"notice": notice, **traits}))


def tagged(kind: str, who: str, tag: str, at: datetime = NOON, name: str = "") -> Told:
    return told(kind, who, at, reference=tag, traits=json.dumps({"name": name} if name else {}))


def revoked(who: str, at: datetime, *fields: str) -> Told:
    return told("revoked", who, at, traits=json.dumps({"fields": list(fields)}))


def identified(who: str, at: datetime = NOON, **traits: Any) -> Told:
    return told("identified", who, at, traits=json.dumps(traits))


def mirrored(engine: Engine, whole: bool = False) -> tuple[list[Any], list[Any]]:
    refresh_mirror(engine, later(100), SILENT, whole=whole)
    fans = dict(asked("SELECT id, external_id FROM fan"))
    members = engine.ask("SELECT fan, chat_group FROM social.group_member").to_pylist()
    tags = engine.ask("SELECT fan, tag FROM social.fan_tag").to_pylist()
    return (
        sorted((fans[row["fan"]], row["chat_group"]) for row in members),
        sorted((fans[row["fan"]], row["tag"]) for row in tags),
    )


def test_a_group_has_the_members_who_joined_or_spoke_and_did_not_leave(hear: Hear, engine: Engine) -> None:
    hear(in_group("joined", "ann", name="Runners"), in_group("joined", "bob"), said("cid", later(1)))
    hear(in_group("left", "bob", later(2)))
    group = asked("SELECT id, name, kind FROM chat_group")
    assert [(name, kind) for _, name, kind in group] == [("Runners", "group")]
    assert mirrored(engine)[0] == [("ann", group[0][0]), ("cid", group[0][0])]
    hear(said("bob", later(3)))
    assert [who for who, _ in mirrored(engine)[0]] == ["ann", "bob", "cid"]


def test_what_is_said_in_a_group_is_a_fact_and_an_engagement(hear: Hear, engine: Engine) -> None:
    hear(said("ann"), said("ann", later(30)), told("messaged", "ann"))
    assert engine.ask("SELECT count(*) AS n FROM social.group_talk")["n"].to_pylist() == [2]
    assert engine.ask("SELECT count(*) AS n FROM social.engagement")["n"].to_pylist() == [3]


def test_a_closed_group_has_no_members_until_it_is_opened_again(hear: Hear, engine: Engine) -> None:
    hear(in_group("joined", "ann"), in_group("joined", "bob", group="G2"))
    mirrored(engine)
    hear(noted("group_closed", later(1), group="G1"))
    assert [who for who, _ in mirrored(engine)[0]] == ["bob"]
    hear(noted("group_opened", later(2), group="G1"))
    assert [who for who, _ in mirrored(engine)[0]] == ["ann", "bob"]


def test_joining_something_that_is_no_group_makes_no_group(hear: Hear) -> None:
    hear(told("joined", "ann", reference="spring"), told("joined", "bob", traits='{"group": "x"}'))
    assert asked("SELECT count(*) FROM chat_group") == [(0,)]


def test_a_tag_is_on_a_fan_until_it_is_taken_off_and_called_as_last_heard(hear: Hear, engine: Engine) -> None:
    hear(tagged("tagged", "ann", "7", name="VIP"), tagged("tagged", "bob", "7", later(1)))
    hear(tagged("tagged", "cid", "warm"), tagged("untagged", "bob", "7", later(2)))
    assert mirrored(engine)[1] == [("ann", "VIP"), ("cid", "warm")]
    hear(tagged("tagged", "bob", "7", later(3), name="Very important"))
    assert mirrored(engine)[1] == [("ann", "Very important"), ("bob", "Very important"), ("cid", "warm")]


def test_a_mirror_made_by_key_equals_one_made_from_nothing(hear: Hear, engine: Engine) -> None:
    hear(in_group("joined", "ann"), tagged("tagged", "ann", "7", name="VIP"), in_group("joined", "bob"))
    mirrored(engine)
    hear(in_group("left", "ann", later(1)), tagged("untagged", "ann", "7", later(1)), said("cid"))
    assert mirrored(engine) == mirrored(engine, whole=True)


def test_notices_are_kept_and_alarms_known(hear: Hear) -> None:
    hear(noted("verify_expired"), noted("delivered", who="ann"), noted("odd", alarm=True))
    rows = asked("SELECT name, is_alarm, fan IS NOT NULL FROM notice ORDER BY id")
    assert rows == [("verify_expired", True, False), ("delivered", False, True), ("odd", True, False)]
    assert asked("SELECT external_id FROM fan") == [("ann",)]


def test_old_notices_are_forgotten(hear: Hear) -> None:
    hear(noted("message_read", who="ann"), noted("message_sent", who="ann"))
    raw(SOCIAL).execute(
        "UPDATE notice SET recorded_at = recorded_at - interval '91 days' WHERE name = 'message_sent'"
    )
    with transaction(SOCIAL) as connection:
        assert forget_notices(connection) == 1
    assert asked("SELECT name FROM notice") == [("message_read",)]


def test_what_was_taken_back_is_forgotten_even_when_an_older_word_arrives_later(hear: Hear) -> None:
    hear(identified("ann", name="Ann", phone="13800138000", facts={"city": "Wuxi", "language": "zh"}))
    hear(revoked("ann", later(1), "name", "phone", "city"))
    hear(identified("ann", NOON, name="Anna", phone="13900139000", facts={"city": "Suzhou"}))
    ((name, facts),) = asked("SELECT name, facts::text FROM fan")
    assert (name, [f.name for f in decode(facts)]) == ("", ["language"])
    assert asked("SELECT kind FROM contact_key") == [("fan_account",)]
    assert asked("SELECT verb, detail->>'fields' FROM audit_entry") == [
        ("fan_words_revoked", '["name", "phone", "city"]')
    ]


def test_what_is_said_after_a_revocation_counts_again(hear: Hear) -> None:
    hear(revoked("ann", later(1)), identified("ann", later(2), name="Ann", phone="13800138000"))
    assert asked("SELECT name FROM fan") == [("Ann",)]
    assert asked("SELECT kind FROM contact_key ORDER BY kind") == [("fan_account",), ("phone",)]


def test_a_fan_whose_contacts_were_taken_back_is_read_again_by_whoever_compares_keys(hear: Hear) -> None:
    hear(identified("ann", phone="13800138000"), identified("bob"))
    newest = asked("SELECT max(id) FROM contact_key")[0][0]
    hear(revoked("ann", later(1), "all"), revoked("bob", later(1), "all"))
    rows = asked("SELECT external_id FROM contact_key k JOIN fan f ON f.id = k.ref WHERE k.id > %s", newest)
    assert rows == [("ann",)]


_when = st.integers(0, 5).map(later)
_who = st.sampled_from("ab")
_word = st.one_of(
    st.builds(in_group, st.sampled_from(["joined", "left"]), _who, _when, st.sampled_from(["", "x", "y"])),
    st.builds(said, _who, _when),
    st.builds(
        lambda what, when: noted(what, when, group="G1"),
        st.sampled_from(["group_opened", "group_closed"]),
        _when,
    ),
    st.builds(
        tagged, st.sampled_from(["tagged", "untagged"]), _who, st.just("7"), _when, st.sampled_from("xy")
    ),
    st.builds(
        lambda who, when, fields: revoked(who, when, *fields),
        _who,
        _when,
        st.lists(st.sampled_from(["name", "phone", "city", "all"]), max_size=2),
    ),
    st.builds(
        lambda who, when, n: identified(who, when, name=n, phone="138 0013 800" + n, facts={"city": n}),
        _who,
        _when,
        st.sampled_from("123"),
    ),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(_word, max_size=10), choices=st.data())
def test_the_records_do_not_depend_on_order_or_batches(
    house: Installation, rows: list[Told], choices: Any
) -> None:
    shuffled = choices.draw(st.permutations(rows))
    cut = choices.draw(st.integers(0, len(rows)))
    assert _records_after(house, [rows]) == _records_after(house, [shuffled[:cut], shuffled[cut:]])


def _records_after(house: Installation, batches: list[list[Told]]) -> list[list[tuple[Any, ...]]]:
    raw(SOCIAL).execute(
        "TRUNCATE fan, fan_way, contact_key, fan_change, account, chat_group, group_member, tag, fan_tag,"
        " revocation CASCADE"
    )
    with transaction(SOCIAL) as connection:
        catalog.declare(connection, TABLES)
    digest = SocialDigest(house.secrets.pepper)
    for batch in batches:
        with transaction(SOCIAL) as connection:
            digest.apply(connection, table(*batch))
    of_fan = "JOIN fan f ON f.id = x.fan ORDER BY f.external_id"
    return [
        asked("SELECT name, named_at, kind, opened_at, closed_at FROM chat_group"),
        asked(f"SELECT f.external_id, joined_at, left_at, heard_at FROM group_member x {of_fan}"),
        asked("SELECT name, named_at FROM tag"),
        asked(f"SELECT f.external_id, tagged_at, untagged_at FROM fan_tag x {of_fan}"),
        asked(f"SELECT f.external_id, field, revoked_at FROM revocation x {of_fan}, field"),
        asked("SELECT external_id, name, named_at, facts::text FROM fan ORDER BY external_id"),
        asked(
            "SELECT f.external_id, k.kind, k.key FROM contact_key k JOIN fan f ON f.id = k.ref ORDER BY 1, 2, 3"
        ),
    ]
