"""Forms, their versions, and the checkers of their answers."""

from __future__ import annotations

from functools import lru_cache

from django.db.models import OuterRef, QuerySet, Subquery

from taishan.core import answers
from taishan.core.answers import Checker, Definition
from taishan.forms.models import Form, FormVersion

CHECKERS_KEPT = 256


def get_form(code: str) -> Form:
    """Return the form. Raises Form.DoesNotExist."""
    return Form.objects.get(code=code)


def get_version(code: str, number: int | None = None) -> FormVersion:
    """Return the version of the form with the number, else the one in force.

    Raises FormVersion.DoesNotExist.
    """
    versions = FormVersion.objects.select_related("form").filter(form__code=code)
    if number is None:
        return versions.get(state=FormVersion.State.PUBLISHED)
    return versions.get(number=number)


def find_versions(code: str) -> QuerySet[FormVersion]:
    """Return all versions of the form, the latest first, without their texts."""
    versions = FormVersion.objects.filter(form__code=code).order_by("-number")
    people = ("recorded_by__person", "published_by__person", "retired_by__person")
    return versions.select_related(*people).defer("source", "xform", "definition")


def find_forms() -> QuerySet[Form]:
    """Return all forms by code; ``in_force``, ``latest`` are numbers, ``latest_state`` a state."""
    versions = FormVersion.objects.filter(form=OuterRef("pk")).order_by("-number")
    published = versions.filter(state=FormVersion.State.PUBLISHED)
    return Form.objects.annotate(
        in_force=Subquery(published.values("number")[:1]),
        latest=Subquery(versions.values("number")[:1]),
        latest_state=Subquery(versions.values("state")[:1]),
    ).order_by("code")


def get_definition(version: FormVersion) -> Definition:
    """Return what the version asks."""
    return get_checker(version).definition


def get_checker(version: FormVersion) -> Checker:
    """Return the checker of the version, compiled once a process: a version never changes."""
    return _checker(version.pk, version.digest)


@lru_cache(maxsize=CHECKERS_KEPT)
def _checker(version_id: int, digest: str) -> Checker:
    """``digest`` is part of the key: a key may return with another text where tests roll back."""
    plain = FormVersion.objects.values_list("definition", flat=True).get(
        pk=version_id, digest=digest
    )
    return answers.compile(answers.from_json(plain))
