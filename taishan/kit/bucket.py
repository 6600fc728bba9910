"""Kept files in a bucket of S3 or of what speaks like it; needs the extra ``taishan[s3]``."""

from __future__ import annotations

from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from storages.backends.s3 import S3Storage

_MEMORY_BYTES = 1024 * 1024
_CONNECT_S, _READ_S, _TRIES = 5, 20, 3


class FilesInBucket(S3Storage):  # type: ignore[misc]  # it has no types
    """Django's storage over one bucket, patient for seconds and not for minutes."""

    def __init__(self, *, addressing_style: str, **options: Any) -> None:
        super().__init__(
            # A long export that somebody fetches passes through a file, not through memory.
            max_memory_size=_MEMORY_BYTES,
            # Files are small: a pool of threads for each would cost more than it saves.
            transfer_config=TransferConfig(use_threads=False),
            client_config=Config(
                connect_timeout=_CONNECT_S,
                read_timeout=_READ_S,
                retries={"total_max_attempts": _TRIES, "mode": "standard"},
                s3={"addressing_style": addressing_style},
                # Checksums that newer clients add by themselves are refused by some that are not
                # Amazon's; what is kept has its SHA-256 in the database.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
            **options,
        )
