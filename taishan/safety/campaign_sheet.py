"""The lists of a campaign in and out as xlsx: a template, errors by row and column, good rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from taishan.core.campaigns import Stand
from taishan.files.content import Content
from taishan.kit import clock, days, tables
from taishan.kit.actor import Actor
from taishan.kit.tables import Cell, Column, NewSheet, Sheet
from taishan.organisation import history, sheets
from taishan.organisation.models import Post, is_chinese
from taishan.organisation.sheets import Mode, Outcome
from taishan.safety import campaign_counting as counting
from taishan.safety import campaign_entries, campaigns
from taishan.safety.campaign_entries import EntryWanted
from taishan.safety.campaign_models import Campaign, CampaignEntry

COLUMNS: tuple[Column, ...] = (
    Column(key="list", titles=("清单",), is_needed=True),
    Column(key="what", titles=("内容",), is_needed=True),
    Column(key="place", titles=("地点",)),
    Column(key="how", titles=("措施",)),
    Column(key="post", titles=("责任岗位编码",), is_needed=True),
    Column(key="due_on", titles=("完成期限",), is_needed=True),
)
LIMITS = {"what": 500, "place": 200, "how": 500}
LISTS = {
    "problems": CampaignEntry.Of.PROBLEMS, "问题隐患": CampaignEntry.Of.PROBLEMS,
    "measures": CampaignEntry.Of.MEASURES, "制度措施": CampaignEntry.Of.MEASURES,
}  # fmt: skip
"""What a row may call its list: in either language, whatever the page's."""


def write_template(unit_id: int, day: date) -> bytes:
    """Return an empty workbook whose cells offer the lists and the unit's posts."""
    in_chinese = is_chinese()
    headings = [one.titles[0] if in_chinese else one.key for one in COLUMNS]
    lists = ["问题隐患", "制度措施"] if in_chinese else ["problems", "measures"]
    posts = list(find_posts(unit_id, day))
    codes = [post.code for post in posts]
    choices = {0: lists} | ({4: codes} if codes and len(",".join(codes)) < 255 else {})
    return tables.write_book(
        [
            NewSheet(name=_("lists"), headings=headings, rows=[], choices=choices),
            NewSheet(
                name=_("posts"), headings=[_("Code"), _("Post")],
                rows=[[post.code, post.title] for post in posts],
            ),
        ]
    )  # fmt: skip


def find_posts(unit_id: int, day: date) -> QuerySet[Post]:
    """Return the posts of a unit on a day."""
    return Post.objects.filter(unit_id=unit_id, valid__contains=day).order_by("code")


@dataclass(slots=True, kw_only=True)
class _Known:
    """What the rows are held against; it grows by each good row. ``last``: the last number of each
    list, where closed and withdrawn lines count too."""

    unit_id: int
    zone: ZoneInfo
    posts: dict[str, Post]
    listed: dict[tuple[str, str], int]
    last: Counter[str]
    good: list[EntryWanted] = field(default_factory=list)


def import_lists(
    *, actor: Actor, now: datetime, campaign: Campaign, unit_id: int, content: bytes, mode: Mode
) -> Outcome:
    """List what a file says. A preview lists nothing; so does a file with an error, unless its
    good rows are asked for. Raises tables.TableError, and CampaignRefused where nothing can be
    listed at all.
    """
    sheet = tables.read(content, columns=COLUMNS)
    with transaction.atomic():
        if mode != "preview":
            # What is sent twice waits here, and then finds its rows listed.
            counting.lock(campaign.pk, unit_id)
        return _import(actor, now, campaign, unit_id, sheet, mode)


def _import(
    actor: Actor, now: datetime, campaign: Campaign, unit_id: int, sheet: Sheet, mode: Mode
) -> Outcome:
    known = _find_known(campaign, unit_id, now)
    outcome = Outcome()
    for row in sheet.rows:
        wrong = list(_complaints(row.values, known, now))
        for column, expected in wrong:
            outcome.wrong(sheet.name, row, column, expected)
        if not wrong:
            _keep(row.values, known)
    outcome.created = len(known.good)
    if mode == "preview" or not known.good or (mode == "all_or_nothing" and outcome.errors):
        return outcome
    campaign_entries.add(
        actor=actor, now=now, campaign=campaign, unit_id=unit_id, wanted=known.good
    )
    outcome.is_applied = True
    return outcome


def _find_known(campaign: Campaign, unit_id: int, now: datetime) -> _Known:
    zone = history.zone_of(unit_id, now)
    every = campaign.entries.filter(unit_id=unit_id)
    rows = every.filter(stand__in=[Stand.OPEN, Stand.DONE])
    return _Known(
        unit_id=unit_id, zone=zone,
        posts={one.code: one for one in find_posts(unit_id, clock.day_at(now, zone.key))},
        listed={
            (of, what): number for of, what, number in rows.values_list("of", "what", "number")
        },
        last=Counter(every.values_list("of", flat=True)),
    )  # fmt: skip


def _complaints(cells: dict[str, str], known: _Known, now: datetime) -> Iterator[tuple[str, str]]:
    of = LISTS.get(cells["list"].strip().casefold())
    if of is None:
        yield "list", _("one of: %s") % ", ".join(LISTS)
    if not cells["what"]:
        yield "what", _("what the problem or the rule is")
    for column, limit in LIMITS.items():
        if len(cells.get(column, "")) > limit:
            yield column, _("at most %d characters") % limit
    if cells["post"] not in known.posts:
        yield "post", _("the code of a post of this unit: see the sheet of posts")
    due_on = _day(cells["due_on"])
    if due_on is None:
        yield "due_on", days.expected()
    elif campaigns.evening_of(due_on, known.zone.key) <= now:
        yield "due_on", _("a day that is not over")
    if of and (number := known.listed.get((of, cells["what"]))):
        yield "what", _("something not listed yet: it is number %d") % number


def _day(text: str) -> date | None:
    try:
        return sheets.day(text)
    except ValueError:
        return None


def _keep(cells: dict[str, str], known: _Known) -> None:
    of, due_on = LISTS[cells["list"].strip().casefold()], _day(cells["due_on"])
    known.last[of] += 1
    known.listed[of, cells["what"]] = known.last[of]
    known.good.append(
        EntryWanted(
            of=of, what=cells["what"], place=cells.get("place", ""), how=cells.get("how", ""),
            post=known.posts[cells["post"]], due_on=due_on or date.max,
        )
    )  # fmt: skip


def content_of(found: QuerySet[CampaignEntry]) -> Content:
    """Return lines of lists for a file, with where they stand."""
    return Content(headings=_headings(), total=found.count(), rows=_rows(found))


def _headings() -> list[str]:
    return [
        _("Unit code"), _("List"), _("No."), _("What is listed"), _("Where"),
        _("What is to be done"), _("Responsible post"), _("Deadline"), _("State"), _("Done"),
        _("Hazard"),
    ]  # fmt: skip


def _rows(found: QuerySet[CampaignEntry]) -> Iterator[Sequence[Cell]]:
    """Yield the lines; each day is the unit's own."""
    zones = history.find_zones(found.order_by().values_list("unit_id", flat=True).distinct())
    rows: Any = found.select_related("unit", "post").order_by("unit__code", "-of", "number")
    for one in rows.iterator(chunk_size=2000):
        yield [
            one.unit.code, one.get_of_display(), one.number, one.what, one.place, one.how,
            f"{one.post.title} ({one.post.code})", one.due_on.isoformat(), one.get_stand_display(),
            one.done_at.astimezone(zones[one.unit_id]).date().isoformat() if one.done_at else "",
            one.hazard_id or "",
        ]  # fmt: skip
