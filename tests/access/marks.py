"""What stands in the addresses: one record of each kind, as it came to be."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from taishan.communications import actions as notices
from taishan.communications import cascading, directives
from taishan.communications.actions import Words
from taishan.communications.models import Notice
from taishan.core.hazards import Grade
from taishan.forms.models import Form
from taishan.kit import attachments, clock
from taishan.learning import decisions, meetings
from taishan.organisation import accounts, import_runs, invitations
from taishan.organisation.models import Account, Person, RoleGrant, Unit
from taishan.reporting import files, noticing, unit_links
from taishan.reporting.follow_up_models import FollowUp
from taishan.reporting.models import Correction, ReportFile
from taishan.resumption import actions
from taishan.resumption.models import Attestation
from taishan.safety import campaign_entries, campaign_returns, hazard_supervision
from tests import people
from tests.communications import directing, writing
from tests.duties import building as duties
from tests.duties.escalating import step_of_w1, w1_answers
from tests.files.building import ready_file
from tests.learning import calling
from tests.pictures import png
from tests.privacy import allowing
from tests.reporting import building, shifting
from tests.resumption import applying
from tests.safety import building as building_stops
from tests.safety import campaigning, drawing, finding, inspecting, registering
from tests.safety import incident_building as incidents
from tests.safety.finding import thumbnail_of_w1
from tests.situation.building import draft_report


@pytest.fixture
def marks(cast: dict[str, Account], media: Path) -> dict[str, object]:
    """What stands in an address for a record."""
    invited = invitations.invite(actor=people.ACTOR, now=people.NOW, staff_no="D6")
    building.add_schedules()
    run = import_runs.begin(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, content=b"", mode="preview",
        language="en",
    )  # fmt: skip
    building.add_schedule("unit_daily", "units")
    application, of_application, local = applying.handed_in_with_papers(cast)
    return {
        "application": application.pk,
        "application_file": of_application.pk,
        "local_decision": local.pk,
        "today": clock.today(),
        "unit_link": unit_links.make(Unit.objects.get(code="W1").pk).token,
        "report_file": _report_file(cast["unit_head"]),
        "attestation": _attest().pk,
        **_hazard(cast),
        "red_line": drawing.drawn().pk,
        **_risks(cast["safety_officer"]),
        "stop": building_stops.asked_to_be_lifted().pk,
        "with_file": _attest(attachments.inspect("plan.png", png())).pk,
        **incidents.complete(),
        "run": run.pk,
        "thumbnail": thumbnail_of_w1().pk,
        "file": ready_file(cast["duty_office"]).pk,
        "situation_report": draft_report(cast["duty_office"]).pk,
        **_directives(),
        **_meetings(cast),
        **_campaigns(cast),
        **inspecting.marked(cast["safety_officer"]),
        "notice": _tell(cast["unit_head"]).pk,
        "robot": writing.robot(
            "wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a"
        ).pk,
        "email": writing.email(cast["unit_head"].person).pk,
        "follow_up": _follow().pk,
        "reported": Person.objects.get(staff_no="A1").pk,
        "correction": _propose().pk,
        "case": w1_answers().pk,
        "added_step": step_of_w1().pk,
        "disclosure": allowing.allow("W1", reader="HQ", role="safety_officer").pk,
        "duty": duties.assign("W1", kind="decision").id,
        "shift": shifting.add_shift().pk,
        "schedule": building.add_schedule("unit_daily", "units", unit="W1").pk,
        "grant": RoleGrant.objects.get(person__staff_no="D2").pk,
        "invitation": invited.split("/")[2],
        "sign_in": accounts.sign_in_path(cast["employee"].pk).split("/")[2],
    }


def _hazard(cast: dict[str, Account]) -> dict[str, object]:
    """A major hazard of W1 with a photo, graded and told."""
    officer = cast["safety_officer"]
    hazard = finding.found(officer, photos=[finding.photo()])
    finding.graded(officer, hazard, Grade.MAJOR)
    hazard.refresh_from_db()
    telling = hazard_supervision.tell(
        viewer=building_stops.viewer(officer), now=people.NOW, hazard=hazard, whom="regulator",
        who="District bureau", told_at=people.NOW, file=finding.photo(),
    )  # fmt: skip
    photo = hazard.acts.get(act="find").photos.get()
    return {"hazard": hazard.pk, "hazard_photo": photo.pk, "hazard_telling": telling.pk}


def _directives() -> dict[str, object]:
    """A directive to W1 with a confirmed measure, and one that is still a draft."""
    drafted = directing.draft("W1")
    photo = attachments.inspect("masks.png", png())
    asked = directing.draft("W1", acknowledgement="read", acknowledge_by=people.NOW + directing.DAY)
    act = {"actor": people.ACTOR, "now": people.NOW}
    directives.add_file(**act, directive_id=asked.pk, file=photo)
    directives.issue(**act, directive_id=asked.pk)
    said = cascading.confirm(
        **act, duty=directing.owed(asked, "W1"), text="Counted", files=[photo]
    )  # fmt: skip
    return {
        "directive": asked.pk,
        "drafted": drafted.pk,
        "directive_file": asked.files.get().pk,
        "measure": directing.measure(asked).pk,
        "confirmation": said.pk,
        "evidence": said.files.get().pk,
        "w1": directing.unit_id("W1"),
    }


def _campaigns(cast: dict[str, Account]) -> dict[str, object]:
    """A campaign with a line of W1 to be done, one to be verified, and January's return; one more
    that is closed.
    """
    campaign = campaigning.opened(people.NOW - 36 * directing.DAY)
    campaign_returns.open_returns(actor=people.ACTOR, now=people.NOW)
    post = campaigning.post_in("W1")
    line, done = (campaigning.listed(campaign, post, what=what) for what in ("An exit", "A hose"))
    campaign_entries.record_done(
        actor=people.ACTOR, now=people.NOW, entry=done, text="Changed", file=campaigning.photo()
    )
    phase = campaign.phases.get(number=1)
    return {
        "campaign": campaign.pk, "closed": campaigning.closed(cast["duty_office"]).pk,
        "phase": phase.pk, "milestone": phase.milestones.get().pk, "entry": line.pk,
        "done_entry": done.pk,
    }  # fmt: skip


def _meetings(cast: dict[str, Account]) -> dict[str, object]:
    """A meeting of W1 with a file to study and a decision."""
    meeting = calling.call(cast)
    act = {"actor": people.ACTOR, "now": people.NOW, "meeting": meeting}
    meetings.add_material(
        **act, file=attachments.inspect("page.png", png())
    )  # fmt: skip
    decisions.decide(
        **act, what_en="Count masks", what_zh="清点口罩", due_at=people.NOW + directing.DAY,
        debtor=decisions.Debtor(unit_id=directing.unit_id("W1")),
    )  # fmt: skip
    came = meetings.record_presence(**act, person=calling.person("D3"))
    return {
        "meeting": meeting.pk,
        "material": meeting.materials.get().pk,
        "presence": came.pk,
    }


def _attest(file: attachments.Attachment | None = None) -> Attestation:
    return actions.attest(
        actor=people.ACTOR, now=people.NOW, unit_id=Unit.objects.get(code="W1").pk,
        condition="attest:plan", amount=1, starts=people.FOUNDED, ends=None, evidence="seen",
        file=file,
    )  # fmt: skip


def _tell(account: Account) -> Notice:
    words = Words(title_en="Masks", title_zh="口罩", text_en="Fetch them.", text_zh="请领取。")
    return notices.send(
        actor=people.ACTOR, now=people.NOW, unit_id=Unit.objects.get(code="W1").pk,
        person_ids=[account.person_id or 0], words=words,
    )  # fmt: skip


def _report_file(account: Account) -> UUID:
    """A photo that came with the account's own report."""
    person_id = account.person_id or 0
    key = (Unit.objects.get(code="W1").pk, Form.objects.get(code="daily_health").pk)
    files.add(
        actor=people.ACTOR, now=people.NOW, key=(*key, people.NOW.date(), person_id),
        client=uuid4(), files={"1.png": attachments.inspect("1.png", png())},
    )  # fmt: skip
    return ReportFile.objects.get().kept_as


def _follow() -> FollowUp:
    building.hire("A1", unit="W1")
    building.submit(building.report("A1", building.FEVER))
    noticing.look(
        actor=people.ACTOR, now=people.NOW, since=building.TODAY,
        until=building.TODAY + timedelta(days=1),
    )  # fmt: skip
    return FollowUp.objects.get()


def _propose() -> Correction:
    """A report of A1's that came when its period was closed."""
    building.submit(building.report("A1"), now=building.MORNING + timedelta(days=2))
    return Correction.objects.get()


def _risks(officer: Account) -> dict[str, object]:
    check = registering.checked(officer)
    return {
        "risk": check.measure.point_id, "risk_measure": check.measure_id, "risk_check": check.pk
    }  # fmt: skip
