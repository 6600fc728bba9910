"""What is asked when the tree changes; each form knows the action it stands for."""

from __future__ import annotations

import json
import zoneinfo
from collections.abc import Iterator
from copy import copy
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from taishan.kit import days
from taishan.kit.actor import Actor
from taishan.organisation import actions, history, places, restructuring
from taishan.organisation.actions import UnitDetails
from taishan.organisation.models import Facility, KindOfWork, Role, Unit, UnitVersion

LEAST_PARTS, OFFERED_PARTS, MOST_PARTS = 2, 3, 20
NEEDED_OF_PARTS = ("code", "name_en", "name_zh")
ASKED_OF_PARTS = ("name_en", "name_zh", "head_count", "floor_area_m2")
CODE_LENGTH = 40
NAME_LENGTH = 200


class ChangeForm(forms.Form):
    """A change of one unit from a day on."""

    title: Any = ""
    explanation: Any = ""
    is_grave = False

    on = days.DayField(
        label=gettext_lazy("From"),
        help_text=gettext_lazy("The first day on which it is so; what was before stays on record."),
    )

    def __init__(self, *args: Any, version: UnitVersion, **kwargs: Any) -> None:
        self.version = version
        super().__init__(*args, **kwargs)
        self.fields["on"] = self.fields.pop("on")
        for field in self.fields.values():
            if isinstance(field, UnitCodeField):
                field.widget.attrs["hx-vals"] = json.dumps({"day": str(self.initial["on"])})

    def other_units(self) -> tuple[str, ...]:
        """Return the codes of the other units over which one must have the right."""
        return ()

    def act(self, *, actor: Actor, now: datetime) -> None:
        """Make the change. Raises OrganisationRefused."""
        raise NotImplementedError

    def landing(self) -> str:
        """Return the code of the unit to show afterwards."""
        return self.version.unit.code


class UnitFields(forms.Form):
    """What a unit is."""

    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=NAME_LENGTH)
    name_zh = forms.CharField(label=gettext_lazy("Chinese name"), max_length=NAME_LENGTH)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=UnitVersion.Kind.choices)
    place = forms.CharField(
        label=gettext_lazy("Place"),
        max_length=20,
        help_text=gettext_lazy("The code of a place, such as CN-SH, 330300 or KH-12."),
    )
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=60,
        help_text=gettext_lazy("Such as Asia/Shanghai: the unit's days are its own."),
    )
    head_count = forms.IntegerField(
        label=gettext_lazy("People"), min_value=0, max_value=10_000_000, required=False
    )
    floor_area_m2 = forms.FloatField(
        label=gettext_lazy("Floor area (m²)"),
        min_value=0,
        required=False,
        help_text=gettext_lazy("Unknown, it leaves rules on persons per area unmet."),
    )
    kinds_of_work = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of work"),
        choices=KindOfWork.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    facilities = forms.MultipleChoiceField(
        label=gettext_lazy("Facilities"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean_place(self) -> str:
        text = self.cleaned_data["place"]
        found = places.resolve([text]).get(text)
        if found is None:
            raise forms.ValidationError(_("No place has the code “%s”.") % text)
        return found.code

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"]
        if zone not in zoneinfo.available_timezones():
            raise forms.ValidationError(_("“%s” is no time zone such as Asia/Shanghai.") % zone)
        return zone

    def details(self, code: str, parent: str) -> UnitDetails:
        given = {name: self.cleaned_data[name] for name in UnitFields.base_fields}
        for name in ("kinds_of_work", "facilities"):
            given[name] = tuple(given[name])
        return UnitDetails(code=code, parent=parent, **given)


class FactsForm(ChangeForm, UnitFields):
    """What the unit is, otherwise."""

    title = gettext_lazy("Change what it is")
    explanation = gettext_lazy("Name, kind, place, size and work, from a day on.")

    def __init__(self, *args: Any, version: UnitVersion, **kwargs: Any) -> None:
        super().__init__(*args, version=version, **kwargs)
        _offer_facilities(self, version)
        for name in UnitFields.base_fields:
            self.initial[name] = getattr(version, name)
        self.initial["place"] = version.place.code

    def act(self, *, actor: Actor, now: datetime) -> None:
        on, code = self.cleaned_data["on"], self.version.unit.code
        parent = history.get_version(code, on).parent
        details = self.details(code, parent.code if parent else "")
        if not restructuring.change_unit(actor=actor, now=now, on=on, details=details):
            raise history.OrganisationRefused(_("Nothing would change: it is so already."))


class PartForm(ChangeForm, UnitFields):
    """A new unit below the unit."""

    title = gettext_lazy("Open a unit below")
    explanation = gettext_lazy("A new unit of the group, from its first day on.")

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=CODE_LENGTH,
        help_text=gettext_lazy("It stays with the unit for good."),
    )

    def __init__(self, *args: Any, version: UnitVersion, **kwargs: Any) -> None:
        super().__init__(*args, version=version, **kwargs)
        _offer_facilities(self, None)
        self.order_fields(["code", *UnitFields.base_fields])
        self.initial.update(
            place=version.place.code,
            time_zone=version.time_zone,
            kind=UnitVersion.Kind.COMPANY,
            kinds_of_work=[KindOfWork.ORD],
        )

    def act(self, *, actor: Actor, now: datetime) -> None:
        details = self.details(self.cleaned_data["code"], self.version.unit.code)
        actions.open_unit(actor=actor, now=now, on=self.cleaned_data["on"], details=details)

    def landing(self) -> str:
        code: str = self.cleaned_data["code"]
        return code


def _offer_facilities(form: forms.Form, version: UnitVersion | None) -> None:
    """Offer the known facilities, and those of the unit that only its own tables know."""
    known = list(Facility.choices)
    own = [(f, f) for f in version.facilities if f not in Facility.values] if version else []
    form.fields["facilities"].choices = known + own  # type: ignore[attr-defined]


class UnitCodeField(forms.CharField):
    """The code of a unit on record."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=CODE_LENGTH, **kwargs)
        self.widget.attrs |= {
            "list": "units",
            "autocomplete": "off",
            "hx-get": reverse_lazy("organisation:unit_options"),
            "hx-trigger": "input changed delay:250ms",
            "hx-target": "#units",
        }

    def clean(self, value: Any) -> str:
        code = super().clean(value)
        if not Unit.objects.filter(code=code).exists():
            raise forms.ValidationError(_("No unit has the code “%s”.") % code)
        return str(code)


class MoveForm(ChangeForm):
    """Another unit above."""

    title = gettext_lazy("Move")
    explanation = gettext_lazy("The unit goes with everything below it under another unit.")

    parent = UnitCodeField(label=gettext_lazy("Under which unit (its code)"))

    def other_units(self) -> tuple[str, ...]:
        return (self.cleaned_data["parent"],)

    def act(self, *, actor: Actor, now: datetime) -> None:
        given = self.cleaned_data
        actions.move_unit(
            actor=actor, now=now, on=given["on"], code=self.version.unit.code,
            parent=given["parent"],
        )  # fmt: skip


class MergerForm(ChangeForm):
    """The unit becomes a part of another."""

    title = gettext_lazy("Merge")
    explanation = gettext_lazy(
        "Its people, its head count and the units below it go over to another unit; the unit "
        "closes. Posts, seats and roles of it end: authority is given anew."
    )
    is_grave = True

    into = UnitCodeField(label=gettext_lazy("Into which unit (its code)"))

    def other_units(self) -> tuple[str, ...]:
        return (self.cleaned_data["into"],)

    def act(self, *, actor: Actor, now: datetime) -> None:
        given = self.cleaned_data
        restructuring.merge_units(
            actor=actor, now=now, on=given["on"], codes=[self.version.unit.code], into=given["into"]
        )

    def landing(self) -> str:
        into: str = self.cleaned_data["into"]
        return into


class ClosureForm(ChangeForm):
    """The unit is no more."""

    title = gettext_lazy("Close")
    explanation = gettext_lazy(
        "Its past stays on record. Units below it are closed or moved before; the people, posts, "
        "seats and roles of it end."
    )
    is_grave = True

    def act(self, *, actor: Actor, now: datetime) -> None:
        actions.close_unit(
            actor=actor, now=now, on=self.cleaned_data["on"], code=self.version.unit.code
        )

    def landing(self) -> str:
        return self.version.parent.code if self.version.parent else ""


class SplitForm(ChangeForm):
    """New units in the place of one."""

    title = gettext_lazy("Split")
    explanation = gettext_lazy(
        "New units follow in its place; the first takes over its people and the units below it. "
        "Posts, seats and roles of it end: authority is given anew."
    )
    is_grave = True

    def __init__(self, *args: Any, version: UnitVersion, **kwargs: Any) -> None:
        super().__init__(*args, version=version, **kwargs)
        on = self.fields.pop("on")
        self.count = self._count()
        for number in range(1, self.count + 1):
            self.fields |= _part_fields(number, is_needed=number <= LEAST_PARTS)
        self.fields["on"] = on

    def _count(self) -> int:
        given = [name for name in self.data if name.startswith("code_")] if self.is_bound else []
        return min(max(OFFERED_PARTS, len(given)), MOST_PARTS)

    def further(self) -> str:
        """Return the name of the field that one more new unit would begin with, or nothing."""
        return f"code_{self.count + 1}" if self.count < MOST_PARTS else ""

    def parts(self) -> Iterator[tuple[int, list[forms.BoundField]]]:
        """Return the fields of each new unit, by its number."""
        for number in range(1, self.count + 1):
            yield number, [self[name] for name in _part_fields(number, is_needed=False)]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for number in range(LEAST_PARTS + 1, self.count + 1):
            names = [f"{name}_{number}" for name in (*NEEDED_OF_PARTS, *ASKED_OF_PARTS)]
            is_begun = any(given.get(name) not in (None, "") for name in names)
            for name in names[: len(NEEDED_OF_PARTS)] if is_begun else ():
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("A new unit needs a code and its names."))
        return given

    def details(self) -> list[UnitDetails]:
        given, was = self.cleaned_data, self.version
        return [
            UnitDetails(
                code=given[f"code_{n}"], name_en=given[f"name_en_{n}"],
                name_zh=given[f"name_zh_{n}"], head_count=given[f"head_count_{n}"],
                floor_area_m2=given[f"floor_area_m2_{n}"], kind=was.kind, place=was.place.code,
                time_zone=was.time_zone, kinds_of_work=tuple(was.kinds_of_work),
            )
            for n in range(1, self.count + 1)
            if given[f"code_{n}"]
        ]  # fmt: skip

    def other_units(self) -> tuple[str, ...]:
        return (self.version.parent.code,) if self.version.parent else ()

    def act(self, *, actor: Actor, now: datetime) -> None:
        restructuring.split_unit(
            actor=actor, now=now, on=self.cleaned_data["on"], code=self.version.unit.code,
            parts=self.details(),
        )  # fmt: skip

    def landing(self) -> str:
        code: str = self.cleaned_data["code_1"]
        return code


def _part_fields(number: int, *, is_needed: bool) -> dict[str, forms.Field]:
    """Return the fields of one new unit; what is not asked, it has from the unit that is split."""
    code = forms.CharField(label=_("Code"), max_length=CODE_LENGTH)
    fields = {"code": code, **{name: copy(UnitFields.base_fields[name]) for name in ASKED_OF_PARTS}}
    for name, field in fields.items():
        field.required = is_needed and name in NEEDED_OF_PARTS
        field.help_text = ""
    return {f"{name}_{number}": field for name, field in fields.items()}


class RoleForm(forms.Form):
    """A role over a unit, from a day to a day."""

    staff_no = forms.CharField(label=gettext_lazy("Staff number"), max_length=CODE_LENGTH)
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Only for somebody who is not recorded yet."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)
    on = days.DayField(label=gettext_lazy("From"))
    until = days.DayField(
        label=gettext_lazy("Until"),
        required=False,
        help_text=gettext_lazy("The day from which it is over; empty for until further notice."),
    )

    def clean(self) -> dict[str, Any]:
        on, until = self.cleaned_data.get("on"), self.cleaned_data.get("until")
        if on and until and until <= on:
            self.add_error("until", _("The last day of a role comes after its first."))
        return self.cleaned_data
