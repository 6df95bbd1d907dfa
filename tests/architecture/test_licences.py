"""What runs with Guanxi lets everybody use it under Apache-2.0: no GPL, and psycopg alone under the LGPL."""

import re
from importlib.metadata import PackageNotFoundError, metadata

import pytest
import tree

# psycopg is used as it is, as a library of its own; docs/decisions say why that is allowed.
LGPL_BY_NAME = {"psycopg", "psycopg-binary", "psycopg-pool"}
# Marked for other systems or Pythons in the lock file, so not installed here.
_NAME = re.compile(r"^([a-z0-9][a-z0-9._-]*)==", re.MULTILINE)


def locked(lock: str) -> list[str]:
    return sorted(set(_NAME.findall((tree.ROOT / "requirements" / lock).read_text())))


def licence_of(name: str) -> str:
    about = metadata(name)
    classified = [c for c in about.get_all("Classifier", []) if c.startswith("License")]
    stated = about.get("License-Expression") or (about.get("License") or "").split("\n")[0]
    return " ".join([stated, *classified])


@pytest.mark.parametrize("name", locked("run.lock"))
def test_a_library_we_run_on_is_free_of_the_gpl(name: str) -> None:
    try:
        licence = licence_of(name)
    except PackageNotFoundError:
        pytest.skip("not for this system")
    assert licence, f"{name} states no licence"
    if name in LGPL_BY_NAME:
        assert "LGPL" in licence or "Lesser" in licence
    else:
        assert not re.search(r"\bA?GPL|LGPL|General Public", licence), licence


def test_guanxi_states_its_own_licence() -> None:
    assert "Apache License" in (tree.ROOT / "LICENSE").read_text()
    assert metadata("guanxi")["License-Expression"] == "Apache-2.0"
