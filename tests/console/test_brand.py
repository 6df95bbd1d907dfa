"""Pages on a small brand after one whole round: in both languages, for each role, and as files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.composition.consumers import consumers, hear
from guanxi.composition.round import go_round
from guanxi.console.shell import SECTIONS
from guanxi.correlation.models import Link
from guanxi.customers.models import Customer
from guanxi.lake.engine import Engine
from guanxi.listen.imports import import_file
from guanxi.listen.mapping import read_mapping
from guanxi.loyalty.actions.programme import install_default_programme
from guanxi.outreach.actions.plan import plan_campaign
from guanxi.outreach.actions.reserve import reserve_sends
from guanxi.outreach.models import Campaign, Delivery
from guanxi.outreach.refresh import refresh_deliveries
from guanxi.records.actor import GRANTS, SYSTEM, Permission, Role
from guanxi.records.installation import Installation
from guanxi.social.models import Fan
from guanxi.vocabulary.ids import Side, identity
from guanxi.world.brand import World
from guanxi.world.writing import write

END = datetime(2026, 10, 1, 2, tzinfo=UTC)
Visit = Callable[..., Client]


@pytest.fixture
def brand(house: Installation, tmp_path: Path) -> Iterator[Installation]:
    """A small brand after one whole round."""
    consumers.cache_clear()
    install_default_programme(SYSTEM, datetime(2026, 1, 1, tzinfo=UTC))
    for one in write(World(300, 5, END), tmp_path / "world").imports:
        for file in one.files:
            import_file(file, read_mapping(one.mapping))
    hear()
    with Engine() as engine:
        go_round(engine, END)
    yield house
    consumers.cache_clear()


def _entries() -> list[str]:
    return [entry.name for section in SECTIONS for entry in section.entries]


def test_the_owner_opens_every_page_in_both_languages(visitor: Visit, brand: Installation) -> None:
    link = Link.objects.order_by("id").first()
    assert link is not None
    cards = [
        reverse("fan", args=[link.fan]),
        reverse("customer", args=[link.customer]),
        reverse("link", args=[link.pk]),
        reverse("statement", args=[identity(Side.SOCIAL, link.fan)]),
    ]
    for language in ("en", "zh-hans"):
        client = visitor("admin", language)
        for address in [*(reverse(name) for name in _entries()), *cards]:
            assert client.get(address).status_code == 200, (language, address)


def test_the_agency_meets_no_customer_on_any_page_that_it_may_open(
    visitor: Visit, brand: Installation
) -> None:
    agency, granted = visitor("agency"), GRANTS[Role.AGENCY]
    names = {name for name in Customer.objects.values_list("name", flat=True) if len(name) > 2}
    names -= set(Fan.objects.values_list("name", flat=True))
    open_to_it = [e.name for s in SECTIONS for e in s.entries if e.needs in granted]
    assert Permission.SEE_CUSTOMERS not in granted
    addresses = [reverse(name) for name in open_to_it] + [
        reverse("fan", args=[1]),
        reverse("fans") + "?cols=rfm",
    ]
    for address in addresses:
        answer = agency.get(address)
        assert answer.status_code == 200, address
        assert not [name for name in names if name in answer.text], address
        assert "/people/customers/" not in answer.text
    assert agency.get(reverse("fans"), {"export": "csv"}).status_code == 403


def test_a_role_without_sight_of_persons_sees_numbers_for_names(visitor: Visit, brand: Installation) -> None:
    fan = Fan.objects.exclude(name="").order_by("id").first()
    assert fan is not None
    address = reverse("fan", args=[fan.pk])
    assert fan.name in visitor("marketer").get(address).text
    shown = visitor("analyst").get(address).text
    assert fan.name not in shown
    assert f"fan {fan.pk}" in shown


def test_a_list_is_filtered_sorted_and_exported_as_it_is_shown(visitor: Visit, brand: Installation) -> None:
    client = visitor("admin")
    asked = {"platform": "wechat", "sort": "-daily"}
    shown = client.get(reverse("fans"), asked)
    assert 'aria-sort="descending"' in shown.text
    rows = client.get(reverse("fans"), {**asked, "export": "csv"}).text.lstrip("\ufeff").splitlines()
    head, first = rows[0].split(","), rows[1].split(",")
    assert head[:3] == ["fan", "platform", "band"]
    assert first[1] == "wechat"
    daily = [float(row.split(",")[head.index("daily")]) for row in rows[1:]]
    assert daily == sorted(daily, reverse=True)
    arrow = client.get(reverse("customers"), {"export": "arrow"})
    assert arrow.headers["Content-Type"] == "application/vnd.apache.arrow.file"


def test_a_cell_of_the_grid_opens_its_customers(visitor: Visit, brand: Installation) -> None:
    client = visitor("admin")
    rows = client.get(reverse("customers"), {"r": "5", "f": "5", "export": "csv"}).text.splitlines()
    assert {row.split(",")[1][:2] for row in rows[1:]} <= {"55"}


def test_a_link_is_confirmed_undone_and_restored_from_its_page(visitor: Visit, brand: Installation) -> None:
    client = visitor("care")
    link = Link.objects.order_by("id").first()
    assert link is not None
    for decision, state in (("confirm", "confirmed"), ("undo", "undone"), ("restore", "confirmed")):
        client.post(reverse("decide_link", args=[link.pk, decision]), {"reason": "they told us"})
        link.refresh_from_db()
        assert link.state == state
    assert visitor("analyst").post(reverse("decide_link", args=[link.pk, "undo"])).status_code == 403


def test_every_member_and_every_cell_of_the_plane_opens_its_rows(visitor: Visit, brand: Installation) -> None:
    client = visitor("admin")
    plane = client.get(reverse("loyalty")).text
    assert f"{reverse('members')}?love=" in plane
    everybody = client.get(reverse("members"), {"export": "csv"}).text.splitlines()
    nobody_known = client.get(reverse("members"), {"spend": "-1", "export": "csv"}).text.splitlines()
    assert len(everybody) > len(nobody_known) >= 1


def test_a_tier_opens_its_members_and_a_bar_of_the_leash_its_people(
    visitor: Visit, brand: Installation
) -> None:
    client = visitor("admin", "zh-hans")
    tiers = re.findall(
        r'href="(/loyalty/members/[?]tier=[^"]+)">([\d,]+)</a>', client.get(reverse("loyalty")).text
    )
    assert len(tiers) >= 2
    for href, count in tiers:
        rows = client.get(f"{href}&export=csv").text.splitlines()
        assert len(rows) - 1 == int(count.replace(",", ""))
    with Engine() as engine:
        campaign = plan_campaign(SYSTEM, engine, Campaign.objects.get().pk, END + timedelta(hours=2))
        assert campaign.persons
        reserve_sends(SYSTEM, engine, Campaign.objects.get().pk, END + timedelta(hours=2))
        refresh_deliveries(END + timedelta(hours=2))
    reached = client.get(reverse("behind_leash"), {"what": "heard", "export": "csv"}).text.splitlines()
    assert len(reached) - 1 == Delivery.objects.count() > 0
    assert client.get(reverse("behind_leash"), {"what": "holds", "day": "2026-10-02"}).status_code == 200
