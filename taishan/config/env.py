"""Every setting that comes from outside, typed. An unknown or bad one stops the start by name."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

PREFIX = "TAISHAN_"


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
    clock_offset_s: float = 0.0
    sign_in_links: bool = False
    worker: bool = True

    @model_validator(mode="after")
    def _both_urls_or_neither(self) -> Self:
        if bool(self.database_url) != bool(self.owner_database_url):
            raise ValueError(
                "an external server needs both TAISHAN_DATABASE_URL (the application's role) and "
                "TAISHAN_OWNER_DATABASE_URL (the role that migrates)"
            )
        return self

    def key(self) -> str:
        """Return the secret key: given, or made once and kept in ``home/keys``."""
        if self.secret_key:
            return self.secret_key
        path = self.home / "keys" / "secret_key"
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = path.with_suffix(f".{os.getpid()}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(48))
            fresh.rename(path)
        return path.read_text()


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
