"""What people do after the world's end: what they would have done anyway, and what messages made them do.

Each message's effect is drawn from (seed, message) and each day from (seed, day): asking twice, or for a
longer stretch, tells the same rows with the same numbers. Nobody new follows.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from guanxi.vocabulary.progress import SILENT, Progress
from guanxi.vocabulary.time import aware
from guanxi.world.arrivals import Arrivals, arrivals, mail_of
from guanxi.world.brand import DAY, World, micros
from guanxi.world.buyers import Buyers, Orders, buyers, day_orders, one_price
from guanxi.world.content import latest_to_taste, published
from guanxi.world.doing import doings
from guanxi.world.effects import effects
from guanxi.world.events import happened
from guanxi.world.export import engagement_rows, order_rows
from guanxi.world.people import Flags, Floats, People, identifiers, people
from guanxi.world.text import Ints
from guanxi.world.ties import ties
from guanxi.world.writing import Shelf, Written

_WEEK = 7 * DAY
_SLOWNESS = DAY // 3
_ANSWERS = 0.3
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Scene:
    """One block of the world with all who act in it."""

    world: World
    fans: People
    ids: pa.Array
    customers: Buyers

    @property
    def file(self) -> str:
        """The name of the block's engagements."""
        return f"engagements-{self.fans.block:05d}"


@dataclass(frozen=True)
class Acts:
    """For each arrival the true chances, what came of them, and when."""

    engage_chance: Floats
    order_chance: Floats
    unfollow_chance: Floats
    engaged: Flags
    ordered: Flags
    unfollowed: Flags
    moment: Ints


def respond(
    world: World, received: pa.Table, until: datetime, folder: Path, tell: Progress = SILENT
) -> Written:
    """All that was done between the world's end and ``until`` lies in ``folder``, in the sources' own files.

    Args:
        world: the world whose history was imported.
        received: one row a message that truly arrived: platform, account, fan, campaign, message, sent_at.
        until: the last moment that is told.
        folder: where the files go; a new one for each call.
        tell: who is told.
    """
    end, mail = micros(aware(until)), mail_of(received)
    tell.begin("responses", world.fans)
    with ExitStack() as stack:
        shelf = Shelf(folder)
        stack.callback(shelf.close)
        shelf.put("content", published(world, micros(world.end), end))
        for block in range(world.blocks):
            fans = people(world, block)
            scene = Scene(world, fans, identifiers(world, fans), buyers(world, fans))
            got = arrivals(fans, scene.ids, mail)
            acts = _acts(scene, got)
            _put_days(scene, shelf, _gone(fans, got, acts), end)
            _put_engaged(scene, shelf, mail, got, acts, end)
            _put_ordered(scene, shelf, got, acts, end)
            _put_truth(shelf, mail, got, acts)
            shelf.close(scene.file)
            tell.advance(world.size(block))
    tell.end()
    return shelf.written()


def _acts(scene: Scene, got: Arrivals) -> Acts:
    """What the messages make people do, by the true effects."""
    fans, planted = scene.fans, effects(scene.world, scene.fans)
    tired = np.exp(-planted.fatigue[got.place] * got.before)
    stays = fans.unfollowed[got.place] > got.sent
    known = scene.customers.slot[scene.customers.is_fan]
    buys = fans.buys[got.place] & np.isin(fans.owner[got.place], known)
    chances = (
        planted.engages[got.place] * tired * stays,
        planted.orders[got.place] * tired * stays * buys,
        np.minimum(planted.leaves[got.place] * (1 + got.before), 1.0) * stays,
    )
    engaged, ordered, left = (
        got.chance(scene.world, purpose) < chance for purpose, chance in enumerate(chances)
    )
    delay = -np.log1p(-got.chance(scene.world, 3)) * _SLOWNESS
    # Within hours mostly, within a week always; whole milliseconds, as platforms tell them.
    moment = got.sent + np.clip(delay, 5_000_000, _WEEK - DAY).astype(np.int64) // 1000 * 1000
    return Acts(*chances, engaged, ordered, left, moment)


def _gone(fans: People, got: Arrivals, acts: Acts) -> Ints:
    """When a message drove each fan away."""
    gone = np.full(len(fans.account), _NEVER)
    np.minimum.at(gone, got.place[acts.unfollowed], acts.moment[acts.unfollowed])
    return gone


def _put_days(scene: Scene, shelf: Shelf, gone: Ints, until: int) -> None:
    """What is done without any message, but by fans who were driven away."""
    world, fans = scene.world, scene.fans
    bonds, start = ties(world, fans), micros(world.end)
    for day in range(1, -(-(until - start) // DAY) + 1):
        window = start + (day - 1) * DAY, start + day * DAY
        events, _ = doings(world, fans, bonds, window, window[1] + _WEEK, day)
        events = events.taken(np.argsort(events.moment, kind="stable"))
        rows = engagement_rows(world, fans, scene.ids, events, (day << 36) + (fans.block << 24))
        told = (events.moment < until) & (events.moment < gone[events.fan])
        shelf.put(scene.file, rows.filter(pa.array(told)))
        orders = day_orders(world, fans, scene.customers, day, *window)
        rows = order_rows(world, fans, scene.ids, scene.customers, orders)
        shelf.put("orders", rows.filter(pa.array(orders.moment < until)))


def _put_engaged(scene: Scene, shelf: Shelf, mail: pa.Table, got: Arrivals, acts: Acts, until: int) -> None:
    answers = got.chance(scene.world, 4) < _ANSWERS
    piece = latest_to_taste(scene.world, scene.fans.taste[got.place], acts.moment)
    parts = (
        (acts.engaged & answers, "message", np.full(len(piece), -1)),
        (acts.engaged & ~answers, "click", piece),
        (acts.unfollowed, "unfollow", np.full(len(piece), -1)),
    )
    for chosen, word, content in parts:
        rows = np.flatnonzero(chosen & (acts.moment < until))
        events = happened(word, got.place[rows], acts.moment[rows], content=content[rows])
        table = engagement_rows(scene.world, scene.fans, scene.ids, events, 0)
        letter = mail.take(pa.array(got.row[rows])).combine_chunks()
        # Above every number of the history and the days, and the same for the same message.
        own = pa.array((1 << 62) + (got.item[rows] >> 3 << 1) + (word == "unfollow"))
        for name, column in (
            ("event_id", own), ("campaign", letter["campaign"]), ("share_token", letter["message"])
        ):  # fmt: skip
            table = table.set_column(table.column_names.index(name), name, column)
        shelf.put(scene.file, table)


def _put_ordered(scene: Scene, shelf: Shelf, got: Arrivals, acts: Acts, until: int) -> None:
    moment = acts.moment + 60_000_000
    rows = np.flatnonzero(acts.ordered & (moment < until))
    own = scene.customers.slot[scene.customers.is_fan]
    buyer = np.searchsorted(own, scene.fans.owner[got.place[rows]])
    # Above every number that a day's orders can have.
    number = (1 << 38) + (got.item[rows] & ((1 << 37) - 1))
    orders = Orders(
        buyer=buyer,
        number=number,
        flow=number * 2,
        refund=np.zeros(len(rows), bool),
        fen=one_price(scene.customers.level[buyer], got.chance(scene.world, 5)[rows]),
        pieces=np.ones(len(rows), np.int64),
        moment=moment[rows],
        fan=np.full(len(rows), -1),
    )
    shelf.put("orders", order_rows(scene.world, scene.fans, scene.ids, scene.customers, orders))


def _put_truth(shelf: Shelf, mail: pa.Table, got: Arrivals, acts: Acts) -> None:
    columns = {"message": mail["message"].take(pa.array(got.row)), "before": got.before}
    names = ("engage_chance", "order_chance", "unfollow_chance", "engaged", "ordered", "unfollowed")
    shelf.put("truth/responses", pa.table(columns | {name: getattr(acts, name) for name in names}))
