from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from guanxi.correlation import ports
from guanxi.correlation.actions import confirm_link, preview_undo, propose_link, restore_link, undo_link
from guanxi.correlation.invariants import broken
from guanxi.correlation.locks import lock_person
from guanxi.correlation.models import Link, PersonMember
from guanxi.correlation.purposes import Purpose
from guanxi.correlation.queries import link, links, person_of, standings
from guanxi.correlation.refresh import refresh_links
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import CUSTOMERS, RELATIONSHIP, raw, transaction
from guanxi.vocabulary.ids import Side
from guanxi.vocabulary.progress import SILENT
from guanxi.vocabulary.reasons import Refused


def persons(purpose: str) -> dict[int, int]:
    return dict(PersonMember.objects.filter(purpose=purpose).values_list("identity", "person"))


def the_link(fan: int, customer: int) -> Link:
    return Link.objects.get(fan=fan, customer=customer)


def frozen_tables() -> tuple[list[dict[str, object]], dict[int, int], dict[int, int]]:
    decided = {"decided_by", "decided_at", "reason"}
    rows = [
        {k: v for k, v in row.items() if k not in decided} for row in Link.objects.order_by("id").values()
    ]
    return rows, persons("contact"), persons("reward")


def test_a_shared_phone_links_fan_and_customer_into_one_person(engine, fan_keys, customer_keys, now):
    fan_keys((1, "phone", "136"), (2, "phone", "137"))
    customer_keys((5, "phone", "136"))
    report = refresh_links(engine, now, SILENT)
    assert (report.links_made, report.persons) == (1, 1)
    assert the_link(1, 5).evidence == [{"kind": "phone", "crowd": 1, "probability": 0.95}]
    assert persons("contact") == persons("reward") == {2: 2, 11: 2}
    assert broken() == []


def test_refreshing_twice_changes_nothing(engine, fan_keys, customer_keys, now):
    fan_keys((1, "phone", "136"), (1, "email", "a@b"))
    customer_keys((5, "phone", "136"), (5, "email", "a@b"))
    refresh_links(engine, now, SILENT)
    before = frozen_tables()
    report = refresh_links(engine, now + timedelta(days=1), SILENT)
    assert (report.keys_read, report.links_made, report.links_changed) == (0, 0, 0)
    assert frozen_tables() == before


def test_evidence_that_comes_later_adds_up_and_one_person_may_have_many_fans(
    engine, fan_keys, customer_keys, now
):
    fan_keys((1, "email", "a@b"))
    fan_keys((2, "union_id", "u"), account=2)
    customer_keys((5, "email", "a@b"))
    refresh_links(engine, now, SILENT)
    customer_keys((5, "union_id", "u"))
    fan_keys((1, "phone", "136"))
    customer_keys((5, "phone", "136"))
    refresh_links(engine, now, SILENT)
    assert the_link(1, 5).probability == 0.995
    assert persons("reward") == {2: 2, 4: 2, 11: 2}
    assert broken() == []


def test_one_phone_on_two_accounts_is_still_one_persons(engine, fan_keys, customer_keys, now):
    fan_keys((1, "phone", "136"))
    fan_keys((2, "phone", "136"), account=2)
    customer_keys((5, "phone", "136"))
    refresh_links(engine, now, SILENT)
    assert persons("reward") == {2: 2, 4: 2, 11: 2}


def test_a_second_customer_with_the_phone_parts_what_was_linked(engine, fan_keys, customer_keys, now):
    fan_keys((1, "phone", "136"))
    customer_keys((5, "phone", "136"))
    refresh_links(engine, now, SILENT)
    customer_keys((6, "phone", "136"))
    refresh_links(engine, now, SILENT)
    assert the_link(1, 5).probability == the_link(1, 6).probability == 0.475
    assert persons("contact") == {}
    assert standings_now() == {"open": 2}


def standings_now() -> dict[str, int]:
    counts = standings(SYSTEM)
    return {k: n for k, n in counts.items() if n and k != "all"}


def test_a_phone_that_a_crowd_shares_ends_as_no_evidence_at_all(engine, fan_keys, customer_keys, now):
    fan_keys((1, "phone", "0"))
    customer_keys((5, "phone", "0"))
    refresh_links(engine, now, SILENT)
    fan_keys(*((fan, "phone", "0") for fan in range(2, 40)))
    refresh_links(engine, now, SILENT)
    assert the_link(1, 5).probability == 0.0
    assert Link.objects.count() == 1
    assert persons("contact") == {}


def test_an_email_and_a_shared_phone_suffice_for_contact_and_for_reward_apart(
    engine, fan_keys, customer_keys, now
):
    fan_keys((1, "phone", "136"), (2, "phone", "136"), (1, "email", "x"), (3, "email", "x"))
    customer_keys((5, "phone", "136"), (5, "email", "x"))
    refresh_links(engine, now, SILENT)
    assert 0.7 < the_link(1, 5).probability < 0.9
    assert persons("contact") == {2: 2, 11: 2}
    assert persons("reward") == {}


def test_an_undone_link_is_never_made_again_by_evidence(engine, fan_keys, customer_keys, marketer, now):
    fan_keys((1, "phone", "136"))
    customer_keys((5, "phone", "136"))
    refresh_links(engine, now, SILENT)
    undo_link(marketer, the_link(1, 5).pk, "sisters", now)
    assert persons("contact") == {}
    raw(CUSTOMERS).execute("DELETE FROM contact_key")
    customer_keys((5, "phone", "136"), (5, "email", "x"))
    fan_keys((1, "email", "x"))
    refresh_links(engine, now, SILENT)
    assert the_link(1, 5).state == "undone"
    assert persons("contact") == {}
    assert links(marketer, standing="undone").rows[0].new_evidence


def test_undo_then_restore_leaves_the_tables_as_they_were(engine, fan_keys, customer_keys, marketer, now):
    fan_keys((1, "phone", "136"), (2, "email", "x"))
    customer_keys((5, "phone", "136"), (5, "email", "x"), (6, "email", "y"))
    refresh_links(engine, now, SILENT)
    before = frozen_tables()
    undo_link(marketer, the_link(1, 5).pk, "a mistake", now)
    assert persons("reward") == {4: 4, 11: 4}
    assert frozen_tables() != before
    restore_link(marketer, the_link(1, 5).pk, "no, it was right", now)
    assert frozen_tables() == before
    verbs = [v for (v,) in raw(RELATIONSHIP).execute("SELECT verb FROM audit_entry ORDER BY id")]
    assert verbs == ["link_undone", "link_restored"]


def test_the_preview_names_the_persons_that_split_and_changes_nothing(
    engine, fan_keys, customer_keys, marketer, now
):
    fan_keys((1, "phone", "136"), (2, "email", "x"))
    customer_keys((5, "phone", "136"), (5, "email", "x"))
    refresh_links(engine, now, SILENT)
    before = frozen_tables()
    preview = preview_undo(marketer, the_link(1, 5).pk)
    assert preview.persons["reward"] == ((2, 4, 11), ((2,), (4, 11)))
    assert frozen_tables() == before


def test_the_preview_of_a_link_that_joins_nobody_names_nobody(engine, fan_keys, customer_keys, marketer, now):
    fan_keys((1, "phone", "136"))
    customer_keys((5, "phone", "136"))
    refresh_links(engine, now, SILENT)
    undo_link(marketer, the_link(1, 5).pk, "", now)
    assert preview_undo(marketer, the_link(1, 5).pk).persons["contact"] == ((), ())


def test_followers_hear_who_joined_and_who_parted_in_the_same_transaction(
    engine, fan_keys, customer_keys, marketer, now, monkeypatch
):
    monkeypatch.setattr(ports, "_followers", {})
    heard: list[tuple[str, list[int], list[int]]] = []

    class Follower:
        def foresee(self, connection, change):
            return {"entries_reversed": len(change.parted)}

        def follow(self, connection, actor, change, booked_at):
            heard.append((change.purpose.value, change.joined.tolist(), change.parted.tolist()))
            if len(change.parted):
                raise Refused("not_today")

    ports.plug("test", Follower())
    fan_keys((1, "phone", "136"))
    customer_keys((5, "phone", "136"))
    refresh_links(engine, now, SILENT)
    assert heard == [("contact", [2, 11], []), ("reward", [2, 11], [])]
    assert preview_undo(marketer, the_link(1, 5).pk).consequences == {"entries_reversed": 4}
    with pytest.raises(Refused):
        undo_link(marketer, the_link(1, 5).pk, "", now)
    assert the_link(1, 5).state == "proposed"
    assert persons("contact") == {2: 2, 11: 2}


def test_a_named_link_waits_for_confirmation_and_keeps_its_evidence(
    engine, fan_keys, customer_keys, marketer, now
):
    fan_keys((1, "", ""))
    customer_keys((5, "", ""))
    named = propose_link(marketer, 1, 5, "she told us", now)
    assert persons("contact") == {}
    fan_keys((1, "email", "x"))
    customer_keys((5, "email", "x"))
    refresh_links(engine, now, SILENT)
    assert [step.kind for step in link(marketer, named).steps] == ["email", "named"]
    assert link(marketer, named).row.probability == 0.96
    confirm_link(marketer, named, now)
    raw(CUSTOMERS).execute("DELETE FROM contact_key")
    customer_keys((6, "email", "x"))
    refresh_links(engine, now, SILENT)
    assert persons("reward")[11] == 2
    with pytest.raises(Refused) as refused:
        propose_link(marketer, 1, 5, "", now)
    assert refused.value.code == "link_exists"
    with pytest.raises(Refused) as refused:
        propose_link(marketer, 99, 5, "", now)
    assert refused.value.code == "no_such_fan"


def test_the_mirrors_hold_the_live_links_and_the_persons(engine, fan_keys, customer_keys, now):
    fan_keys((1, "phone", "136"), (1, "email", "x"), (2, "email", "x"))
    customer_keys((5, "phone", "136"), (6, "email", "x"))
    refresh_links(engine, now, SILENT)
    rows = engine.ask("SELECT fan, customer, purpose FROM relationship.link ORDER BY purpose").to_pylist()
    assert rows == [
        {"fan": 1, "customer": 5, "purpose": "contact"},
        {"fan": 1, "customer": 5, "purpose": "reward"},
    ]
    members = engine.ask("SELECT * FROM relationship.person WHERE purpose = 'reward' ORDER BY identity")
    assert members["identity"].to_pylist() == [2, 11]


def test_who_may_not_see_links_is_refused(engine, agency, now):
    for attempt in (
        lambda: links(agency),
        lambda: standings(agency),
        lambda: person_of(agency, Side.SOCIAL, 1, Purpose.CONTACT),
        lambda: propose_link(agency, 1, 1, "", now),
        lambda: undo_link(agency, 1, "", now),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "not_permitted"


def test_lists_filter_sort_and_page(engine, fan_keys, customer_keys, marketer, now):
    fan_keys(*((fan, "phone" if fan % 2 else "email", f"k{fan}") for fan in range(1, 7)))
    customer_keys(*((100 + fan, "phone" if fan % 2 else "email", f"k{fan}") for fan in range(1, 7)))
    refresh_links(engine, now, SILENT)
    page = links(marketer, kind="phone", sort="id", offset=1, limit=1)
    assert (page.total, [row.fan for row in page.rows]) == (3, [3])
    assert [row.fan for row in links(marketer, customer=104).rows] == [4]
    assert links(marketer).rows[0].probability == 0.95
    with pytest.raises(Refused):
        links(marketer, sort="id; DROP TABLE link")


def test_a_person_is_found_whole_under_its_lock(engine, fan_keys, customer_keys, marketer, now):
    fan_keys((1, "phone", "136"))
    customer_keys((5, "phone", "136"))
    refresh_links(engine, now, SILENT)
    with transaction(RELATIONSHIP) as connection:
        assert lock_person(connection, "reward", 11) == [2, 11]
        assert lock_person(connection, "reward", 999) == [999]


def test_random_histories_leave_every_person_equal_to_its_rebuild(
    engine, fan_keys, customer_keys, marketer, now
):
    rng = np.random.default_rng(3)
    for turn in range(6):
        fan_keys(*((int(rng.integers(1, 30)), "phone", f"{turn}-{n}") for n in range(5)))
        customer_keys(*((int(rng.integers(1, 30)), "phone", f"{turn}-{n}") for n in range(5)))
        refresh_links(engine, now, SILENT)
        live = [row.id for row in links(marketer, standing="automatic").rows]
        undo_link(marketer, int(rng.choice(live)), "", now)
        undone = [row.id for row in links(marketer, standing="undone").rows]
        if turn % 2:
            restore_link(marketer, int(rng.choice(undone)), "", now)
        assert broken() == []
