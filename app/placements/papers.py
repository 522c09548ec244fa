"""A signed paper for one answer: the scan is kept sealed, and some are looked at by somebody else than its taker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from app.db.sealing import blind_index, seal, unseal
from app.db.transaction import Write
from app.edge.form_fields import wrong
from app.edge.public_ids import show
from app.errors import NotFound
from app.identity.audit import record
from app.identity.permissions import Permission, allow
from app.placements.model import Paper
from app.placements.queries import find_paper, is_scan_known

_SCAN = "papers.scan_sealed"
#: How a file of the kind begins.
_MAGIC = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"%PDF-": "application/pdf"}
#: A paper is for this answer, not for any to come.
OLDEST = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class SignedPaper:
    """A scan, who saw the worker sign, and the day on it."""

    scan: bytes
    media_type: str
    witness: str
    signed_on: date


def read_scan(scan: bytes, witness: str, signed_on: date, day: date) -> SignedPaper:
    """Check what was uploaded. Raises Invalid."""
    media_type = next((kind for magic, kind in _MAGIC.items() if scan.startswith(magic)), None)
    if media_type is None:
        zh, en = (
            "请上传 PNG、JPEG 或 PDF。手机照片是 HEIC 的，打开照片截一张屏再上传。",
            "Upload a PNG, JPEG or PDF. Of a HEIC photograph take a screenshot and upload that.",
        )
        raise wrong("paper", "bad_format", zh, en)
    if not day - OLDEST <= signed_on <= day:
        zh, en = "签字日期须在最近 30 天内，不能晚于今天。", "The day must be within the last 30 days, and not to come."
        raise wrong("signed_on", "bad_date", zh, en)
    return SignedPaper(scan, media_type, witness, signed_on)


def keep_paper(tx: Write, placement_id: UUID, station_id: UUID, act: str, paper: SignedPaper) -> None:
    """Keep the scan, sealed. Raises Invalid for a scan that served another answer."""
    scan_index = blind_index(paper.scan.hex(), "scan")
    if is_scan_known(tx, scan_index):
        zh, en = (
            "这份扫描件已用于另一次答复，每次答复需要新的签字。",
            "This scan served another answer: each needs its own.",
        )
        raise wrong("paper", "used_before", zh, en)
    paper_id = uuid4()
    tx.session.add(
        Paper(
            id=paper_id,
            station_id=station_id,
            placement_id=placement_id,
            act=act,
            witness=paper.witness,
            signed_on=paper.signed_on,
            media_type=paper.media_type,
            scan_sealed=seal(paper.scan, _SCAN, paper_id),
            scan_index=scan_index,
            taken_by=tx.actor.token_id,
        )
    )
    tx.session.flush()


def open_paper(tx: Write, paper_id: UUID) -> tuple[bytes, str]:
    """The scan and its media type, for who checks; the look is written down. Raises NotFound."""
    allow(tx.actor, Permission.CHECK_ANSWERS)
    found = find_paper(tx, paper_id)
    if found is None:
        raise NotFound
    record(tx, "paper.read", subject=show("pp", paper_id))
    return unseal(found.scan_sealed, _SCAN, found.id), found.media_type
