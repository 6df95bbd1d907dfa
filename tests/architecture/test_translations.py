"""Every sentence that a page says, it says in both languages."""

import catalogue
import pytest
from babel.messages.catalog import Catalog


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    return catalogue.chinese()


def _missing(chinese: Catalog, said: list[tuple[str, str]]) -> dict[str, str]:
    known = {part for message in chinese for part in _parts(message.id) if _translated(message)}
    return {message: place for place, message in said if message not in known}


def _parts(value: object) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())  # type: ignore[call-overload]


def _translated(message: object) -> bool:
    strings = _parts(message.string)  # type: ignore[attr-defined]
    return bool(strings) and all(strings) and not message.fuzzy  # type: ignore[attr-defined]


def test_a_template_is_read_as_django_reads_it() -> None:
    template = (
        """{% translate "Fans" %} {% blocktranslate trimmed count n=n %}\n one {{ n }} fan, 5%\n"""
        """{% plural %} {{ n|number }} fans{% endblocktranslate %} {{ _('Today') }}"""
    )
    assert set(catalogue.said_in(template)) == {"Fans", "Today", "one %(n)s fan, 5%%", "%(n)s fans"}


def test_every_word_of_a_template_is_known_in_chinese(chinese: Catalog) -> None:
    assert _missing(chinese, list(catalogue.said_in_templates())) == {}


def test_every_word_of_a_door_is_known_in_chinese(chinese: Catalog) -> None:
    assert _missing(chinese, list(catalogue.said_in_python())) == {}


def test_no_translation_has_lost_or_invented_a_place_for_a_value(chinese: Catalog) -> None:
    places = catalogue.re.compile(r"%\((\w+)\)s")
    wrong = [
        message.id
        for message in chinese
        if message.id and isinstance(message.id, str) and isinstance(message.string, str) and message.string
        if set(places.findall(message.id)) != set(places.findall(message.string))
    ]
    assert wrong == []


def test_the_product_keeps_its_name_in_every_language(chinese: Catalog) -> None:
    said = {str(message.id): "".join(_parts(message.string)) for message in chinese}
    assert [english for english, words in said.items() if "关系" in words.replace("影响关系", "")] == []
