"""Red lines: conditions that stop work at once and that only a named authority lifts."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taishan.core.red_lines import LiftedBy, Scope
from taishan.kit.editions import Edition
from taishan.organisation.models import KindOfWork, Post, Unit, UnitVersion, is_chinese


class RedLine(Edition):
    """One version of a red line: it holds in a unit and all below it, from a day to a day.

    Empty kinds are every kind. ``lifter_unit`` and ``lifter_post`` are there where ``lifted_by``
    names one.
    """

    class Basis(models.TextChoices):
        """Whose rule it is."""

        LAW = "law", _("public law")
        STANDARD = "standard", _("published standard")
        GROUP = "group", _("the group's own rule")

    class Lifter(models.TextChoices):
        """Who may lift its breach."""

        UNIT_ABOVE = LiftedBy.UNIT_ABOVE.value, _("the unit above")
        HEADQUARTERS = LiftedBy.HEADQUARTERS.value, _("headquarters")
        UNIT = LiftedBy.UNIT.value, _("a named unit")
        POST = LiftedBy.POST.value, _("a named post")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="red_lines")
    what_en = models.CharField(max_length=300)
    what_zh = models.CharField(max_length=300)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    unit_kinds = ArrayField(models.CharField(max_length=20, choices=UnitVersion.Kind.choices))
    kinds_of_work = ArrayField(models.CharField(max_length=20, choices=KindOfWork.choices))
    lifted_by = models.CharField(max_length=20, choices=Lifter.choices)
    lifter_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    lifter_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_red_line_is_one_thing_on_a_day",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(lifted_by="unit", lifter_unit__isnull=False)
                | ~Q(lifted_by="unit") & Q(lifter_unit=None),
                name="a_red_line_names_its_unit",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by="post", lifter_post__isnull=False)
                | ~Q(lifted_by="post") & Q(lifter_post=None),
                name="a_red_line_names_its_post",
            ),
        ]

    @property
    def what(self) -> str:
        """What must never be, in the language of the page."""
        return self.what_zh if is_chinese() else self.what_en

    @property
    def source(self) -> str:
        """Where it stands written, in the language of the page."""
        return self.source_zh if is_chinese() else self.source_en

    @property
    def scope(self) -> Scope:
        """For which units it holds, as the core thinks of it."""
        return Scope(
            unit_kinds=frozenset(self.unit_kinds), kinds_of_work=frozenset(self.kinds_of_work)
        )
