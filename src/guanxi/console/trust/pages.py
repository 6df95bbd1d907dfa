"""The page addresses to which viewers may be sent: allowed and withdrawn."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.console.access import Asked, back, page
from guanxi.console.show import this_moment
from guanxi.listen.viewers.pages import allow_page, withdraw_page
from guanxi.records.actor import Permission
from guanxi.records.public_address import set_public_address


@page(Permission.CHANGE_SETTINGS, deed=True)
def allow(request: Asked) -> HttpResponseBase:
    """Viewers may be sent to the address of the form."""
    allow_page(request.actor, request.POST.get("address", ""), this_moment())
    messages.success(request, _("The page is allowed; the front door follows within five seconds."))
    return back(request, f"{reverse('settings')}?tab=pages")


@page(Permission.CHANGE_SETTINGS, deed=True)
def set_address(request: Asked) -> HttpResponseBase:
    """Every address that we give to others begins with that of the form."""
    set_public_address(request.actor, request.POST.get("public_address", ""))
    messages.success(request, _("The public address is kept; the front door follows within five seconds."))
    return back(request, f"{reverse('settings')}?tab=pages")


@page(Permission.CHANGE_SETTINGS, deed=True)
def withdraw(request: Asked, pk: int) -> HttpResponseBase:
    """Nobody is sent to the page any more."""
    withdraw_page(request.actor, pk, this_moment())
    messages.success(request, _("Nobody is sent to the page any more."))
    return back(request, f"{reverse('settings')}?tab=pages")
