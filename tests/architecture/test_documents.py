"""What the documents say of the house is so."""

import re
from pathlib import Path

import pytest
import tree

DOCS = tree.ROOT / "docs"
SHARED_GLOSSARY = tree.ROOT.parent / "shared" / "GLOSSARY.md"
_ROW = re.compile(r"^\| (?!English|---)(.+?) \| (.+?) \|", re.MULTILINE)
_TARGET = re.compile(r"\]\((?!https?:|#)([^)#]+)[^)]*\)")


def _glossary(path: Path) -> set[tuple[str, ...]]:
    return set(_ROW.findall(path.read_text(encoding="utf-8")))


def test_every_room_stands_in_the_picture_of_the_floors() -> None:
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    assert [room for room in tree.ROOMS if f"`{room}`" not in page] == []


def test_every_room_stands_in_the_readme() -> None:
    page = (tree.ROOT / "README.md").read_text(encoding="utf-8")
    assert [room for room in tree.ROOMS if room != "site" and f"{room}/" not in page] == []


@pytest.mark.skipif(not SHARED_GLOSSARY.exists(), reason="the shared glossary is not beside this checkout")
def test_the_glossary_is_the_shared_one() -> None:
    assert _glossary(DOCS / "glossary.md") == _glossary(SHARED_GLOSSARY)


def test_every_word_of_the_glossary_has_its_chinese() -> None:
    rows = _glossary(DOCS / "glossary.md")
    assert len(rows) > 40
    assert [english for english, chinese in rows if not re.search(r"[\u4e00-\u9fff]", chinese)] == []


@pytest.mark.parametrize("page", tree.ending(".md"), ids=tree.short)
def test_a_page_points_only_at_what_is_there(page: Path) -> None:
    targets = _TARGET.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_each_decision_tells_its_context_its_choice_and_its_price() -> None:
    pages = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        headings = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert headings == ["Context", "Choice", "Price"], page.name


def test_every_command_that_a_page_names_exists() -> None:
    from typer.main import get_command

    from guanxi.cli.main import app

    known = set(get_command(app).commands)  # type: ignore[attr-defined]
    pages = [
        tree.ROOT / "README.md",
        tree.ROOT / "CONTRIBUTING.md",
        *DOCS.glob("*.md"),
        *DOCS.glob("decisions/*.md"),
    ]
    named = {
        word for page in pages for word in re.findall(r"`guanxi ([a-z]+)", page.read_text(encoding="utf-8"))
    }
    assert named - known == set()


def test_every_target_of_make_that_a_page_names_exists() -> None:
    makefile = (tree.ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    pages = [page for page in tree.ending(".md") if page.is_relative_to(DOCS) or page.parent == tree.ROOT]
    texts = [re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL) for page in pages]
    named = {word for text in texts for word in re.findall(r"`make ([a-z-]+)", text)}
    assert named - targets == set()


def test_the_reference_is_as_the_code_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DOCS))
    import reference

    folder = DOCS / "reference"
    old = [name for name, page in reference.PAGES.items() if (folder / name).read_text("utf-8") != page()]
    assert old == [], "run `make docs`"
