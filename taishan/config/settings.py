"""Django's settings, all derived from the typed environment (``config/env.py``)."""

import os
from pathlib import Path
from typing import Any

import allauth
from psycopg import conninfo

from taishan.config import env
from taishan.kit import fingerprint, postgres

# Workbooks are read by defusedxml, which refuses entities; openpyxl would prefer lxml.
os.environ["OPENPYXL_LXML"] = "False"

TAISHAN = env.read(os.environ)
SECRET_KEY = TAISHAN.key()
DEBUG = TAISHAN.debug
ALLOWED_HOSTS = TAISHAN.allowed_hosts.split(",")


def _is_final(_path: str, _url: str) -> bool:
    """Say whether a browser may keep a static file for good; not while somebody edits it."""
    return not TAISHAN.debug


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
    "taishan.interop",
    "taishan.resumption",
    "taishan.situation",
    "taishan.reporting",
    "taishan.learning",
    "taishan.safety",
    "taishan.privacy",
    "taishan.forms",
    "taishan.regulations",
    "taishan.duties",
    "taishan.communications",
    "taishan.organisation",
    "taishan.files",
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
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE = [
    "taishan.kit.csp.middleware",
    "django.middleware.security.SecurityMiddleware",
    "taishan.kit.static_files.StaticFiles",
    "taishan.kit.static_files.CompressedPages",
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
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# What counts guesses and used codes is one for all web processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "organisation_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_FORMS = {"login": "taishan.organisation.accounts.SignIn"}
ACCOUNT_ADAPTER = "taishan.organisation.accounts.ClosedSignup"
ACCOUNT_EMAIL_VERIFICATION = "none"
# A whole company comes from one address: guessing is slowed by account, by address only at last.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "120/m/ip,5/300s/key",
    "report_link": "600/m/ip,5/300s/key",
}
MFA_RATE_LIMITS = {"webauthn_login": "600/m/ip"}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "taishan.organisation.accounts.AddPasskey",
    "edit_webauthn": "taishan.organisation.accounts.RenamePasskey",
}
MFA_TOTP_ISSUER = "Taishan"
# One step of delay (RFC 6238, 5.2): who types slowly, or whose phone is half a minute off.
MFA_TOTP_TOLERANCE = 1
SOCIALACCOUNT_ADAPTER = "taishan.organisation.accounts.KnownPeopleOnly"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": TAISHAN.oidc_apps()}}
CSP_FORM_ORIGINS = TAISHAN.oidc_origins()
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

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "without_tokens": {"()": "taishan.kit.log_filters.WithoutTokens"},
        "without_answers": {"()": "taishan.kit.log_filters.WithoutAnswers"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "level": "WARNING" if TAISHAN.debug else "ERROR",
            "filters": ["without_tokens", "without_answers"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # No handler of Django's own: one of them would write letters with all that was sent.
        "django": {"handlers": [], "propagate": True},
        "django.request": {"filters": ["without_tokens", "without_answers"]},
    },
}

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if TAISHAN.smtp_host and TAISHAN.outside
    else "taishan.communications.outbox.LettersAsFiles"
)
"""Without a mail server, letters are kept as files, which the duty office reads."""
EMAIL_HOST, EMAIL_PORT = TAISHAN.smtp_host, TAISHAN.smtp_port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = TAISHAN.smtp_user, TAISHAN.smtp_password
EMAIL_USE_TLS = TAISHAN.smtp_security == "starttls"
EMAIL_USE_SSL = TAISHAN.smtp_security == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = TAISHAN.mail_from

PROCRASTINATE_IMPORT_PATHS = [
    "taishan.kit.jobs",
    "taishan.config.events",
    "taishan.safety.inspection_tasks",
    "taishan.safety.risk_tasks",
]

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]

# The address of every static file carries their fingerprint: a phone asks for each one once, and
# after an upgrade for the new ones. Nothing inside the files has to be rewritten for it.
PACKAGES = (Path(__file__).parent.parent, Path(allauth.__file__).parent)
FINGERPRINT = fingerprint.of_static_files(PACKAGES)
STATIC_URL = f"/static/{FINGERPRINT}/"
STATIC_ROOT = TAISHAN.home / "static" / FINGERPRINT
"""Laid out by ``serve``; without it, as in tests, the apps' own folders serve."""
WHITENOISE_USE_FINDERS = not STATIC_ROOT.is_dir()
WHITENOISE_IMMUTABLE_FILE_TEST = _is_final
MEDIA_ROOT = TAISHAN.home / "media"
STORAGES = {
    "default": TAISHAN.storage(),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
OUTBOX_ROOT = TAISHAN.home / "outbox"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TAISHAN.secure
# The server listens on localhost alone: what comes to a secure instance comes through its proxy,
# which says how and from where it was asked.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TAISHAN.secure else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(TAISHAN.secure)
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
