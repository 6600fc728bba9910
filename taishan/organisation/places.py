"""Jurisdictions: ISO 3166 from a package, GB/T 2260 from npm at build time, others by hand."""

from __future__ import annotations

import json
from datetime import datetime
from gettext import translation
from pathlib import Path

import pycountry
import pypinyin
from babel import Locale
from django.db import transaction

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


class PlaceRefused(ValueError):
    """A place that cannot be recorded; the message says why."""


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
        places = [
            _gb_place(
                row["code"], row["name"], above.get(row["code"][:upper]) or above[row["code"][:2]]
            )
            for row in rows
            if row["name"] not in PSEUDO_LEVELS
        ]
        fresh = list({p.code: p for p in places if p.code not in known}.values())
        Place.objects.bulk_create(fresh, batch_size=2000)
        codes = {place.local_code: place.code for place in places}
        pks = dict(Place.objects.filter(code__in=codes.values()).values_list("code", "pk"))
        above |= {local[:width]: pks[code] for local, code in codes.items()}
        known |= {place.code for place in fresh}
        total += len(fresh)
    return total


def _gb_place(code: str, name: str, parent: int) -> Place:
    local = code.ljust(6, "0")
    stem = name[:-1] if len(name) > 2 and name[-1] in "市区县" else name
    latin = "".join(pypinyin.lazy_pinyin(stem)).capitalize()
    return Place(
        code=f"CN-{local}", local_code=local, name_zh=name, name_en=latin, parent_id=parent
    )


@transaction.atomic
def add_place(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    local_code: str,
    name_en: str,
    name_zh: str,
    parent: str,
) -> Place:
    """Record a local place below another. Raises PlaceRefused for an unknown parent."""
    above = Place.objects.filter(code=parent).first()
    if above is None:
        raise PlaceRefused(f"place {code}: unknown parent place {parent}")
    place, is_new = Place.objects.get_or_create(
        code=code,
        defaults={
            "local_code": local_code,
            "name_en": name_en,
            "name_zh": name_zh,
            "parent": above,
        },
    )
    if is_new:
        ledger.record(actor=actor, now=now, verb="place.added", subject=("place", code))
    return place
