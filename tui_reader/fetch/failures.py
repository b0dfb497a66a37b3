"""What went wrong with a fetch, in one line that a person can act on, and without a word of the server's own."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from tui_reader.errors import FetchError

_STATUSES = {
    400: "the server does not understand the request",
    401: "the server wants a name and a password",
    402: "the server wants to be paid",
    403: "the server refuses to answer",
    404: "not found",
    406: "the server has nothing of the kind",
    408: "the server got tired of waiting",
    410: "the feed is gone",
    421: "the server is not responsible for this name",
    429: "too many requests",
    451: "not available for legal reasons",
    500: "the server made an error",
    502: "the server could not reach the one behind it",
    503: "the server is overloaded or being repaired",
    504: "the one behind the server did not answer in time",
}

_NO_TARGET = "the server leads to no usable web address"

_CERTIFICATES = {
    9: "is not valid yet",
    10: "has expired",
    18: "was signed by nobody but itself",
    19: "comes from an authority that is not trusted",
    20: "comes from an authority that is not trusted",
    21: "comes from an authority that is not trusted",
    62: "belongs to another name",
    64: "belongs to another address",
}
"""X509_V_ERR_… of OpenSSL's x509_vfy.h."""

_ERRNOS = {
    errno.ECONNREFUSED: "{host} refuses connections",
    errno.ENETUNREACH: "there is no way to {host}: is the network down?",
    errno.EHOSTUNREACH: "there is no way to {host}",
    errno.ECONNRESET: "{host} broke off the connection",
}


def of_status(response: httpx.Response) -> FetchError:
    status = response.status_code
    retry_after = _retry_after(response.headers)
    text = _STATUSES.get(status) or _phrase(status)
    if response.headers.get("cf-mitigated") == "challenge":
        text = "the server wants proof that a person is asking"
    if retry_after:
        text += f"; asked to wait {retry_after:.0f} s"
    return FetchError(f"{status}: {text}", kind="http", status=status, retry_after=retry_after)


def of_exception(error: Exception, *, host: str, connect: float, read: float, total: float) -> FetchError:
    """The failure behind an exception of httpx, ssl or the system; anything else is not expected and raised again."""
    kind, message = _explain(error, host=host, connect=connect, read=read, total=total)
    return FetchError(message, kind=kind)


def _explain(error: Exception, *, host: str, connect: float, read: float, total: float) -> tuple[str, str]:
    match error:
        case httpx.ConnectTimeout():
            return "timeout", f"{host} did not answer within {connect:g} s"
        case httpx.TimeoutException():
            return "timeout", f"{host} sent nothing for {read:g} s"
        case TimeoutError():
            return "timeout", f"the server took longer than {total:g} s"
        case httpx.ProxyError():
            return "connect", "the proxy refused the connection"
        case httpx.InvalidURL() | httpx.UnsupportedProtocol() | UnicodeError():
            # What was asked for is a checked address by now, so that it is httpx's reading of a Location.
            return "redirect", _NO_TARGET
        case httpx.RemoteProtocolError() if "location header" in str(error):
            return "redirect", _NO_TARGET
        case httpx.RemoteProtocolError():
            return "protocol", _protocol(str(error), host)
    return _network(error, host)


def _protocol(text: str, host: str) -> str:
    """h11 tells its errors apart by their wording only."""
    if "peer closed" in text or "disconnected" in text:
        return "the answer broke off before its end"
    if "buffer too long" in text:
        return f"the header that {host} sends is too long"
    return f"what {host} sends is not HTTP"


def _network(error: Exception, host: str) -> tuple[str, str]:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "tls", f"the certificate of {host} {_CERTIFICATES.get(cause.verify_code, 'is not valid')}"
        if isinstance(cause, ssl.SSLError):
            return "tls", f"no secure connection to {host} could be made"
        if isinstance(cause, socket.gaierror):
            return "dns", f"could not find the server {host}"
        if isinstance(cause, OSError) and cause.errno in _ERRNOS:
            return "connect", _ERRNOS[cause.errno].format(host=host)
    return "connect", f"the connection to {host} broke"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception, what caused it, and what a group of them holds: connecting raises groups."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        cause = waiting.pop()
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__context__, cause.__cause__]
        if isinstance(cause, BaseExceptionGroup):
            waiting += cause.exceptions


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds, from either form of the header (RFC 9110, 10.2.3)."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    until, sent = _date(value), _date(headers.get("date", ""))
    if until is None:
        return None
    return max((until - (sent or datetime.now(UTC))).total_seconds(), 0.0)


def _date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _phrase(status: int) -> str:
    """The standard's words for a status: the server's own may hold anything."""
    try:
        return HTTPStatus(status).phrase.lower()
    except ValueError:
        return "an answer that means nothing"
