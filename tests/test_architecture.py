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
