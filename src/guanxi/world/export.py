"""The world's rows in the natural columns of a platform's or a shop's own export, not in Guanxi's own shape.

Pure: arrays in, tables out.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from guanxi.world.brand import ACCOUNTS, SHOP, World, micros
from guanxi.world.buyers import Buyers, Orders
from guanxi.world.content import names
from guanxi.world.events import Events
from guanxi.world.evidence import customer_evidence, customer_numbers, fan_evidence, persons
from guanxi.world.people import People
from guanxi.world.text import Ints, digits, hexadecimal, mixed, picked, where
from guanxi.world.words import BEINGS, CITIES, EVENTS, GIVEN, HOSTILE, MOODS, SURNAMES

_SPOKEN = tuple(account.spoken for account in ACCOUNTS)
_NAMES = tuple(account.name for account in ACCOUNTS)
_CITY_KNOWN, _GENDER_KNOWN, _BIRTH_KNOWN, _STANDING_KNOWN = 0.70, 0.60, 0.30, 0.25
_SHOP_ZONE_MICROS = 8 * 3_600_000_000
_HOSTILE = 0.004


def moments(micros_utc: Ints) -> pa.Array:
    """Moments with their zone."""
    return pa.array(micros_utc, pa.timestamp("us", tz="UTC"))


def shop_clock(micros_utc: Ints) -> pa.Array:
    """Moments as the shop's clock in Shanghai showed them, without a zone, as shops export them."""
    return pa.array(micros_utc + _SHOP_ZONE_MICROS, pa.timestamp("us"))


def places(fans: People) -> dict[str, pa.Array]:
    """The channel and account of each fan."""
    return {"channel": picked(_SPOKEN, fans.account), "account": picked(_NAMES, fans.account)}


def fan_rows(world: World, fans: People, ids: pa.Array) -> pa.Table:
    """The followers of a block with what their profiles say."""
    rng, size = world.rng("profiles", fans.block), len(fans.account)
    known = rng.random((4, size))
    evidence = fan_evidence(world, fans)
    return pa.table(
        places(fans)
        | {
            "openid": ids,
            "nickname": _nicknames(rng, size),
            "sex": where(known[0] < _GENDER_KNOWN, picked(("male", "female"), fans.female.astype(np.int64))),
            "city": where(known[1] < _CITY_KNOWN, picked(CITIES, fans.city)),
            "birth_year": where(known[2] < _BIRTH_KNOWN, digits(fans.birth_year, 4)),
            "standing": where(known[3] < _STANDING_KNOWN, digits(fans.standing, 1)),
        }
        | evidence
        | {"subscribe_time": pa.array(fans.followed // 1_000_000)}
    )


def _nicknames(rng: np.random.Generator, size: int) -> pa.Array:
    usual = pc.binary_join_element_wise(
        picked(MOODS, rng.integers(0, len(MOODS), size)),
        picked(BEINGS, rng.integers(0, len(BEINGS), size)),
        "",
    )
    hostile = picked(HOSTILE, rng.integers(0, len(HOSTILE), size))
    return pc.if_else(pa.array(rng.random(size) < _HOSTILE), hostile, usual)


def engagement_rows(world: World, fans: People, ids: pa.Array, events: Events, first: int) -> pa.Table:
    """What fans did, numbered from ``first``."""
    through = ids.take(pa.array(np.where(events.through < 0, 0, events.through), mask=events.through < 0))
    months = events.campaign[events.campaign >= 0]
    labels = tuple(_campaign(month) for month in range(int(months.max()) + 1 if len(months) else 1))
    token = where(events.token >= 0, hexadecimal(events.token.astype(np.uint64)))
    account = fans.account[events.fan]
    return pa.table(
        {
            "event_id": pa.array(first + np.arange(len(events))),
            "event": picked(EVENTS, events.word),
            "channel": picked(_SPOKEN, account),
            "account": picked(_NAMES, account),
            "openid": ids.take(pa.array(events.fan)),
            "from_openid": through,
            "content_id": names(account, events.content),
            "campaign": picked(labels, events.campaign),
            "share_token": token,
            "time_ms": pa.array(events.moment // 1000),
        }
    )


def _campaign(month: int) -> str:
    return f"tea-{1970 + month // 12}-{month % 12 + 1:02d}"


def customer_rows(world: World, fans: People, customers: Buyers) -> pa.Table:
    """The shop's customers; what the shop knows of one who is a fan agrees with the fan's truth."""
    rng, size = world.rng("customer profiles", customers.block), len(customers.slot)
    known = rng.random((3, size))
    place = np.where(customers.is_fan, np.minimum(customers.slot, len(fans.city) - 1), 0)
    city = np.where(customers.is_fan, fans.city[place], rng.integers(0, len(CITIES), size))
    female = np.where(customers.is_fan, fans.female[place], rng.random(size) < 0.6)
    born = np.where(customers.is_fan, fans.birth_year[place], 2004 - rng.integers(0, 50, size))
    surname = picked(SURNAMES, rng.integers(0, len(SURNAMES), size))
    given = picked(GIVEN, rng.integers(0, len(GIVEN), size))
    return pa.table(
        {
            "customer_no": customer_numbers(world, persons(customers.block, customers.slot)),
            "name": pc.binary_join_element_wise(surname, given, ""),
            "sex": where(known[0] < 0.8, picked(("male", "female"), female.astype(np.int64))),
            "city": where(known[1] < 0.9, picked(CITIES, city)),
            "birth_year": where(known[2] < 0.4, digits(born.astype(np.int64), 4)),
        }
        | customer_evidence(world, customers.block, customers.slot, customers.is_fan)
        | {"registered_at": shop_clock(customers.registered)}
    )


def order_rows(world: World, fans: People, ids: pa.Array, customers: Buyers, orders: Orders) -> pa.Table:
    """Payments and refunds as the shop's cash book has them, prices in fen."""
    buyer = customer_numbers(world, persons(customers.block, customers.slot))
    through = pa.array(np.where(orders.fan < 0, 0, orders.fan), mask=orders.fan < 0)
    block = customers.block << 40
    return pa.table(
        {
            "flow_no": hexadecimal(mixed(block + orders.flow, world.seed + 3), "F"),
            "flow": picked(("pay", "refund"), orders.refund.astype(np.int64)),
            "order_no": hexadecimal(mixed(block + orders.number, world.seed + 4), "D"),
            "customer_no": buyer.take(pa.array(orders.buyer)),
            "fen": pa.array(orders.fen),
            "pieces": pa.array(orders.pieces),
            "paid_at": shop_clock(orders.moment),
            "via_channel": picked(tuple(one.platform for one in ACCOUNTS), fans.account).take(through),
            "via_account": picked(_NAMES, fans.account).take(through),
            "via_openid": ids.take(through),
        }
    )


def fan_consents(world: World, fans: People, ids: pa.Array) -> pa.Table:
    """Most fans let the brand engage, fewer let it sell; some took it back."""
    rng, size = world.rng("fan consents", fans.block), len(fans.account)
    stay = fans.followed, np.full(size, micros(world.end))
    chances = (("engage", 0.86), ("sell", 0.45))
    tables = [_consents(rng, purpose, rng.random(size) < chance, stay) for purpose, chance in chances]
    rows = pa.concat_tables(tables)
    who = rows["place"]
    held = pa.table(places(fans) | {"who": ids, "medium": picked(_SPOKEN, fans.account)}).take(who)
    return _numbered(held, rows, fans.block * 2)


def customer_consents(world: World, customers: Buyers) -> pa.Table:
    """Two in five customers let the shop sell by text message, some of them also by mail."""
    rng, size = world.rng("customer consents", customers.block), len(customers.slot)
    stay = customers.registered, np.full(size, micros(world.end))
    buyer = customer_numbers(world, persons(customers.block, customers.slot))
    tables = []
    for medium, chance in (("短信", 0.40), ("邮件", 0.15)):
        rows = _consents(rng, "sell", rng.random(size) < chance, stay)
        tables.append(rows.append_column("medium", pa.repeat(pa.scalar(medium), len(rows))))
    rows = pa.concat_tables(tables)
    shop = pa.table(
        {
            "channel": pa.repeat(pa.scalar("商城"), len(rows)),
            "account": pa.repeat(pa.scalar(SHOP), len(rows)),
            "who": buyer.take(rows["place"].combine_chunks()),
            "medium": rows["medium"],
        }
    )
    return _numbered(shop, rows, customers.block * 2 + 1)


def _consents(rng: np.random.Generator, purpose: str, given: np.ndarray, stay: tuple[Ints, Ints]) -> pa.Table:
    """One row for each consent given, one more where it was taken back."""
    place = np.flatnonzero(given)
    granted = np.minimum(stay[0][place] + 1_000_000, stay[1][place] - 1_000)
    back = np.flatnonzero(rng.random(len(place)) < 0.05)
    withdrawn = granted[back] + (rng.random(len(back)) * (stay[1][place[back]] - granted[back])).astype(
        np.int64
    )
    state = np.concatenate([np.zeros(len(place), np.int64), np.ones(len(back), np.int64)])
    return pa.table(
        {
            "place": np.concatenate([place, place[back]]),
            "scope": pa.repeat(pa.scalar(purpose), len(state)),
            "state": picked(("granted", "withdrawn"), state),
            "moment": np.concatenate([granted, withdrawn]),
        }
    )


def _numbered(who: pa.Table, rows: pa.Table, group: int) -> pa.Table:
    numbers = (group << 24) + np.arange(len(rows))
    at_moment = moments(rows["moment"].to_numpy())
    columns = {name: who[name] for name in who.column_names}
    return pa.table(
        {"consent_no": numbers}
        | columns
        | {"scope": rows["scope"], "state": rows["state"], "given_at": at_moment}
    )
