"""The ciphers that seal, behind one small interface. The number of each is the first byte of what it sealed."""

from __future__ import annotations

from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.db.keys import derived

_TAG = 16


class Aead(Protocol):
    """Authenticated encryption with associated data; a nonce of 12 bytes is never used twice with one key."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Ciphertext and tag."""
        ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """The data again. Raises InvalidTag."""
        ...


class Sm4Gcm:
    """SM4 in Galois/counter mode (GB/T 32907-2016, RFC 8998), by OpenSSL."""

    def __init__(self, key: bytes) -> None:
        self._sm4 = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Ciphertext and tag of 16 bytes."""
        sealing = Cipher(self._sm4, modes.GCM(nonce)).encryptor()
        sealing.authenticate_additional_data(associated_data or b"")
        return sealing.update(data) + sealing.finalize() + sealing.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """The data again. Raises InvalidTag."""
        if len(data) < _TAG:
            raise InvalidTag
        opening = Cipher(self._sm4, modes.GCM(nonce, data[-_TAG:])).decryptor()
        opening.authenticate_additional_data(associated_data or b"")
        return opening.update(data[:-_TAG]) + opening.finalize()


#: The setting's word -> the number in what is sealed.
NUMBERS = {"aes": 1, "sm4": 2}


def cipher(number: int, key: bytes) -> Aead | None:
    """The cipher of that number under a key of 32 bytes; None: there is none. SM4's 16 bytes are derived from them."""
    if number == NUMBERS["aes"]:
        return AESGCM(key)
    if number == NUMBERS["sm4"]:
        return Sm4Gcm(derived(key, "SM4-GCM")[:16])
    return None
