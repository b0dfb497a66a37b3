"""Who wrote it: names, from all the ways in which feeds write persons down."""

from __future__ import annotations

import re
from typing import Any

from .plain import has_tags, line, line_of_html, line_of_text

MAX_PEOPLE = 100

_ADDRESS = r"(?:mailto:)?[^\s@<>()\[\]]+@[^\s@<>()\[\]]+"
_ADDRESS_FIRST = re.compile(rf"<?{_ADDRESS}>?[\s,:-]*\((.+)\)")
_NAME_FIRST = re.compile(rf"\"?([^@]+?)\"?(?:\s*[<(\[]\s*|[\s,]+){_ADDRESS}\s*[>)\]]?")


def author(*things: Any) -> str:
    """The names of the authors of the first of these, entry or feed, that has some; "" if none has."""
    for thing in things:
        people = [person for person in (thing or {}).get("authors", ())[:MAX_PEOPLE] if hasattr(person, "get")]
        names = ", ".join(dict.fromkeys(filter(None, map(_name, people))))
        if names:
            return names
    return ""


def _name(person: Any) -> str:
    """The name without the mail address that RSS wants beside it; the address where there is nothing else."""
    written = line(person.get("name"))[:500]
    found = "@" in written and (_ADDRESS_FIRST.fullmatch(written) or _NAME_FIRST.fullmatch(written))
    name = found[1].strip() if found else written
    return (line_of_html(name) if has_tags(name) else line_of_text(name)) or line(person.get("email"))[:200]
