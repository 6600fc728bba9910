"""Forms and grounds as the person reads them."""

from __future__ import annotations

from taishan.forms import presenting
from taishan.forms.models import Form
from taishan.organisation.models import is_chinese
from taishan.privacy.models import Ground


def title(form: Form) -> str:
    """Return the form's title in the language of the page."""
    return presenting.title(form, "zh" if is_chinese() else "en")


def why(ground: Ground) -> str:
    """Return why the form is asked, in the language of the page."""
    return ground.why_zh if is_chinese() else ground.why_en
