"""How a feed wants to be asked, and that what is secret in it stays so."""

from __future__ import annotations

import base64
import sys
import traceback
from types import SimpleNamespace

import pytest

from tui_reader.errors import FetchError
from tui_reader.fetch import Access, resolve_access

ENV = {"FEED_PASSWORD": "hush", "FEED_TOKEN": "open-sesame", "BROKEN": "two\nlines hush", "EMPTY": ""}


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """The secrets of a keyring, by service and name."""
    secrets: dict[tuple[str, str], str] = {}
    ring = SimpleNamespace(get_password=lambda service, name: secrets.get((service, name)))
    monkeypatch.setitem(sys.modules, "keyring", ring)
    return secrets


def refusal(access: Access) -> str:
    with pytest.raises(FetchError) as caught:
        resolve_access(access, env=ENV)
    assert "hush" not in "".join(traceback.format_exception(caught.value))
    return str(caught.value)


def test_nothing_wanted_is_nothing_sent() -> None:
    assert resolve_access(Access(), env={}) == ()


def test_headers_and_a_user_agent() -> None:
    access = Access(user_agent="Quarry/1", headers=(("X-Edition", "en"), ("Accept-Language", "zh")))
    expected = (("X-Edition", "en"), ("Accept-Language", "zh"), ("User-Agent", "Quarry/1"))
    assert resolve_access(access, env={}) == expected


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("env:FEED_TOKEN", "open-sesame"),
        ("Bearer env:FEED_TOKEN", "Bearer open-sesame"),
        ("env:FEED_TOKEN is not a reference", "env:FEED_TOKEN is not a reference"),
        ("https://env:80/", "https://env:80/"),
    ],
)
def test_a_header_may_end_in_a_secret_of_the_environment(value: str, sent: str) -> None:
    assert resolve_access(Access(headers=(("X-Token", value),)), env=ENV) == (("X-Token", sent),)


@pytest.mark.parametrize("user", ["mei", "美"])
def test_name_and_password(user: str) -> None:
    ((name, value),) = resolve_access(Access(user=user, password="env:FEED_PASSWORD"), env=ENV)
    assert name == "Authorization"
    assert base64.b64decode(value.removeprefix("Basic ")).decode() == f"{user}:hush"


def test_a_secret_of_the_keyring(keyring: dict[tuple[str, str], str]) -> None:
    keyring["quarry", "mei@example.com/feed"] = "hush"
    access = Access(headers=(("X-Token", "Token keyring:quarry/mei@example.com/feed"),))
    assert resolve_access(access, env={}) == (("X-Token", "Token hush"),)


@pytest.mark.usefixtures("keyring")
def test_a_secret_that_the_keyring_has_not() -> None:
    access = Access(user="mei", password="keyring:quarry/mei")
    assert refusal(access) == "the keyring holds nothing for quarry/mei"


def test_a_keyring_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "install the package keyring" in refusal(Access(user="mei", password="keyring:quarry/mei"))


def test_a_keyring_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def get_password(service: str, name: str) -> str:
        raise RuntimeError("locked, the password was hush")

    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=get_password))
    told = refusal(Access(user="mei", password="keyring:quarry/mei"))
    assert told == "the keyring cannot be read (RuntimeError)"


@pytest.mark.parametrize(
    ("access", "told"),
    [
        (Access(user="mei", password="hush"), "env:NAME or keyring:service/name"),
        (Access(user="mei", password="env:MISSING"), "the environment variable MISSING"),
        (Access(user="mei", password="env:EMPTY"), "the environment variable EMPTY"),
        (Access(user="m:ei", password="env:FEED_PASSWORD"), "a colon in the name"),
        (Access(headers=(("X-Token", "env:BROKEN"),)), "the header X-Token of this feed cannot be sent"),
        (Access(headers=(("X-Token", "统hush"),)), "the header X-Token of this feed cannot be sent"),
        (Access(headers=(("hush: x", "1"),)), "a name that cannot be sent"),
        (Access(headers=(("Host", "inside.example"),)), "the header Host cannot be set"),
        (Access(user_agent="Quarry/1\r\nX: hush"), "the header User-Agent of this feed cannot be sent"),
    ],
)
def test_what_cannot_be_sent_is_refused_in_words(access: Access, told: str) -> None:
    assert told in refusal(access)


def test_an_access_does_not_show_what_may_be_secret() -> None:
    access = Access(user_agent="Quarry/1", user="mei", password="hush", headers=(("X-Token", "hush"),))
    assert "hush" not in f"{access!r} {access}"
