"""Certificates, made when the test runs: what is wrong with one is said in words."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import hostile_server as hostile
import pytest
from fetching import FEED, QUICK, failure

from tui_reader.fetch import Client, open_client

pytestmark = pytest.mark.usefixtures("home")

GOOD_NAME = "IP:127.0.0.1"
PAST = ("20240101000000Z", "20250101000000Z")
PRESENT = ("20250101000000Z", "20990101000000Z")
FUTURE = ("20980101000000Z", "20990101000000Z")


class Authority:
    """Signs certificates for any name and any time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.certificate = folder / "authority.pem"
        (folder / "index").touch()
        (folder / "openssl.cnf").write_text(
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index\nrand_serial=yes\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n"
            "email_in_dn=no\nunique_subject=no\ncopy_extensions=copy\n[p]\ncommonName=supplied\n"
        )
        self._request("authority", "Quarry Test Authority", "-x509", "-days", "2")

    def context(self, *, name: str, valid: tuple[str, str]) -> ssl.SSLContext:
        """A server's side, with a certificate that this authority has signed."""
        self._request("server", "server", "-addext", f"subjectAltName={name}")
        start, end = valid
        authority = ["-cert", "authority.pem", "-keyfile", "authority.key"]
        self._openssl("ca", "-config", "openssl.cnf", "-batch", "-notext", *authority, "-in", "server.pem", "-out",
                      "signed.pem", "-startdate", start, "-enddate", end)  # fmt: skip
        return self._loaded("signed.pem", "server.key")

    def own_context(self) -> ssl.SSLContext:
        """A server's side whose certificate nobody has signed but itself."""
        self._request("alone", "alone", "-x509", "-days", "2", "-addext", f"subjectAltName={GOOD_NAME}")
        return self._loaded("alone.pem", "alone.key")

    def _request(self, stem: str, name: str, *options: str) -> None:
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{stem}.key"]
        self._openssl("req", *key, "-out", f"{stem}.pem", "-subj", f"/CN={name}", *options)

    def _loaded(self, certificate: str, key: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._folder / certificate, self._folder / key)
        return context

    def _openssl(self, *words: str) -> None:
        try:
            subprocess.run(["openssl", *words], cwd=self._folder, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip(f"needs a newer openssl command ({error})")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
async def trusting(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    """A client that trusts the authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    async with open_client(limits=QUICK) as client:
        yield client


async def test_a_trusted_certificate_is_accepted(authority: Authority, trusting: Client) -> None:
    server = authority.context(name=GOOD_NAME, valid=PRESENT)
    async with hostile.hostile(hostile.body_of(FEED), tls=server) as url:
        assert await trusting.fetch(url)


@pytest.mark.parametrize(
    ("name", "valid", "message"),
    [
        (GOOD_NAME, PAST, "has expired"),
        (GOOD_NAME, FUTURE, "is not valid yet: is the clock of this computer right?"),
        ("DNS:other.example", PRESENT, "belongs to another address"),
    ],
)
async def test_what_is_wrong_with_a_certificate_is_said(
    authority: Authority, trusting: Client, name: str, valid: tuple[str, str], message: str
) -> None:
    async with hostile.hostile(hostile.body_of(FEED), tls=authority.context(name=name, valid=valid)) as url:
        error = await failure(trusting, url)
    assert (str(error), error.kind) == (f"the certificate of 127.0.0.1 {message}", "tls")


async def test_the_name_is_checked_not_the_address(authority: Authority, trusting: Client) -> None:
    server = authority.context(name="DNS:other.example", valid=PRESENT)
    async with hostile.hostile(hostile.body_of(FEED), tls=server) as url:
        error = await failure(trusting, url.replace("127.0.0.1", "localhost"))
    assert str(error) == "the certificate of localhost belongs to another name"


async def test_an_authority_that_nobody_knows_is_said_so(authority: Authority) -> None:
    server = authority.context(name=GOOD_NAME, valid=PRESENT)
    async with open_client(limits=QUICK) as client, hostile.hostile(hostile.body_of(FEED), tls=server) as url:
        error = await failure(client, url)
    assert str(error) == "the certificate of 127.0.0.1 comes from an authority that is not trusted"


async def test_a_certificate_without_any_authority_is_said_so(authority: Authority, trusting: Client) -> None:
    async with hostile.hostile(hostile.body_of(FEED), tls=authority.own_context()) as url:
        error = await failure(trusting, url)
    assert str(error) == "the certificate of 127.0.0.1 was signed by nobody but itself"


async def test_a_server_that_answers_without_encryption_is_said_so(trusting: Client) -> None:
    async with hostile.hostile(hostile.repeating(b"", b""), greeting=b"HTTP/1.1 400 Bad Request\r\n\r\n") as url:
        error = await failure(trusting, url.replace("http:", "https:"))
    assert (str(error), error.kind) == ("127.0.0.1 does not speak HTTPS there: try http://", "tls")


async def test_a_server_that_waits_without_encryption_is_a_timeout(trusting: Client) -> None:
    async with hostile.hostile(hostile.silence) as url:
        assert (await failure(trusting, url.replace("http:", "https:"))).kind == "timeout"
