"""One row of the tables that say what each message and event of WeChat means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from guanxi.channels.hook import ReplyOn
from guanxi.vocabulary.activity import Kind


class Who(StrEnum):
    """The field in which the platform names who did it."""

    SENDER = "fromusername"
    OPEN_ID = "openid"
    NOBODY = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one type means. Fields are named by their path in lower case, such as ``scancodeinfo.scanresult``.

    Attributes:
        kind: what was done; None where `choose` says.
        who: the field that names who did it.
        reference: the field that becomes the activity's reference.
        content: the field that becomes its content.
        says: traits that are the same for every such activity.
        traits: traits by name (``facts.x`` is x among the facts), each with the field it is taken from.
        reply_on: what a passive reply would answer.
        reply_words: the field with the words it answers.
        each: the list whose every object is an activity of its own, its fields going before the message's.
        choose: the field that decides the kind.
        kinds: the kind for each of its values; another value is kept as unknown.
        needs: the field without which nothing is told: a place, where places are not kept.
    """

    kind: Kind | None
    who: Who = Who.SENDER
    reference: str = ""
    content: str = ""
    says: Mapping[str, str] = field(default_factory=dict)
    traits: Mapping[str, str] = field(default_factory=dict)
    reply_on: ReplyOn | None = None
    reply_words: str = ""
    each: str = ""
    choose: str = ""
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    needs: str = ""
