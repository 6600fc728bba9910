"""Jurisdictions: ISO 3166 from a package, GB/T 2260 from npm at build time, others by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from gettext import translation
from pathlib import Path

import pycountry
import pypinyin
from babel import Locale
from django.db import transaction
from django.db.models import Q, QuerySet

from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation.models import Place

AREAS = Path(__file__).parent / "data" / "npm"
GB_PROVINCES = {
    "11": "BJ", "12": "TJ", "13": "HE", "14": "SX", "15": "NM", "21": "LN", "22": "JL", "23": "HL",
    "31": "SH", "32": "JS", "33": "ZJ", "34": "AH", "35": "FJ", "36": "JX", "37": "SD", "41": "HA",
    "42": "HB", "43": "HN", "44": "GD", "45": "GX", "46": "HI", "50": "CQ", "51": "SC", "52": "GZ",
    "53": "YN", "54": "XZ", "61": "SN", "62": "GS", "63": "QH", "64": "NX", "65": "XJ",
}  # fmt: skip
PSEUDO_LEVELS = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
"""GB/T 2260's names for levels that are no place: what lies below hangs one level higher."""
PSEUDO_CODES = ("01", "02", "90")
"""The codes of such levels, where no prefecture has them: 110100 is Beijing itself."""
GB_WIDTHS = (2, 4, 6)
"""Digits of a code, the zeros at its end written or not."""


@transaction.atomic
def load_places(*, actor: Actor, now: datetime) -> int:
    """Record every country, subdivision, Chinese prefecture and county that is missing.

    Returns how many were new. Set-based: a handful of statements, whatever is there already.
    """
    known = set(Place.objects.values_list("code", flat=True))
    chinese = Locale("zh", "Hans").territories
    countries = [
        Place(code=c.alpha_2, name_en=c.name, name_zh=chinese.get(c.alpha_2, c.name))
        for c in pycountry.countries
        if c.alpha_2 not in known
    ]
    Place.objects.bulk_create(countries)
    ids = dict(Place.objects.filter(parent=None).values_list("code", "pk"))
    names = translation("iso3166-2", pycountry.LOCALES_DIR, languages=["zh_CN"])
    chinese_codes = {f"CN-{iso}": f"{gb}0000" for gb, iso in GB_PROVINCES.items()}
    parts = [
        Place(
            code=s.code,
            local_code=chinese_codes.get(s.code, ""),
            name_en=s.name.split(" Sheng")[0].split(" Shi")[0].split(" Zizhiqu")[0],
            name_zh=names.gettext(s.name),
            parent_id=ids[s.country_code],
        )
        for s in pycountry.subdivisions
        if s.code not in known
    ]
    Place.objects.bulk_create(parts, batch_size=1000)
    local = _load_gb2260(known)
    if countries or parts or local:
        data = {"countries": len(countries), "subdivisions": len(parts), "gb2260": local}
        ledger.record(
            actor=actor, now=now, verb="places.loaded", subject=("places", "iso-3166"), data=data
        )
    return len(countries) + len(parts) + local


def _load_gb2260(known: set[str]) -> int:
    """Record prefectures, then counties; codes as ``CN-330300``."""
    ids = dict(Place.objects.filter(code__startswith="CN-").values_list("code", "pk"))
    above = {two: ids[f"CN-{iso}"] for two, iso in GB_PROVINCES.items()}
    total = 0
    for name, width, upper in (("cities.json", 4, 2), ("areas.json", 6, 4)):
        rows = json.loads((AREAS / name).read_text(encoding="utf-8"))
        named = {r["code"]: r["name"] for r in rows if r["name"] not in PSEUDO_LEVELS}
        fresh = [
            _gb_place(code, name, above.get(code[:upper]) or above[code[:2]])
            for code, name in named.items()
            if _gb_code(code) not in known
        ]
        Place.objects.bulk_create(fresh, batch_size=2000)
        codes = {code[:width]: _gb_code(code) for code in named}
        pks = dict(Place.objects.filter(code__in=codes.values()).values_list("code", "pk"))
        above |= {start: pks[code] for start, code in codes.items()}
        known |= {place.code for place in fresh}
        total += len(fresh)
    return total


def _gb_code(local: str) -> str:
    return f"CN-{local.ljust(6, '0')}"


def _gb_place(local: str, name: str, parent: int) -> Place:
    stem = name[:-1] if len(name) > 2 and name[-1] in "市区县" else name
    latin = "".join(pypinyin.lazy_pinyin(stem)).capitalize()
    return Place(
        code=_gb_code(local), local_code=local.ljust(6, "0"), name_zh=name, name_en=latin,
        parent_id=parent,
    )  # fmt: skip


def resolve(texts: Iterable[str]) -> dict[str, Place]:
    """Return the place that each text means; a text that means none is left out. One query.

    ``CN-330300`` and ``330300`` mean the same, as do ``CN-ZJ``, ``330000`` and ``33``.
    """
    meant = {text: _candidates(text) for text in texts}
    wanted = {code for codes in meant.values() for code in codes}
    found = {place.code: place for place in Place.objects.filter(code__in=wanted)}
    hits = {text: next((c for c in codes if c in found), None) for text, codes in meant.items()}
    return {text: found[code] for text, code in hits.items() if code}


def full_code(text: str) -> str:
    """Return the code that a text stands for: digits alone are a code of GB/T 2260 or below it."""
    code = text.strip().upper()
    local = code.removeprefix("CN-")
    if not local.isdecimal():
        return code
    return f"CN-{local.ljust(6, '0')}" if len(local) in GB_WIDTHS else f"CN-{local}"


def _candidates(text: str) -> tuple[str, ...]:
    """Return the codes that a text may mean, the likeliest first."""
    code = full_code(text)
    local = code.removeprefix("CN-")
    is_pseudo = local[2:4] in ("00", *PSEUDO_CODES) and local.endswith("00")
    province = GB_PROVINCES.get(local[:2]) if len(local) == max(GB_WIDTHS) else None
    return (code, f"CN-{province}") if province and is_pseudo else (code,)


def find_within(place: Place) -> set[int]:
    """Return the ids of a place and of all places in it. One query a level."""
    found, level = {place.pk}, {place.pk}
    while level:
        parts = Place.objects.filter(parent_id__in=level).values_list("pk", flat=True)
        level = set(parts) - found
        found |= level
    return found


def search(text: str) -> QuerySet[Place]:
    """Return the places of which the text is a code, however written, or part of a name.

    Pinyin finds Chinese prefectures and counties: it is their English name.
    """
    wanted = text.strip()
    return Place.objects.filter(
        Q(code__in=_candidates(wanted))
        | Q(code__istartswith=wanted)
        | Q(local_code__startswith=wanted)
        | Q(name_en__icontains=wanted)
        | Q(name_zh__icontains=wanted)
    )
