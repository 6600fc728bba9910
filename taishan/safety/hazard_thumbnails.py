"""Small pictures of the photos of hazards: made by the worker, shown in lists."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.db import transaction

from taishan.kit import attachments, thumbnails
from taishan.kit.attachments import Attachment, AttachmentLost
from taishan.kit.thumbnails import NoThumbnail
from taishan.safety.hazard_board_models import HazardThumbnail
from taishan.safety.hazard_models import HazardPhoto

TASK = "safety.make_thumbnails"
_log = logging.getLogger(__name__)


def make(act_id: int) -> int:
    """Make the small pictures of a step's photos that have none yet; return how many were made.

    Of a photo that cannot be made small there is none: its whole is shown to who opens the record.
    """
    photos = HazardPhoto.objects.filter(act_id=act_id, thumbnail=None).select_related("act")
    return sum(_make(photo) for photo in photos)


def _make(photo: HazardPhoto) -> bool:
    try:
        whole = attachments.read(
            photo.kept_as, name=photo.name, kind=photo.kind, sha256=photo.sha256
        )
        content = thumbnails.make(whole.content)
    except (AttachmentLost, NoThumbnail) as error:
        _log.warning("photo %d of a hazard has no thumbnail: %s", photo.pk, error)
        return False
    small = Attachment(
        name=f"small{thumbnails.ENDING}", kind=thumbnails.KIND, content=content
    )  # fmt: skip
    with transaction.atomic():
        HazardThumbnail.keep(small, photo=photo, hazard_id=photo.act.hazard_id)
    return True


def find_first(hazard_ids: Iterable[int]) -> dict[int, int]:
    """Return by hazard the thumbnail of its first photo: as it was found. One query."""
    rows = HazardThumbnail.objects.filter(hazard_id__in=list(hazard_ids))
    rows = rows.order_by("hazard_id", "photo_id").distinct("hazard_id")
    return dict(rows.values_list("hazard_id", "pk"))
