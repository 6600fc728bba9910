"""What stands in a page: what it offers, and how its fields are named."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

Offer = tuple[str, str, dict[str, str]]
"""A way of asking, an address and what is sent."""
FIELDS = ("input", "select", "textarea")
NAMELESS = ("hidden", "submit", "button", "image", "reset")


class Page(HTMLParser):
    """A page as it was answered.

    ``offers``: its links, and its forms with what a browser would send where nobody touches them,
    and the first of each of their choices.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.offers: list[Offer] = []
        self._ids: Counter[str] = Counter()
        self._named: set[str] = set()
        self._bare: list[tuple[str, str]] = []
        self._python: list[str] = []
        self._labels = 0
        self._sent: dict[str, str] = {}
        self._select = ""
        self.feed(page)

    def find_faults(self) -> list[str]:
        """Return the ids that stand twice, of which a label names the first, the fields without a
        label, and what is said in Python's words.
        """
        twice = [f"the id {one} stands twice" for one, number in self._ids.items() if number > 1]
        bare = [name for one, name in self._bare if one not in self._named]
        return twice + [f"{name} has no label" for name in bare] + self._python

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self._ids[given["id"]] += 1
        if tag == "label":
            self._labels += 1
            self._named.add(given.get("for", ""))
        elif tag in FIELDS and given.get("type") not in NAMELESS:
            self._take_field(given)
        self._take_offer(tag, given)

    def handle_endtag(self, tag: str) -> None:
        self._labels -= tag == "label"
        if tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if data.strip() in ("None", "True", "False"):
            self._python.append(f"“{data.strip()}” stands at {self.getpos()}")

    def _take_field(self, given: dict[str, str]) -> None:
        if not (self._labels or given.get("aria-label") or given.get("aria-labelledby")):
            self._bare.append((given.get("id", ""), given.get("name", "")))

    def _take_offer(self, tag: str, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "a" and "href" in given:
            self.offers.append(("GET", given["href"], {}))
        elif tag == "form":
            self._sent = {}
            if given.get("method") == "post":
                self.offers.append(("POST", given.get("action", ""), self._sent))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and value:
            self._sent.setdefault(self._select, value)
        elif name and tag in ("button", "input", "textarea"):
            self._sent.setdefault(name, value)
