"""What follows a meeting without anybody asking."""

from __future__ import annotations

from procrastinate.contrib.django import app

from taishan.core.duty_matrix import Act
from taishan.duties import fulfilling
from taishan.duties.fulfilling import Deed
from taishan.kit import clock, jobs
from taishan.kit.actor import Actor
from taishan.learning import queries
from taishan.learning.models import Meeting

ACTS = {
    Meeting.Kind.THEMATIC.value: Act.THEMATIC_MEETING,
    Meeting.Kind.GROUP.value: Act.GROUP_MEETING,
    Meeting.Kind.STUDY.value: Act.STUDY_MEETING,
}


@app.task(name="learning.fulfil_posts", retry=jobs.AGAIN)
def fulfil_posts(meeting_id: int) -> None:
    """Discharge what the posts of the chair and of those who came owe by such a meeting.

    Posts that carry a line side by side hold it together; it was held no earlier than it was
    called, whatever hour was typed.
    """
    meeting = Meeting.objects.select_related("chair", "confirmed").get(pk=meeting_id)
    came = queries.find_present().filter(meeting=meeting).values_list("person_id", flat=True)
    fulfilling.fulfil(
        actor=Actor(label=meeting.chair.name, person_id=meeting.chair_id, door="job"),
        now=clock.now(),
        deed=Deed(
            act=ACTS[meeting.kind], subject=("meeting", str(meeting.pk)), unit_id=meeting.unit_id,
            person_ids={meeting.chair_id, *came},
            done_at=max(meeting.starts_at, meeting.called_at), recorded_at=meeting.confirmed.at,
        ),
    )  # fmt: skip
