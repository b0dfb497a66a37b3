"""What stands around a name: credits, sources, places of a post, first names, furniture of the page."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

# The furniture is looked for in the folded text: small letters, simplified Chinese, ASCII punctuation.
_LINK = re.compile(r"(?:https?://|www\.)[^\s一-鿿]+")
_ADDRESS = re.compile(rf"{_LINK.pattern}|(?<![\w.+])[\w.+]{{1,64}}@\w+\.\w+")
_LINKS = (
    "more from", "read more", "also read", "see also", "related", "recommended", "most read", "most popular",
    "trending", "trending now", "on this page", "also on this page", "more on this page", "more on this site",
    "elsewhere on this site", "in other headlines", "share", "延伸阅读", "相关阅读", "相关推荐", "相关新闻", "相关文章",
    "相关报道", "推荐阅读", "热门文章", "热门推荐", "热门新闻", "猜你喜欢", "往期回顾", "往期推荐", "往期精彩",
    "更多新闻", "更多精彩", "上一篇", "下一篇",
)  # fmt: skip
"""What stands before links to other stories. It begins a sentence or a line, unlike "market share: 40 %"."""
_CALLS = (
    "follow us", "find us", "join us", "share this", "share on", "watch on", "listen on", "we use cookies", "关注我们",
    "长按识别", "视频版", "音频版", "微信搜索公众号", "微信搜索小程序", "微信搜索关注", "微信搜索:", "微信搜索“",
    "扫码关注", "扫码添加", "扫码加", "扫码进群", "扫码入群", "扫码领取", "扫码下载", "扫码阅读", "扫码报名",
)  # fmt: skip
"""How readers are told to do something: to the end of the sentence."""
_AUTHORS = ("about the author", "作者简介", "作者介绍", "关于作者")
_FOOTER = re.compile(
    rf"(?P<links>{'|'.join(_LINKS)})(?: (?:stories|articles)|(?<=more from) [^:\n]{{1,40}})?[ \t]*:"
    # One after the other, or a line each; a line that ends in a full stop is text again.
    r"(?:[ \t]*[^\s][^\n]*|[ \t]*(?:\n+[^\n]{1,120}(?<![.。!])(?=\n|\Z))*)"
    rf"|(?:{'|'.join(_CALLS)})[^.。!\n]*"
    rf"|(?:{'|'.join(_AUTHORS)})s?\s*[:\n]\s*[^\n]*"
)
_FOOTER_WORDS = (*_LINKS, *_CALLS, *_AUTHORS)


def furniture(key: str) -> list[tuple[int, int]]:
    """Spans of a `keyed` text that are no part of the story: addresses, links to others, invitations to follow."""
    spans: list[tuple[int, int]] = []
    for start in _places(_FOOTER_WORDS, key):
        footer = _FOOTER.match(key, start) if not spans or start >= spans[-1][1] else None
        if footer and not (footer["links"] and _is_within_a_sentence(key, start)):
            spans.append(footer.span())
    if "@" in key or "://" in key or "www." in key:
        spans += (match.span() for match in (_ADDRESS if "@" in key else _LINK).finditer(key))
    return spans


def _is_within_a_sentence(key: str, start: int) -> bool:
    """True if a word or a comma stands before, in the same line."""
    before = key[max(0, start - 4) : start].rstrip(" ")[-1:]
    return before.isalnum() or before in (",", "、")


def _places(words: Iterable[str], key: str) -> list[int]:
    # Looking for a word is a tenth of the work of an expression, and most texts have none of these.
    return sorted(match.start() for word in words if word in key for match in re.finditer(word, key))


_CREDIT = re.compile(
    r"(?:(?:photo(?:graph)?|image|picture|illustration|screenshot|credit|courtesy|source|via)s?"
    r"(?:\s(?:supply|supplied|source|credit|provider|rights|courtesy))?"
    r"(?:\s*[:：/|]|\s+(?:by|of|from))(?:\s*generated (?:by|with))?"
    r"|(?:图源|圖源|制图|製圖|配图|配圖|图片来源|圖片來源|资料图片?|資料圖片?|资料来源|資料來源|来源|來源|出处|出處"
    r"|(?:封面|题|題|头|頭|插|配)?[图圖]片?由|图片?/|圖片?/|文/|供图|供圖|截图自)\s*[:：]?)"
    r"\s*[\w\s]{0,12}$",
    re.IGNORECASE,
)


_CREDIT_WORDS = (
    "photo", "image", "picture", "illustration", "screenshot", "credit", "courtesy", "source", "via", "图源", "图片",
    "来源", "出处", "图/", "图由", "资料图", "文/", "供图", "截图自", "制图", "配图",
)  # fmt: skip


def credit_words(key: str) -> list[int]:
    """Where in a `keyed` text the words stand without which nothing is a credit."""
    return _places(_CREDIT_WORDS, key)


def is_credit(text: str, start: int, words: Sequence[int]) -> bool:
    """True if what starts there is named as where a picture or a text comes from; `words` are the `credit_words`."""
    first = start - 40
    is_near = bisect_left(words, first) < bisect_left(words, start)
    return is_near and bool(_CREDIT.search(text[max(0, first) : start]))


_SOURCE_BEFORE = re.compile(
    r"(?:according to|reported by|told|reports? (?:by|from|in)|as seen in|writing in|published (?:by|in)|据)\s*"
    r"(?:the\s+)?$",
    re.IGNORECASE,
)
_SOURCE_AFTER = re.compile(r"》?\s*(?:报道|報導|報道|消息|(?:first )?reported|reports|said|says|wrote)(?![a-z])")


def is_source(text: str, start: int, end: int) -> bool:
    """True if the medium that stands there is named as the source of a report."""
    before = _SOURCE_BEFORE.search(text[max(0, start - 30) : start])
    return bool(before or _SOURCE_AFTER.match(text, end))


_COMPOUND = re.compile(
    r"-(?!(?:owned|backed|funded|led|run|made|built|style|like|branded|designed|developed|affiliated|employed|based|only"
    r"|powered|supplied|sponsored|wide|internal|and|or|to|versus)\b)[a-z]"
)
_GEOGRAPHY = re.compile(
    r"\s(?:Park|River|Valley|Street|St|Avenue|Road|Lake|Basin|Bay|Beach|Island|County|Forest|Hills?|Springs"
    r"|Falls|Gardens?|Hotel|Church|Bone|Lane|Close|Crescent|Terrace|Boulevard|Bridge|Creek|Canyon|Ridge"
    r"|Village|Parish|Trail|Lodge|Inn|Rapids)\b"
)


_VENUE = re.compile(r"\s(?:Stadium|Arena|Dome|Ballpark|Speedway|Theat(?:re|er)|Marathon|Grand Prix)\b")


def is_sponsor(text: str, end: int) -> bool:
    """True if the name is that of a stadium or a match that somebody pays for."""
    return text[end : end + 1] == " " and bool(_VENUE.match(text, end))


def is_compound(text: str, end: int) -> bool:
    """True for what only begins with the name: meta-review, scale-up, Oracle Park."""
    after = text[end : end + 1]
    return bool((after == "-" and _COMPOUND.match(text, end)) or (after == " " and _GEOGRAPHY.match(text, end)))


_MOMENT = re.compile(r"[ -]?(?:moments?\b|时刻|時刻)", re.IGNORECASE)
_OF = re.compile(r"\s+of\s+(?:its|their|the|our|[A-Z]\w+)\b")
_LIKENED = re.compile(r"(?:(?:中国|国产|日本|韩国|欧洲|美国|印度)版|(?<![业世])界的|下一个|另一个|东方)[“「]?$")


_NAME_ONLY = re.compile(r"[ -](?:fame|renown)\b|[”」\"]?(?:[二两三四五]个?字|一词|这个词|这几个字)")
_LIKENING = frozenset("版的界个方“「")
"""The last characters that the expression can end in."""


def is_figure(text: str, start: int, end: int, *, product: bool) -> bool:
    """True if the name only stands for what it is like: the Google of China, an iPhone moment, 中国版OpenAI."""
    if product and _MOMENT.match(text, end):
        return True
    if _NAME_ONLY.match(text, end):
        return True
    head = text[max(0, start - 8) : start]
    if head[-4:].lower() == "the ":
        return bool(_OF.match(text, end))
    return head[-1:] in _LIKENING and bool(_LIKENED.search(head))


_NAMES = r"(?:[A-Z][\w.]*(?:,\s+|\s+and\s+|\s+or\s+|,\s+and\s+)){0,3}"
_POST_BEFORE = re.compile(
    # "a ban on TikTok" has it as its object.
    r"(?:(?<!ban )(?<!bans )(?<!curbs )(?<!crackdown )(?<!pressure )(?<!based )(?<!restrictions )(?<!attack )\b[Oo]n"
    r"|\bvia|\bover|\bthrough|\b(?:posted|uploaded|shared|took|turned|went|sent) (?:it )?to"
    r"|\b(?:his|her|their|your|my|our))\s+(?:the\s+|social network\s+)?" + _NAMES + "$"
)
_POST_BEFORE_ZH = re.compile(
    r"(?:(?<!职)(?<!任)(?<!务)于|(?<!職)(?<!務)於|放上|放到|挂上|挂到|挂在|传上|传到|发到|登上|冲上|晒到|投到|卖到"
    r"|上传到|上传至|发布到|托管到|推到|推至|开源到|在|通过|透過|通過|经由|从|從|转自|轉自|[本原]文来自|[本原]文來自|刷|逛|发|發"
    r"|(?<![失过除])去|上了)"
    r"(?:了|个人|個人|官方|自己的?|其|本人的?)?"
    r"(?:(?:[A-Za-z][A-Za-z ]{1,16}|[一-鿿]{2,5})[、和与及]){0,2} ?$"
)
_POST_AFTER = re.compile(
    r"\s*(?:posts?|messages?|clips?|videos?|accounts?|user|page|groups?|threads?|links?|channels?|livestreams?"
    r"|stories|story|followers?|friends?|comments?)\b"
    r"|\s*[:：]\s*[A-Za-z0-9@]|-dl\b"
    r"|\s*(?:repo(?:sitory|s)?|issues?|stars?|readme|discussions?)\b|\s*(?:仓库|主页|页面|链接|项目地址)"
    r"|\s*(?:[（(]https?:|\[\d)|(?:、|和|与|與)[A-Za-z]{2,12}上(?![线線市调架])"
    r"|\s*(?:交流群|上(?!线|線|市|调|涨|半|架|诉|榜|海|新|周|季|个)|里(?!程)|裡|账号|帳號|发文|發文|发帖"
    r"|视频号|公众号|小程序|群(?!体)|网友|博主|热搜|好友)",
    re.IGNORECASE,
)


_SYSTEM = (
    r"(?:Windows|macOS|Mac(?: OS(?: X)?)?|OS X|iOS|iPadOS|Linux|Ubuntu|Unix|Android|ChromeOS|HarmonyOS|安卓|鸿蒙|鴻蒙)"
)
_OTHER_SYSTEM = r"\s*(?:、|,|，|/|&|\+|and|or|和|与|與|及|或|以及)\s*(?:the\s)?"
_IS_SYSTEM = re.compile(_SYSTEM)
_HOST_BEFORE = re.compile(
    rf"(?:{_SYSTEM}(?:平台|系统|系統|版)?{_OTHER_SYSTEM}|(?:\bfor|\bon|\bunder|支持|支援|运行在|運行在|适用于|適用於)\s*)$"
)
_HOST_AFTER = re.compile(
    rf"{_OTHER_SYSTEM}{_SYSTEM}(?![A-Za-z])"
    r"|\s?(?:版|平台|端(?!侧)|系统下|系統下|环境|環境|用户|用戶|机型|機型|上(?![线線市]))"
    r"|\s?(?:version|user|build|client)s?\b"
)


def is_host(text: str, start: int, end: int) -> bool:
    """True if an operating system is named only as what something runs on: "for Mac", "Windows, Linux", 安卓版."""
    if not _IS_SYSTEM.fullmatch(text, start, end):
        return False
    return bool(_HOST_BEFORE.search(text[max(0, start - 24) : start]) or _HOST_AFTER.match(text, end))


def is_place_of_post(text: str, start: int, end: int) -> bool:
    """True if the platform that stands there is only where something was said, seen or sent."""
    head = text[max(0, start - 60) : start]
    # 谷歌(微博): portals link to a company's account behind its name.
    if head[-1:] in tuple("(（[") and text[end : end + 1] in tuple(")）]"):
        return True
    # The title of a web page ends in its site: "master · team/repo · GitHub".
    if head.endswith(("· ", "| ")) and text[end : end + 1] in ("", "\n", " ", "]", ")", "）"):
        return True
    return bool(_POST_BEFORE.search(head) or _POST_BEFORE_ZH.search(head) or _POST_AFTER.match(text, end))


_HONORIFIC = re.compile(r"(?:Jean-|Mr\.? |Ms\.? |Mrs\.? |Dr\.? |St\.? |Uncle |Aunt )$")
_CALLED = frozenset(re.findall(r"\w+", """
    Mr Ms Mrs Dr St Prof Cllr Rev Sgt Sir Dame Lord Lady Miss Judge Justice Mayor Coach Officer Uncle Aunt Councillor
    Councilor Professor Detective Alderman
    James John Robert David Richard Thomas Charles Daniel Matthew Anthony Steven Paul Andrew Joshua Kenneth Kevin Brian
    George Timothy Edward Jason Jeffrey Ryan Jacob Gary Nicholas Eric Stephen Larry Scott Brandon Benjamin Samuel
    Gregory Patrick Raymond Dennis Jerry Aaron Henry Peter Walter Arthur Leland Mary Patricia Jennifer Linda Elizabeth
    Barbara Susan Jessica Sarah Karen Lisa Nancy Sandra Margaret Ashley Emily Kimberly Donna Michelle Carol Amanda
    Melissa Deborah Stephanie Rebecca Laura Helen Anna Emma Olivia Sophia Julia Catherine Maria Rachel Ruth Janet Diane
    Alice Julie Martha Frances Ann Anne Jane Jean Judith Kate Lucy Tom Tim Jim Mike Dave Steve Joe Ben Dan Sam Nick Andy
    Tony Greg Phil Simon Martin Ian Neil Oliver Hannah Claire Louise
"""))  # fmt: skip
"""Titles, and first names that are nothing else in a headline (so no Will, no Mark)."""
# Liu Wenxin: Chinese names begin with the family's.
_FAMILY = re.compile(
    r"\b(?:Li|Wang|Zhang|Liu|Chen|Yang|Huang|Zhao|Wu|Zhou|Xu|Sun|Zhu|Hu|Guo|Lin|Luo|Zheng|Liang|Xie|Tang|Cao|Deng) $"
)
_SURNAME = re.compile(
    # What follows a model's name with a capital of its own is none.
    r"(?:-|\s)(?!(?:Sonnet|Opus|Haiku|Code|Pro|Max|Chat|Chatbot|Bot|Plus|Mini|Team|Enterprise|Thinking|Instant|Linear"
    r"|Research|Researcher|Work|Cowork|Desktop|Skills?|Artifacts|Instruct|Live|Search|Image|Video|Show|Voice|Assistant"
    r"|Fable|Mythos|Gov|Design|Agent|Agents|API|Pulse|Go|Skill|Plugin|Studio|Flash|Ultra|Nano"
    r"|App|Users|Models?|And|Or|Is|Can|Will|To|For|In|On|With|Has|As|Vs|Now|Gets|Beats|Tops|Helps)\b)"
    # Nobody's surname is followed by a version: Claude Fable 5.
    r"[A-Z][a-zé]+(?:['’]s)?(?![\w-])(?! \d)"
)


_TITLED_ZH = re.compile(
    r"(?:同学|先生|女士|小姐|老师|师傅|大夫|阿姨|叔叔|爷爷|奶奶|大爷|大妈|妈妈|爸爸|放学|小朋友)(?!们)"
)
_CALLED_ZH = re.compile(
    r"(?:邻居|同学|儿子|女儿|弟弟|哥哥|妹妹|姐姐|表弟|表哥|侄子|外孙|孙子|孙女|班长|民警|村民|孩子|小朋友|男孩|女孩"
    r"|室友|同桌|队友|选手|宝宝|小名叫?|取名|起名|名叫|叫做)[“「]?$"
)


def is_called(text: str, start: int, end: int) -> bool:
    """True if a title goes before the name, or a first name: Ms. Dell, Karen Stanford; 邻居小鹏, 小鹏同学.

    That makes it a person, or a pet, whatever else bears the name.
    """
    if text[start] >= "一":
        return bool(_TITLED_ZH.match(text, end) or _CALLED_ZH.search(text[max(0, start - 5) : start]))
    words = text[max(0, start - 13) : start].split(" ")
    return len(words) > 1 and not words[-1] and words[-2].rstrip(".").lstrip('“"(') in _CALLED


def is_person(text: str, start: int, end: int) -> bool:
    """True if the first name that stands there belongs to a person: a surname follows, or a title goes before."""
    head = text[max(0, start - 6) : start]
    if _HONORIFIC.search(head) or _FAMILY.search(head):
        return True
    return bool(_SURNAME.match(text, end)) and not _is_headline(text)


_AGE = re.compile(r",\s(?:[1-9]\d)(?:,|\s(?:years|year-old))|[，,]\s?[1-9]\d岁|[（(][1-9]\d[)）](?=[\s,，])")


def has_age(text: str, end: int) -> bool:
    """True if an age follows the name: who is 24 is no company that anybody would say so of."""
    return text[end : end + 1] in (",", "，", "(", "（") and bool(_AGE.match(text, end))


def is_noun_in(text: str, name: str) -> bool:
    """True if the text has an article before the name in small letters: "the intel suggests", "an apple"."""
    low = name.lower()
    if low == name or not name.isascii() or f" {low}" not in text:
        return False
    return bool(
        re.search(rf"\b(?:[Tt]he|[Aa]n?|[Tt]his|[Ee]ach|[Ee]very|[Oo]ne|[Ss]ome)\s{re.escape(low)}s?(?![\w-])", text)
    )


def _is_headline(text: str) -> bool:
    """True for Title Case, in which a capital says nothing."""
    words = re.findall(r"[A-Za-z]{4,}", text[:120])
    return len(text) < 200 and len(words) >= 4 and all(word[0].isupper() for word in words)
