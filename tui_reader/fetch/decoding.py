"""Undo a content encoding: gzip and deflate only, never more than so many bytes, and nothing that was cut off."""

from __future__ import annotations

import re
import zlib

from tui_reader.errors import FetchError

ACCEPT_ENCODING = "gzip, deflate"

_GZIP_MAGIC = b"\x1f\x8b"
_MEMBERS = 100
"""Parts that one gzip file may consist of: real ones have one, rarely a few."""
_START = 32
"""Bytes that are needed to tell what a body is."""
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*[<{\[][\x09\x0a\x0d\x20-\xff]*")


def decode(raw: bytes, encoding: str, *, limit: int) -> bytes:
    """All of a body at once, see `Decoder`."""
    decoder = Decoder(encoding, limit=limit)
    decoder.feed(raw)
    return decoder.finish()


def too_large(limit: int) -> FetchError:
    size = f"{limit / 2**20:.0f} MiB" if limit >= 2**20 else f"{limit} bytes"
    return FetchError(f"the answer is larger than {size}", kind="size")


class Decoder:
    """The body as its publisher wrote it, made from pieces as they come, so that a bomb is not even received.

    `encoding` is the header Content-Encoding, "" if there was none. What the bytes are counts for more than what the
    header says: servers send gzip unasked and unnamed, and name gzip what a proxy has already unpacked.
    """

    def __init__(self, encoding: str, *, limit: int) -> None:
        names = (name.strip().lower() for name in encoding.split(","))
        self._names = [name for name in names if name not in ("", "identity")]
        self._limit = limit
        self._start = b""
        self._received = 0
        self._wbits: int | None = None
        self._inflater: zlib._Decompress | None = None
        self._members = 0
        self._body = bytearray()
        self._began = False
        self._ended = False

    def feed(self, piece: bytes) -> None:
        """Raises FetchError as soon as it is clear that the body cannot be used."""
        self._received += len(piece)
        if self._received > self._limit:
            raise too_large(self._limit)
        if self._began:
            self._take(piece)
            return
        self._start += piece
        if len(self._start) >= _START:
            self._begin()

    def finish(self) -> bytes:
        """All of it. Raises FetchError if the end is missing."""
        if not self._began:
            self._begin()
        if self._inflater is not None and not self._inflater.eof:
            raise FetchError("the answer broke off before its end", kind="protocol")
        if self._wbits is not None and self._body.startswith(_GZIP_MAGIC):
            raise FetchError("the answer is compressed more than once", kind="protocol")
        return bytes(self._body)

    def _begin(self) -> None:
        self._began = True
        self._wbits = self._compression()
        if self._wbits is not None:
            self._inflater = zlib.decompressobj(self._wbits)
        start, self._start = self._start, b""
        self._take(start)

    def _compression(self) -> int | None:
        """zlib's number for what the bytes are, None if they are not compressed."""
        start, names = self._start, set(self._names)
        if start.startswith(_GZIP_MAGIC):
            return zlib.MAX_WBITS | 16
        if not start or not names or names <= {"gzip", "x-gzip"} or _MARKUP.fullmatch(start[:_START]):
            return None
        if self._names == ["deflate"]:
            return zlib.MAX_WBITS if _has_zlib_header(start) else -zlib.MAX_WBITS
        raise FetchError("the answer is compressed in a way that nobody asked for", kind="protocol")

    def _take(self, piece: bytes) -> None:
        if self._wbits is None:
            self._body += piece
            return
        while piece and self._inflater is not None and not self._ended:
            try:
                self._body += self._inflater.decompress(piece, self._limit + 1 - len(self._body))
            except zlib.error as error:
                raise FetchError("the compressed answer is damaged", kind="protocol") from error
            if len(self._body) > self._limit:
                raise too_large(self._limit)
            piece = self._next_member() if self._inflater.eof else b""

    def _next_member(self) -> bytes:
        """What follows a part that is complete: another one, or padding that says nothing."""
        assert self._inflater is not None
        rest = self._inflater.unused_data
        if self._wbits != zlib.MAX_WBITS | 16 or not rest.startswith(_GZIP_MAGIC):
            self._ended = len(rest) >= len(_GZIP_MAGIC)
            return b""
        self._members += 1
        if self._members >= _MEMBERS:
            raise FetchError("the compressed answer is damaged", kind="protocol")
        self._inflater = zlib.decompressobj(self._wbits)
        return rest


def _has_zlib_header(raw: bytes) -> bool:
    """Whether deflate comes in its zlib wrapping (RFC 9110, 8.4.1.2), which some servers leave off."""
    return len(raw) > 1 and raw[0] & 0x0F == 8 and (raw[0] << 8 | raw[1]) % 31 == 0
