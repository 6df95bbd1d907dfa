"""What was checked, who reads and which table was made, in the reader's words; what has no words stays as it is."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.console.words import Words, word

FAULTS: Words = {
    "person_is_not_its_links": gettext_lazy("a person who is not what their links make them"),
    "entry_does_not_sum_to_zero": gettext_lazy("an entry that does not sum to zero"),
    "points_do_not_sum_to_zero": gettext_lazy("points that do not sum to zero"),
    "balance_is_not_its_entries": gettext_lazy("a balance that is not the sum of its entries"),
    "balance_is_negative": gettext_lazy("a negative balance"),
    "activity_booked_twice": gettext_lazy("an activity booked twice"),
    "entry_without_two_sides": gettext_lazy("an entry without two sides"),
    "reversal_of_nothing": gettext_lazy("a reversal of nothing"),
    "message_to_one_identity_twice": gettext_lazy("a message sent twice to one account"),
    "identity_over_the_cap": gettext_lazy("somebody over the cap"),
    "held_out_but_sent_to": gettext_lazy("somebody in the holdout who was sent to"),
    "delivery_between_states": gettext_lazy("a delivery between two states"),
}
_COUNTED: tuple[tuple[str, Promise], ...] = (
    (r"(?P<n>[\d,]+) files", gettext_lazy("%(n)s files")),
    (r"(?P<n>[\d,]+) facts", gettext_lazy("%(n)s facts")),
    (r"(?P<n>[\d,]+) tables", gettext_lazy("%(n)s tables")),
    (
        r"(?P<heard>[\d,]+) accepted = (?P<applied>[\d,]+) applied \+ (?P<waiting>[\d,]+) waiting",
        gettext_lazy("%(heard)s accepted = %(applied)s applied + %(waiting)s waiting"),
    ),
)
CONSUMERS: Words = {
    "social": gettext_lazy("social side"),
    "customers": gettext_lazy("customers side"),
    "social_from_customers": gettext_lazy("social side, from mixed sources"),
    "consent_social": gettext_lazy("consents of fans"),
    "consent_customers": gettext_lazy("consents of customers"),
    "following": gettext_lazy("who follows"),
}
MARTS: Words = {
    "activity": gettext_lazy("activities by month"),
    "band_access": gettext_lazy("early access by band"),
    "cascade_step": gettext_lazy("steps of cascades"),
    "community": gettext_lazy("communities"),
    "community_face": gettext_lazy("what communities have in common"),
    "content": gettext_lazy("contents"),
    "content_platform": gettext_lazy("contents by platform"),
    "fan": gettext_lazy("fans"),
    "fan_fact": gettext_lazy("facts of fans"),
    "fan_tag": gettext_lazy("tags of fans"),
    "group_member": gettext_lazy("members of groups"),
    "group_talk": gettext_lazy("talk in groups"),
    "homophily": gettext_lazy("how alike those are who share a tie"),
    "likeness": gettext_lazy("how much of ties is likeness"),
    "passing": gettext_lazy("what was passed on"),
    "resonance": gettext_lazy("how shares resound"),
    "score": gettext_lazy("activity scores"),
    "score_now": gettext_lazy("activity scores as they are left today"),
    "screened": gettext_lazy("who looks like a share farm"),
    "share_arm": gettext_lazy("who was drawn for invitations to share"),
    "talk": gettext_lazy("messages from fans"),
    "taste": gettext_lazy("tastes of fans"),
    "tie": gettext_lazy("ties"),
    "tie_giving": gettext_lazy("occasions that fans gave others"),
    "tie_heard": gettext_lazy("what ties were read from"),
    "tie_law": gettext_lazy("laws of the ties"),
    "tie_move": gettext_lazy("who moved whom, occasion by occasion"),
    "weight": gettext_lazy("influence"),
    "weight_month": gettext_lazy("influence by month"),
    "customer": gettext_lazy("customers"),
    "customer_fact": gettext_lazy("facts of customers"),
    "rfm": gettext_lazy("RFM"),
    "campaign_arm": gettext_lazy("campaigns and holdout"),
    "campaign_person": gettext_lazy("plans, person by person"),
    "consent": gettext_lazy("consents"),
    "crosswalk": gettext_lazy("crosswalk"),
    "customer_homophily": gettext_lazy("how alike customers are who share a tie"),
    "delivery": gettext_lazy("deliveries"),
    "following": gettext_lazy("who follows"),
    "link": gettext_lazy("links"),
    "loyalty": gettext_lazy("points and tiers"),
    "network_value": gettext_lazy("network value"),
    "no_profiling": gettext_lazy("asked not to be profiled"),
    "pareto": gettext_lazy("Pareto curves"),
    "person": gettext_lazy("persons"),
    "prospect": gettext_lazy("who may become a customer"),
    "reach_set": gettext_lazy("samples of the ambassador choice"),
    "segment_member": gettext_lazy("members of segments"),
    "share_trial": gettext_lazy("effects of invitations to share"),
    "suppressed": gettext_lazy("suppression list"),
}
JOBS: Words = {
    "guanxi.refresh": gettext_lazy("the round: every table anew"),
    "guanxi.views": gettext_lazy("page views without an end"),
    "guanxi.tags": gettext_lazy("telling platforms of tags"),
    "guanxi.openings": gettext_lazy("openings of campaigns"),
    "guanxi.upkeep": gettext_lazy("upkeep of files"),
    "guanxi.followers": gettext_lazy("reading the platforms' lists at night"),
    "guanxi.reading": gettext_lazy("reading lists that somebody asked for"),
    "guanxi.newcomers": gettext_lazy("names and tags of new fans"),
    "guanxi.ambassadors": gettext_lazy("choosing ambassadors"),
}


def in_words(holds: bool, detail: str) -> str:
    """What a check counted, or what it looked for and did not find; a fault is told as it was found."""
    if not holds:
        return detail
    for shape, sentence in _COUNTED:
        found = re.fullmatch(shape, detail)
        if found:
            return str(sentence) % found.groupdict()
    faults = detail.split(", ")
    if all(fault in FAULTS for fault in faults):
        listed = _("; ").join(word(FAULTS, fault) for fault in faults)
        return _("looked for, and not found: %(what)s") % {"what": listed}
    return detail
