"""Coming in and going out: the login, closed for a while to whoever keeps guessing, and the logout."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

GUESSES_MAX = 5
CLOSED_SECONDS = 300


class SlowForm(AuthenticationForm):
    """A login that takes five wrong guesses for a name from one address, then none for five minutes.

    Counted in each web process: several processes give a guesser that many times as much, and no more.
    """

    def clean(self) -> dict[str, Any]:
        """The name and password, where they are right and not guessed at."""
        place = self._place()
        if cache.get(place, 0) >= GUESSES_MAX:
            raise ValidationError(_("Too many wrong guesses. Wait five minutes."), code="closed")
        try:
            found = super().clean()
        except ValidationError:
            cache.add(place, 0, CLOSED_SECONDS)
            cache.incr(place)
            raise
        cache.delete(place)
        return found

    def _place(self) -> str:
        asker = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        name = self.cleaned_data.get("username") or ""
        return "guesses:" + f"{asker} {name.casefold()}".encode().hex()[:200]


login = LoginView.as_view(
    template_name="console/login.html", authentication_form=SlowForm, redirect_authenticated_user=True
)
logout = LogoutView.as_view()
