"""The ``taishan`` command."""

from taishan.cli.main import main

__all__ = ["main"]
