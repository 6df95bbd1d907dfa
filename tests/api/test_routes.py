from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from guanxi.composition.people import let_in
from guanxi.consent.purpose import Purpose
from guanxi.outreach.actions.campaigns import Draft, create_campaign
from guanxi.records.actor import SYSTEM
from guanxi.records.installation import Installation


@pytest.fixture
def owner(house: Installation) -> dict[str, str]:
    return entering("owner", "admin")


def entering(name: str, role: str) -> dict[str, str]:
    let_in(name, role, "a long password")
    return {"authorization": "Basic " + b64encode(f"{name}:a long password".encode()).decode()}


def post(path: str, headers: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
    answer = Client(headers=headers).post(path, json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def test_a_stranger_is_told_nothing(house: Installation) -> None:
    for path in ("/api/fans?window=2026-11-01", "/api/segments", "/api/links", "/api/ambassadors"):
        assert Client().get(path).status_code == 401


def test_a_wrong_password_opens_nothing(owner: dict[str, str]) -> None:
    wrong = {"authorization": "Basic " + b64encode(b"owner:guess").decode()}
    assert Client(headers=wrong).get("/api/segments").status_code == 401


def test_a_segment_is_counted_stored_and_listed(owner: dict[str, str]) -> None:
    question = 'city = "Shanghai"'
    assert post("/api/segments/count", owner, {"question": question})[1]["size"] == 0
    status, made = post("/api/segments", owner, {"name": "Shanghai", "question": question})
    assert (status, made["version"]) == (201, 1)
    assert [s["name"] for s in Client(headers=owner).get("/api/segments").json()] == ["Shanghai"]


def test_a_question_that_cannot_be_read_is_refused_with_its_code(owner: dict[str, str]) -> None:
    status, answer = post("/api/segments/count", owner, {"question": "city = = 1; drop table fan"})
    assert (status, answer["error"]) == (422, "question_unreadable")


def test_what_is_not_there_is_404(owner: dict[str, str]) -> None:
    assert Client(headers=owner).get("/api/segments/99/members").status_code == 404


def test_an_agency_sees_fans_and_no_links(house: Installation) -> None:
    agency = Client(headers=entering("agency", "agency"))
    assert agency.get("/api/fans?window=2026-11-01").status_code == 200
    refused = agency.get("/api/links")
    assert (refused.status_code, refused.json()["error"]) == (403, "not_permitted")


def test_a_campaigns_opening_is_moved_by_who_may(owner: dict[str, str]) -> None:
    segment = post("/api/segments", owner, {"name": "All", "question": "not unfollowed"})[1]["id"]
    draft = Draft("Tasting", Purpose.ENGAGE, "wechat", segment, "Come", channel="echo")
    path = f"/api/campaigns/{create_campaign(SYSTEM, draft, datetime.now(UTC))}/opening"
    opens_at = (datetime.now(UTC) + timedelta(days=3)).replace(microsecond=0)

    def put(wanted: datetime | str | None, by: dict[str, str] = owner, to: str = path) -> tuple[int, Any]:
        body = json.dumps({"opens_at": wanted}, default=datetime.isoformat)
        answer = Client(headers=by).put(to, body, content_type="application/json")
        return answer.status_code, answer.json()

    assert put(opens_at)[0] == 200
    (listed,) = Client(headers=owner).get("/api/campaigns").json()
    assert (datetime.fromisoformat(listed["opens_at"]), listed["name"]) == (opens_at, "Tasting")
    assert datetime.fromisoformat(listed["first_at"]) == opens_at - timedelta(hours=48)
    for wrong, code in (
        ("2020-01-01T00:00:00Z", "opening_past"),
        ("9999-12-31T23:59:59-12:00", "opening_far"),
        ("2027-01-01T00:00:00", "time_without_zone"),
    ):
        assert put(wrong) == (422, {"error": code, "detail": put(wrong)[1]["detail"]})
    assert put(None)[1]["opens_at"] is None
    assert put(opens_at, entering("reader", "analyst"))[0] == 403
    assert put(opens_at, to="/api/campaigns/99/opening")[0] == 404


def test_every_route_is_described(owner: dict[str, str]) -> None:
    described = Client(headers=owner).get("/api/openapi.json").json()["paths"]
    assert set(described) >= {"/api/fans", "/api/segments", "/api/links", "/api/ambassadors"}
