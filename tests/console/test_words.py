"""Every sentence of the console has its Chinese, and Chinese keeps the sentence's places."""

from __future__ import annotations

import re

from catalogue import asked, known

_PLACE = re.compile(r"%\((\w+)\)s")


def test_every_sentence_that_a_page_may_show_is_translated() -> None:
    chinese = known()
    missing = sorted({sentence for sentence, _, context in asked() if not chinese.get((sentence, context))})
    assert missing == []


def test_a_translation_names_no_value_that_its_sentence_does_not_give() -> None:
    for (sentence, _), chinese in known().items():
        text = chinese if isinstance(chinese, str) else " ".join(chinese)  # type: ignore[call-overload]
        assert set(_PLACE.findall(text)) <= set(_PLACE.findall(sentence)) | {"count"}, sentence


def test_the_catalogue_holds_no_sentence_that_no_page_shows() -> None:
    shown = {(sentence, context) for sentence, _, context in asked()}
    assert sorted(sentence for sentence, context in known() if (sentence, context) not in shown) == []
