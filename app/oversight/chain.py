"""The chain over the audit log: what was there when it was sealed can be neither edited nor removed unnoticed.

    digest of an entry = HMAC-SHA256(key, its columns as JSON), 16 bytes
    hash of a seal     = HMAC-SHA256(key, number, up_to, gaps, entries' ids and digests, hash of the seal before)

The key lies outside the database, so nobody with the database alone can make a chain that holds; and each seal's hash
is printed to the log, so that who has the key as well cannot make another chain (SECURITY T13).
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import orjson

from app.db.keys import keys
from app.oversight.model import AuditSeal

FIRST = bytes(32)
_ENTRY = struct.Struct(">q16s")
#: The columns that are sealed, in this order.
SEALED = ("id", "at", "role", "organisation_id", "token_id", "user_id", "action", "worker_id", "subject", "purpose")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was sealed."""

    #: edited, removed, planted (an entry); altered, missing (a seal); other_head (the chain is not the one printed)
    what: str
    entry: int | None = None
    seal: int | None = None


def digest(entry: Sequence[Any]) -> bytes:
    """The digest of an entry's SEALED columns."""
    plain = [value.astimezone(UTC).isoformat() if hasattr(value, "astimezone") else value for value in entry]
    return hmac.digest(keys().audit, orjson.dumps(plain), hashlib.sha256)[:16]


def packed(entries: Iterable[Sequence[Any]]) -> bytes:
    """Ids and digests of entries, as a seal keeps them."""
    return b"".join(_ENTRY.pack(entry[0], digest(entry)) for entry in entries)


def unpacked(seal: AuditSeal) -> Iterator[tuple[int, bytes]]:
    """The id and digest of every entry a seal covers. Bytes that make no whole one are passed over: the hash tells."""
    return _ENTRY.iter_unpack(seal.entries[: len(seal.entries) // _ENTRY.size * _ENTRY.size])


def hash_of(seal: AuditSeal) -> bytes:
    """What the seal's hash must be."""
    head = orjson.dumps([seal.number, seal.up_to, list(seal.gaps)])
    return hmac.digest(keys().audit, head + b"\n" + seal.previous + seal.entries, hashlib.sha256)


def link(before: AuditSeal | None, entries: Sequence[Sequence[Any]], most_gaps: int) -> AuditSeal:
    """The next seal of the chain, over entries ordered by id."""
    ids = {entry[0] for entry in entries}
    was = before.up_to if before else 0
    up_to = max(was, *ids)
    between = range(max(was, up_to - most_gaps) + 1, up_to)
    gaps = sorted({*(before.gaps if before else ()), *between} - ids)[-most_gaps:]
    made = AuditSeal(
        number=before.number + 1 if before else 1,
        up_to=up_to,
        gaps=gaps,
        entries=packed(entries),
        previous=before.hash if before else FIRST,
    )
    made.hash = hash_of(made)
    return made


def broken_links(seal: AuditSeal, before: AuditSeal | None) -> Iterator[Finding]:
    """What is wrong with a seal beside the one before it."""
    expected = before.number + 1 if before else 1
    for number in range(expected, seal.number):
        yield Finding("missing", seal=number)
    if not hmac.compare_digest(seal.hash, hash_of(seal)) or (
        seal.number == expected and seal.previous != (before.hash if before else FIRST)
    ):
        yield Finding("altered", seal=seal.number)
