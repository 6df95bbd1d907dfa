"""Tracking: keys are made, shown once and revoked by admins; events are mapped and read again by marketers."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.listen.models import WriteKey
from guanxi.listen.track.actions import make_write_key
from guanxi.records.actor import SYSTEM
from guanxi.records.databases import CUSTOMERS, SOCIAL, raw
from guanxi.records.public_address import set_public_address

Visit = Callable[..., Client]
HOSTILE = "<script>alert(1)</script>"


def quarantine(event: str) -> None:
    raw(SOCIAL).execute(
        "INSERT INTO quarantine (key, source, position, reason, detail, raw, happened_at) VALUES "
        "(gen_random_uuid(), 'track:site', '', 'event_unknown', %s, '{\"userId\": \"ann\", \"event\": \"x\"}', now())",
        (event,),
    )


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_owner_colleague_and_stranger_find_what_is_theirs(visitor: Visit, language: str) -> None:
    quarantine(HOSTILE)
    for role, maps, changes in (("admin", True, True), ("marketer", True, False), ("analyst", False, False)):
        shown = visitor(role, language).get(reverse("tracking")).text
        assert "&lt;script&gt;alert" in shown
        assert HOSTILE not in shown
        assert (reverse("map_event") in shown, reverse("make_write_key") in shown) == (maps, changes)
        assert ("埋点" in shown) == (language == "zh-hans")
    assert visitor("agency", language).get(reverse("tracking")).status_code == 403
    assert visitor(None, language).get(reverse("tracking")).status_code == 302


def test_a_key_is_shown_once_and_opens_nothing_after_it_was_revoked(visitor: Visit) -> None:
    admin = visitor("admin")
    asked = {"name": "web shop", "platform": "shop", "account": "main"}
    made = admin.post(reverse("make_write_key"), asked).text
    (key,) = re.findall(r'role="status">.*?<code class="code">([^<]+)</code>', made)
    assert f'data-copy="{key}"' in made
    assert len(key) == 32
    assert key not in admin.get(reverse("tracking")).text
    admin.post(reverse("revoke_write_key", args=[WriteKey.objects.get().pk]))
    assert WriteKey.objects.get().revoked_at is not None
    assert visitor("marketer").post(reverse("make_write_key"), asked).status_code == 403


def test_an_event_is_mapped_and_read_again(visitor: Visit) -> None:
    make_write_key(SYSTEM, "site", "web", "main")
    quarantine("danced")
    marketer = visitor("marketer")
    here = {"name": "danced", "next": reverse("tracking")}
    assert reverse("replay_event") not in marketer.get(reverse("tracking")).text
    marketer.post(reverse("map_event"), {**here, "kind": "attended"})
    assert reverse("replay_event") in marketer.get(reverse("tracking")).text
    assert "1 event was read." in marketer.post(reverse("replay_event"), here, follow=True).text
    assert raw(SOCIAL).execute("SELECT sum(activities)::int FROM inbox").fetchone() == (1,)
    refused = marketer.post(
        reverse("map_event"), {**here, "name": "Order Completed", "kind": "liked"}, follow=True
    )
    assert "has its rule already" in refused.text
    for name in ("map_event", "replay_event"):
        assert visitor("analyst").post(reverse(name), here).status_code == 403
        assert marketer.get(reverse(name)).status_code == 405


def test_the_page_says_what_of_each_key_was_understood_and_where_to_send(visitor: Visit) -> None:
    make_write_key(SYSTEM, "site", "web", "main")
    for side, understood, repeats in ((SOCIAL, 2_000, 7), (CUSTOMERS, 997, 0)):
        raw(side).execute(
            "INSERT INTO heard VALUES ('track:site', current_date, %s, %s)", (understood, repeats)
        )
        raw(side).execute(
            "INSERT INTO heard VALUES ('track:site', current_date - 40, 5, 5), ('file', current_date, 9, 9)"
        )
    for _ in range(3):
        quarantine("danced")
    shown = visitor("admin").get(reverse("tracking")).text
    assert 'data-label="Understood">2,997<' in shown
    assert "of sent events" in shown
    assert "2,997 of 3,000" in shown
    assert "guanxi address" in shown
    set_public_address(SYSTEM, "https://door.brand.example")
    shown = visitor("admin").get(reverse("tracking")).text
    assert 'data-copy="https://door.brand.example"' in shown
    assert "guanxi address" not in shown
