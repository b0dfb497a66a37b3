"""How one feed wants to be asked: a User-Agent, headers, a name and a password. Secrets are named, not written down."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tui_reader.errors import FetchError

from .urls import basic

Headers = tuple[tuple[str, str], ...]

_REFERENCE = re.compile(r"(?P<before>(?:.*\s)?)(?:env:(?P<variable>\w+)|keyring:(?P<service>[^/\s]+)/(?P<name>\S+))")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OURS = frozenset(("host", "connection", "content-length", "transfer-encoding", "accept-encoding", "te", "upgrade"))
"""Headers that decide how the answer comes, or who gets the request."""


@dataclass(frozen=True, slots=True)
class Access:
    """As a person writes it in the configuration.

    The last word of a header, and the whole password, may be `env:NAME` (a variable of the environment) or
    `keyring:service/name` (an entry of the system's keyring). A password must be one of the two.
    """

    user_agent: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    headers: Headers = field(default=(), repr=False)


def resolve_access(access: Access, *, env: Mapping[str, str]) -> Headers:
    """The headers to send, secrets included: for `Client.fetch` only, never to be shown. Raises FetchError."""
    headers = [(name, _resolved(value, env)) for name, value in access.headers]
    if access.user_agent:
        headers.append(("User-Agent", access.user_agent))
    if access.user or access.password:
        headers.append(("Authorization", _authorization(access, env)))
    for name, value in headers:
        check_header(name, value)
    return tuple(headers)


def check_header(name: str, value: str) -> None:
    """Refuse what cannot be sent as one header, before a library gets to quote it in an error."""
    if not _TOKEN.fullmatch(name):
        raise FetchError("a header of this feed has a name that cannot be sent", kind="address")
    if name.lower() in _OURS:
        raise FetchError(f"the header {name} cannot be set for a feed", kind="address")
    if not is_sendable(value):
        raise FetchError(
            f"the header {name} of this feed cannot be sent: it holds other than Latin text", kind="address"
        )


def is_sendable(value: str) -> bool:
    """One line that is the same in bytes on every server: Latin-1 without control characters."""
    return value.isprintable() and all(char < "\u0100" for char in value)


def _authorization(access: Access, env: Mapping[str, str]) -> str:
    if access.password and not _REFERENCE.fullmatch(access.password):
        raise FetchError("write the password of this feed as env:NAME or keyring:service/name", kind="address")
    if ":" in access.user:
        raise FetchError("the user of this feed has a colon in the name", kind="address")
    return basic(access.user, _resolved(access.password, env))


def _resolved(value: str, env: Mapping[str, str]) -> str:
    """The value with its secret in place of the reference to it."""
    found = _REFERENCE.fullmatch(value)
    if found is None:
        return value
    if found["variable"]:
        secret = env.get(found["variable"])
        if not secret:
            raise FetchError(
                f"this feed needs the environment variable {found['variable']}, which is not set", kind="address"
            )
    else:
        secret = _from_keyring(found["service"], found["name"])
    return found["before"] + secret


def _from_keyring(service: str, name: str) -> str:
    try:
        # Not one of our dependencies: it brings a good deal with it, and few need it.
        keyring = importlib.import_module("keyring")
    except ImportError as error:
        raise FetchError(
            "this feed has a secret in the keyring: install the package keyring beside tui-reader", kind="address"
        ) from error
    try:
        secret = keyring.get_password(service, name)
    except Exception as error:
        # Every backend raises errors of its own, and what their messages hold is not known.
        raise FetchError(f"the keyring cannot be read ({type(error).__name__})", kind="address") from None
    if not secret:
        raise FetchError(f"the keyring holds nothing for {service}/{name}", kind="address")
    return str(secret)
