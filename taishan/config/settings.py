"""Django's settings, all derived from the typed environment (``config/env.py``)."""

import os
from pathlib import Path
from typing import Any

from psycopg import conninfo

from taishan.config import env
from taishan.kit import postgres

TAISHAN = env.read(os.environ)
SECRET_KEY = TAISHAN.key()
DEBUG = TAISHAN.debug
ALLOWED_HOSTS = TAISHAN.allowed_hosts.split(",")


def _database(url: str, role: str) -> dict[str, Any]:
    given = (
        conninfo.conninfo_to_dict(url)
        if url
        else {
            "host": str(postgres.socket_dir(TAISHAN.home)),
            "user": role,
            "dbname": TAISHAN.database_name,
        }
    )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": given.get("host", ""),
        "PORT": given.get("port", ""),
        "USER": given.get("user", ""),
        "PASSWORD": given.get("password", ""),
        "NAME": given.get("dbname", ""),
    }


DATABASES = {
    "default": _database(TAISHAN.database_url, postgres.APPLICATION)
    | {"OPTIONS": {"pool": {"min_size": 1, "max_size": 8}}},
    "owner": _database(TAISHAN.owner_database_url, postgres.OWNER),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "organisation.Account"

INSTALLED_APPS = [
    "taishan.web",
    "taishan.resumption",
    "taishan.regulations",
    "taishan.organisation",
    "taishan.ledger",
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "taishan.kit.csp.middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "taishan.organisation.scope.middleware",
]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "taishan.organisation.accounts.ClosedSignup"
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ROOT_URLCONF = "taishan.config.urls"
ASGI_APPLICATION = "taishan.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["taishan.web.templatetags.taishan"],
        },
    }
]

PROCRASTINATE_IMPORT_PATHS = ["taishan.kit.jobs", "taishan.config.events"]

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = TAISHAN.home / "media"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TAISHAN.secure
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
