"""The demo's grounds for asking about health, what Phnom Penh's people agreed to, and a rule."""

from __future__ import annotations

from datetime import date, datetime

from taishan.kit.actor import Actor

DUTY = (
    "Law on the Prevention and Treatment of Infectious Diseases, articles 12 and 31 "
    "《传染病防治法》第十二、三十一条"
)
SINCE = date(2020, 1, 27)
WHY = {
    "why_en": "To notice early who is ill and to keep everybody else well; required of employers.",
    "why_zh": "及早发现患病人员，保护其他人员的健康；这是用人单位的法定责任。",
}
WHY_ABROAD = {
    "why_en": "To notice early who is ill at the site and to keep everybody else well.",
    "why_zh": "及早发现项目上的患病人员，保护其他人员的健康。",
}


def fill(actor: Actor, now: datetime) -> None:
    """Record the grounds, the consents, and who above may read of one unit's people."""
    from taishan.forms.models import Form
    from taishan.organisation.models import Membership
    from taishan.privacy import grounds
    from taishan.privacy.models import Consent

    form = Form.objects.get(code="daily_health")
    for country, basis, article, why in (
        ("CN", "duty", DUTY, WHY),
        ("KH", "consent", "Constitution of Cambodia, article 40", WHY_ABROAD),
    ):
        grounds.record(
            actor=actor, now=now, details=grounds.Details(
                form=form, country=country, basis=basis, article=article, starts=SINCE, **why
            ),
        )  # fmt: skip
    abroad = Membership.objects.filter(valid__contains=SINCE, unit__code__in=("PP1", "PP2"))
    for person_id, unit_id in abroad.values_list("person_id", "unit_id"):
        grounds.say(
            actor=actor, now=now, form=form, person_id=person_id, unit_id=unit_id,
            state=Consent.State.GIVEN, from_day=SINCE,
        )  # fmt: skip
    _let_headquarters_read(actor, now)


def _let_headquarters_read(actor: Actor, now: datetime) -> None:
    from taishan.forms.models import Form
    from taishan.organisation.access import Viewer
    from taishan.organisation.models import UnitVersion
    from taishan.privacy import rules

    version = UnitVersion.objects.filter(unit__code="M15", valid__contains=SINCE).first()
    if version is None:
        return
    nobody = Viewer(account_id=0, person_id=None, name=actor.label, grants=())
    rules.add(
        actor=actor, now=now, viewer=nobody, version=version, details=rules.Details(
            form=Form.objects.get(code="daily_health"), reader="HQ", role="safety_officer",
            kind="within", starts=SINCE, until=date(2020, 4, 1), decided_by="林建国",
            ground="集团应急领导小组决定：聚集性疫情时由总部安全员协助流行病学调查",
        ),
    )  # fmt: skip
