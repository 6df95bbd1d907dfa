"""Replies: what an account answers by itself, in which order, and a box to try it out."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.channels.hook import ReplyOn
from guanxi.console.access import Asked, page
from guanxi.console.show import show
from guanxi.console.words import PLATFORMS, word
from guanxi.listen.replies.actions import (
    Draft,
    add_reply_rule,
    change_reply_rule,
    delete_reply_rule,
    raise_reply_rule,
)
from guanxi.listen.replies.queries import (
    ReplyAccount,
    reply_account_of,
    reply_accounts,
    reply_rules,
    rule_that_answers,
)
from guanxi.listen.replies.rules import TEXT_MAX, WORDS_MAX
from guanxi.records.actor import Permission
from guanxi.vocabulary.reasons import Refused

ANSWERS: Mapping[str, Promise] = {
    "text": gettext_lazy("somebody writes"),
    "follow": gettext_lazy("somebody follows"),
    "scan": gettext_lazy("a follower scans a code"),
    "menu": gettext_lazy("somebody taps the menu"),
}
MATCHES: Mapping[str, Promise] = {
    "contains": gettext_lazy("contains the words"),
    "exact": gettext_lazy("is exactly the words"),
}


@page(Permission.SEE_CAMPAIGNS)
def reply_list(request: Asked) -> HttpResponseBase:
    """The rules of one account in their order, and what would answer the words in the address."""
    accounts = reply_accounts(request.actor)
    chosen = _chosen(accounts, request.GET.get("account", ""))
    rows = reply_rules(request.actor, chosen.platform, chosen.name) if chosen else ()
    on, words = request.GET.get("on", "text"), request.GET.get("words", "")[:WORDS_MAX]
    tried = "words" in request.GET and on in set(ReplyOn)
    return show(
        request,
        "console/act/replies.html",
        "replies",
        accounts=[(_address(one), _label(one)) for one in accounts],
        chosen=chosen,
        chosen_address=_address(chosen) if chosen else "",
        chosen_label=_label(chosen) if chosen else "",
        rows=[(row, ANSWERS[row.answers], MATCHES[row.match]) for row in rows],
        tried=tried,
        try_on=on,
        try_words=words,
        found=rule_that_answers(rows, ReplyOn(on), words) if tried else None,
        **_choices(chosen.answers if chosen else ()),
    )


@page(Permission.CHANGE_CAMPAIGNS, deed=True)
def add(request: Asked) -> HttpResponseBase:
    """The account has one rule more, the last in order."""
    chosen = _chosen(reply_accounts(request.actor), request.POST.get("account", ""), exactly=True)
    if chosen is None:
        raise Refused("form_incomplete")
    add_reply_rule(request.actor, _draft(request, chosen.platform, chosen.name))
    messages.success(request, _("The rule is added; the front door follows within five seconds."))
    return _to(chosen.platform, chosen.name)


@page(Permission.CHANGE_CAMPAIGNS)
def edit(request: Asked, pk: int) -> HttpResponseBase:
    """One rule in a form."""
    platform, name, row = reply_account_of(request.actor, pk)
    answers = next(
        (a.answers for a in reply_accounts(request.actor) if (a.platform, a.name) == (platform, name)), ()
    )
    return show(
        request,
        "console/act/reply.html",
        "replies",
        row=row,
        back_to=_list_address(platform, name),
        **_choices(answers or tuple(ReplyOn)),
    )


@page(Permission.CHANGE_CAMPAIGNS, deed=True)
def change(request: Asked, pk: int) -> HttpResponseBase:
    """The rule is as the form says."""
    platform, name, _row = reply_account_of(request.actor, pk)
    change_reply_rule(request.actor, pk, _draft(request, platform, name))
    messages.success(request, _("The rule is changed; the front door follows within five seconds."))
    return _to(platform, name)


@page(Permission.CHANGE_CAMPAIGNS, deed=True)
def raise_(request: Asked, pk: int) -> HttpResponseBase:
    """The rule is asked one place earlier."""
    platform, name, _row = reply_account_of(request.actor, pk)
    raise_reply_rule(request.actor, pk)
    return _to(platform, name)


@page(Permission.CHANGE_CAMPAIGNS, deed=True)
def delete(request: Asked, pk: int) -> HttpResponseBase:
    """The rule answers nothing any more."""
    platform, name, _row = reply_account_of(request.actor, pk)
    delete_reply_rule(request.actor, pk)
    messages.success(request, _("The rule is deleted."))
    return _to(platform, name)


def _draft(request: Asked, platform: str, name: str) -> Draft:
    typed = request.POST
    return Draft(
        platform,
        name,
        typed.get("answers", ""),
        typed.get("match", ""),
        typed.get("words", ""),
        typed.get("text", ""),
        typed.get("active") == "yes",
    )


def _choices(answers: tuple[ReplyOn, ...]) -> dict[str, object]:
    return {
        "answers": [(code, said) for code, said in ANSWERS.items() if code in answers],
        "matches": list(MATCHES.items()),
        "text_max": TEXT_MAX,
        "words_max": WORDS_MAX,
    }


def _chosen(accounts: tuple[ReplyAccount, ...], address: str, exactly: bool = False) -> ReplyAccount | None:
    named = next((one for one in accounts if _address(one) == address), None)
    return named or (accounts[0] if accounts and not exactly else None)


def _address(account: ReplyAccount) -> str:
    return f"{account.platform}/{account.name}"


def _label(account: ReplyAccount) -> str:
    return f"{word(PLATFORMS, account.platform)} · {account.name}"


def _list_address(platform: str, name: str) -> str:
    return f"{reverse('replies')}?{urlencode({'account': f'{platform}/{name}'})}"


def _to(platform: str, name: str) -> HttpResponseBase:
    return HttpResponseRedirect(_list_address(platform, name))
