"""What is sealed opens in its own place only; blind indexes find equals and say nothing else."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db.keys import keys
from app.db.sealing import SealBroken, blind_index, seal, seal_text, unseal, unseal_text
from app.settings import settings

PLACE = "workers.id_sealed"
ROW = UUID(int=7)


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A key file of this test's own."""
    path = tmp_path / "keys.json"
    monkeypatch.setenv("EASTWEST_KEYS_FILE", str(path))
    settings.cache_clear()
    keys.cache_clear()
    yield path
    monkeypatch.undo()
    settings.cache_clear()
    keys.cache_clear()


@given(st.binary(max_size=300), st.uuids())
def test_what_is_sealed_opens_again(plain: bytes, row: UUID) -> None:
    assert unseal(seal(plain, PLACE, row), PLACE, row) == plain


@given(st.text(max_size=60).filter(lambda text: text.isprintable()))
def test_text_opens_as_it_was(text: str) -> None:
    assert unseal_text(seal_text(text, PLACE, ROW), PLACE, ROW) == text


@given(st.binary(min_size=1, max_size=40), st.integers(min_value=0), st.integers(1, 255))
def test_no_altered_byte_goes_unnoticed(plain: bytes, where: int, how: int) -> None:
    sealed = bytearray(seal(plain, PLACE, ROW))
    sealed[where % len(sealed)] ^= how
    with pytest.raises(SealBroken):
        unseal(bytes(sealed), PLACE, ROW)


@given(st.integers(0, 45))
def test_no_missing_byte_goes_unnoticed(length: int) -> None:
    with pytest.raises(SealBroken):
        unseal(seal(b"530102199001011234", PLACE, ROW)[:length], PLACE, ROW)


@pytest.mark.parametrize(("place", "row"), [("workers.phone_sealed", ROW), (PLACE, uuid4()), ("", ROW)])
def test_it_does_not_open_in_another_column_or_row(place: str, row: UUID) -> None:
    with pytest.raises(SealBroken):
        unseal(seal(b"530102199001011234", PLACE, ROW), place, row)


def test_equal_values_are_not_equal_when_sealed() -> None:
    assert len({seal(b"530102199001011234", PLACE, ROW) for _ in range(100)}) == 100


def test_a_seal_that_does_not_open_says_nothing_of_the_value() -> None:
    with pytest.raises(SealBroken) as broken:
        unseal(seal(b"530102199001011234", PLACE, uuid4()), PLACE, ROW)
    assert (str(broken.value), broken.value.__cause__) == (PLACE, None)


def _add_key(key_file: Path) -> None:
    """Rotate: a second key, active from now on."""
    body = json.loads(key_file.read_text())
    body["data"]["2"] = base64.b64encode(b"k" * 32).decode()
    key_file.write_text(json.dumps(body | {"active": 2}))
    keys.cache_clear()


def test_after_a_rotation_the_old_still_opens_and_the_new_is_under_the_new_key(key_file: Path) -> None:
    before = seal(b"old", PLACE, ROW)
    _add_key(key_file)
    after = seal(b"new", PLACE, ROW)
    assert (before[1], after[1]) == (1, 2)
    assert (unseal(before, PLACE, ROW), unseal(after, PLACE, ROW)) == (b"old", b"new")


def test_without_its_key_nothing_opens(key_file: Path) -> None:
    sealed = seal(b"old", PLACE, ROW)
    key_file.unlink()
    keys.cache_clear()
    with pytest.raises(SealBroken):
        unseal(sealed, PLACE, ROW)


@pytest.mark.parametrize(
    "same",
    [
        "53010219900101123x",
        "５３０１０２１９９００１０１１２３Ｘ",
        " 530102 19900101 123X\t",
        "530102\u300019900101123x",
    ],
)
def test_writings_of_one_number_have_one_index(same: str) -> None:
    assert blind_index(same, "id_number") == blind_index("53010219900101123X", "id_number")


@given(
    st.text(alphabet="0123456789X", min_size=1, max_size=18), st.text(alphabet="0123456789X", min_size=1, max_size=18)
)
def test_different_numbers_have_different_indexes(one: str, other: str) -> None:
    assert (blind_index(one, "phone") == blind_index(other, "phone")) == (one == other)


def test_a_number_has_another_index_as_another_kind() -> None:
    assert blind_index("13800138000", "phone") != blind_index("13800138000", "id_number")


def test_the_index_hangs_on_its_key(key_file: Path) -> None:
    before = blind_index("13800138000", "phone")
    key_file.unlink()
    keys.cache_clear()
    assert blind_index("13800138000", "phone") != before


def test_a_rotation_of_data_keys_leaves_indexes_as_they_are(key_file: Path) -> None:
    before = blind_index("13800138000", "phone")
    _add_key(key_file)
    assert blind_index("13800138000", "phone") == before
