"""What a web page wants from whoever asked for a feed: a person, a login, or nothing in particular."""

from __future__ import annotations

import re

from .plain import weight

_CHALLENGES = (
    ("Cloudflare", re.compile(r"/cdn-cgi/challenge-platform|cf[-_]chl|<title>Attention Required! \| Cloudflare")),
    ("DDoS-Guard", re.compile(r"ddos-guard", re.IGNORECASE)),
    ("Imperva", re.compile(r"_Incapsula_Resource|Incapsula incident")),
    ("DataDome", re.compile(r"captcha-delivery\.com|geo\.captcha")),
    ("HUMAN", re.compile(r"px-captcha|_pxAppId|perimeterx", re.IGNORECASE)),
    ("Akamai", re.compile(r"sec-if-cpt-container|_sec/cp_challenge|ak_bmsc")),
    ("Amazon", re.compile(r"awsWafCookieDomainList|\.awswaf\.com/|gokuProps")),
    ("Sucuri", re.compile(r"sucuri_cloudproxy_js|Sucuri WebSite Firewall")),
    ("Aliyun", re.compile(r"acw_sc__v[23]|_waf_bd8ce2ce37|aliyun_waf|/_____tmd_____/")),
    ("Anubis", re.compile(r"anubis_challenge|\.within\.website/x/cmd/anubis")),
    ("", re.compile(r"(?:g-recaptcha|h-captcha|geetest|cf-turnstile)[\"'_ ]|/(?:re|h)captcha/", re.IGNORECASE)),
    ("", re.compile(r"<title>[^<]{0,80}(?:are you a (?:robot|human)|not a (?:ro)?bot|just a moment|human verification"
                    r"|security check|checking your browser|安全验证|人机验证|滑动验证|访问验证)", re.IGNORECASE)),
)  # fmt: skip
"""Who keeps programs out, and what stands in the page then."""

_PASSWORD = re.compile(r"<input\b[^>]{0,300}type\s*=\s*[\"']?password", re.IGNORECASE)
_LOGIN_TITLE = re.compile(
    r"<title\b[^>]*>[^<]{0,80}(?:log ?in|sign ?in|sign ?on|anmeld|connexion|iniciar sesión"
    r"|登录|登入|登陆|ログイン|로그인|вход)",
    re.IGNORECASE,
)
_LOOKED_AT = 200_000
_LITTLE = 4_000


def describe_page(html: str) -> str:
    """One line for a person, about a page that came where a feed should."""
    html = html[:_LOOKED_AT]
    page = "this address now answers with a web page, not a feed"
    for guard, mark in _CHALLENGES:
        if mark.search(html):
            return f"{page}: a challenge page{f' ({guard})' if guard else ''} that only a browser gets past"
    # Pages that say much may have a place to log in as well.
    if _LOGIN_TITLE.search(html) or (_PASSWORD.search(html) and weight(html) < _LITTLE):
        return f"{page}: it asks for a login"
    return page
