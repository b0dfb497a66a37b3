"""Annotations as JSON: Hypothesis' API and export file, and W3C Web Annotations, one a line or in a list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from tui_reader.model import Clipping, HighlightKind

from .cleaning import line, moment, passage, surroundings, tags, web_address


def hypothesis(text: str) -> tuple[list[Clipping], list[str]]:
    """ValueError if it is no such JSON."""
    found: list[Clipping] = []
    skipped: list[str] = []
    for number, value in enumerate(_values(text), 1):
        clipping = _clipping(value) if isinstance(value, Mapping) else None
        if clipping is None:
            skipped.append(f"annotation {number}: no quote")
        else:
            found.append(clipping)
    return found, skipped


def _values(text: str) -> list[Any]:
    try:
        whole = json.loads(text)
    except ValueError:
        return [_parsed(each, number) for number, each in enumerate(text.splitlines(), 1) if each.strip()]
    except RecursionError as error:
        raise ValueError("too many brackets inside each other") from error
    if isinstance(whole, dict):
        listed = next(
            (whole[key] for key in ("rows", "annotations", "items") if isinstance(whole.get(key), list)), None
        )
        return [whole] if listed is None else listed
    return whole if isinstance(whole, list) else [whole]


def _parsed(text: str, number: int) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"line {number} is no JSON: {str(error)[:80]}") from None


def _clipping(value: Mapping[str, Any]) -> Clipping | None:
    target = _first(value.get("target"))
    selector = next((each for each in _maps(target.get("selector")) if each.get("type") == "TextQuoteSelector"), {})
    quote = passage(selector.get("exact"))
    if not quote:
        return None
    document = _first(value.get("document"))
    given: dict[str, Any] = {
        "quote": quote,
        "prefix": surroundings(selector.get("prefix"))[-64:],
        "suffix": surroundings(selector.get("suffix"))[:64],
        "title": line(_scalar(document.get("title"))) or line(target.get("dc:title")),
        "url": web_address(value.get("uri") or target.get("source")),
        "made_at": moment(value.get("created")),
    }
    if "body" in value or value.get("type") == "Annotation":
        return Clipping(**_ours(value), **given)
    return Clipping("Hypothesis", note=passage(value.get("text")), tags=tags(value.get("tags")), **given)


def _ours(value: Mapping[str, Any]) -> dict[str, Any]:
    """What the bodies of a W3C annotation say, and the id if it is one of ours."""
    bodies = list(_maps(value.get("body")))
    said = {purpose: [each.get("value") for each in bodies if each.get("purpose") == purpose] for purpose in _PURPOSES}
    kind = line(_scalar(said["classifying"]))
    own = re.fullmatch(r"urn:tui-reader:highlight:([a-z0-9]{4,32})", line(value.get("id")))
    return {
        "program": "Web annotations",
        "id": own[1] if own else "",
        "note": passage(_scalar(said["commenting"])),
        "tags": tags(said["tagging"]),
        "kind": kind if kind in get_args(HighlightKind) else "",
    }


_PURPOSES = ("commenting", "tagging", "classifying")


def _maps(value: object) -> Iterable[Mapping[str, Any]]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, Mapping):
            yield each


def _first(value: object) -> Mapping[str, Any]:
    return next(iter(_maps(value)), {})


def _scalar(value: object) -> object:
    return (value[0] if value else "") if isinstance(value, list) else value
