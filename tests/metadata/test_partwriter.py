"""Cutting a stream of rows into gzip parts and reading them back."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.metadata.inline import functions

EXPORT: Any = functions("mwz_export")
IMPORT: Any = functions("mwz_import")
HEADER = b"a,b\n"


class MemoryStore:
    """S3 as far as an upload uses it."""

    def __init__(self) -> None:
        self.bucket, self.client = "b", self
        self.objects: dict[str, bytes] = {}
        self.pieces: dict[str, list[bytes]] = {}
        self.aborted: list[str] = []

    def write(self, key: str, data: bytes, kind: str) -> None:
        self.objects[key] = data

    def create_multipart_upload(self, Key: str, **_: Any) -> dict[str, str]:
        self.pieces[Key] = []
        return {"UploadId": Key}

    def upload_part(self, Key: str, Body: bytes, PartNumber: int, **_: Any) -> dict[str, str]:
        self.pieces[Key].append(Body)
        assert PartNumber == len(self.pieces[Key])
        return {"ETag": str(PartNumber)}

    def complete_multipart_upload(self, Key: str, **_: Any) -> None:
        assert all(len(piece) >= 5 * 1024 * 1024 for piece in self.pieces[Key][:-1])  # S3 API: UploadPart
        self.objects[Key] = b"".join(self.pieces.pop(Key))

    def abort_multipart_upload(self, Key: str, **_: Any) -> None:
        self.aborted.append(Key)
        del self.pieces[Key]

    def get_object(self, Key: str, **_: Any) -> dict[str, Any]:
        return {"Body": io.BytesIO(self.objects[Key])}


def write(rows: list[bytes], part_rows: int, ordered: bool) -> tuple[MemoryStore, list[dict[str, Any]], int]:
    store, numbers, counts = MemoryStore(), EXPORT.Numbers("log"), [0]

    def counted(number: int) -> None:
        counts[0] += number

    writer = EXPORT.PartWriter(store, numbers, HEADER, ordered, counted, part_rows)
    for row in rows:
        writer.write(row)
    writer.close()
    return store, numbers.parts, counts[0]


@given(st.lists(st.integers(0, 5), max_size=60), st.integers(1, 7), st.booleans())
def test_every_row_is_in_one_part_in_order(values: list[int], part_rows: int, ordered: bool) -> None:
    rows = [b"%d,x\n" % value for value in (sorted(values) if ordered else values)]
    store, parts, counted = write(rows, part_rows, ordered)
    texts = [gzip.decompress(store.objects[part["key"]]) for part in parts]
    assert all(text.startswith(HEADER) for text in texts)
    assert b"".join(text[len(HEADER) :] for text in texts) == b"".join(rows)
    assert counted == len(rows) == sum(part["rows"] for part in parts)
    for part in parts:
        data = store.objects[part["key"]]
        assert (part["bytes"], part["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    if ordered:
        # Rows that look the same must be in the same part, or a second import could not tell how many there are.
        seen = [set(text[len(HEADER) :].split(b"\n")) - {b""} for text in texts]
        assert sum(len(one) for one in seen) == len(set().union(*seen))
    else:
        assert all(part["rows"] <= part_rows for part in parts)


def test_a_large_part_goes_up_in_pieces() -> None:
    rows = [b"%d,%s\n" % (n, os.urandom(60_000).hex().encode()) for n in range(300)]
    store, parts, _ = write(rows, 125_000, False)
    assert len(parts) == 1
    assert len(gzip.decompress(store.objects[parts[0]["key"]])) == len(HEADER) + sum(map(len, rows))
    assert not store.pieces


def test_an_open_upload_is_aborted() -> None:
    store = MemoryStore()
    writer = EXPORT.PartWriter(store, EXPORT.Numbers("log"), HEADER, False, lambda number: None)
    for _ in range(300):
        writer.write(os.urandom(60_000).hex().encode() + b"\n")
    assert store.pieces
    writer.abort()
    assert store.aborted == ["tables/log/0000.csv.gz"]
    assert not store.pieces


@given(st.binary(max_size=3000), st.integers(1, 500))
def test_reading_gives_the_same_bytes_back(data: bytes, size: int) -> None:
    store = MemoryStore()
    store.objects["k"] = gzip.compress(data)
    part = {"key": "k", "sha256": hashlib.sha256(store.objects["k"]).hexdigest()}
    reader = IMPORT.PartReader(store, part)
    out = b""
    while piece := reader.read(size):
        assert len(piece) <= size
        out += piece
    assert out == data
    reader.check()


@pytest.mark.parametrize("spoil", [lambda data: data[:-9], lambda data: gzip.compress(b"other")])
def test_other_bytes_are_refused(spoil: Any) -> None:
    store = MemoryStore()
    packed = gzip.compress(b"a\n1\n")
    store.objects["k"] = spoil(packed)
    reader = IMPORT.PartReader(store, {"key": "k", "sha256": hashlib.sha256(packed).hexdigest()})
    while reader.read(10):
        pass
    with pytest.raises(IMPORT.Refused, match="sha256"):
        reader.check()
