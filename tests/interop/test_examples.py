"""The example forms of the field, from the XLSForm to what a client sends of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from defusedxml import ElementTree

from taishan.core.definitions import Definition
from taishan.forms import compiling
from taishan.forms.compiling import FormRefused
from taishan.interop.openrosa import instances, offering

EXAMPLES = Path(__file__).parents[3] / "shared/data/xforms/xlsform"
XFORMS = "{http://www.w3.org/2002/xforms}"


def elements(definition: Definition) -> set[str]:
    return {question.name for question, _path in definition.walk()}


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the example forms lie beside the repository")
def test_what_a_client_sends_of_every_example_form_is_understood() -> None:
    understood = 0
    for path in sorted(EXAMPLES.glob("*.xls*")):
        try:
            compiled = compiling.compile_form(path.read_bytes(), name=path.name)
        except FormRefused:
            continue
        text = "".join(offering.addressed(compiled.xform, "code:unit", "Name & more"))
        form = ElementTree.fromstring(text)
        primary = next(form.iter(f"{XFORMS}instance"))[0]
        for element in primary.iter():
            if len(element) == 0:
                element.text = "x"

        instance = instances.read(ElementTree.tostring(primary))
        answers = instances.answers(instance, compiled.definition)

        assert instance.form_id == "code:unit", path.name
        assert answers.keys() <= elements(compiled.definition), path.name
        understood += 1

    assert understood == 9
