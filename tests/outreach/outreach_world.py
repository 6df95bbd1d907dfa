"""A small world for outreach: fans on accounts, a segment of them, links, and a leash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from guanxi.audiences.tables import SEGMENT_MEMBER
from guanxi.consent.purpose import Purpose
from guanxi.consent.refresh import refresh_consent
from guanxi.consent.words import FOLLOWS
from guanxi.consent.writing import write_follows
from guanxi.correlation.tables import PERSON
from guanxi.influence.tables import WEIGHT
from guanxi.lake.engine import Engine
from guanxi.lake.store import Lake
from guanxi.lake.table import LakeTable
from guanxi.outreach.actions.campaigns import Draft, create_campaign
from guanxi.outreach.actions.plan import PlanReport, plan_campaign
from guanxi.outreach.actions.reserve import Reserved, reserve_sends
from guanxi.outreach.actions.settings import set_leash
from guanxi.outreach.leash import Leash
from guanxi.outreach.refresh import refresh_deliveries
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import RELATIONSHIP, SOCIAL, alias_of, copy_rows, transaction
from guanxi.social.tables import FAN, FAN_FACT

SEGMENT = 1


@dataclass
class World:
    """What a test arranges and asks."""

    now: datetime

    def fans(self, count: int, platform: str = "wechat", account: str = "brand") -> list[int]:
        """That many more followers of an account; says their identity codes."""
        with transaction(SOCIAL) as connection:
            row = connection.execute(
                "INSERT INTO account (platform, name) VALUES (%s, %s) "
                "ON CONFLICT (platform, name) DO UPDATE SET name = excluded.name RETURNING id",
                (platform, account),
            ).fetchone()
            start = connection.execute("SELECT coalesce(max(id), 0) FROM fan").fetchone()
            assert row is not None
            assert start is not None
            ids = range(start[0] + 1, start[0] + 1 + count)
            rows = ((i, row[0], i.to_bytes(16), f"open-{i}", f"Fan {i}") for i in ids)
            copy_rows(connection, "fan", ("id", "account_id", "key", "external_id", "name"), rows)
        self._mirror_fans()
        return [fan * 2 for fan in ids]

    def _mirror_fans(self) -> None:
        with transaction(SOCIAL) as connection:
            rows = connection.execute(
                "SELECT f.id, a.id, a.platform FROM fan f JOIN account a ON a.id = f.account_id ORDER BY f.id"
            ).fetchall()
        day = date(2026, 10, 1)
        names = FAN.schema.names
        told = [dict(zip(names, (*row, day, None, day, day), strict=True)) for row in rows]
        self.swap(FAN, told)

    def swap(
        self, table: LakeTable, rows: list[dict[str, object]], parts: Sequence[int] | None = None
    ) -> None:
        """The lake's table holds the rows."""
        with transaction(alias_of(table.side)) as connection:
            content = pa.Table.from_pylist(rows, table.schema)
            Lake(table.side).swap(connection, table, content, None, parts)

    def follow(self, identities: Sequence[int], follows: bool = True) -> None:
        """The fans follow, or do not."""
        size = len(identities)
        columns = {
            "identity": list(identities),
            "follows": [follows] * size,
            "happened_at": [self.now] * size,
        }
        with transaction(RELATIONSHIP) as connection:
            write_follows(connection, pa.table(columns, FOLLOWS))

    def segment(self, identities: Sequence[int]) -> None:
        """The segment has these members."""
        rows: list[dict[str, object]] = [{"segment": SEGMENT, "identity": one} for one in identities]
        self.swap(SEGMENT_MEMBER, rows, parts=[SEGMENT])

    def link(self, *groups: Sequence[int], purposes: Sequence[str] = ("contact", "reward")) -> None:
        """The identities of each group are one person."""
        rows: list[dict[str, object]] = [
            {"purpose": purpose, "person": min(group), "identity": one}
            for purpose in purposes
            for group in groups
            for one in group
        ]
        with transaction(RELATIONSHIP) as connection:
            columns = ("purpose", "person", "identity")
            told = ((row["purpose"], row["person"], row["identity"]) for row in rows)
            copy_rows(connection, "person_member", columns, told)
        with transaction(RELATIONSHIP) as connection:
            kept = connection.execute("SELECT purpose, person, identity FROM person_member").fetchall()
        self.swap(PERSON, [dict(zip(PERSON.schema.names, row, strict=True)) for row in kept])

    def live_in(self, identities: Sequence[int], city: str) -> None:
        """The fans live in a city."""
        names = FAN_FACT.schema.names
        facts = [
            dict(zip(names, (one // 2, "city", city, "test", 0.9, True), strict=True)) for one in identities
        ]
        self.swap(FAN_FACT, facts)

    def banded(self, bands: dict[int, str]) -> None:
        """The fans stand in these bands."""
        blank = dict.fromkeys(WEIGHT.schema.names, 0)
        rows = [{**blank, "fan": one // 2, "platform": "wechat", "band": band} for one, band in bands.items()]
        self.swap(WEIGHT, rows)

    def leash(self, leash: Leash) -> None:
        """The brand's leash."""
        set_leash(SYSTEM, leash, self.now)

    def campaign(self, name: str = "Autumn", **other: object) -> int:
        """A campaign to the segment, without a holdout unless one is asked for."""
        words = {"purpose": Purpose.ENGAGE, "platform": "wechat", "channel": "echo", "holdout_permille": 0}
        draft = Draft(name=name, segment=SEGMENT, text="Hi {{name|friend}}", **{**words, **other})  # type: ignore[arg-type]
        return create_campaign(SYSTEM, draft, self.now)

    def plan(self, campaign: int, now: datetime | None = None) -> PlanReport:
        """The campaign is planned on fresh mirrors."""
        refresh_consent(now or self.now)
        refresh_deliveries(now or self.now)
        with Engine() as engine:
            return plan_campaign(SYSTEM, engine, campaign, now or self.now)

    def reserve(self, campaign: int, now: datetime | None = None, batch: int = 1000) -> Reserved:
        """The campaign's sends are reserved."""
        with Engine() as engine:
            return reserve_sends(SYSTEM, engine, campaign, now or self.now, batch)

    def verdicts(self, campaign: int) -> dict[int, tuple[str, str]]:
        """Verdict and reasons by identity."""
        with Engine() as engine:
            question = (
                "SELECT identity, verdict, reasons FROM relationship.campaign_person WHERE campaign = $c"
            )
            rows = engine.ask(question, c=campaign).to_pylist()
        return {row["identity"]: (row["verdict"], row["reasons"]) for row in rows}
