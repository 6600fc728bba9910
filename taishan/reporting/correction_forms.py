"""What an officer fills in to find a report, to put it right, and to rule on a correction."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from taishan.forms import presenting
from taishan.forms.models import Form
from taishan.kit import days
from taishan.organisation.models import Person

_REASON = forms.Textarea(attrs={"rows": 2})


class FormField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A form about people, by its title in the language of the page."""

    lang = "en"

    def label_from_instance(self, obj: Any) -> str:
        return presenting.title(obj, self.lang)


class FindForm(forms.Form):
    """Whose report to look at: the form and the day stand in its address, the person by number."""

    staff_no = forms.CharField(label=gettext_lazy("Staff number"), max_length=40)
    form = FormField(label=gettext_lazy("Form"), queryset=Form.objects.none(), empty_label=None)
    day = days.DayField(
        label=gettext_lazy("Day"),
    )

    def __init__(self, data: QueryDict | None, *, lang: str, today: date) -> None:
        super().__init__(data, initial={"day": today})
        field: Any = self.fields["form"]
        field.lang = lang
        field.queryset = Form.objects.filter(subject=Form.Subject.PERSON).order_by("code")

    def find_person(self) -> Person | None:
        return Person.objects.filter(staff_no=self.cleaned_data["staff_no"].strip()).first()


class ReasonForm(forms.Form):
    """Why an officer puts a report right, or refuses a correction."""

    reason = forms.CharField(max_length=500, widget=_REASON)

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
