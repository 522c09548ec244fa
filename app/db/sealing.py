"""Sealed columns: ciphertext for what must not be read in a dump, and blind indexes to find equals.

Format: cipher (1) | key id (1) | nonce (12) | ciphertext and tag. The associated data is the first two bytes and names
table, column and row, so that a ciphertext moved to another row does not open (SECURITY decision 7).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag

from app.db.ciphers import NUMBERS, Aead, cipher
from app.db.keys import keys
from app.settings import settings

_cipher = lru_cache(maxsize=16)(cipher)


class SealBroken(ValueError):
    """The value does not open: it was altered, is of another row or column, or its key is not in the key file."""


def seal(plain: bytes, place: str, row: UUID) -> bytes:
    """Ciphertext of `plain` for the column `place` ("table.column") of one row."""
    ours, nonce = keys(), os.urandom(12)
    head = bytes((NUMBERS[settings().cipher], ours.active))
    sealing = _cipher(head[0], ours.data[ours.active])
    assert sealing is not None
    return head + nonce + sealing.encrypt(nonce, plain, _associated(head, place, row))


def unseal(sealed: bytes, place: str, row: UUID) -> bytes:
    """The plain bytes again. Raises SealBroken, which says nothing of the value."""
    head = sealed[:2]
    opening = _opening(head) if len(sealed) >= 30 else None
    if opening is None:
        raise SealBroken(place)
    try:
        return opening.decrypt(sealed[2:14], sealed[14:], _associated(head, place, row))
    except InvalidTag:
        raise SealBroken(place) from None


def _opening(head: bytes) -> Aead | None:
    """What opens a seal that begins so; the keys are read anew when its key is younger than what this process knows."""
    number, key_id = head
    if number not in NUMBERS.values():
        return None
    key = keys().data.get(key_id) or keys.refreshed().data.get(key_id)
    return _cipher(number, key) if key else None


def is_current(sealed: bytes) -> bool:
    """Whether it was sealed with the key and the cipher that seal now."""
    return sealed[:2] == bytes((NUMBERS[settings().cipher], keys().active))


def seal_text(plain: str, place: str, row: UUID) -> bytes:
    """`seal` for text."""
    return seal(plain.encode(), place, row)


def unseal_text(sealed: bytes, place: str, row: UUID) -> str:
    """`unseal` for text."""
    return unseal(sealed, place, row).decode()


def blind_index(plain: str, kind: str, key: bytes | None = None) -> bytes:
    """16 bytes, equal for equal values of one kind ("id_number", "phone"); without the key it says nothing. Full width,
    case and spaces make no difference; 15 digits and 18 of one number do, and are made one where numbers are read.
    `key`: another than the one in use, while indexes are made anew."""
    if plain.isascii() and plain.isalnum():  # nothing to fold: the common case
        text = plain.upper()
    else:
        text = "".join(unicodedata.normalize("NFKC", plain).split()).upper()
    return hmac.digest(key or keys().index, f"{kind}|{text}".encode(), hashlib.sha256)[:16]


def _associated(head: bytes, place: str, row: UUID) -> bytes:
    return head + place.encode() + b"|" + row.bytes
