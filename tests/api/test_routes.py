from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest
from django.test import Client

from guanxi.composition.people import let_in
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


def test_every_route_is_described(owner: dict[str, str]) -> None:
    described = Client(headers=owner).get("/api/openapi.json").json()["paths"]
    assert set(described) >= {"/api/fans", "/api/segments", "/api/links", "/api/ambassadors"}
