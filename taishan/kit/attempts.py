"""Acts by a form: what refuses one is said on its form, so that what was typed stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import Form

from taishan.kit import clock


def attempt(
    form: Form, act: Callable[..., object], *, refusals: tuple[type[Exception], ...], **given: Any
) -> bool:
    """Tell whether a valid form's act was done now; what refuses it is said on the form."""
    if not form.is_valid():
        return False
    try:
        act(now=clock.now(), **given)
    except refusals as refused:
        form.add_error(None, str(refused))
        return False
    return True
