"""schemathesis asks the REST API everything its own description allows, and more: nothing breaks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from test_routes import entering

from guanxi.records.installation import Installation


def asked_everything(headers: dict[str, str], examples: int) -> dict[str, int]:
    """How many requests were answered, none of them by a failure of ours."""
    schema: Any = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application(), headers=headers)
    answered = 0
    quiet = [hypothesis.HealthCheck.function_scoped_fixture, *hypothesis.HealthCheck]
    for found in schema.get_all_operations():
        operation = found.ok()

        @hypothesis.settings(max_examples=examples, deadline=None, suppress_health_check=quiet, database=None)
        @hypothesis.seed(1)
        @hypothesis.given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            nonlocal answered
            answer = case.call(headers=headers)
            answered += 1
            assert answer.status_code < 500, f"{case.method} {case.formatted_path}: {answer.status_code}"

        ask()
    return {"requests": answered}


def test_no_question_that_the_api_describes_breaks_it(house: Installation) -> None:
    assert asked_everything(entering("owner", "admin"), 8)["requests"] > 50


@pytest.mark.soak
def test_thousands_of_questions_break_no_address_of_the_api(
    house: Installation, record_property: Callable[[str, object], None]
) -> None:
    for name, figure in asked_everything(entering("owner", "admin"), 500).items():
        record_property(name, figure)
