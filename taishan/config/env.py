"""Every setting that comes from outside, typed. An unknown or bad one stops the start by name."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

import platformdirs
from psycopg import ProgrammingError, conninfo
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from taishan.config import bucket_url

PREFIX = "TAISHAN_"
KEY_MIN_CHARACTERS = 32


class Environment(BaseModel):
    """Read from ``TAISHAN_…`` variables; ``home`` holds everything the instance owns."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: Path = Field(default_factory=lambda: platformdirs.user_data_path("taishan"))
    database_url: str = ""
    owner_database_url: str = ""
    database_name: str = "taishan"
    secret_key: str = ""
    debug: bool = False
    secure: bool = False
    allowed_hosts: str = "localhost,127.0.0.1,[::1]"
    clock_offset_s: float = Field(default=0.0, allow_inf_nan=False)
    sign_in_links: bool = False
    worker: bool = True
    web_processes: int = Field(default=1, ge=1, le=10)
    door_port: int = Field(default=0, ge=0, le=65535)
    files_url: str = ""
    seal_file: str = ""
    seal_webhook: str = ""
    oidc_server: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = "OpenID Connect"
    oidc_claim: str = "preferred_username"
    public_url: str = "http://localhost:8020"
    outside: bool = True
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: str = ""
    mail_from: str = "taishan@localhost"
    webhook_hosts: str = ""

    @field_validator("home")
    @classmethod
    def _a_directory(cls, home: Path) -> Path:
        home = home.expanduser().absolute()
        if home.exists() and not home.is_dir():
            raise ValueError(f"{home} is a file, not a directory")
        return home

    @field_validator("database_url", "owner_database_url")
    @classmethod
    def _readable_by_libpq(cls, address: str) -> str:
        try:
            conninfo.conninfo_to_dict(address)
        except ProgrammingError as error:
            raise ValueError(f"not an address of a database: {error}") from None
        return address

    @field_validator("database_name")
    @classmethod
    def _a_plain_name(cls, name: str) -> str:
        if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name):
            raise ValueError("not a name of small letters, digits and underscores")
        return name

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, key: str) -> str:
        if key and len(key) < KEY_MIN_CHARACTERS:
            raise ValueError(f"shorter than {KEY_MIN_CHARACTERS} characters")
        return key

    @field_validator("allowed_hosts")
    @classmethod
    def _hosts_without_scheme(cls, hosts: str) -> str:
        names = [name.strip() for name in hosts.split(",")]
        if not all(names) or "/" in hosts:
            raise ValueError("not names with commas between, such as taishan.example.org,localhost")
        return ",".join(names)

    @field_validator("files_url")
    @classmethod
    def _a_bucket(cls, url: str) -> str:
        return bucket_url.check(url)

    @field_validator("seal_file")
    @classmethod
    def _an_absolute_file(cls, path: str) -> str:
        if path and (not Path(path).is_absolute() or Path(path).is_dir()):
            raise ValueError("not a whole path of a file such as /var/lib/taishan/seals.txt")
        return path

    @field_validator("public_url")
    @classmethod
    def _an_address_of_pages(cls, address: str) -> str:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("not an address such as https://taishan.example.org")
        return address.rstrip("/")

    @field_validator("smtp_host", "webhook_hosts")
    @classmethod
    def _names_of_servers(cls, hosts: str) -> str:
        if hosts and not re.fullmatch(r"[\w.-]+(, ?[\w.-]+)*", hosts):
            raise ValueError("not names of servers such as smtp.example.org")
        return hosts

    @field_validator("mail_from")
    @classmethod
    def _a_sender(cls, sender: str) -> str:
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(sender)[1]):
            raise ValueError("not a sender such as Taishan <taishan@example.org>")
        return sender

    @field_validator("oidc_server", "seal_webhook")
    @classmethod
    def _encrypted_unless_local(cls, address: str) -> str:
        parts = urlsplit(address)
        is_safe = parts.scheme == "https" or parts.hostname in ("localhost", "127.0.0.1")
        if address and not (parts.hostname and is_safe):
            raise ValueError("not an https address such as https://login.example.org/realms/group")
        return address

    @field_validator("oidc_server")
    @classmethod
    def _without_last_slash(cls, address: str) -> str:
        return address.rstrip("/")

    @model_validator(mode="after")
    def _both_urls_or_neither(self) -> Self:
        if bool(self.database_url) != bool(self.owner_database_url):
            raise ValueError(
                "an external server needs both TAISHAN_DATABASE_URL (the application's role) and "
                "TAISHAN_OWNER_DATABASE_URL (the role that migrates)"
            )
        return self

    @model_validator(mode="after")
    def _whole_mail_server_or_none(self) -> Self:
        asked = {name for name in self.model_fields_set if name.startswith("smtp_")}
        needed = {"smtp_host", "mail_from", "public_url"} if asked else set()
        needed |= (
            {"smtp_user", "smtp_password"} if asked & {"smtp_user", "smtp_password"} else set()
        )
        missing = [PREFIX + name.upper() for name in sorted(needed - self.model_fields_set)]
        if missing:
            raise ValueError(f"sending letters also needs {', '.join(missing)}")
        return self

    @model_validator(mode="after")
    def _whole_provider_or_none(self) -> Self:
        needed = ("oidc_server", "oidc_client_id", "oidc_client_secret")
        asked = (name for name in self.model_fields_set if name.startswith("oidc_"))
        missing = [PREFIX + name.upper() for name in needed if not getattr(self, name)]
        if missing and any(getattr(self, name) for name in asked):
            raise ValueError(f"signing in through a provider also needs {', '.join(missing)}")
        return self

    def storage(self) -> dict[str, Any]:
        """Return where kept files go, as Django wants it."""
        if not self.files_url:
            return {"BACKEND": "taishan.kit.media.FilesInHome"}
        options = bucket_url.options(self.files_url)
        return {"BACKEND": "taishan.kit.bucket.FilesInBucket", "OPTIONS": options}

    def private_webhook_hosts(self) -> frozenset[str]:
        """Return the hosts that webhooks may go to though they are not public."""
        return frozenset(host.strip() for host in self.webhook_hosts.split(",") if host.strip())

    def oidc_origins(self) -> list[str]:
        """Return scheme, host and port of the provider, where one is set."""
        parts = urlsplit(self.oidc_server)
        return [f"{parts.scheme}://{parts.netloc}"] if self.oidc_server else []

    def oidc_apps(self) -> list[dict[str, Any]]:
        """Return the provider as the account library wants it, where one is set."""
        app = {
            "provider_id": "group",
            "name": self.oidc_name,
            "client_id": self.oidc_client_id,
            "secret": self.oidc_client_secret,
            "settings": {"server_url": self.oidc_server, "oauth_pkce_enabled": True},
        }
        return [app] if self.oidc_server else []

    def key(self) -> str:
        """Return the secret key: given, or made once and kept in ``home/keys``."""
        if self.secret_key:
            return self.secret_key
        path = self.home / "keys" / "secret_key"
        try:
            if not path.exists():
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                fresh = path.with_suffix(f".{os.getpid()}")
                fresh.touch(mode=0o600)
                fresh.write_text(secrets.token_urlsafe(48))
                fresh.rename(path)
            return path.read_text()
        except OSError as error:
            raise SystemExit(
                f"TAISHAN_HOME: {self.home} cannot hold the instance: {error.strerror}"
            ) from None


def read(variables: Mapping[str, str]) -> Environment:
    """Return the settings in ``variables``. Raises SystemExit naming what is wrong."""
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in variables.items()
        if name.startswith(PREFIX)
    }
    try:
        return Environment.model_validate(given)
    except ValidationError as error:
        lines = [
            _explain(problem["loc"], problem["msg"], problem["type"]) for problem in error.errors()
        ]
        raise SystemExit("\n".join(lines)) from None


def _explain(where: tuple[int | str, ...], message: str, kind: str) -> str:
    if not where:
        return message
    name = PREFIX + str(where[0]).upper()
    if kind == "extra_forbidden":
        known = ", ".join(PREFIX + field.upper() for field in Environment.model_fields)
        return f"{name}: no such setting; known are {known}"
    return f"{name}: {message}"
