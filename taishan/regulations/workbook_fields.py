"""The sheets of a library workbook: each column, and the field of the library format it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from taishan.kit import tables
from taishan.regulations import schemas
from taishan.regulations.requirement_schemas import Require

REPLACES, WITHDRAWS = "replaces", "withdraws"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column. ``path``: the field's place in its entry. A list's words stand in one cell."""

    key: str
    zh: str
    path: tuple[str, ...]
    help: Promise
    choices: tuple[str, ...] = ()
    is_list: bool = False
    is_needed: bool = False


def _choices(model: Any, field: str) -> tuple[str, ...]:
    return get_args(model.model_fields[field].annotation)


def _types() -> tuple[str, ...]:
    union = get_args(Require)[0]
    return tuple(_choices(member, "type")[0] for member in get_args(union))


def _member(requirement: str) -> Any:
    members = get_args(get_args(Require)[0])
    return next(m for m in members if _choices(m, "type") == (requirement,))


_KINDS = gettext_lazy("Codes such as UTIL EPI LIFE, with spaces between; blank for all work.")
_LEVELS = gettext_lazy("low, medium, high; with spaces between; blank for all.")
_DAY = gettext_lazy("A day, or an instant such as 2020-02-09T24:00.")
_REGULATION = gettext_lazy("The id of a regulation on the sheet “regulations”.")
_ENGLISH, _CHINESE = gettext_lazy("In English."), gettext_lazy("In Chinese.")

LIBRARY = (
    Field(key="format", zh="格式", path=("format",), is_needed=True,
          help=gettext_lazy("The version of this format."),
          choices=_choices(schemas.Library, "format")),
    Field(key="library", zh="规则库编号", path=("library",), is_needed=True,
          help=gettext_lazy("A short name: small letters, digits, hyphens.")),
    Field(key="title_en", zh="英文名称", path=("title", "en"), is_needed=True, help=_ENGLISH),
    Field(key="title_zh", zh="中文名称", path=("title", "zh"), is_needed=True, help=_CHINESE),
)  # fmt: skip

REGULATIONS = (
    Field(key="id", zh="规定编号", path=("id",), is_needed=True,
          help=gettext_lazy("Unique; a later file with this id is its next revision.")),
    Field(key="authority", zh="发布机关代码", path=("authority",), is_needed=True,
          help=gettext_lazy("A place such as CN-ZJ, or unit:CODE for the group's own.")),
    Field(key="issuer_en", zh="发布机关（英文）", path=("issuer", "en"), is_needed=True,
          help=_ENGLISH),
    Field(key="issuer_zh", zh="发布机关（中文）", path=("issuer", "zh"), is_needed=True,
          help=_CHINESE),
    Field(key="title_en", zh="英文名称", path=("title", "en"), is_needed=True, help=_ENGLISH),
    Field(key="title_zh", zh="中文名称", path=("title", "zh"), is_needed=True, help=_CHINESE),
    Field(key="document", zh="文号", path=("document",),
          help=gettext_lazy("The number of the document.")),
    Field(key="issued", zh="发布日期", path=("issued",), is_needed=True, help=_DAY),
    Field(key="source", zh="来源网址", path=("source",),
          help=gettext_lazy("The address where the text can be read.")),
    Field(key="confidence", zh="可信度", path=("confidence",), is_needed=True,
          help=gettext_lazy("A: the text was seen. B: lists agree. C: a single source."),
          choices=_choices(schemas.RegulationEntry, "confidence")),
    Field(key="note_en", zh="备注（英文）", path=("note", "en"), help=_ENGLISH),
    Field(key="note_zh", zh="备注（中文）", path=("note", "zh"), help=_CHINESE),
)  # fmt: skip

REPLACEMENTS = (
    Field(key="regulation", zh="规定编号", path=(), is_needed=True, help=_REGULATION),
    Field(key="how", zh="方式", path=(), is_needed=True,
          help=gettext_lazy("Whether it replaces or withdraws."), choices=(REPLACES, WITHDRAWS)),
    Field(key="replaced", zh="被替代的规定编号", path=("regulation",), is_needed=True,
          help=gettext_lazy("The id of the older regulation, of the same authority.")),
    Field(key="clauses", zh="被替代的条款", path=("clauses",), is_list=True,
          help=gettext_lazy("Clause ids with spaces between; blank for all.")),
    Field(key="from", zh="起始", path=("from",), help=_DAY),
)  # fmt: skip

CLAUSES = (
    Field(key="regulation", zh="规定编号", path=(), is_needed=True, help=_REGULATION),
    Field(key="clause", zh="条款编号", path=("id",), is_needed=True,
          help=gettext_lazy("Unique within its regulation.")),
    Field(key="article", zh="条文出处", path=("article",),
          help=gettext_lazy("Where in the document it stands.")),
    Field(key="place", zh="适用辖区", path=("place",),
          help=gettext_lazy("A part of the authority's place; blank for all of it.")),
    Field(key="except_places", zh="除外辖区", path=("except_places",), is_list=True,
          help=gettext_lazy("Places within it that the clause does not reach.")),
    Field(key="from", zh="起始", path=("from",), help=_DAY),
    Field(key="until", zh="截止（不含）", path=("until",),
          help=gettext_lazy("Not included; blank: until further notice. "
                            "2020-02-09T24:00 is the end of 9 February.")),
    Field(key="requires", zh="要求", path=("require", "type"), is_needed=True,
          help=gettext_lazy("What is required; its numbers stand in the columns that follow."),
          choices=_types()),
    Field(key="share", zh="到岗比例", path=("require", "share"),
          help=gettext_lazy("For on_site_cap: a share of the staff, 0 to 1; "
                            "for attest: of reporting_rate.")),
    Field(key="headcount", zh="到岗人数", path=("require", "headcount"),
          help=gettext_lazy("For on_site_cap: persons.")),
    Field(key="area_m2_per_person", zh="人均面积（平方米）",
          path=("require", "area_m2_per_person"),
          help=gettext_lazy("For on_site_cap or dormitory: m² for each person.")),
    Field(key="persons", zh="聚集人数", path=("require", "persons"),
          help=gettext_lazy("For gathering_cap: persons.")),
    Field(key="days", zh="天数", path=("require", "days"),
          help=gettext_lazy("For quarantine or stock: days.")),
    Field(key="origin", zh="来自", path=("require", "origin"),
          help=gettext_lazy("For quarantine: where people arrive from."),
          choices=_choices(_member("quarantine"), "origin")),
    Field(key="item", zh="物资", path=("require", "item"),
          help=gettext_lazy("For stock: the item, such as mask.")),
    Field(key="condition", zh="条件", path=("require", "condition"),
          help=gettext_lazy("For attest: a code such as prevention_plan.")),
    Field(key="filing", zh="备案或审批", path=("require", "mode"),
          help=gettext_lazy("For filing: whether to file or to obtain approval."),
          choices=_choices(_member("filing"), "mode")),
    Field(key="to", zh="受理机关", path=("require", "to"),
          help=gettext_lazy("For filing: a place such as CN-ZJ, or unit:CODE.")),
    Field(key="what", zh="报告事项", path=("require", "what"),
          help=gettext_lazy("For report: what is measured, such as temperature.")),
    Field(key="times_per_day", zh="每日次数", path=("require", "times_per_day"),
          help=gettext_lazy("For report: how often.")),
    Field(key="persons_per_room", zh="每间人数", path=("require", "persons_per_room"),
          help=gettext_lazy("For dormitory: at most so many.")),
    Field(key="covers_kinds", zh="适用工作类别", path=("covers", "kinds"), is_list=True,
          help=_KINDS),
    Field(key="covers_risk_levels", zh="适用风险等级", path=("covers", "risk_levels"),
          is_list=True, help=_LEVELS),
    Field(key="over_headcount", zh="人数超过", path=("covers", "over_headcount"),
          help=gettext_lazy("Only units with more people than this.")),
    Field(key="facilities", zh="适用设施", path=("covers", "facilities"), is_list=True,
          help=gettext_lazy("Only units with one of these, such as dormitory.")),
    Field(key="exempt_kinds", zh="豁免工作类别", path=("exempts", "kinds"), is_list=True,
          help=gettext_lazy("Codes such as UTIL EPI LIFE, with spaces between; blank for none.")),
    Field(key="exempt_risk_levels", zh="豁免风险等级", path=("exempts", "risk_levels"),
          is_list=True, help=gettext_lazy("low, medium, high; with spaces between.")),
    Field(key="bound", zh="下限或上限", path=("bound",),
          help=gettext_lazy("floor: at least this strict. ceiling: nobody below may ask more."),
          choices=_choices(schemas.ClauseEntry, "bound")),
    Field(key="force", zh="效力", path=("force",),
          help=gettext_lazy("A recommendation is shown and never binds."),
          choices=_choices(schemas.ClauseEntry, "force")),
    Field(key="scope", zh="范围", path=("scope",),
          help=gettext_lazy("targeted: only a part of the territory, not said which."),
          choices=_choices(schemas.ClauseEntry, "scope")),
    Field(key="red_line", zh="红线", path=("red_line",),
          help=gettext_lazy("yes: no ceiling overrides it."), choices=("yes", "no")),
    Field(key="text_en", zh="条文大意（英文）", path=("text", "en"), is_needed=True,
          help=_ENGLISH),
    Field(key="text_zh", zh="条文大意（中文）", path=("text", "zh"), is_needed=True,
          help=_CHINESE),
)  # fmt: skip

GAPS = (
    Field(key="regulation", zh="规定编号", path=(), is_needed=True, help=_REGULATION),
    Field(key="place", zh="辖区", path=("place",), is_needed=True,
          help=gettext_lazy("The place whose rule is unknown.")),
    Field(key="from", zh="起始", path=("from",), is_needed=True, help=_DAY),
    Field(key="until", zh="截止（不含）", path=("until",), help=_DAY),
    Field(key="about_en", zh="未知事项（英文）", path=("about", "en"), is_needed=True,
          help=_ENGLISH),
    Field(key="about_zh", zh="未知事项（中文）", path=("about", "zh"), is_needed=True,
          help=_CHINESE),
)  # fmt: skip

SHEETS: dict[str, tuple[Field, ...]] = {
    "library": LIBRARY,
    "regulations": REGULATIONS,
    "clauses": CLAUSES,
    "replacements": REPLACEMENTS,
    "gaps": GAPS,
}
HELP = "help"
"""The sheet that explains the others; it is written, not read."""


def columns(fields: Sequence[Field]) -> list[tables.Column]:
    """Return the fields as a table's columns, recognised by their names in both languages."""
    return [
        tables.Column(key=field.key, titles=(field.zh,), is_needed=field.is_needed)
        for field in fields
    ]
