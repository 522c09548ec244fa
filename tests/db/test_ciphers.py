"""The ciphers are what they say: published vectors come out, and what one sealed the other leaves alone."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from app.db.ciphers import NUMBERS, Sm4Gcm, cipher
from app.db.sealing import SealBroken, seal, unseal
from app.settings import settings

PLACE, ROW = "workers.id_sealed", UUID(int=7)


@pytest.fixture
def sm4(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """SM4 is set."""
    monkeypatch.setenv("EASTWEST_CIPHER", "sm4")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def test_sm4_gcm_is_rfc_8998s() -> None:
    """Appendix A.1 of RFC 8998."""
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    nonce = bytes.fromhex("00001234567800000000ABCD")
    associated = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    plain = b"".join(bytes([byte]) * 8 for byte in bytes.fromhex("AABBCCDDEEFFEEAA"))
    sealed = bytes.fromhex(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )
    assert Sm4Gcm(key).encrypt(nonce, plain, associated) == sealed
    assert Sm4Gcm(key).decrypt(nonce, sealed, associated) == plain


def test_aes_gcm_is_nists() -> None:
    """Test case 16 of the GCM submission (256-bit key, with associated data)."""
    key = bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2)
    nonce = bytes.fromhex("cafebabefacedbaddecaf888")
    associated = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    aes = cipher(NUMBERS["aes"], key)
    assert isinstance(aes, AESGCM)
    assert aes.encrypt(nonce, plain, associated)[-16:].hex() == "76fc6ece0f4e1768cddf8853bb2d551b"


@given(st.binary(max_size=200), st.integers(min_value=0), st.integers(1, 255))
def test_no_altered_byte_of_sm4_goes_unnoticed(plain: bytes, where: int, how: int) -> None:
    ours = Sm4Gcm(bytes(range(16)))
    sealed = bytearray(ours.encrypt(bytes(12), plain, b"place"))
    sealed[where % len(sealed)] ^= how
    with pytest.raises(InvalidTag):
        ours.decrypt(bytes(12), bytes(sealed), b"place")
    with pytest.raises(InvalidTag):
        ours.decrypt(bytes(12), bytes(sealed)[:15], b"place")


def test_what_aes_sealed_opens_after_sm4_is_set(sm4: None, monkeypatch: pytest.MonkeyPatch) -> None:
    new = seal(b"530102199001011234", PLACE, ROW)
    monkeypatch.setenv("EASTWEST_CIPHER", "aes")
    settings.cache_clear()
    old = seal(b"530102199001011234", PLACE, ROW)
    assert (new[0], old[0]) == (NUMBERS["sm4"], NUMBERS["aes"])
    assert unseal(new, PLACE, ROW) == unseal(old, PLACE, ROW) == b"530102199001011234"


def test_a_seal_said_to_be_of_the_other_cipher_does_not_open(sm4: None) -> None:
    sealed = seal(b"530102199001011234", PLACE, ROW)
    for number in (NUMBERS["aes"], 0, 3, 255):
        with pytest.raises(SealBroken):
            unseal(bytes([number]) + sealed[1:], PLACE, ROW)
