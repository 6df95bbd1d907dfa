"""Tree to JSON and back, for storage and the builder; what is no tree of the allow-list is refused."""

from __future__ import annotations

import msgspec

from guanxi.question.checks import check
from guanxi.question.nodes import TEXT_CHARS_MAX, Question
from guanxi.question.text import to_text
from guanxi.vocabulary.reasons import Refused

BYTES_MAX = 64 * 1024

_DECODER = msgspec.json.Decoder(Question)


def to_json(question: Question) -> bytes:
    """The question as JSON, the same bytes for the same question."""
    return msgspec.json.encode(question)


def from_json(stored: bytes | str) -> Question:
    """The question that JSON holds; refused where it is too long, no tree, or breaks a rule."""
    if len(stored) > BYTES_MAX:
        raise Refused("question_too_long", str(BYTES_MAX))
    try:
        question = check(_DECODER.decode(stored))
    except RecursionError:
        raise Refused("question_too_deep") from None
    except (msgspec.MsgspecError, UnicodeError) as wrong:
        raise Refused("question_json_unreadable", str(wrong)) from None
    if len(to_text(question)) > TEXT_CHARS_MAX:
        raise Refused("question_too_long", str(TEXT_CHARS_MAX))
    return question
