"""Undo a content encoding: gzip and deflate only, never more than so many bytes, and nothing that was cut off."""

from __future__ import annotations

import zlib

from tui_reader.errors import FetchError

ACCEPT_ENCODING = "gzip, deflate"

_GZIP_MAGIC = b"\x1f\x8b"
_MEMBERS = 100
"""Parts that one gzip file may consist of: real ones have one, rarely a few."""


def decode(raw: bytes, encoding: str, *, limit: int) -> bytes:
    """The body as its publisher wrote it; `encoding` is the header Content-Encoding, "" if there was none.

    What the bytes are counts for more than what the header says: servers send gzip unasked and unnamed, and name gzip
    what a proxy has already unpacked.
    """
    if not raw:
        return b""
    names = [name.strip().lower() for name in encoding.split(",") if name.strip().lower() not in ("", "identity")]
    if raw.startswith(_GZIP_MAGIC):
        return _inflate(raw, zlib.MAX_WBITS | 16, limit)
    if names == ["deflate"]:
        return _inflate(raw, zlib.MAX_WBITS if _has_zlib_header(raw) else -zlib.MAX_WBITS, limit)
    if names and not set(names) <= {"gzip", "x-gzip"}:
        raise FetchError(
            f"the answer is compressed in a way that nobody asked for ({', '.join(names)})", kind="protocol"
        )
    return raw


def too_large(limit: int) -> FetchError:
    size = f"{limit / 2**20:.0f} MiB" if limit >= 2**20 else f"{limit} bytes"
    return FetchError(f"the answer is larger than {size}", kind="size")


def _has_zlib_header(raw: bytes) -> bool:
    """Whether deflate comes in its zlib wrapping (RFC 9110, 8.4.1.2), which some servers leave off."""
    return len(raw) > 1 and raw[0] & 0x0F == 8 and (raw[0] << 8 | raw[1]) % 31 == 0


def _inflate(raw: bytes, wbits: int, limit: int) -> bytes:
    body = bytearray()
    rest = raw
    for _ in range(_MEMBERS):
        inflater = zlib.decompressobj(wbits)
        try:
            body += inflater.decompress(rest, limit + 1 - len(body))
        except zlib.error as error:
            raise FetchError("the compressed answer is damaged", kind="protocol") from error
        if len(body) > limit:
            raise too_large(limit)
        if not inflater.eof:
            raise FetchError("the answer broke off before its end", kind="protocol")
        rest = inflater.unused_data
        if not rest.startswith(_GZIP_MAGIC):
            return bytes(body)
    raise FetchError("the compressed answer is damaged", kind="protocol")
