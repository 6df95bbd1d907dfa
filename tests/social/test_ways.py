"""In which ways a fan follows: through each employee apart, and gone only when nobody has them; blind to order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

from guanxi.channels.hook import Told
from guanxi.composition.consumers import hear
from guanxi.listen.hooks.found import keep
from guanxi.records.databases import RELATIONSHIP, SOCIAL, raw
from guanxi.records.installation import Installation
from guanxi.records.register import Place
from guanxi.vocabulary.activity import Kind

PLACE = Place("wecom", "shop")
ANN = "wmAnn"


def day(number: int) -> datetime:
    return datetime(2026, 11, number, tzinfo=UTC)


def word(kind: Kind, number: int, staff: str = "", who: str = ANN, **more: Any) -> Told:
    traits = {"staff": staff} if staff else None
    return Told(kind, who, day(number), f"{kind}:{who}:{staff}:{number}", traits=traits, **more)


def tell(*told: Told) -> None:
    keep(PLACE, told, {})
    hear()


def following(who: str = ANN) -> tuple[datetime | None, datetime | None, bool | None]:
    """When the fan came and left as the social side knows it, and whether they follow as consent does."""
    fan = (
        raw(SOCIAL)
        .execute("SELECT id, followed_at, unfollowed_at FROM fan WHERE external_id = %s", (who,))
        .fetchone()
    )
    assert fan is not None
    state = (
        raw(RELATIONSHIP)
        .execute("SELECT follows FROM following WHERE identity = %s", (2 * fan[0],))
        .fetchone()
    )
    return fan[1], fan[2], state[0] if state else None


def in_turn(words: Iterable[Told]) -> tuple[datetime | None, datetime | None, bool | None]:
    for one in words:
        tell(one)
    return following()


def test_who_parts_from_one_employee_and_is_had_by_another_still_follows(house: Installation) -> None:
    tell(word(Kind.FOLLOWED, 1, "li"), word(Kind.FOLLOWED, 2, "wu"))
    tell(word(Kind.PARTED, 3, "li"))
    assert following() == (day(2), None, True)
    tell(word(Kind.PARTED, 5, "wu"))
    assert following() == (day(2), day(5), False)
    tell(word(Kind.FOLLOWED, 6, "li"))
    assert following() == (day(6), None, True)


def test_who_followed_unheard_before_they_were_heard_to_leave_another_follows_after_all(
    house: Installation,
) -> None:
    tell(word(Kind.FOLLOWED, 1, "li"), word(Kind.PARTED, 4, "li"))
    assert following() == (day(1), day(4), False)
    tell(word(Kind.FOLLOWED, 3, "wu"))
    assert following() == (day(3), None, True)
    tell(word(Kind.PARTED, 3, "wu"))
    assert following() == (day(3), day(4), False)


def test_what_is_said_of_no_employee_is_of_all(house: Installation) -> None:
    tell(word(Kind.FOLLOWED, 1))
    assert following() == (day(1), None, True)
    tell(word(Kind.FOLLOWED, 2, "li"), word(Kind.PARTED, 3, "li"))
    assert following() == (day(2), day(3), False)
    tell(word(Kind.FOLLOWED, 4, "li"), word(Kind.FOLLOWED, 4, "wu"), word(Kind.UNFOLLOWED, 5))
    assert following() == (day(4), day(5), False)


def test_ways_come_out_the_same_in_any_order_and_batching(house: Installation) -> None:
    words = [
        word(Kind.FOLLOWED, 1, "li"),
        word(Kind.PARTED, 4, "li"),
        word(Kind.FOLLOWED, 3, "wu"),
        word(Kind.UNFOLLOWED, 2),
    ]
    expected = (day(3), day(2), True)
    for number, order in enumerate(permutations(words)):
        who = f"wm{number}"
        told = [
            Told(one.kind, who, one.happened_at, f"{who}{one.identity}", traits=one.traits) for one in order
        ]
        tell(*told[:2])
        tell(*told[2:])
        assert following(who) == expected


def test_leaving_a_group_is_no_parting(house: Installation) -> None:
    tell(word(Kind.FOLLOWED, 1, "li"))
    left = Told(
        Kind.LEFT,
        ANN,
        day(2),
        "g",
        reference="wr1",
        traits={"group": {"name": "g", "kind": "customer_group"}},
    )
    tell(left)
    assert following() == (day(1), None, True)
