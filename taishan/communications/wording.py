"""What a message says, in the language of whoever gets it, for each channel."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from taishan.communications import outbox
from taishan.communications.models import Address, Channel, Round, Sending

LANGUAGES = {"en": "en", "zh": "zh-hans"}
SALT = "taishan.address"
CONFIRMATION_AGE_S = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    title: str
    text: str
    href: str
    button: str


def language_of(address: Address) -> str:
    """Return the address's own language, else the one its person chose last."""
    account = getattr(address.person, "account", None) if address.person else None
    given = address.language or (account.language if account else "")
    return LANGUAGES.get(given, settings.LANGUAGE_CODE)


def say(sending: Sending) -> Said:
    """Return what one message says, in the language that is active."""
    if sending.purpose == Sending.Purpose.CONFIRMATION:
        token = signing.dumps(sending.address_id, salt=SALT)
        return Said(
            title=_("Confirm your e-mail address"),
            text=_("You gave this address at Taishan. Confirm within a day that it is yours."),
            href=_page(reverse("channels:confirmation", args=[token])),
            button=_("Confirm"),
        )
    if sending.round is None:
        return Said(
            title=_("A test of Taishan"),
            text=_("Whoever reads this gets the news of Taishan that was chosen for it."),
            href=_page("/"), button=_("Open Taishan"),
        )  # fmt: skip
    notice = sending.round.notice
    is_again = sending.round.kind in (Round.Kind.AGAIN, Round.Kind.REMINDER)
    is_letter = sending.channel == Channel.EMAIL
    path = reverse("communications:mine", args=[notice.pk])
    return Said(
        title=_("Reminder: %s") % notice.title if is_again else notice.title,
        text=notice.text,
        href=_page(f"{path}?by=email" if is_letter else path),
        button=_("Read and confirm"),
    )


def letter(address: Address, to: str, sendings: Sequence[Sending]) -> EmailMultiAlternatives:
    """Return the letter that holds some messages; the same again for the same messages."""
    with translation.override(language_of(address)):
        items = [say(one) for one in sendings]
        context = {
            "items": items,
            "lang": translation.get_language(),
            "settings_href": _page(reverse("channels:mine")),
            "is_confirmation": sendings[0].purpose == Sending.Purpose.CONFIRMATION,
        }
        subject = items[0].title if len(items) == 1 else _messages(len(items))
        text = render_to_string("communications/letters/letter.txt", context)
        html = render_to_string("communications/letters/letter.html", context)
    found = EmailMultiAlternatives(
        subject=" ".join(subject.split()), body=text, to=[to],
        headers={
            "Message-ID": message_id_of(sendings[0]),
            "Date": format_datetime(sendings[0].queued_at),
            "Auto-Submitted": "auto-generated",
            "X-Taishan-Channel": Channel.EMAIL,
            **({outbox.PRIVATE: "yes"} if any(map(is_private, sendings)) else {}),
        },
    )  # fmt: skip
    found.attach_alternative(html, "text/html")
    return found


def is_private(sending: Sending) -> bool:
    """Tell whether only who gets the message may know of it."""
    return sending.round is not None and sending.round.notice.is_private


def message_id_of(sending: Sending) -> str:
    """Return the Message-ID: the same however often the message is tried."""
    return f"<{sending.message_id}@{urlsplit(settings.TAISHAN.public_url).hostname}>"


def robot_text(address: Address, sendings: Sequence[Sending], max_bytes: int) -> str:
    """Return one text for all messages that wait for a robot: whole, or their titles and links."""
    with translation.override(language_of(address)):
        items = [say(one) for one in sendings]
        if len(items) == 1:
            end = f"\n{items[0].href}"
            start = f"{items[0].title}\n{items[0].text}"
            return _cut(start, max_bytes - len(end.encode())) + end
        lines = [_messages(len(items))]
        for number, one in enumerate(items, 1):
            line = f"{number}. {one.title} {one.href}"
            rest = _("… and more: %s") % _page(reverse("communications:notices"))
            if len("\n".join([*lines, line, rest]).encode()) > max_bytes:
                return "\n".join([*lines, rest])
            lines.append(line)
        return "\n".join(lines)


def webhook_body(sending: Sending) -> str:
    """Return the JSON of one message; the same again for the same message."""
    data: dict[str, object] = {}
    if sending.round is not None:
        notice = sending.round.notice
        data = {
            "notice": notice.pk,
            "round": sending.round.kind,
            "unit": notice.unit.code,
            "news": notice.news,
            "about": [notice.about_kind, notice.about_id],
            "title": {"en": notice.title_en, "zh": notice.title_zh},
            "text": {"en": notice.text_en, "zh": notice.text_zh},
            "address": _page(notice.address or reverse("communications:mine", args=[notice.pk])),
        }
    told = {
        "type": "notice.sent" if sending.round_id else "test",
        "timestamp": sending.queued_at.isoformat(),
        "data": data,
    }
    return json.dumps(told, ensure_ascii=False)


def _messages(number: int) -> str:
    return ngettext("%d message from Taishan", "%d messages from Taishan", number) % number


def _cut(text: str, max_bytes: int) -> str:
    encoded = text.encode()
    if len(encoded) <= max_bytes:
        return text
    return encoded[: max_bytes - 3].decode(errors="ignore") + "…"


def _page(path: str) -> str:
    return settings.TAISHAN.public_url + path
