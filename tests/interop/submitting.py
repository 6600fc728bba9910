"""What a client hands in: instances of forms, with their files."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from defusedxml import ElementTree
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from taishan.forms import queries as form_queries
from taishan.reporting import packing
from taishan.reporting.models import Report
from tests.interop.client import Collect

PHOTO = b"\xff\xd8\xff\xda\x00\x02mask depot"


ANSWERS = (
    "<health_status>unwell</health_status><symptoms>fever cough</symptoms>"
    "<body_temperature>38.1</body_temperature><current_location>usual_place</current_location>"
    "<travel_14_days>no</travel_14_days><contact_14_days>no</contact_14_days>"
    "<quarantine_status>none</quarantine_status><work_ability>unable</work_ability>"
)


ENDED = "2020-02-12T07:40:00.000+07:00"


def instance(
    answers: str = ANSWERS, number: str = "", form: str = "daily_health", ended: str = ENDED
) -> bytes:
    number = number or f"uuid:{uuid4()}"
    meta = f"<meta><instanceID>{number}</instanceID><timeEnd>{ended}</timeEnd></meta>"
    return f'<data id="{form}" version="1">{answers}{meta}</data>'.encode()


def post(phone: Collect, xml: bytes, kind: str = "text/xml", **files: bytes) -> HttpResponse:
    parts: dict[str, Any] = {
        "xml_submission_file": SimpleUploadedFile("submission.xml", xml, content_type=kind)
    }
    for name, content in files.items():
        parts[name.replace("_", ".")] = SimpleUploadedFile(name.replace("_", "."), content)
    return phone.request("POST", "/submission", parts)


def filled(form: bytes, values: dict[str, Any]) -> bytes:
    """Return a form's instance with its answers, as a client fills it in."""
    xforms = "{http://www.w3.org/2002/xforms}"
    primary = next(one for one in ElementTree.fromstring(form).iter(f"{xforms}instance"))[0]
    given = values | {"instanceID": f"uuid:{uuid4()}", "timeEnd": ENDED}
    for element in primary.iter():
        if element.tag.removeprefix(xforms) in given:
            element.text = str(given[element.tag.removeprefix(xforms)])
    return ElementTree.tostring(primary)


def answers_of(report: Report) -> dict[str, Any]:
    form = form_queries.FormVersion.objects.get(form_id=report.form_id, number=report.version)
    return packing.unpack(packing.names(form_queries.get_definition(form)), report.answers)


EVERYTHING = (
    ("type", "name", "label", "appearance", "parameters"),
    ("begin_group", "place", "Place", "", ""),
    ("geopoint", "where", "Where", "", ""),
    ("date", "since", "Since", "", ""),
    ("time", "at", "At", "", ""),
    ("dateTime", "seen", "Seen", "", ""),
    ("end_group", "", "", "", ""),
    ("note", "thanks", "Thanks", "", ""),
    ("select_multiple yes_no", "both", "Both", "", ""),
    ("rank yes_no", "order", "Order", "", ""),
    ("range", "grade", "Grade", "", "start=1 end=5 step=1"),
    ("acknowledge", "sure", "Sure", "", ""),
    ("begin_repeat", "finding", "Finding", "", ""),
    ("text", "what", "What", "", ""),
    ("image", "photo", "Photo", "", ""),
    ("end_repeat", "", "", "", ""),
)


FINDINGS = (
    "<place><where>28.0 120.7 3 5</where><since>2020-02-10</since><at>08:30:00.000+08:00</at>"
    "<seen>2020-02-10T08:30:00.000+08:00</seen></place><thanks/><both>no yes</both>"
    "<order>no yes</order><grade>4</grade><sure>OK</sure>"
    "<finding><what>no mask &lt; 2 m</what><photo>1581.jpg</photo></finding>"
    "<finding><what>leak</what><photo>1582.jpg</photo></finding>"
)
