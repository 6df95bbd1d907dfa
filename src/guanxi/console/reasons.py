"""Reason codes as sentences, in the reader's language; rooms speak codes, only doors speak sentences."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    # refusals
    "not_permitted": _("Your role does not allow this."),
    "no_installation": _("There is no installation in this folder."),
    "amount_unreadable": _("This amount can't be read."),
    "time_without_zone": _("This time names no time zone."),
    "time_unreadable": _("This time can't be read."),
    "not_found": _("There is nothing with this number."),
    "form_incomplete": _("Something is missing."),
    "form_unreadable": _("This can't be read."),
    "question_unreadable": _("The question can't be read."),
    "field_unknown": _("There is no such field."),
    # leash
    "no_consent": _("no consent for this purpose and channel"),
    "withdrawn": _("consent was withdrawn"),
    "suppressed": _("on the suppression list"),
    "quiet_hours": _("it is quiet hours where they are"),
    "cap_reached": _("the cap of messages is reached"),
    "quota_used": _("the platform's quota of this month is used"),
    "window_closed": _("the platform's reply window is closed"),
    "holdout": _("in the holdout"),
    "no_address": _("no way to reach them on this channel"),
    "not_a_customer": _("not known to be a customer, so not sold to"),
    "too_tired": _("has been written to often and answers rarely"),
    "recently_contacted": _("heard from us a short time ago"),
    "silent_too_long": _("has not heard from us for too long"),
    "duplicate_person": _("the same person is already in this plan"),
    "may_send": _("nothing stands against it"),
    "unfollowed": _("no longer follows"),
    "no_profiling": _("asked not to be profiled"),
    # links
    "same_phone": _("the same phone number"),
    "same_union_id": _("the same union id"),
    "same_email": _("the same email address"),
    "order_through_fan": _("an order placed through the fan's account"),
    "same_name": _("the same name"),
    "same_city": _("the same city"),
    "different_gender": _("different gender"),
    "different_city": _("different city"),
    "contested": _("others claim the same evidence"),
    # ambassadors and bands
    "high_spread": _("moves many whom others don't reach"),
    "overlap": _("those they move are already reached by others"),
    "share_farm": _("looks like a share farm"),
    "too_little_seen": _("too little is seen of them"),
}


def sentence(code: str, detail: str = "") -> str:
    """The code's sentence; one without is shown with spaces, so that a new reason is never hidden."""
    found = SENTENCES.get(code)
    text = str(found) if found is not None else code.replace("_", " ")
    return f"{text} ({detail})" if detail else text
