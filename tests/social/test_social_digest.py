from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tellings import NOON, Told, table, told

from guanxi.lake import catalog
from guanxi.lake.engine import Engine
from guanxi.listen.parcel import unpack
from guanxi.records.databases import SOCIAL, raw, transaction
from guanxi.records.installation import Installation
from guanxi.records.keys import fan_key
from guanxi.social.digest import SocialDigest
from guanxi.social.tables import TABLES
from guanxi.vocabulary.facts import best, decode

Hear = Callable[..., None]


def asked(question: str, *values: Any) -> list[tuple[Any, ...]]:
    return raw(SOCIAL).execute(question, values).fetchall()


def identified(actor: str, happened_at: datetime = NOON, source: str = "", **traits: Any) -> Told:
    if source:
        traits["source"] = source
    return told("identified", actor, happened_at, traits=json.dumps(traits))


def fan(external_id: str) -> dict[str, Any]:
    names = ("id", "name", "facts", "followed_at", "unfollowed_at")
    rows = asked(
        "SELECT id, name, facts::text, followed_at, unfollowed_at FROM fan WHERE external_id = %s",
        external_id,
    )
    assert len(rows) == 1
    return dict(zip(names, rows[0], strict=True))


def test_every_engagement_is_in_the_lake_once_with_the_ids_of_its_fan_content_and_mover(
    hear: Hear, engine: Engine
) -> None:
    hear(told("shared", "ann", content="post"), told("opened", "bob", through="ann", content="post"))
    hear(told("opened", "cid", through="bob", content="post", campaign="spring", reference="r1"))
    ann, bob, cid = (fan(name)["id"] for name in ("ann", "bob", "cid"))
    rows = engine.ask("SELECT * FROM social.engagement ORDER BY id").to_pylist()
    assert [(r["fan"], r["through"], r["kind"]) for r in rows] == [
        (ann, None, "shared"),
        (bob, ann, "opened"),
        (cid, bob, "opened"),
    ]
    assert {r["content"] for r in rows} == {asked("SELECT id FROM content")[0][0]}
    assert (rows[2]["campaign"], rows[2]["reference"]) == ("spring", "r1")
    assert [r["day"] for r in rows] == [NOON.date()] * 3
    assert [r["id"] for r in rows] == sorted({r["id"] for r in rows})


def test_an_activity_before_1970_has_the_day_on_which_it_happened(hear: Hear, engine: Engine) -> None:
    hear(told("liked", "old", datetime(1969, 12, 31, 23, tzinfo=UTC)))
    assert engine.ask("SELECT day FROM social.engagement").to_pylist() == [
        {"day": datetime(1969, 12, 31, tzinfo=UTC).date()}
    ]


def test_an_actor_who_cannot_be_named_leaves_an_engagement_and_no_fan(hear: Hear, engine: Engine) -> None:
    hear(told("opened", "", through="ann"))
    assert engine.ask("SELECT fan, through FROM social.engagement").to_pylist() == [
        {"fan": None, "through": fan("ann")["id"]}
    ]
    assert asked("SELECT count(*) FROM fan") == [(1,)]


def test_orders_never_reach_the_social_side(hear: Hear, engine: Engine) -> None:
    hear(told("ordered", "ann", amount=100, currency="CNY"), told("recorded", "ann"))
    assert asked("SELECT count(*) FROM fan") == [(0,)]
    assert engine.ask("SELECT * FROM social.engagement").num_rows == 0


def test_the_same_name_on_two_accounts_is_two_fans(hear: Hear) -> None:
    hear(told("liked", "ann"), told("liked", "ann", account="other"), told("liked", "ann", platform="weibo"))
    assert asked("SELECT count(*), count(DISTINCT key) FROM fan") == [(3, 3)]


def test_a_fan_heard_again_by_another_process_is_the_same_fan(hear: Hear, house: Installation) -> None:
    hear(told("liked", "ann"))
    with transaction(SOCIAL) as connection:
        SocialDigest(house.secrets.pepper).apply(connection, table(told("liked", "ann")))
    hear(told("liked", "ann"))
    assert asked("SELECT count(*) FROM fan") == [(1,)]


def test_what_a_failed_transaction_reserved_is_forgotten(hear: Hear, house: Installation) -> None:
    digest = SocialDigest(house.secrets.pepper)
    with pytest.raises(RuntimeError), transaction(SOCIAL) as connection:
        digest.apply(connection, table(told("liked", "ann", content="post")))
        raise RuntimeError
    with transaction(SOCIAL) as connection:
        digest.apply(connection, table(told("liked", "ann", content="post")))
    assert asked("SELECT external_id FROM fan") == [("ann",)]
    assert asked("SELECT external_id FROM content") == [("post",)]


def test_sources_that_disagree_are_both_kept_and_the_surest_is_gone_by(hear: Hear) -> None:
    hear(
        identified("ann", source="form", facts={"city": "Shanghai"}, confidence=0.9),
        identified("ann", NOON + timedelta(days=1), source="guess", facts={"city": "Suzhou"}, confidence=0.4),
    )
    facts = decode(fan("ann")["facts"])
    assert [(f.source, f.value, f.confidence) for f in facts] == [
        ("form", "Shanghai", 0.9),
        ("guess", "Suzhou", 0.4),
    ]
    assert best(facts)["city"].value == "Shanghai"


def test_a_source_replaces_its_own_older_word_and_never_its_newer_one(hear: Hear) -> None:
    hear(identified("ann", NOON, facts={"city": "Suzhou"}, name="Ann B"))
    hear(identified("ann", NOON - timedelta(days=1), facts={"city": "Wuxi", "language": "zh"}, name="Ann A"))
    assert {f.name: f.value for f in decode(fan("ann")["facts"])} == {"city": "Suzhou", "language": "zh"}
    assert fan("ann")["name"] == "Ann B"


def test_following_times_are_the_latest_whatever_the_order(hear: Hear) -> None:
    hear(told("unfollowed", "ann", NOON + timedelta(hours=2)))
    hear(told("followed", "ann", NOON), told("followed", "ann", NOON - timedelta(hours=1)))
    assert fan("ann")["followed_at"] == NOON
    assert fan("ann")["unfollowed_at"] == NOON + timedelta(hours=2)


_moments = st.integers(0, 5).map(lambda hours: NOON + timedelta(hours=hours))
_telling = st.one_of(
    st.builds(
        lambda who, when, city, source: identified(
            who, when, source, facts={"city": city}, name=city, phone="138 0013 800" + city
        ),
        st.sampled_from("ab"),
        _moments,
        st.sampled_from("123"),
        st.sampled_from(["form", "shop"]),
    ),
    st.builds(told, st.sampled_from(["followed", "unfollowed"]), st.sampled_from("ab"), _moments),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(_telling, max_size=8), data=st.data())
def test_records_do_not_depend_on_order_or_batches(house: Installation, rows: list[Told], data: Any) -> None:
    shuffled = data.draw(st.permutations(rows))
    cut = data.draw(st.integers(0, len(rows)))
    states = [_records_after(house, batches) for batches in ([rows], [shuffled[:cut], shuffled[cut:]])]
    assert states[0] == states[1]


def _records_after(house: Installation, batches: list[list[Told]]) -> list[tuple[Any, ...]]:
    raw(SOCIAL).execute("TRUNCATE fan, contact_key, fan_change, account CASCADE")
    with transaction(SOCIAL) as connection:
        catalog.declare(connection, TABLES)
    digest = SocialDigest(house.secrets.pepper)
    for batch in batches:
        with transaction(SOCIAL) as connection:
            digest.apply(connection, table(*batch))
    return asked(
        "SELECT f.external_id, f.name, f.named_at, f.facts::text, f.followed_at, f.unfollowed_at,"
        " array_agg((k.kind, k.key) ORDER BY k.kind, k.key)::text FROM fan f"
        " JOIN contact_key k ON k.ref = f.id GROUP BY f.id ORDER BY f.external_id"
    )


def test_contact_keys_are_the_same_however_a_phone_is_written_and_hold_no_phone(hear: Hear) -> None:
    hear(
        identified("ann", phone="+86 138-0013-8000", email="Ann@Example.com", union_id="u1"),
        identified("bob", phone="13800138000", email="ann@example.com "),
    )
    shared = asked("SELECT kind FROM contact_key GROUP BY kind, key HAVING count(*) = 2 ORDER BY kind")
    assert shared == [("email",), ("phone",)]
    assert not asked("SELECT 1 FROM contact_key WHERE position('138'::bytea IN key) > 0")


def test_every_fan_has_the_contact_key_that_the_other_side_can_compute(
    hear: Hear, house: Installation
) -> None:
    hear(told("liked", "ann"))
    key = fan_key(house.secrets.pepper, "wechat", "brand", "ann")
    assert asked("SELECT ref, key FROM contact_key WHERE kind = 'fan_account'") == [(fan("ann")["id"], key)]


HOSTILE = [
    "<script>alert(1)</script>",
    "'; DROP TABLE fan; --",
    "=cmd|' /C calc'!A0",
    "a\x00b",
    "\\.",
    "\t\n\r",
    "{{7*7}}",
    "\u202eoolleh",
    "😀" * 300,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_kept_as_text(hear: Hear, name: str) -> None:
    traits = json.dumps({"name": "x" + name, "facts": {"city": "x" + name, name: "y"}})
    hear(told("identified", "id" + name, traits=traits), told("liked", "id" + name, content="c" + name))
    hear(told("liked", "id" + name, content="c" + name))
    stored = asked("SELECT name, external_id FROM fan")
    assert len(stored) == 1
    assert stored[0][0] == ("x" + name).strip().replace("\x00", "\ufffd")[:256]
    assert asked("SELECT count(*) FROM content") == [(1,)]


@pytest.mark.parametrize(
    "traits", [None, "", "[]", "nonsense", "[" * 50_000, '{"facts": 7}', '{"facts": {"a": [1]}}']
)
def test_traits_that_say_nothing_leave_a_fan_of_whom_nothing_is_known(hear: Hear, traits: str | None) -> None:
    hear(told("identified", "ann", traits=traits))
    assert decode(fan("ann")["facts"]) == []


def test_a_content_is_described_by_its_latest_publication(hear: Hear) -> None:
    def post(title: str, hours: int) -> Told:
        traits = {"title": title, "kind": "article", "topics": ["tea", 7], "promotes_product": False}
        return told("published", "", NOON + timedelta(hours=hours), content="p", traits=json.dumps(traits))

    hear(post("second", 2), told("liked", "ann", content="p"))
    hear(post("first", 1))
    assert asked("SELECT title, kind, topics, promotes_product FROM content") == [
        ("second", "article", ["tea"], False)
    ]


def test_consents_and_follows_are_published_for_others_to_follow(hear: Hear) -> None:
    hear(
        told("followed", "ann"),
        told("consented", "ann", traits='{"purpose": "sell", "channel": "wechat"}'),
        told("liked", "ann"),
    )
    published = dict(asked("SELECT topic, body FROM published"))
    assert set(published) == {"consent", "follow"}
    consents = unpack([published["consent"]])
    assert consents.select(["ref", "kind"]).to_pylist() == [{"ref": fan("ann")["id"], "kind": "consented"}]


def test_a_batch_of_nothing_changes_nothing(hear: Hear) -> None:
    hear()
    assert asked("SELECT count(*) FROM account") == [(0,)]
    assert isinstance(table(), pa.Table)
