"""Reason codes as sentences, in the reader's language; rooms speak codes, only doors speak sentences.

Here is why something was decided or could not be read; why something was refused is in `refusals`.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.console.refusals import REFUSALS
from guanxi.console.unsaid import CHOSEN, SIGNS, UNSAID

LEASH: dict[str, Promise] = {
    "withdrew": _("consent was withdrawn"),
    "no_request": _("did not ask for such messages"),
    "not_following": _("does not follow this account"),
    "no_consent": _("no consent for this purpose and channel"),
    "not_a_customer": _("not known to be a customer, so not sold to"),
    "suppressed": _("on the suppression list"),
    "no_address": _("no way to reach them on this channel"),
    "unfollowed": _("no longer follows"),
    "platform_forbids": _("the platform forbids this message"),
    "not_open": _("not open for them yet"),
    "window_closed": _("the platform's reply window is closed"),
    "window_spent": _("the messages of the reply window are used up"),
    "platform_cap": _("the platform's cap is reached"),
    "quiet_hours": _("it is quiet hours where they are"),
    "brand_cap": _("heard enough of us for now"),
    "band_cap": _("heard enough of us for people of their band"),
    "holdout": _("in the holdout"),
    "already_sent": _("has this message already"),
}
EVIDENCE: dict[str, Promise] = {
    "phone": _("the same phone number"),
    "union_id": _("the same union id"),
    "email": _("the same email address"),
    "fan_account": _("an order placed through the fan's account"),
    "named": _("somebody said so"),
}
UNREADABLE: dict[str, Promise] = {
    "id_missing": _("names no id"),
    "platform_unknown": _("names a platform that Guanxi does not know"),
    "account_missing": _("names no account"),
    "kind_unknown": _("names a kind of activity that Guanxi does not know"),
    "actor_missing": _("does not say who it was"),
    "time_unreadable": _("the time can't be read"),
    "quantity_unreadable": _("the quantity can't be read"),
    "amount_missing": _("names no amount"),
    "amount_unreadable": _("the amount can't be read"),
    "currency_unreadable": _("the currency can't be read"),
    "text_unreadable": _("the text is not in the stated encoding"),
    "snapshot_viewer": _("a page was opened as a snapshot by an invented user"),
    "type_unknown": _("a kind of event that Guanxi does not know"),
    "event_unknown": _("an event that Guanxi does not know yet"),
    "event_too_large": _("an event of more than 32 KB"),
    "event_unreadable": _("no event that could be read"),
    "group_missing": _("names no group"),
    "source_unknown": _("came through a key that is gone"),
}
RELAY: dict[str, Promise] = {
    "relay_late": _("the other address did not answer in time"),
    "relay_unreachable": _("the other address could not be reached"),
    "relay_unfit": _("the other address answered what the platform would show as an error"),
    "relay_status": _("the other address answered with an error"),
    "address_private": _("the other address lies in a private network, which the account does not allow"),
    "reply_too_large": _("the other address answered more than may be passed back"),
}
UNDOING: dict[str, Promise] = {
    "entries_reversed": _("entries of points would be reversed"),
}
SENTENCES: dict[str, Promise] = {
    **REFUSALS,
    **LEASH,
    **EVIDENCE,
    **UNREADABLE,
    **RELAY,
    **UNDOING,
    **UNSAID,
    **CHOSEN,
    **SIGNS,
}


def sentence(code: str, detail: str = "") -> str:
    """The code's sentence; one without is shown with spaces, so that a new reason is never hidden."""
    found = SENTENCES.get(code)
    text = str(found) if found is not None else code.replace("_", " ")
    return f"{text} ({detail})" if detail else text
