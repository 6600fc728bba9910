import pytest
from importlinter.cli import lint_imports


def test_imports_go_only_down() -> None:
    assert lint_imports() == 0


@pytest.mark.django_db
def test_foreign_keys_point_only_down() -> None:
    from django.apps import apps

    order = [
        "ledger", "files", "organisation", "duties", "communications", "regulations", "forms",
        "privacy", "learning", "safety", "reporting", "situation", "resumption", "interop", "web",
    ]  # fmt: skip
    for model in apps.get_models():
        if not model.__module__.startswith("taishan."):
            continue
        for field in model._meta.get_fields():
            target = field.related_model
            if field.concrete and target and target.__module__.startswith("taishan."):
                here, there = model._meta.app_label, target._meta.app_label
                assert order.index(there) <= order.index(here), f"{model}.{field.name}"


def test_what_people_hand_in_is_kept_by_one_piece() -> None:
    from django.apps import apps

    from taishan.kit.kept_files import KeptFile

    # An export is made here, a picture of a form is shared by its versions, and the files of a
    # report lie in a table that is distributed by unit.
    others = {"files.AskedFile", "forms.FormFile", "reporting.ReportFile"}
    keeping = [
        model for model in apps.get_models()
        if any(field.name == "kept_as" for field in model._meta.get_fields())
    ]  # fmt: skip
    apart = {model._meta.label for model in keeping if not issubclass(model, KeptFile)}
    assert apart == others
