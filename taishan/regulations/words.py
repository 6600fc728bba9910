"""Rules in words, in the reader's language."""

from __future__ import annotations

import functools

from django.utils.translation import gettext as _

from taishan.core import requirements as req
from taishan.core.requirements import Demand
from taishan.organisation import queries as organisation
from taishan.organisation.models import KindOfWork, is_chinese
from taishan.regulations.schemas import Covers, Exempts, RegulationEntry, Text


def in_language(text: Text | None, lang: str) -> str:
    """Return the text in the language of the page."""
    if text is None:
        return ""
    return text.zh if lang == "zh" else text.en


def says(entry: RegulationEntry, words: str) -> bool:
    """Tell whether each of the words stands in its title, issuer, number, note or clauses, in
    either language."""
    texts = [entry.title, entry.issuer, entry.note, *(clause.text for clause in entry.clauses)]
    whole = " ".join(f"{text.zh} {text.en}" for text in texts if text)
    said = f"{entry.id} {entry.document} {whole}".casefold()
    return all(word in said for word in words.casefold().split())


def state(name: str) -> str:
    """Say what a verdict allows."""
    return {
        "open": _("open"),
        "capped": _("capped"),
        "staggered": _("staggered"),
        "remote": _("remote"),
        "holiday": _("holiday"),
        "shut": _("shut"),
    }[name]


def confidence(mark: str) -> str:
    """Say how sure the library is of a regulation's facts."""
    return {
        "A": _("high: read in the text"),
        "B": _("medium: several lists agree"),
        "C": _("low: a single list or report"),
    }[mark]


def kind_of_work(code: str) -> str:
    """Say what work the code stands for; a code of a group's own stands for itself."""
    return str(dict(KindOfWork.choices).get(code, code))


def condition(name: str) -> str:
    """Say what a condition of the core is about."""
    kind, _sep, about = name.partition(":")
    if kind == "stock":
        return _("days of supply of: %(item)s") % {"item": _item(about)}
    if kind == "quarantine":
        return _("days apart before work for arrivals from %(origin)s") % {"origin": _origin(about)}
    if kind == "filing":
        return _("filing (1) or approval (2) with %(authority)s") % {"authority": _authority(about)}
    if kind == "report":
        return _("times a day: %(what)s") % {"what": _item(about)}
    if kind == "fact":
        return _("recorded fact: %(what)s") % {"what": _item(about)}
    if kind == "outside":
        return _("lies outside the reach of %(clause)s") % {"clause": about}
    known = {
        "dormitory:persons_per_room": _("persons in a dormitory room"),
        "dormitory:area_m2_per_person": _("m² of dormitory for each person"),
        "attest:leadership_group": _("an emergency leadership group is named"),
        "attest:prevention_plan": _("a prevention and control plan is in place"),
        "attest:disinfection_done": _("the premises are disinfected"),
        "attest:quarantine_over": _("nobody returns before quarantine is over"),
        "attest:nucleic_acid_test": _("a nucleic acid test is done and negative"),
        "attest:reporting_rate": _("people's reports received on the day before"),
    }
    return known.get(name, _item(about or name))


def dimension(name: str) -> str:
    """Say what two clauses disagree about."""
    known = {
        req.MODE: _("whether work may go on"),
        req.HOLIDAY: _("public holiday"),
        req.CAP: _("persons on site"),
        req.GATHERING: _("gatherings"),
    }
    return known.get(name) or condition(name)


def _origin(name: str) -> str:
    return {
        "low": _("low-risk areas"),
        "medium": _("medium-risk areas"),
        "high": _("high-risk areas"),
        "epidemic_area": _("key epidemic areas"),
        "abroad": _("abroad"),
        "any": _("any place"),
    }.get(name, name)


def _item(name: str) -> str:
    known = {
        "mask": _("masks"),
        "disinfectant": _("disinfectant"),
        "temperature": _("temperature"),
        "floor_area_m2": _("floor area"),
        "head_count": _("head count"),
    }
    return known.get(name, name.replace("_", " "))


def facility(code: str) -> str:
    """Say what a facility is; a code of a group's own stands for itself."""
    return {
        "dormitory": _("dormitory"),
        "dine_in": _("eating on the premises"),
        "public_bath": _("public bath"),
        "foot_bath": _("foot bath"),
        "beauty_salon": _("beauty salon"),
        "bar": _("bar"),
        "karaoke": _("karaoke"),
        "dance_hall": _("dance hall"),
        "card_room": _("chess and card room"),
        "arcade": _("amusement arcade"),
        "internet_cafe": _("internet café"),
        "gym": _("gym"),
        "cinema": _("cinema"),
        "theatre": _("theatre"),
        "bookshop": _("bookshop"),
        "training_centre": _("training centre"),
        "library": _("library"),
        "museum": _("museum"),
        "mall": _("shopping mall"),
        "market": _("market"),
        "hotel": _("hotel"),
        "small_restaurant": _("small restaurant"),
        "travel_agency": _("travel agency"),
    }.get(code, code.replace("_", " "))


def risk_level(level: str) -> str:
    """Say a territory's level."""
    return {"low": _("low risk"), "medium": _("medium risk"), "high": _("high risk")}[level]


def covers(of: Covers) -> list[str]:
    """Say to whom alone a clause speaks; nothing where it speaks to all."""
    said = [kind_of_work(kind) for kind in of.kinds]
    said += [risk_level(level) for level in of.risk_levels]
    said += [facility(code) for code in of.facilities]
    if of.over_headcount is not None:
        said.append(_("units of more than %(n)s people") % {"n": of.over_headcount})
    return said


def exempts(of: Exempts) -> list[str]:
    """Say whom a clause leaves out."""
    return [kind_of_work(kind) for kind in of.kinds] + [
        risk_level(level) for level in of.risk_levels
    ]


def shown(name: str, amount: float) -> str:
    """Say what a unit states of a condition."""
    if name.startswith("filing:"):
        return _filing(name, amount)
    if name == RATE:
        return f"{condition(name)}: {_percent(amount)}"
    if name.startswith(("attest:", "outside:")):
        return condition(name)
    return f"{condition(name)}: {amount:g}"


RATE = "attest:reporting_rate"


def _percent(share: float) -> str:
    """Return a share in percent, cut and not rounded: 99.96 % is not all."""
    return f"{int(share * 1000 + 1e-9) / 10:g} %"


@functools.cache
def _place_names() -> dict[str, tuple[str, str]]:
    """Return the names of all places, read once a process: they hardly ever change."""
    return organisation.find_place_names()


def _authority(code: str) -> str:
    """Name an authority: a place by its name, a unit by its code."""
    names = _place_names().get(code)
    if names is None:
        return code.removeprefix("unit:")
    return names[1] if is_chinese() else names[0]


def _filing(name: str, amount: float) -> str:
    authority = _authority(name.partition(":")[2])
    template = _("approval by %(authority)s") if amount >= 2 else _("filing with %(authority)s")
    return template % {"authority": authority}


def demand(asked: Demand) -> str:
    """Say what would satisfy a demand."""
    if asked.dimension == RATE:
        return _("%(what)s: at least %(share)s") % {
            "what": condition(RATE), "share": _percent(asked.amount),
        }  # fmt: skip
    if asked.dimension.startswith("attest:"):
        return condition(asked.dimension)
    if asked.dimension.startswith("filing:"):
        return _filing(asked.dimension, asked.amount)
    amount = f"{asked.amount:g}"
    words = _("at most %(amount)s") if asked.at_most else _("at least %(amount)s")
    return f"{condition(asked.dimension)}: {words % {'amount': amount}}"


def requirement(of: req.Requirement) -> str:
    """Say what a requirement asks for."""
    simple: dict[type, str] = {
        req.Unrestricted: _("on-site work may go on"),
        req.Staggered: _("staggered hours, no gathering"),
        req.RemoteOnly: _("work from home"),
        req.Suspend: _("on-site work is suspended"),
        req.PublicHoliday: _("public holiday"),
    }
    if type(of) in simple:
        return simple[type(of)]
    if isinstance(of, req.OnSiteCap):
        return _cap(of)
    if isinstance(of, req.GatheringCap):
        return _("no gathering of more than %(n)s persons") % {"n": of.persons}
    if isinstance(of, req.Quarantine) and of.origin is None:
        return _("%(n)s days of quarantine before work") % {"n": of.days}
    return "; ".join(demand(asked) for asked in of.demands())


def _cap(of: req.OnSiteCap) -> str:
    if of.share is not None:
        return _("at most %(n)s%% of staff on site") % {"n": f"{of.share * 100:g}"}
    if of.headcount is not None:
        return _("at most %(n)s persons on site") % {"n": of.headcount}
    return _("at least %(n)s m² for each person on site") % {"n": f"{of.area_m2_per_person:g}"}
