"""What inspections do without anybody asking."""

from __future__ import annotations

from procrastinate.contrib.django import app

from taishan.core.duty_matrix import Act
from taishan.duties import fulfilling
from taishan.duties.fulfilling import Deed
from taishan.kit import clock, jobs
from taishan.kit.actor import Actor
from taishan.safety import inspection_due
from taishan.safety.inspection_models import Inspection

ACTOR = Actor(label="Taishan", door="job")


@app.periodic(cron="*/10 * * * *")
@app.task(name="safety.open_inspections", retry=jobs.AGAIN)
def open_inspections(timestamp: int) -> None:  # noqa: ARG001 - the tick, in real time
    """Open what is to be inspected from today on."""
    inspection_due.open_occurrences(actor=ACTOR, now=clock.now())


@app.task(name="safety.fulfil_posts", retry=jobs.AGAIN)
def fulfil_posts(inspection_id: int) -> None:
    """Discharge what the posts of whoever inspected owe by inspecting."""
    made = Inspection.objects.select_related("by__person").get(pk=inspection_id)
    if made.by.person is None:
        return
    fulfilling.fulfil(
        actor=Actor(label=made.by.person.name, person_id=made.by.person.pk, door="job"),
        now=clock.now(),
        deed=Deed(
            act=Act.INSPECTION, subject=("inspection", str(made.pk)), unit_id=made.unit_id,
            person_ids={made.by.person.pk}, done_at=made.ended_at, recorded_at=made.recorded_at,
        ),
    )  # fmt: skip
