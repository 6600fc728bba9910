"""Posts and their holders in and out as xlsx and csv."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.kit import days, tables
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import history, posts, sheets
from taishan.organisation.models import Person, Post, PostHolding, PostKind, Unit
from taishan.organisation.sheets import Mode, Outcome

COLUMNS: tuple[tables.Column, ...] = (
    tables.Column(key="code", titles=("岗位编码", "编码"), is_needed=True),
    tables.Column(key="title_en", titles=("英文名称",)),
    tables.Column(key="title_zh", titles=("中文名称", "岗位名称", "名称")),
    tables.Column(key="kind", titles=("岗位类别", "类别")),
    tables.Column(key="unit", titles=("单位编码", "单位"), is_needed=True),
    tables.Column(key="holder", titles=("担任人工号", "工号")),
    tables.Column(key="held_from", titles=("任职日期",)),
    tables.Column(key="opened", titles=("设立日期",)),
    tables.Column(key="closed", titles=("撤销日期",)),
)
LIMITS = {"code": 40, "title_en": 200, "title_zh": 200, "unit": 40, "holder": 40}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is on record of all that a file names, found at once."""

    posts: dict[str, Post]
    units: dict[int, str]
    people: dict[str, Person]
    holdings: dict[str, list[PostHolding]]

    def holder(self, code: str, on: date) -> Person | None:
        return next((h.person for h in self.holdings.get(code, []) if on in h.valid), None)


def import_posts(
    *, actor: Actor, now: datetime, on: date, content: bytes, mode: Mode = "all_or_nothing"
) -> Outcome:
    """Open, rename, fill and close posts as a file says; changes hold from ``on``.

    Without the columns ``holder`` and ``kind`` these stay as they are; an empty cell of ``holder``
    means vacant, of ``kind`` none. The same file twice changes nothing. Raises tables.TableError
    for a file that is not read.
    """
    sheet = tables.read(content, columns=COLUMNS)
    outcome = Outcome()
    given: dict[str, Any] = {"actor": actor, "now": now}
    with transaction.atomic():
        known = _find_known(sheet)
        for row in _once_each(sheet, outcome):
            before = len(outcome.errors)
            for column, expected in _complaints(row.values, known):
                outcome.wrong(sheet.name, row, column, expected)
            if len(outcome.errors) == before:
                _apply(given, on, sheet.name, row, known, outcome)
        if outcome.created or outcome.changed or outcome.closed:
            data = {"on": str(on), "created": outcome.created, "changed": outcome.changed}
            ledger.record(
                actor=actor, now=now, verb="posts.imported", subject=("posts", ""), unit_id=None,
                data=data | {"closed": outcome.closed},
            )  # fmt: skip
        sheets.settle(outcome, mode)
    return outcome


def _find_known(sheet: tables.Sheet) -> _Known:
    codes = {row.values["code"] for row in sheet.rows}
    numbers = {row.values.get("holder", "") for row in sheet.rows}
    holdings: dict[str, list[PostHolding]] = {}
    for holding in PostHolding.objects.filter(post__code__in=codes).select_related(
        "post", "person"
    ):
        holdings.setdefault(holding.post.code, []).append(holding)
    found = {post.code: post for post in Post.objects.filter(code__in=codes)}
    units = Unit.objects.filter(pk__in={post.unit_id for post in found.values()})
    return _Known(
        posts=found,
        units=dict(units.values_list("pk", "code")),
        people={one.staff_no: one for one in Person.objects.filter(staff_no__in=numbers)},
        holdings=holdings,
    )


def _once_each(sheet: tables.Sheet, outcome: Outcome) -> Iterator[tables.Row]:
    seen: set[str] = set()
    for row in sheet.rows:
        code = row.values["code"]
        if code in seen:
            outcome.wrong(sheet.name, row, "code", _("each post once in the file"))
            continue
        seen.add(code)
        yield row


def _complaints(cells: dict[str, str], known: _Known) -> Iterator[tuple[str, str]]:
    for column, limit in LIMITS.items():
        if len(cells.get(column, "")) > limit:
            yield column, _("at most %d characters") % limit
    if not history.CODE.fullmatch(cells["code"]):
        yield "code", _("a code of 1 to 40 characters, no spaces and none of / ? #")
    if not (cells.get("title_en") or cells.get("title_zh")):
        yield "title_zh", _("a name in one language at least")
    post = known.posts.get(cells["code"])
    if post and known.units[post.unit_id] != cells["unit"]:
        unit = known.units[post.unit_id]
        yield "unit", _("%s: a post stays in its unit; close it and open another") % unit
    if cells.get("holder") and cells["holder"] not in known.people:
        yield "holder", _("the staff number of a recorded person")
    if cells.get("kind") and cells["kind"] not in PostKind.values:
        yield "kind", _("one of: %s") % ", ".join(PostKind.values)
    for column in ("held_from", "opened", "closed"):
        try:
            sheets.day_in(cells, column)
        except ValueError:
            yield column, days.expected()


def _apply(
    given: dict[str, Any], on: date, sheet: str, row: tables.Row, known: _Known, outcome: Outcome
) -> None:
    cells, column = row.values, "unit"
    titles: dict[str, Any] = {
        "title_en": cells.get("title_en") or cells["title_zh"],
        "title_zh": cells.get("title_zh") or cells["title_en"],
    }
    post, closed = known.posts.get(cells["code"]), sheets.day_in(cells, "closed")
    try:
        with transaction.atomic():
            is_new = post is None
            if post is None:
                opened = sheets.day_in(cells, "opened") or on
                unit = cells["unit"]
                post = posts.open_post(**given, on=opened, code=cells["code"], unit=unit, **titles)
            is_changed = not is_new and _rename(given, on, post, titles)
            is_changed |= _set_kind(given, on, post, cells)
            column = "held_from"
            is_changed |= _fill(given, on, post, cells, known)
            column = "closed"
            is_closed = _close(given, post, closed)
    except history.OrganisationRefused as refused:
        outcome.wrong(sheet, row, column, str(refused))
        return
    outcome.created += is_new
    outcome.changed += is_changed and not is_new
    outcome.closed += is_closed
    outcome.unchanged += not (is_new or is_changed or is_closed)


def _rename(given: dict[str, Any], on: date, post: Post, titles: dict[str, Any]) -> bool:
    if (post.title_en, post.title_zh) == (titles["title_en"], titles["title_zh"]):
        return False
    posts.rename_post(**given, on=on, post=post, **titles)
    return True


def _set_kind(given: dict[str, Any], on: date, post: Post, cells: dict[str, str]) -> bool:
    if cells.get("kind", post.kind) == post.kind:
        return False
    posts.set_kind(**given, on=on, post=post, kind=cells["kind"])
    return True


def _fill(
    given: dict[str, Any], on: date, post: Post, cells: dict[str, str], known: _Known
) -> bool:
    if "holder" not in cells:
        return False
    person = known.people.get(cells["holder"])
    day = sheets.day_in(cells, "held_from") or max(on, post.valid.lower)
    if post.valid.upper and day >= post.valid.upper:
        return False  # over already: an old file fills it no more
    if known.holder(post.code, day) == person:
        return False
    if person is None:
        posts.vacate_post(**given, on=day, post=post)
    else:
        posts.hold_post(**given, on=day, post=post, person=person)
    return True


def _close(given: dict[str, Any], post: Post, closed: date | None) -> bool:
    if closed is None or post.valid.upper == closed:
        return False
    posts.close_post(**given, on=closed, post=post)
    return True


def export_posts(*, on: date, unit_ids: set[int] | None = None) -> Iterator[list[tables.Cell]]:
    """Yield the posts of the day in the columns of the import; ``unit_ids`` limits them."""
    found = Post.objects.filter(valid__contains=on).select_related("unit").order_by("code")
    held = {
        h.post_id: h
        for h in PostHolding.objects.filter(valid__contains=on).select_related("person")
    }
    for post in found if unit_ids is None else found.filter(unit_id__in=unit_ids):
        holding = held.get(post.pk)
        yield [
            post.code, post.title_en, post.title_zh, post.kind, post.unit.code,
            holding.person.staff_no if holding else "",
            holding.valid.lower.isoformat() if holding else "",
            post.valid.lower.isoformat(),
            post.valid.upper.isoformat() if post.valid.upper else "",
        ]  # fmt: skip
