"""What is asked when somebody says who owes a form, how often and by when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator
from django.db.models import F, Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from taishan.core import recurrence, schedules
from taishan.core.recurrence import Often, Recurrence
from taishan.core.schedules import Mark, Marks
from taishan.forms import presenting
from taishan.forms import queries as forms_in_force
from taishan.forms.models import Form
from taishan.kit import days
from taishan.organisation.models import UnitVersion
from taishan.reporting import schedule_words, scheduling
from taishan.reporting.models import Schedule
from taishan.reporting.schedule_words import MARKS
from taishan.reporting.scheduling import Details

USUAL = {"opens": (0, time(6)), "due": (0, time(9)), "late": (0, time(10)), "closes": (1, time(0))}
OFFSETS = range(-7, 32)
MOST_SKIPPED = 400
# So that what is worked out from it, such as the years that a preview looks ahead, is of days too.
LATEST = MaxValueValidator(date(9990, 12, 31))
_SPAN = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?")


def today_at(version: UnitVersion, now: datetime) -> date:
    """Return the unit's own day."""
    return now.astimezone(ZoneInfo(version.time_zone)).date()


class ScheduleForm(forms.Form):
    """A schedule, new or changed from a day on; ``earliest`` is the first day it may begin."""

    form = forms.ChoiceField(label=gettext_lazy("Form"))
    owed_by = forms.ChoiceField(
        label=gettext_lazy("Who owes it"), choices=Schedule.OwedBy.choices,
        help_text=gettext_lazy("Here and in all units below."),
    )  # fmt: skip
    often = forms.ChoiceField(
        label=gettext_lazy("How often"), choices=list(schedule_words.OFTEN.items())
    )
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("On which days of the week"), required=False,
        choices=list(schedule_words.WEEKDAYS.items()), widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Where it is owed every week."),
    )  # fmt: skip
    month_day = forms.TypedChoiceField(
        label=gettext_lazy("On which day of the month"), required=False, coerce=int,
        empty_value=None, help_text=gettext_lazy("Where it is owed every month."),
    )  # fmt: skip
    days_on = forms.IntegerField(
        label=gettext_lazy("Days on"), required=False, min_value=1,
        max_value=recurrence.MOST_IN_TURN,
    )  # fmt: skip
    days_off = forms.IntegerField(
        label=gettext_lazy("Days off"), required=False, min_value=1,
        max_value=recurrence.MOST_IN_TURN,
        help_text=gettext_lazy("The first day on is the first day of the schedule."),
    )  # fmt: skip
    rule = forms.CharField(
        label=gettext_lazy("As a rule"), required=False, max_length=200,
        help_text=gettext_lazy("RFC 5545, such as FREQ=WEEKLY;INTERVAL=2;BYDAY=MO."),
    )  # fmt: skip
    starts = days.DayField(
        label=gettext_lazy("From"), validators=[LATEST],
        help_text=gettext_lazy("What was owed before stays as it was."),
    )  # fmt: skip
    last_day = days.DayField(
        label=gettext_lazy("Last day"), required=False,
        help_text=gettext_lazy("Empty: until it is changed or ended."),
        validators=[LATEST],
    )  # fmt: skip
    skipped = forms.CharField(
        label=gettext_lazy("Holidays"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Days on which nothing is owed, such as 2020-05-01 or 2020-05-01..2020-05-05."
        ),
    )  # fmt: skip

    def __init__(
        self, data: QueryDict | None = None, *, version: UnitVersion, earliest: date,
        replaced: Schedule | None = None, lang: str = "en",
    ) -> None:  # fmt: skip
        self.version, self.earliest, self.replaced = version, earliest, replaced
        super().__init__(data, initial=_initial(replaced, earliest))
        offered: Any = self.fields["form"]
        offered.choices = [(one.code, presenting.title(one, lang)) for one in self.offered()]
        offered.disabled = replaced is not None
        days: Any = self.fields["month_day"]
        words = [(day, schedule_words.month_day(day)) for day in recurrence.MONTH_DAYS]
        days.choices = [("", "—"), *words]
        for name in MARKS:
            self.fields |= _fields_of(name)

    def offered(self) -> Iterator[Form]:
        """Yield the forms that may be asked for."""
        for form in forms_in_force.find_forms().filter(is_checklist=False):
            is_replaced = self.replaced is not None and form.pk == self.replaced.form_id
            if getattr(form, "in_force", None) or is_replaced:
                yield form

    def marks(self) -> Iterator[tuple[str, str, forms.BoundField, forms.BoundField]]:
        """Yield each instant: its word, what it means, and its two fields."""
        for name in MARKS:
            word, said = schedule_words.mark(name), schedule_words.mark_help(name)
            yield word, said, self[f"{name}_at"], self[f"{name}_day"]

    def clean_starts(self) -> date:
        starts: date = self.cleaned_data["starts"]
        if starts < self.earliest:
            raise forms.ValidationError(
                _("%s at the earliest: what was asked for before stays as it was.") % self.earliest
            )
        return starts

    def clean_skipped(self) -> frozenset[date]:
        found: set[date] = set()
        for part in re.split(r"[\s,，、;]+", self.cleaned_data["skipped"].strip()):
            found |= _days(part) if part else set()
        if len(found) > MOST_SKIPPED:
            raise forms.ValidationError(_("More than %d days.") % MOST_SKIPPED)
        return frozenset(found)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self._check_often(given)
        self._check_order(given)
        form = Form.objects.filter(code=given.get("form", "")).first()
        is_of_people = given.get("owed_by") == Schedule.OwedBy.PEOPLE
        if form and is_of_people != (form.subject == Form.Subject.PERSON):
            self.add_error("owed_by", _("The form is about %s.") % form.get_subject_display())
        starts, last_day = given.get("starts"), given.get("last_day")
        if starts and last_day and last_day < starts:
            self.add_error("last_day", _("The last day is before the first."))
        elif form and starts and "shift" not in self.errors:
            self._refuse_second(form, starts, last_day)
        return given

    def _check_often(self, given: dict[str, Any]) -> None:
        often = given.get("often")
        if often == Often.WEEKLY and not given.get("weekdays"):
            self.add_error("weekdays", _("Choose at least one day."))
        elif often == Often.MONTHLY and given.get("month_day") is None:
            self.add_error("month_day", _("Choose a day."))
        elif often == Often.TURNS:
            for name in ("days_on", "days_off"):
                if given.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Say how many days."))
        elif often == Often.RULE:
            try:
                schedules.refuse_rule(given.get("rule", ""), given.get("starts") or self.earliest)
            except schedules.ScheduleRefused as refused:
                self.add_error("rule", scheduling.why(refused))

    def _check_order(self, given: dict[str, Any]) -> None:
        """The order is the core's; here it is said beside the hour that breaks it."""
        before: tuple[int, time] | None = None
        for name in MARKS:
            at, day = given.get(f"{name}_at"), given.get(f"{name}_day")
            if at is None or day is None:
                return
            here = (day, at)
            if before and (here <= before if name == "due" else here < before):
                self.add_error(f"{name}_at", _("This is not after the hour above it."))
                return
            before = here

    def _refuse_second(self, form: Form, starts: date, last_day: date | None) -> None:
        """Of two schedules of one unit for one form nobody could tell which hours hold."""
        others = Schedule.objects.filter(
            Q(until=None) | Q(until__gt=starts), form=form, unit_id=self.version.unit_id,
            starts__lte=last_day or date.max, shift__name=self.cleaned_data.get("shift") or None,
        ).exclude(until=F("starts"))  # fmt: skip
        if self.replaced:
            others = others.exclude(pk=self.replaced.pk)
        other = others.order_by("starts").first()
        if other:
            said = _("There is a schedule of the form from %s on: change that one, or end it.")
            self.add_error("starts" if self.replaced else "form", said % other.starts)

    def details(self) -> Details:
        """Return the schedule as it was said."""
        given, often = self.cleaned_data, self._recurrence()
        last: date | None = given["last_day"]
        return Details(
            form=given["form"], unit=self.version.unit.code,
            owed_by=Schedule.OwedBy(given["owed_by"]), rule=recurrence.as_rule(often),
            days_on=often.days_on, shift=given.get("shift", ""),
            marks=Marks(
                **{
                    name: Mark(day=given[f"{name}_day"], at=given[f"{name}_at"]) for name in MARKS
                }
            ),
            starts=given["starts"], until=last + timedelta(days=1) if last else None,
            skipped=given["skipped"],
        )  # fmt: skip

    def _recurrence(self) -> Recurrence:
        given = self.cleaned_data
        if given["often"] == Often.TURNS:
            return recurrence.in_turns(given["days_on"], given["days_off"])
        return Recurrence(
            often=Often(given["often"]), weekdays=frozenset(given["weekdays"]),
            month_day=given["month_day"], rule=given["rule"],
        )  # fmt: skip


def _fields_of(name: str) -> dict[str, forms.Field]:
    word = schedule_words.mark(name)
    clock = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    days = [(day, schedule_words.offset(day)) for day in OFFSETS]
    on_which = _("%s: on which day") % word
    return {
        f"{name}_at": forms.TimeField(label=word, widget=clock),
        f"{name}_day": forms.TypedChoiceField(
            label=on_which, choices=days, coerce=int,
            widget=forms.Select(attrs={"aria-label": on_which}),
        ),
    }  # fmt: skip


def _initial(schedule: Schedule | None, earliest: date) -> dict[str, Any]:
    if schedule is None:
        at = {f"{name}_at": mark for name, (_day, mark) in USUAL.items()}
        return {
            "starts": earliest,
            **at,
            **{f"{name}_day": day for name, (day, _at) in USUAL.items()},
        }
    chosen = recurrence.in_words(schedule.rule, schedule.days_on)
    return {
        "form": schedule.form.code,
        "owed_by": schedule.owed_by,
        "often": chosen.often.value,
        "weekdays": sorted(chosen.weekdays),
        "month_day": chosen.month_day,
        "rule": chosen.rule,
        "days_on": chosen.days_on if chosen.often == Often.TURNS else None,
        "days_off": chosen.days_off,
        "shift": schedule.shift.name if schedule.shift else "",
        "starts": _first_day(schedule, chosen, earliest),
        "last_day": schedule.until - timedelta(days=1) if schedule.until else None,
        "skipped": "\n".join(map(str, schedule.skipped)),
        **{f"{name}_{part}": getattr(schedule, f"{name}_{part}") for name in MARKS
           for part in ("at", "day")},
    }  # fmt: skip


def _first_day(schedule: Schedule, chosen: Recurrence, earliest: date) -> date:
    """Return the first day a change may begin; of turns one that begins a turn, since they count
    from there."""
    first = max(earliest, schedule.starts)
    if chosen.often != Often.TURNS:
        return first
    turn = chosen.days_on + (chosen.days_off or 0)
    return first + timedelta(days=(schedule.starts - first).days % turn)


def _days(part: str) -> set[date]:
    """Return the days of one entry. Raises ValidationError, which names it."""
    found = _SPAN.fullmatch(part)
    try:
        first = days.read(found[1] if found else part)
        last = days.read(found[2]) if found and found[2] else first
    except ValueError:
        raise forms.ValidationError(_("“%s” is not a day such as 2020-05-01.") % part) from None
    if not 0 <= (last - first).days <= MOST_SKIPPED:
        raise forms.ValidationError(_("“%s” ends before it begins, or is too long.") % part)
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


class ShiftForm(ScheduleForm):
    """The schedule of a shift: when those who work it owe a form that everybody is asked for."""

    shift = forms.CharField(
        label=gettext_lazy("Shift"), max_length=80,
        help_text=gettext_lazy("A name, such as Night. Of another form it may have other hours."),
    )  # fmt: skip
    field_order = ("form", "shift")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["owed_by"].disabled = True
        self.initial["owed_by"] = Schedule.OwedBy.PEOPLE
        self.fields["shift"].disabled = self.replaced is not None

    def offered(self) -> Iterator[Form]:
        """Yield the forms that people of the unit are asked for."""
        steps = [int(step) for step in self.version.path.split(".")]
        asked = Schedule.objects.filter(
            Q(until=None) | Q(until__gt=self.earliest), unit_id__in=steps, shift=None,
            owed_by=Schedule.OwedBy.PEOPLE,
        )  # fmt: skip
        ids = set(asked.values_list("form_id", flat=True))
        yield from (form for form in super().offered() if form.pk in ids)


class EndForm(forms.Form):
    """The last day of a schedule, or of a shift."""

    last_day = days.DayField(label=gettext_lazy("Last day"), validators=[LATEST])

    def __init__(self, data: QueryDict | None = None, *, earliest: date) -> None:
        self.earliest = earliest
        super().__init__(data, auto_id="end_%s", initial={"last_day": earliest})

    def clean_last_day(self) -> date:
        last: date = self.cleaned_data["last_day"]
        if last < self.earliest:
            raise forms.ValidationError(
                _("%s at the earliest: what was asked for before stays as it was.") % self.earliest
            )
        return last

    def details(self) -> dict[str, Any]:
        return {"until": self.cleaned_data["last_day"] + timedelta(days=1)}
