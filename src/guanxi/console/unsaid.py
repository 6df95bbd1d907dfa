"""Why a figure can't be said, and why a choice took somebody, as sentences."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

UNSAID: dict[str, Promise] = {
    "too_few_people": _("too few people"),
    "too_few_treated": _("too few who were treated and whose response we see"),
    "too_few_held_out": _("too few in the holdout to compare with"),
    "arms_seen_unequally": _("we see more of one side than of the other"),
    "arms_unbalanced": _("the arms are not as the lot deals them"),
    "too_few_viewers": _("too few viewers whose seven days are over"),
    "too_few_sharers": _("too few viewers through whom somebody came"),
    "nothing_to_share": _("nothing was brought yet"),
    "not_linked": _("nobody here is linked to a customer"),
}
CHOSEN: dict[str, Promise] = {
    "may_send": _("nothing stands against it"),
    "too_little_seen": _("too little is seen of them"),
    "gone": _("no longer follows"),
    "opted_out": _("refused to be profiled or spoken to"),
    "tagged_out": _("tagged as staff or screened"),
    "screened": _("looks like a share farm"),
    "declined": _("was declined before"),
    "resting": _("rests"),
    "ambassador_already": _("is an ambassador already"),
    "community_full": _("their community has its number already"),
    "over_budget": _("costs more than is left of the budget"),
    "passed_overlap": _("the chosen reach most of their people"),
    "passed_moves_fewer": _("adds fewer than the last of the list"),
    "passed_close": _("adds about as much as the last of the list"),
    "circling": _("accounts here move each other round and round: look for a share farm first"),
}
SIGNS: dict[str, Promise] = {
    "sign_mutual": _("moved each other"),
    "sign_soon": _("opened within a minute"),
    "sign_idle": _("those did nothing else"),
    "sign_tagged": _("tagged as screened"),
}
