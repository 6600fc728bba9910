"""Rows of coming in and of one's own account."""

from __future__ import annotations

from taishan.config.urls import NOT_OFFERED
from tests.access.rows import LOGIN, Row

COMING_IN = (
    Row(route="style/", path="/style/", get=404, nobody=(404, 405)),
    Row(
        route="sign-in/<str:token>/", path="/sign-in/{sign_in}/", get=303, nobody=(303, 405)
    ),
    Row(route="sign-in/<str:token>/", path="/sign-in/guessed/", get=403, nobody=(403, 405)),
    Row(
        route="invitation/<str:token>/", path="/invitation/{invitation}/", post=422,
        nobody=(200, 422),
    ),
    Row(
        route="invitation/<str:token>/", path="/invitation/guessed/", get=403, post=403,
        nobody=(403, 403),
    ),
)  # fmt: skip


def _own(path: str, get: int, post: int, nobody: tuple[int, int] = (LOGIN, LOGIN)) -> Row:
    return Row(
        route=f"accounts/{path}", path=f"/accounts/{path}".replace("<int:pk>", "1"), get=get,
        post=post, nobody=nobody,
    )  # fmt: skip


def _not_offered(path: str, example: str = "") -> Row:
    """A page of the account library that an earlier route answers: here there is none."""
    return Row(
        route=f"accounts/{path}", path=f"/accounts/{example or path}", get=404, post=404,
        nobody=(404, 404), answered_by=NOT_OFFERED,
    )  # fmt: skip


def _provider(route: str, path: str, answered_by: str = "") -> Row:
    return Row(
        route=route, path=path, get=404, post=404, nobody=(404, 404), answered_by=answered_by
    )


OIDC = "accounts/oidc/<str:provider_id>/login/"

ACCOUNTS = (
    Row(route=NOT_OFFERED, path="/accounts/signup/x/", get=404, post=404, nobody=(404, 404)),
    _own("", 302, 302, (302, 302)),
    _own("login/", 302, 302, (200, 200)),
    _own("logout/", 200, 302, (302, 302)),
    _own("inactive/", 200, 405, (200, 405)),
    _own("reauthenticate/", 403, 403),
    _own("password/change/", 302, 302),
    _own("password/set/", 200, 200),
    _own("2fa/", 200, 405),
    _own("2fa/authenticate/", 302, 302),
    _own("2fa/reauthenticate/", 403, 403),
    _own("2fa/totp/activate/", 200, 200),
    _own("2fa/totp/deactivate/", 404, 404),
    _own("2fa/recovery-codes/", 404, 405),
    _own("2fa/recovery-codes/generate/", 200, 200),
    _own("2fa/recovery-codes/download/", 404, 404),
    _own("2fa/webauthn/", 200, 405),
    _own("2fa/webauthn/add/", 200, 200),
    _own("2fa/webauthn/reauthenticate/", 403, 403),
    _own("2fa/webauthn/keys/<int:pk>/remove/", 404, 404),
    _own("2fa/webauthn/keys/<int:pk>/edit/", 404, 404),
    _own("2fa/webauthn/login/", 302, 302),
    _own("3rdparty/login/cancelled/", 200, 405, (200, 405)),
    _own("3rdparty/login/error/", 401, 405, (401, 405)),
    *(
        _not_offered(path)
        for path in (
            "signup/", "email/", "confirm-email/", "password/reset/", "password/reset/done/",
            "password/reset/key/done/", "login/code/confirm/", "3rdparty/", "3rdparty/signup/",
            "social/login/cancelled/", "social/login/error/", "social/signup/",
            "social/connections/",
        )
    ),
    _not_offered(r"^confirm-email/(?P<key>[-:\w]+)/$", "confirm-email/x/"),
    _not_offered(
        "^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", "password/reset/key/1-x/"
    ),
    _provider(OIDC, "/accounts/oidc/nobody/login/"),
    _provider(f"{OIDC}callback/", "/accounts/oidc/nobody/login/callback/"),
    _provider(
        "accounts/oidc/^(?P<provider_id>[^/]+)/login/", "/accounts/oidc/nobody/login/", OIDC
    ),
    _provider(
        "accounts/oidc/^(?P<provider_id>[^/]+)/login/callback/",
        "/accounts/oidc/nobody/login/callback/", f"{OIDC}callback/",
    ),
)  # fmt: skip
