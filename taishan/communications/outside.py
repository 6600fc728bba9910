"""Asking servers of others by https: only public ones, patient for seconds only; by the proxy that
the environment names, else directly.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import (  # type: ignore[attr-defined]
    getproxies_environment,
    proxy_bypass_environment,
)

import certifi
import urllib3
from django.conf import settings
from django.utils.translation import gettext as _

TIMEOUT = urllib3.Timeout(connect=5, read=10)
ANSWER_BYTES = 64 * 1024


class NotPublic(ValueError):
    """An address that Taishan does not send to; the message says why."""


class NoAnswer(Exception):
    """Nothing, or nothing useful, came back; the message names the cause and never the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    body: bytes


def check(url: str) -> None:
    """Raise NotPublic for what is not the https address of a public server."""
    _place(url)


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send and return the answer, its body cut at 64 KiB. Redirects are not followed.

    The name is looked up once and the connection made to the very address that was checked, so
    that a name cannot lead elsewhere in between. By a proxy, the proxy looks it up, and has to keep
    to what is public. Raises NotPublic, NoAnswer.
    """
    parts, number = _place(url)
    host = parts.hostname or ""
    target = parts.path or "/"
    if parts.query:
        target = f"{target}?{parts.query}"
    sent = {**headers, "Host": parts.netloc, "Content-Type": "application/json; charset=utf-8"}
    try:
        with _pool(parts, host, number) as pool:
            answer = pool.request(
                "POST", target, body=body, headers=sent, redirect=False, retries=False,
                preload_content=False,
            )  # fmt: skip
            return Answer(status=answer.status, body=answer.read(ANSWER_BYTES))
    except urllib3.exceptions.HTTPError as error:
        raise NoAnswer(type(error).__name__) from None


def _pool(parts: SplitResult, host: str, number: str) -> urllib3.HTTPConnectionPool:
    if proxy := _proxy(host):
        return _tunnel(proxy).connection_from_host(host, parts.port or 443, "https")
    if parts.scheme == "http":
        return urllib3.HTTPConnectionPool(number, parts.port or 80, timeout=TIMEOUT, maxsize=1)
    return urllib3.HTTPSConnectionPool(
        number, parts.port or 443, timeout=TIMEOUT, maxsize=1, cert_reqs="CERT_REQUIRED",
        ca_certs=certifi.where(), server_hostname=host, assert_hostname=host,
    )  # fmt: skip


def _proxy(host: str) -> str:
    """Return the address of the proxy by which a host is asked; empty: it is asked directly.

    As the environment says, which the other libraries that ask servers read themselves: one place
    for all of them. A host that is named as not public lies on this side of the proxy.
    """
    known = getproxies_environment()
    is_direct = host in settings.TAISHAN.private_webhook_hosts()
    if is_direct or proxy_bypass_environment(host, known):
        return ""
    return known.get("https") or known.get("all", "")


def _tunnel(proxy: str) -> urllib3.ProxyManager:
    """Return the way through a proxy: it passes on what it cannot read."""
    parts = urllib3.util.parse_url(proxy if "://" in proxy else f"http://{proxy}")
    name, _colon, secret = (parts.auth or "").partition(":")
    user = f"{unquote(name)}:{unquote(secret)}" if name else None
    return urllib3.ProxyManager(
        parts._replace(auth=None).url, timeout=TIMEOUT, maxsize=1,
        proxy_headers=urllib3.make_headers(proxy_basic_auth=user),
        cert_reqs="CERT_REQUIRED", ca_certs=certifi.where(),
    )  # fmt: skip


def _place(url: str) -> tuple[SplitResult, str]:
    """Return an address in parts with the number that its host stands for today; none where only
    the proxy can look it up.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotPublic(_("This is no address of a server.")) from None
    host = parts.hostname or ""
    is_allowed = host in settings.TAISHAN.private_webhook_hosts()
    if parts.scheme != "https" and not (is_allowed and parts.scheme == "http"):
        raise NotPublic(_("The address must begin with https://."))
    if not host or parts.username is not None:
        raise NotPublic(_("This is no address of a server."))
    try:
        found = socket.getaddrinfo(host, port or 443, type=socket.SOCK_STREAM)
    except OSError:
        if _proxy(host):
            return parts, ""
        raise NotPublic(_("No server of this name is found.")) from None
    numbers = [str(one[4][0]) for one in found]
    if not is_allowed and not all(_is_public(number) for number in numbers):
        raise NotPublic(_("This server is not a public one; the instance's settings name others."))
    return parts, numbers[0]


def _is_public(number: str) -> bool:
    address = ipaddress.ip_address(number.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None) or address
    return mapped.is_global and not mapped.is_multicast
