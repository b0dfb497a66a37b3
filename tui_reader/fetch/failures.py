"""What went wrong with a fetch, in one line that a person can act on, and without a word of the server's own."""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Iterator
from http import HTTPStatus

import httpx

from tui_reader.errors import FetchError

from .freshness import in_words, retry_after
from .limits import FetchLimits

_STATUSES = {
    202: "the server has not got the answer ready",
    204: "the server has nothing to send",
    205: "the server has nothing to send",
    206: "the server sent only a part, without having been asked to",
    304: "the server says that nothing changed, without having been asked to",
    400: "the server does not understand the request",
    401: "the server wants a name and a password",
    402: "the server wants to be paid",
    403: "the server refuses to answer",
    404: "not found",
    405: "the server does not let this address be read",
    406: "the server has nothing of the kind",
    407: "the proxy wants a name and a password",
    408: "the server got tired of waiting",
    410: "the feed is gone",
    414: "the address is too long for the server",
    421: "the server is not responsible for this name",
    426: "the server wants a newer protocol",
    429: "too many requests",
    431: "the request is too long for the server",
    451: "not available for legal reasons",
    500: "the server made an error",
    501: "the server cannot do this",
    502: "the server could not reach the one behind it",
    503: "the server is overloaded or being repaired",
    504: "the one behind the server did not answer in time",
    505: "the server wants another protocol",
    507: "the server's disk is full",
    508: "the server runs in a circle",
    509: "the server has used up its traffic",
    511: "the network wants you to log in first",
    520: "the site behind Cloudflare sent something unusable",
    521: "the site behind Cloudflare is down",
    522: "the site behind Cloudflare cannot be connected to",
    523: "the site behind Cloudflare cannot be reached",
    524: "the site behind Cloudflare did not answer in time",
    525: "Cloudflare cannot connect securely to the site behind it",
    526: "the site behind Cloudflare has a certificate that is not valid",
    530: "Cloudflare cannot find the site behind it",
    999: "the server refuses to answer programs",
}

_CHALLENGES = (("cf-mitigated", "challenge"), ("x-amzn-waf-action", "challenge"), ("x-amzn-waf-action", "captcha"))
"""How Cloudflare and Amazon mark a page that only a browser can get past."""

_NO_TARGET = "the server leads to no usable web address"

_CERTIFICATES = {
    9: "is not valid yet: is the clock of this computer right?",
    10: "has expired",
    18: "was signed by nobody but itself",
    19: "comes from an authority that is not trusted",
    20: "comes from an authority that is not trusted",
    21: "comes from an authority that is not trusted",
    23: "has been revoked",
    62: "belongs to another name",
    64: "belongs to another address",
    66: "has a key that is too weak",
    67: "comes from an authority with a key that is too weak",
    68: "is signed in a way that is too weak",
}
"""X509_V_ERR_… of OpenSSL's x509_vfy.h."""

_TLS = {
    "WRONG_VERSION_NUMBER": "{host} does not speak HTTPS there: try http://",
    "HTTP_REQUEST": "{host} does not speak HTTPS there: try http://",
    "RECORD_LAYER_FAILURE": "{host} does not speak HTTPS there: try http://",
    "UNSUPPORTED_PROTOCOL": "{host} offers only encryption that is no longer safe",
    "TLSV1_ALERT_PROTOCOL_VERSION": "{host} offers only encryption that is no longer safe",
    "UNEXPECTED_EOF_WHILE_READING": "{host} broke off the connection",
    "TLSV1_UNRECOGNIZED_NAME": "{host} does not know its own name",
}
"""`reason` of an SSLError."""

_ERRNOS = {
    errno.ECONNREFUSED: "{host} refuses connections",
    errno.ENETUNREACH: "there is no way to {host}: is the network down?",
    errno.EHOSTUNREACH: "there is no way to {host}",
    errno.ECONNRESET: "{host} broke off the connection",
    errno.EPIPE: "{host} broke off the connection",
    errno.ETIMEDOUT: "{host} did not answer",
    errno.EMFILE: "this computer allows no more connections at a time",
}


def of_status(response: httpx.Response) -> FetchError:
    status = response.status_code
    wait = retry_after(response.headers)
    text = _STATUSES.get(status) or _phrase(status)
    if any(response.headers.get(name, "").lower() == value for name, value in _CHALLENGES):
        text = "the server wants proof that a person is asking"
    if wait:
        text += f"; asked to wait {in_words(wait)}"
    return FetchError(f"{status}: {text}", kind="http", status=status, retry_after=wait)


def of_exception(error: Exception, *, host: str, limits: FetchLimits, proxied: bool) -> FetchError:
    """The failure behind an exception of httpx, ssl or the system."""
    kind, message = _explain(error, host, limits, "the proxy" if proxied else host)
    return FetchError(message, kind=kind)


def _explain(error: Exception, host: str, limits: FetchLimits, nearest: str) -> tuple[str, str]:
    """`nearest` is who the connection was made to: the host, or the proxy before it."""
    match error:
        case httpx.ConnectTimeout():
            return "timeout", f"{nearest} did not answer within {limits.connect:g} s"
        case httpx.TimeoutException():
            return "timeout", f"{host} sent nothing for {limits.read:g} s"
        case TimeoutError() if error.errno is None:
            return "timeout", f"the server took longer than {limits.total:g} s"
        case httpx.ProxyError():
            return "connect", _proxy(str(error), host)
        case httpx.InvalidURL() | httpx.UnsupportedProtocol() | UnicodeError():
            # What was asked for is a checked address by now, so that it is httpx's reading of a Location.
            return "redirect", _NO_TARGET
        case httpx.RemoteProtocolError() if "location header" in str(error):
            return "redirect", _NO_TARGET
        case httpx.RemoteProtocolError():
            return "protocol", _protocol(str(error), host)
    return _network(error, host, nearest)


def _proxy(text: str, host: str) -> str:
    """httpcore tells what its proxies say by the wording only: `407 …` of HTTP, sentences for SOCKS."""
    if text.startswith("407") or "password" in text:
        return "the proxy wants a name and a password"
    status = re.match(r"\d{3}\b", text)
    return f"the proxy could not reach {host}" + (f" ({status[0]})" if status else "")


def _protocol(text: str, host: str) -> str:
    """h11 tells its errors apart by their wording only."""
    if "peer closed" in text or "disconnected" in text:
        return "the answer broke off before its end"
    if "buffer too long" in text:
        return f"the header that {host} sends is too long"
    return f"what {host} sends is not HTTP"


def _network(error: Exception, host: str, nearest: str) -> tuple[str, str]:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "tls", f"the certificate of {host} {_CERTIFICATES.get(cause.verify_code, 'is not valid')}"
        if isinstance(cause, ssl.SSLError):
            text = _TLS.get(cause.reason or "", "no secure connection to {host} could be made")
            return "tls", text.format(host=host)
        if isinstance(cause, socket.gaierror):
            return "dns", f"could not find the server {nearest}"
        if isinstance(cause, OSError) and cause.errno in _ERRNOS:
            return "connect", _ERRNOS[cause.errno].format(host=nearest)
    return "connect", f"the connection to {nearest} broke"


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


def _phrase(status: int) -> str:
    """The standard's words for a status: the server's own may hold anything."""
    try:
        return HTTPStatus(status).phrase.lower()
    except ValueError:
        return "an answer that means nothing"
