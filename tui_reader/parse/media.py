"""Attached files: enclosures as they are, and of the many forms of one video or picture that media RSS lists, one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from tui_reader.model import Enclosure

from .links import web_link
from .plain import line

MAX_FILES = 100

_KINDS = {
    "audio": ("aac", "flac", "m4a", "m4b", "mp3", "oga", "ogg", "opus", "wav"),
    "image": ("avif", "bmp", "gif", "jpeg", "jpg", "png", "svg", "webp"),
    "video": ("avi", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "ogv", "webm"),
}
_KIND_OF = {ending: kind for kind, endings in _KINDS.items() for ending in endings}
_TORRENT = "application/x-bittorrent"


def enclosures(entry: Any, base: str) -> tuple[Enclosure, ...]:
    """What an entry encloses; of media:content only what no enclosure of its kind stands for already."""
    attached = [link for link in entry.get("links", ())[:MAX_FILES] if link.get("rel") == "enclosure"]
    files = {each.url: each for each in _files(attached, base)}
    kinds = {kind_of(each.type, each.url) for each in files.values()}
    for each in _one_of_a_kind(entry.get("media_content", ())[:MAX_FILES], base):
        if kind_of(each.type, each.url) not in kinds:
            files.setdefault(each.url, each)
    return tuple(files.values())


def kind_of(media_type: str, url: str) -> str:
    """`audio`, `image`, `video`, `torrent`, or ""."""
    kind = media_type.lower().partition("/")[0]
    if kind in _KINDS:
        return kind
    ending = urlsplit(url).path.rpartition(".")[2].lower()
    return "torrent" if media_type == _TORRENT or ending == "torrent" else _KIND_OF.get(ending, "")


def duration(entry: Any, files: tuple[Enclosure, ...]) -> str:
    """How long the sound or film of an entry is, as HTML; "" if there is none, or it is not said."""
    if not any(kind_of(each.type, each.url) in ("audio", "video") for each in files):
        return ""
    return duration_html(_seconds(entry.get("itunes_duration")))


def duration_html(seconds: int) -> str:
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    clock = f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
    return f"<p>Duration: {clock}</p>" if seconds else ""


def _seconds(text: object) -> int:
    """3725, 62:05 or 1:02:05; 0 if it cannot be read."""
    parts = str(text or "").strip().partition(".")[0].split(":")
    if len(parts) > 3 or not all(part.isascii() and part.isdigit() and len(part) < 7 for part in parts):
        return 0
    total = 0
    for part in parts:
        total = total * 60 + int(part)
    return total


def _one_of_a_kind(contents: Any, base: str) -> Iterator[Enclosure]:
    """The default of each kind, else the widest picture and the first of anything else."""
    chosen: dict[str, Any] = {}
    for content in contents:
        url = content.get("url") or ""
        kind = kind_of(content.get("type") or f"{content.get('medium')}/*", url)
        if kind not in chosen or _rank(content, kind) > _rank(chosen[kind], kind):
            chosen[kind] = content
    if len(chosen) > 1:
        chosen.pop("torrent", None)
    yield from _files(chosen.values(), base)


def _rank(content: Any, kind: str) -> tuple[bool, int]:
    width = str(content.get("width") or "")
    is_wide = kind == "image" and width.isascii() and width.isdigit() and len(width) < 6
    return content.get("isdefault") == "true", int(width) if is_wide else 0


def _files(things: Any, base: str) -> Iterator[Enclosure]:
    for each in things:
        url = web_link(each.get("href") or each.get("url"), base)
        if url:
            length = str(each.get("length") or each.get("filesize") or "").strip()
            size = int(length) if length.isascii() and length.isdigit() and len(length) < 18 else None
            medium = line(each.get("medium"))
            yield Enclosure(url, line(each.get("type")) or (f"{medium}/*" if medium in _KINDS else ""), size or None)
