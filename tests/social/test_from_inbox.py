"""From the inbox to the records: exactly once, whatever is sent again, and from a mixed source too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from tellings import NOON, Told, table, told

from guanxi.customers.digest import CustomersDigest
from guanxi.customers.tables import TABLES as CUSTOMERS_TABLES
from guanxi.lake import catalog
from guanxi.lake.engine import Engine
from guanxi.listen.accept import accept
from guanxi.listen.deliver import deliver
from guanxi.listen.ports import Queue
from guanxi.records.databases import CUSTOMERS, SOCIAL, raw, transaction
from guanxi.records.installation import Installation
from guanxi.social.digest import SocialDigest

Hear = Callable[..., None]


def sent(alias: str, *rows: Told) -> int:
    with transaction(alias) as connection:
        return accept(connection, "test", table(*rows)).accepted


def test_what_is_sent_again_in_a_later_batch_counts_once(
    hear: Hear, engine: Engine, house: Installation
) -> None:
    first = [told("liked", f"f{i % 3}", NOON + timedelta(minutes=i), content="post") for i in range(9)]
    digest = SocialDigest(house.secrets.pepper)
    assert sent(SOCIAL, *first) == 9
    deliver(digest, rows_at_once=2)
    assert sent(SOCIAL, *first[4:], told("shared", "f1")) == 1
    deliver(digest)
    assert deliver(SocialDigest(house.secrets.pepper)) == 0
    assert engine.ask("SELECT count(*) AS n FROM social.engagement")["n"].to_pylist() == [10]
    assert raw(SOCIAL).execute("SELECT count(*) FROM fan").fetchone() == (3,)


def test_a_batch_that_fails_halfway_leaves_nothing_and_counts_when_repeated(
    hear: Hear, engine: Engine, house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = SocialDigest(house.secrets.pepper)
    sent(SOCIAL, told("followed", "ann"), told("liked", "ann"))
    with monkeypatch.context() as broken:
        broken.setattr("guanxi.social.digest.publish", _fails)
        with pytest.raises(OSError, match="no space"):
            deliver(digest)
    assert raw(SOCIAL).execute("SELECT count(*) FROM fan").fetchone() == (0,)
    assert engine.ask("SELECT count(*) AS n FROM social.engagement")["n"].to_pylist() == [0]
    deliver(digest)
    assert raw(SOCIAL).execute("SELECT count(*) FROM fan").fetchone() == (1,)
    assert engine.ask("SELECT count(*) AS n FROM social.engagement")["n"].to_pylist() == [2]


def _fails(*_: object) -> None:
    raise OSError("no space")


def test_the_social_part_of_a_mixed_source_reaches_the_social_side_once(
    hear: Hear, engine: Engine, house: Installation
) -> None:
    with transaction(CUSTOMERS) as connection:
        catalog.declare(connection, CUSTOMERS_TABLES)
    sent(CUSTOMERS, told("ordered", "n1", amount=5, currency="CNY"), told("liked", "ann"))
    deliver(CustomersDigest(house.secrets.pepper))
    passed_on = SocialDigest(
        house.secrets.pepper, "social_of_mixed", Queue(CUSTOMERS, "published", "activities")
    )
    assert (deliver(passed_on), deliver(passed_on)) == (1, 0)
    assert raw(SOCIAL).execute("SELECT external_id FROM fan").fetchall() == [("ann",)]
    assert engine.ask("SELECT kind FROM social.engagement")["kind"].to_pylist() == ["liked"]
