"""``TAISHAN_FILES_URL``: a bucket of S3 or of what speaks like it, written as one address.

    s3://KEY:SECRET@HOST[:PORT]/BUCKET[/PREFIX][?region=…&style=path|virtual]

``s3+http`` for a service without encryption on this machine. Without key and secret they are found
as Amazon's own programs find them.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SCHEMES = {"s3": "https", "s3+http": "http"}
_FORM = "s3://KEY:SECRET@HOST/BUCKET"
_ASKED = {"region": "region_name", "style": "addressing_style"}
_LOCAL = ("localhost", "127.0.0.1", "::1")


def options(url: str) -> dict[str, Any]:
    """Return what ``kit.bucket.FilesInBucket`` is made with.

    Raises ValueError, whose message never holds the secret.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"not {_FORM}: write / : @ in key or secret as %2F %3A %40") from None
    bucket, _, prefix = parts.path.strip("/").partition("/")
    if parts.scheme not in SCHEMES or not host or not bucket:
        raise ValueError(f"not an address such as {_FORM}")
    if parts.scheme == "s3+http" and host not in _LOCAL:
        raise ValueError("s3+http is for a service on this machine; elsewhere write s3")
    if bool(parts.username) != bool(parts.password):
        raise ValueError(f"key or secret is missing: {_FORM}")
    host = f"[{host}]" if ":" in host else host
    found: dict[str, Any] = {
        "endpoint_url": f"{SCHEMES[parts.scheme]}://{host}{f':{port}' if port else ''}",
        "bucket_name": bucket,
        "location": unquote(prefix),
        "access_key": unquote(parts.username) if parts.username else None,
        "secret_key": unquote(parts.password) if parts.password else None,
    }
    return found | _asked(parts.query)


def _asked(query: str) -> dict[str, str]:
    given = dict(parse_qsl(query, keep_blank_values=True))
    unknown = ", ".join(sorted(given.keys() - _ASKED.keys()))
    if unknown:
        raise ValueError(f"unknown after the question mark: {unknown}; known are region and style")
    if given.get("style", "path") not in ("path", "virtual"):
        raise ValueError("style is path (HOST/BUCKET) or virtual (BUCKET.HOST)")
    found = {_ASKED[name]: value for name, value in given.items()}
    return {"addressing_style": "path", "region_name": "us-east-1"} | found


def check(url: str) -> str:
    """Return the address where a bucket can be reached by it. Raises ValueError."""
    if url:
        options(url)
        if not (find_spec("storages") and find_spec("boto3")):
            raise ValueError("a bucket needs more packages: install taishan[s3]")
    return url
