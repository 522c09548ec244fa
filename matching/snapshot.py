"""Arrays as one block of bytes, and back without copying: what a snapshot file holds, so that processes can map it.

The block begins with a line that names the format, the length of a header, and the header (JSON): every array's name,
type, shape and offset, and whatever the maker wants to be known. Arrays begin at multiples of 64 bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

_FORMAT = b"eastwest market 1\n"
_ALIGNED = 64
_LENGTH = 8


class SnapshotError(ValueError):
    """The bytes are no snapshot, or not a whole one."""


def packed(arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> Iterator[bytes | memoryview]:
    """The block, piece by piece. `facts` must be JSON."""
    listed, at = [], 0
    for name, array in arrays.items():
        listed.append({"name": name, "type": np.lib.format.dtype_to_descr(array.dtype), "shape": array.shape, "at": at})
        at = _aligned(at + array.nbytes)
    header = json.dumps({"arrays": listed, "facts": facts, "bytes": at}).encode()
    start = _aligned(len(_FORMAT) + _LENGTH + len(header))
    yield (_FORMAT + len(header).to_bytes(_LENGTH, "little") + header).ljust(start, b" ")
    for array in arrays.values():
        yield (
            np.ascontiguousarray(array).data.cast("B") if array.size and array.dtype.names is None else array.tobytes()
        )
        yield bytes(_aligned(array.nbytes) - array.nbytes)


def unpacked(block: Any) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Arrays that lie in the block (any buffer), and the facts. Raises `SnapshotError`."""
    view = memoryview(block)
    if bytes(view[: len(_FORMAT)]) != _FORMAT:
        raise SnapshotError("not a market snapshot of this version")
    begin = len(_FORMAT) + _LENGTH
    length = int.from_bytes(view[len(_FORMAT) : begin], "little")
    header = json.loads(bytes(view[begin : begin + length]))
    start = _aligned(begin + length)
    if len(view) < start + header["bytes"]:
        raise SnapshotError(f"{len(view)} bytes: expected {start + header['bytes']}")
    arrays = {}
    for one in header["arrays"]:
        dtype = np.lib.format.descr_to_dtype(_as_tuples(one["type"]))
        count = int(np.prod(one["shape"], dtype=np.int64))
        arrays[one["name"]] = np.frombuffer(view, dtype, count, start + one["at"]).reshape(one["shape"])
    return arrays, header["facts"]


def _aligned(at: int) -> int:
    return -(-at // _ALIGNED) * _ALIGNED


def _as_tuples(described: Any) -> Any:
    """JSON has lists where NumPy's descriptions have tuples: fields of a record, and their shapes."""
    if isinstance(described, str):
        return described
    return [tuple(tuple(part) if isinstance(part, list) else part for part in field) for field in described]
