"""What an account answers by itself: rules that a marketer edits, the first that fits in their order answers.

Pure but for `read_reply_rules`, with which the door learns them. A rule without words answers whatever the
rules before it left; nothing answers somebody who leaves.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import psycopg

from guanxi.channels.hook import Replies, ReplyOn
from guanxi.vocabulary.reasons import Refused

TEXT_MAX = 600
WORDS_MAX = 64
_LINES = "\n"


class Match(StrEnum):
    """How the words of a rule are looked for."""

    EXACT = "exact"
    CONTAINS = "contains"


@dataclass(frozen=True, slots=True)
class Rule:
    """One answer, and what it answers; no words: anything."""

    answers: ReplyOn
    match: Match
    words: str
    text: str


def fitting_rule(answers: str, match: str, words: str, text: str) -> Rule:
    """The rule as it is kept; refused where a part is missing, unknown or too long."""
    words, text = words.strip(), text.replace("\r\n", "\n").strip()
    if answers not in set(ReplyOn) or match not in set(Match):
        raise Refused("reply_rule_unreadable", answers)
    if not text:
        raise Refused("reply_without_words")
    if len(text) > TEXT_MAX or len(words) > WORDS_MAX:
        raise Refused("reply_too_long", str(TEXT_MAX))
    if not (words + text.replace(_LINES, "")).isprintable():
        raise Refused("reply_rule_unreadable", words)
    if ReplyOn(answers) is not ReplyOn.TEXT:
        match = Match.EXACT
    return Rule(ReplyOn(answers), Match(match), words, text)


def answering(rules: Sequence[Rule]) -> Replies:
    """The rules of one account, in their order, as a platform asks for them."""

    def reply(on: ReplyOn, words: str) -> str | None:
        place = answering_rule(rules, on, words)
        return None if place is None else rules[place].text

    return reply


def answering_rule(rules: Sequence[Rule], on: ReplyOn, words: str) -> int | None:
    """The place of the first rule that fits, or None for silence."""
    said = folded(words)
    return next((place for place, rule in enumerate(rules) if rule.answers is on and _fits(rule, said)), None)


def folded(words: str) -> str:
    """Words as they are compared: without case, width or space around them.

    >>> folded(" ＶＩＰ ")
    'vip'
    """
    return unicodedata.normalize("NFKC", words).casefold().strip()


def read_reply_rules(connection: psycopg.Connection[Any]) -> dict[tuple[str, str], list[Rule]]:
    """The rules in force by platform and account, each account's in their order."""
    found: dict[tuple[str, str], list[Rule]] = {}
    rows = connection.execute(
        "SELECT platform, account, answers, match, words, text FROM reply_rule "
        "WHERE active ORDER BY platform, account, place, id"
    )
    for platform, account, answers, match, words, text in rows.fetchall():
        rule = Rule(ReplyOn(answers), Match(match), words, text)
        found.setdefault((platform, account), []).append(rule)
    return found


def _fits(rule: Rule, said: str) -> bool:
    wanted = folded(rule.words)
    if not wanted:
        return True
    return wanted in said if rule.match is Match.CONTAINS else wanted == said
