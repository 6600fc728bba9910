"""How people get in: accounts are given by the group, never taken by signing up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from django import forms
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from taishan.organisation import withdrawals
from taishan.organisation.models import Account

SALT = "taishan.sign-in"
LINK_AGE_S = 24 * 3600


class ClosedSignup(DefaultAccountAdapter):
    """Nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    @transaction.atomic
    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Change the password, which signs out everywhere else: sessions, and tokens too."""
        super().set_password(user, password)
        withdrawals.withdraw(Account.objects.filter(pk=user.pk))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count guesses by account alone: a sender picks the host and port that it names."""
        return str(credentials.get("email", credentials.get("username", ""))).lower()

    def get_reauthentication_methods(
        self, user: AbstractBaseUser | AnonymousUser
    ) -> list[dict[str, str]]:
        """Return how the account can prove again that it is its owner: a passkey first."""
        methods: list[dict[str, str]] = super().get_reauthentication_methods(user)
        passkey = [m | {"description": _("Use a passkey")} for m in methods if _is_passkey(m)]
        return passkey + [m for m in methods if not _is_passkey(m)]


def _is_passkey(method: dict[str, str]) -> bool:
    return method["id"] == "mfa_reauthenticate:webauthn"


class KnownPeopleOnly(DefaultSocialAccountAdapter):
    """A provider says who somebody is; whether that person has an account, the group says."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Sign in the account whose name the provider's claim equals; refuse everything else."""
        told = sociallogin.account.extra_data
        claims = {**told.get("id_token", {}), **told.get("userinfo", {})}
        username = claims.get(settings.TAISHAN.oidc_claim)
        account = Account.objects.filter(username=username, is_active=True).first()
        if account is None:
            reason = _(
                "%(provider)s knows you, but the group has given you no account here. "
                "Ask your duty office."
            ) % {"provider": settings.TAISHAN.oidc_name}
            page = render(request, "web/refused.html", {"reason": reason}, status=403)
            raise ImmediateHttpResponse(page)
        # Whatever the address asked: "connect" would store a second way in beside the claim.
        sociallogin.state["process"] = AuthProcess.LOGIN
        sociallogin.user = account


class SignIn(LoginForm):
    """Accounts go by the number people know from their badge."""

    remember = forms.BooleanField(
        label=gettext_lazy("Keep me signed in on this device"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Staff number")
        self.fields["login"].widget.attrs["placeholder"] = ""


class AddPasskey(AddWebAuthnForm):
    """A passkey signs in by itself, unless its owner wants it as a second step only."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        help_text=gettext_lazy("To tell it apart, such as “my phone”."),
    )
    passwordless = forms.BooleanField(
        label=gettext_lazy("Sign in with it alone, without a password"),
        required=False,
        initial=True,
        help_text=gettext_lazy("It then asks for your finger, your face or a PIN."),
    )


class RenamePasskey(EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(label=gettext_lazy("Name"))


def sign_in_path(account_id: int) -> str:
    """Return a path that signs the account in for a day, where the instance allows such links."""
    token = signing.dumps(account_id, salt=SALT)
    return reverse("organisation:sign_in", args=[token])


def account_id_in(token: str) -> int | None:
    """Return the account a link is for, or None where links are off, altered or too old."""
    if not settings.TAISHAN.sign_in_links:
        return None
    try:
        return int(signing.loads(token, salt=SALT, max_age=LINK_AGE_S))
    except signing.BadSignature:
        return None
