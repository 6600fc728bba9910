"""What a client sends as a form's answers: XML from anybody, read as strictly as can be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext as _

from taishan.core.answers import Definition, Question
from taishan.interop.openrosa.protocol import LIMIT_XML, Refused
from taishan.kit import clock

LIMIT_DEPTH = 32
_INSTANCES = UUID("7a1f3c1e-6d0b-5a53-9a52-0f2f6c7e9d41")
"""Makes a number of an instanceID that is no UUID by itself."""
_TEMPLATE = "{http://openrosa.org/javarosa}template"
_UNASKED = {"note", "calculate"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A form filled in. ``ended_at`` is when, as the client's clock has it, None where untold;
    ``started_at`` is asked by forms that have a question ``start``."""

    form_id: str
    version: int | None
    number: UUID
    ended_at: datetime | None
    started_at: datetime | None
    root: Element


class _Shallow(TreeBuilder):
    """Builds a tree, unless it is deeper than any form is."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self.depth += 1
        if self.depth > LIMIT_DEPTH:
            raise Refused(400, _("The answers are nested deeper than any form is."))
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self.depth -= 1
        return super().end(tag)


def read(content: bytes) -> Instance:
    """Return the instance of an XML document. Raises Refused.

    A document with a DTD, an entity or a reference out of itself is none: see defusedxml.
    """
    root = _parse(content)
    meta = {_name(one): (one.text or "").strip() for one in _meta(root)}
    if not meta.get("instanceID"):
        raise Refused(400, _("The answers have no instanceID."))
    if root.get("encrypted"):
        raise Refused(422, _("The answers are encrypted: this server has no key to them."))
    return Instance(
        form_id=root.get("id") or root.tag.rpartition("}")[0].removeprefix("{"),
        version=_version(root.get("version")),
        number=_number(meta["instanceID"]),
        ended_at=clock.read(meta.get("timeEnd") or _text(root, "end")),
        started_at=clock.read(_text(root, "start")),
        root=root,
    )


def _parse(content: bytes) -> Element:
    if len(content) > LIMIT_XML:
        raise Refused(413, _("The answers are larger than %d MiB.") % (LIMIT_XML // 1024 // 1024))
    parser = DefusedXMLParser(target=_Shallow(), forbid_dtd=True)  # type: ignore[no-untyped-call]
    try:
        parser.feed(content)
        root: Element = parser.close()
    except DefusedXmlException:
        raise Refused(400, _("A document with a DTD or entities is not taken.")) from None
    except (ParseError, LookupError, ValueError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused(400, _("This is no XML document: %s") % error) from None
    return root


def _name(element: Element) -> str:
    """Return the name without its namespace, which forms have at will."""
    return element.tag.rpartition("}")[2]


def _meta(root: Element) -> Iterator[Element]:
    return (inner for one in root if _name(one) == "meta" for inner in one)


def _text(root: Element, name: str) -> str:
    return next(((one.text or "").strip() for one in root if _name(one) == name), "")


def _version(given: str | None) -> int | None:
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 5):
        raise Refused(422, _("The form has no version %s.") % given)
    return int(given)


def _number(instance_id: str) -> UUID:
    with suppress(ValueError):
        return UUID(instance_id.removeprefix("uuid:"))
    return uuid5(_INSTANCES, instance_id)


def answers(instance: Instance, definition: Definition) -> dict[str, Any]:
    """Return the answers by the names of their questions. Raises Refused.

    Groups leave no trace, a repeat is a list of rows; values are text, as forms' checker takes it.
    """
    questions = {one.name: one for one in definition.questions}
    return _answers(_asked(instance.root), questions)


def _asked(root: Element) -> Iterator[Element]:
    return (one for one in root if _name(one) != "meta")


def _answers(elements: Iterator[Element], questions: dict[str, Question]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for element in elements:
        name, question = _name(element), questions.get(_name(element))
        inner = {one.name: one for one in question.questions} if question else {}
        if question is not None and question.kind == "group":
            given = _answers(iter(element), inner)
        elif question is not None and question.kind == "repeat":
            if _TEMPLATE in element.attrib:
                continue
            found.setdefault(name, []).append(_answers(iter(element), inner))
            continue
        else:
            given = _answer(element, name, question)
        if not found.keys().isdisjoint(given):
            raise Refused(422, _("“%s” is answered twice.") % name)
        found |= given
    return found


def _answer(element: Element, name: str, question: Question | None) -> dict[str, Any]:
    """Return an answer; one to no question is kept for the checker, which says so."""
    if len(element):
        raise Refused(422, _("“%s” is answered by more than a text.") % name)
    if question is not None and question.kind in _UNASKED:
        return {}
    text = (element.text or "").strip()
    return {name: text} if text else {}
