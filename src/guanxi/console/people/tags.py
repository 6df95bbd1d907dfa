"""Tags of one fan: put on and taken off by hand; the platform is told where it has tags."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.channels.asking import takes_tags
from guanxi.console.access import Asked, back, page
from guanxi.console.show import this_moment
from guanxi.console.words import PLATFORMS, word
from guanxi.records.actor import Permission
from guanxi.social.actions_tags import tag_fans
from guanxi.social.queries.groups import account_of_fan


@page(Permission.CHANGE_SEGMENTS, deed=True)
def tag_fan(request: Asked, pk: int) -> HttpResponseBase:
    """The fan carries the tag, or no longer does."""
    wanted = request.POST.get("wanted") != "no"
    tag, (account, platform) = request.POST.get("tag", ""), account_of_fan(request.actor, pk)
    tag_fans(request.actor, account, [pk], tag, this_moment(), wanted=wanted)
    said = _("The fan carries the tag.") if wanted else _("The tag is off.")
    if not takes_tags(platform):
        said += " " + _("%(platform)s has no tags; this one is kept here only.") % {
            "platform": word(PLATFORMS, platform)
        }
    messages.success(request, said)
    return back(request, reverse("fan", args=[pk]))
