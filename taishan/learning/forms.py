"""What is filled in to call a meeting, and to record what it decided."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from taishan.kit import days
from taishan.learning.decisions import Debtor
from taishan.learning.meetings import Call
from taishan.learning.models import Meeting
from taishan.organisation.models import Person, Post

DIRECTIVE = "directive"


class CallForm(forms.Form):
    """A meeting; where one language of its title is left empty, the other stands for it."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Meeting.Kind.choices)
    title_zh = forms.CharField(
        label=gettext_lazy("Title in Chinese"), max_length=120, required=False
    )
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"), max_length=120, required=False
    )
    starts_at = days.HourField(label=gettext_lazy("Begins"))
    place = forms.CharField(label=gettext_lazy("Where"), max_length=200)
    chair = forms.CharField(label=gettext_lazy("Chair (staff number)"), max_length=40)
    agenda = forms.CharField(
        label=gettext_lazy("Agenda, an item a line"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    people = forms.CharField(
        label=gettext_lazy("People invited (staff numbers)"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    posts = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Posts invited"), queryset=Post.objects.none(), required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )  # fmt: skip

    def __init__(self, *args: Any, posts: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["posts"]
        field.queryset = posts
        field.label_from_instance = lambda post: f"{post.title} ({post.unit.code})"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not (given.get("title_zh") or given.get("title_en")):
            self.add_error("title_zh", _("Give a title in one language at least."))
        return given

    def clean_chair(self) -> Person:
        return find_people([self.cleaned_data["chair"].strip()])[0]

    def clean_people(self) -> list[Person]:
        return find_people(self.cleaned_data["people"].replace(",", " ").split())

    def clean_agenda(self) -> tuple[str, ...]:
        lines = [line.strip()[:300] for line in self.cleaned_data["agenda"].splitlines()]
        return tuple(line for line in lines if line)

    def call(self) -> Call:
        """Return what was filled in."""
        given = self.cleaned_data
        return Call(
            kind=given["kind"], title_en=given["title_en"] or given["title_zh"],
            title_zh=given["title_zh"] or given["title_en"], starts_at=given["starts_at"],
            place=given["place"], chair_id=given["chair"].pk, agenda=given["agenda"],
            person_ids=tuple(one.pk for one in given["people"]),
            post_ids=tuple(one.pk for one in given["posts"]),
        )  # fmt: skip


class AttendanceForm(forms.Form):
    """Who came and has not signed."""

    staff_no = forms.CharField(label=gettext_lazy("Staff number"), max_length=40)

    def __init__(self, given: Any = None) -> None:
        super().__init__(given, auto_id="attend-%s")

    def clean_staff_no(self) -> Person:
        return find_people([self.cleaned_data["staff_no"]])[0]


class DoneForm(forms.Form):
    """What was done of a decision."""

    evidence = forms.CharField(label=gettext_lazy("What was done"), max_length=2000)

    def __init__(self, given: Any = None, *, number: int) -> None:
        super().__init__(given, auto_id=f"done-{number}-%s")


def find_people(staff_nos: list[str]) -> list[Person]:
    """Return the people of staff numbers. Raises ValidationError where one is nobody's."""
    found = {one.staff_no: one for one in Person.objects.filter(staff_no__in=staff_nos)}
    unknown = [one for one in staff_nos if one not in found]
    if unknown:
        raise forms.ValidationError(_("Nobody has the staff number “%s”.") % ", ".join(unknown))
    return [found[one] for one in staff_nos]


class MinutesForm(forms.Form):
    """What was said."""

    text = forms.CharField(
        label=gettext_lazy("Minutes"), max_length=20000, widget=forms.Textarea(attrs={"rows": 12})
    )
    edition = forms.IntegerField(widget=forms.HiddenInput)


class DecisionForm(forms.Form):
    """What was decided, and what it becomes: a duty on the spot, or a directive."""

    what_zh = forms.CharField(
        label=gettext_lazy("What, in Chinese"), max_length=300, required=False
    )
    what_en = forms.CharField(
        label=gettext_lazy("What, in English"), max_length=300, required=False
    )
    due_at = days.HourField(label=gettext_lazy("Due"))
    debtor = forms.ChoiceField(label=gettext_lazy("Who does it"))

    def __init__(self, *args: Any, debtors: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        first = (DIRECTIVE, _("a directive to units below, to be issued"))
        self.fields["debtor"].choices = [first, *debtors]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not (given.get("what_zh") or given.get("what_en")):
            self.add_error("what_zh", _("Say what was decided, in one language at least."))
        return given

    def decided(self, unit_id: int) -> dict[str, Any]:
        """Return what was filled in, as ``decisions.decide`` takes it."""
        given = self.cleaned_data
        kind, _dash, key = given["debtor"].partition("-")
        pk = int(key) if key else 0
        debtors = {
            "unit": Debtor(unit_id=pk),
            "post": Debtor(unit_id=unit_id, post_id=pk),
            "person": Debtor(unit_id=unit_id, person_id=pk),
        }
        return {
            "what_en": given["what_en"] or given["what_zh"],
            "what_zh": given["what_zh"] or given["what_en"],
            "due_at": given["due_at"], "debtor": debtors.get(kind),
        }  # fmt: skip
