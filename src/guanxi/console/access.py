"""Who asks and whether they may: every page names its permission; one without cannot be registered."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.http import url_has_allowed_host_and_scheme

from guanxi.console.reasons import sentence
from guanxi.records.actor import Actor, Permission
from guanxi.records.people import actor_of
from guanxi.vocabulary.reasons import Refused


class Asked(HttpRequest):
    """A request of somebody who has been let in."""

    actor: Actor


class View(Protocol):
    """A page's function before it is guarded."""

    __name__: str

    def __call__(self, request: Asked, /, *args: Any, **named: Any) -> HttpResponseBase:
        """The answer to somebody who may see the page."""


class Page(Protocol):
    """A guarded page: it knows which permission it asks for, and whether it comes as a form only."""

    needs: Permission
    deed: bool

    def __call__(self, request: HttpRequest, /, *args: Any, **named: Any) -> HttpResponseBase:
        """The page, the way to the login, or a refusal."""


def page(needs: Permission, deed: bool = False) -> Callable[[View], Page]:
    """The view answers only those who may; everybody else is sent to the login or refused.

    Args:
        needs: what a role must grant.
        deed: whether it changes something, and so comes as a form only.
    """

    def guard(view: View) -> Page:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: Any, **named: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            asked = cast(Asked, request)
            asked.actor = actor_of(request.user)
            if not asked.actor.may(needs):
                return _forbidden(asked, needs.value)
            if deed and request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            try:
                return view(asked, *args, **named)
            except Refused as refusal:
                return _refused(asked, refusal)

        found = cast(Page, guarded)
        found.needs, found.deed = needs, deed
        return found

    return guard


def door(route: str, view: Page, name: str) -> URLPattern:
    """The address of a guarded page; a view without a permission is refused when the addresses are read."""
    if not isinstance(getattr(view, "needs", None), Permission):
        raise TypeError(f"{name} names no permission")
    return path(route, view, name=name)


def back(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    """The way back to the page that the deed was done from, never to another site."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return HttpResponseRedirect(wanted)
    return HttpResponseRedirect(otherwise)


def _forbidden(request: Asked, detail: str) -> HttpResponseBase:
    return render(request, "403.html", {"actor": request.actor, "detail": detail}, status=403)


def _refused(request: Asked, refusal: Refused) -> HttpResponseBase:
    if refusal.code == "not_permitted":
        return _forbidden(request, refusal.detail)
    if request.method == "POST" and "next" in request.POST:
        messages.error(request, sentence(refusal.code, refusal.detail))
        return back(request, request.path)
    told = {"actor": request.actor, "reason": sentence(refusal.code, refusal.detail)}
    if request.method == "GET" and refusal.is_missing:
        return render(request, "console/missing.html", told, status=404)
    return render(request, "console/refused.html", told, status=400)
