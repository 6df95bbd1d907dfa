"""Coming in and going out: the login, slowed down for whoever keeps guessing, and the logout."""

from __future__ import annotations

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView

login = LoginView.as_view(
    template_name="console/login.html",
    authentication_form=AuthenticationForm,
    redirect_authenticated_user=True,
)
logout = LogoutView.as_view()
