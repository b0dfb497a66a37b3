"""Links as they are written → absolute addresses that are safe to show, store and open."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, quote, urljoin, urlsplit, urlunsplit

from tui_reader.doc import without_controls


def clean_url(url: str | None, *, base: str = "", mail: bool = False) -> str | None:
    """The absolute http or https address in ASCII, without tracking parameters and user name; None if it is not one.

    With `mail`, a mailto address passes too. What browsers mend is mended: backslashes, spaces, missing slashes.
    """
    try:
        return _clean(url or "", base, mail=mail)
    except ValueError:  # A malformed host or port.
        return None


_LONGEST = 2000
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):/*", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_.])?|\[[0-9a-f:.]+\]")
_MAIL_ADDRESS = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+")
_SAFE = "%/:=&?~#+!$,;'@()*[]"

# Pages that count the reader and lead on, with what they lead to in the query.
_WRAPPERS = {
    ("google.com", "/url"): ("url", "q"),
    ("link.zhihu.com", "/"): ("target",),
    ("link.juejin.cn", "/"): ("target",),
    ("link.csdn.net", "/"): ("target",),
    ("jianshu.com", "/go-wild"): ("url",),
    ("l.facebook.com", "/l.php"): ("u",),
    ("l.instagram.com", "/"): ("u",),
    ("out.reddit.com", "/"): ("url",),
    ("steamcommunity.com", "/linkfilter"): ("u", "url"),
    ("t.umblr.com", "/redirect"): ("z",),
    ("youtube.com", "/redirect"): ("q",),
}
# Added by those who send the link, read by those who count the reader.
_TRACKING = frozenset(
    """
    __hsfp __hssc __hstc _bta_c _bta_tid _hsenc _hsmi _ke _openstat _trksid at_campaign at_medium bd_vid bdtj
    cmpid cxt dclid dm_i epik erid fb_action_ids fb_action_types fb_source fbclid gad_source gbraid gclid gclsrc
    guccounter guce_referrer guce_referrer_sig hsctatracking icid igsh igshid itm_campaign itm_content itm_medium
    itm_source matomo_campaign mc_cid mc_eid mc_tc mkt_tok ml_subscriber ml_subscriber_hash msclkid mtm_campaign
    mtm_keyword mtm_medium mtm_source ns_campaign ns_mchannel ns_source oly_anon_id oly_enc_id piwik_campaign
    pk_campaign pk_kwd pk_medium pk_source rb_clickid ref_src ref_url s_cid s_kwcid scm share_from share_medium
    share_source share_token spm spm_id_from sr_share srsltid tdsourcetag ttclid twclid vd_source vero_conv vero_id
    wbraid weibo_id wickedid wt_mc wt_zmc xtor yclid ysclid
    """.split()  # noqa: SIM905
)


def _clean(url: str, base: str, *, mail: bool) -> str | None:
    url = re.sub(r"[\n\t]", "", without_controls(url)).strip()
    # The scheme is looked for as a careless reader of the address would: entities decoded, white space gone.
    disguised = _SCHEME.match(without_controls("".join(unescape(url[:200]).split())))
    scheme = disguised[1].lower() if disguised else ""
    if scheme == "mailto" and mail:
        return _clean_mail(url)
    plain = _SCHEME.match(url)
    if not url or scheme not in ("", "http", "https") or bool(plain) != bool(disguised):
        return None
    path, mark, rest = re.match(r"([^?#]*)([?#]?)(.*)", url, re.DOTALL).groups()  # type: ignore[union-attr]
    url = path.replace("\\", "/") + mark + rest
    if plain:
        url = f"{scheme}://{url[plain.end() :].lstrip('/')}"
    else:
        url = urljoin(base, url)
        url = f"https:{url}" if url.startswith("//") else url
    return _rebuild(url)


def _clean_mail(url: str) -> str | None:
    address = url.partition(":")[2].partition("?")[0].strip()
    return f"mailto:{quote(address, safe='@%+')}" if _MAIL_ADDRESS.fullmatch(address) else None


def _rebuild(url: str) -> str | None:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    host = f"[{host}]" if ":" in host else host
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return None
    behind = _unwrapped(host, parts.path, parts.query)
    if behind:
        return clean_url(behind)
    port = "" if parts.port in (None, {"http": 80, "https": 443}[parts.scheme]) else f":{parts.port}"
    query = "&".join(pair for pair in parts.query.split("&") if not _is_tracking(pair))
    fragment = "" if _is_tracking(parts.fragment) else parts.fragment
    path, query, fragment = (quote(part, safe=_SAFE) for part in (parts.path, query, fragment))
    url = urlunsplit((parts.scheme, host + port, path, query, fragment))
    return url if len(url) <= _LONGEST else None


def _unwrapped(host: str, path: str, query: str) -> str:
    """The whole address that one of those pages leads to; "" for any other page."""
    names = _WRAPPERS.get((host.removeprefix("www."), path.rstrip("/") or "/"), ())
    values = parse_qs(query[:_LONGEST]) if names else {}
    found = next((values[name][0] for name in names if name in values), "")
    return found if found.startswith(("http://", "https://")) else ""


def _is_tracking(pair: str) -> bool:
    name = pair.partition("=")[0].lower().removeprefix("amp;")
    return name in _TRACKING or name.startswith("utm_")
