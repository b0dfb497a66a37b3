"""In what language a text is: by its script, else by its small words. Offline and instant; unsure is unknown.

Libraries that tell a hundred languages apart bring numpy or megabytes of models, and are no better on a headline.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

_KANA = re.compile("[぀-ヿ]")
_HANGUL = re.compile("[가-힣]")
_HAN = re.compile("[㐀-䶿一-鿿豈-﫿]")
_SCRIPTS = (
    ("ru", re.compile("[\u0400-\u04ff]")), ("el", re.compile("[\u0370-\u03ff]")), ("he", re.compile("[\u0590-\u05ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")), ("hi", re.compile("[\u0900-\u097f]")), ("th", re.compile("[\u0e00-\u0e7f]")),
)  # fmt: skip
"""The commonest language of each; another of that script has to be declared."""

_WORD = re.compile(r"[^\W\d_]+")
_PLAIN_WORD = re.compile("[a-z]+")
"""The same in small ASCII letters, at half the price."""

_SMALL = {
    "en": "the of and to in is that for it with as was on are be this by at from or have an not but which they has you "
    "what how can will its about their more new we when who than your into",
    "de": "der die und das nicht von ist zu den mit sich auf für ein eine dem des im auch werden aus bei nach wird wie "
    "einer über sind noch zum hat oder vor zur bis durch",
    "fr": "le les des et est une dans du pour que qui sur pas avec plus par ce sont au cette ses mais ont aux leur "
    "comme être elle fait nous vous été",
    "es": "el los las del que y una por con para se su al como más pero sus este entre cuando muy sin sobre también "
    "hasta hay desde está nos fue",
    "pt": "o os um uma do da dos das em não com para por mais como mas foi ao ele sua ou quando muito já também pelo "
    "pela até isso são está no na",
    "it": "il di che gli della per una con non sono del nel alla più anche come ma dei delle si lo questo ha dal nella "
    "essere stato tra degli",
    "nl": "het een van en dat niet met voor zijn op te aan ook er om bij naar wordt uit maar door over werd deze heeft "
    "worden als nog",
}

NAMES = {
    "en": "English 英文 英语", "zh": "Chinese Mandarin Zhongwen cn 中文 汉语 华文", "ja": "Japanese jp 日文 日语",
    "ko": "Korean kr 韩文 韩语", "de": "German Deutsch 德文 德语", "fr": "French Français 法文 法语",
    "es": "Spanish Español 西班牙语", "pt": "Portuguese Português 葡萄牙语", "it": "Italian Italiano 意大利语",
    "nl": "Dutch Nederlands 荷兰语", "ru": "Russian Русский 俄文 俄语", "el": "Greek 希腊语", "he": "Hebrew 希伯来语",
    "ar": "Arabic 阿拉伯语", "hi": "Hindi 印地语", "th": "Thai 泰语",
}  # fmt: skip
"""Every language that a text can be told to be in, and what people call it; others have to be declared."""


def language(text: str, *, declared: str) -> str:
    """`zh`, `en` …; the declared one without its region where the text says nothing else; "" if unknown."""
    primary = declared.lower().split("-")[0].split("_")[0][:8]
    primary = primary if primary.isalpha() else ""
    by_script = _by_script(text, primary)
    if by_script:
        return by_script
    known = "" if primary in ("zh", "ja", "ko") else primary
    return _by_words(text, known) or known


def _by_script(text: str, declared: str) -> str:
    letters = 0 if text.isascii() else sum(map(str.isalpha, text))
    if not letters:
        return ""
    if len(_KANA.findall(text)) > letters / 20:
        return "ja"
    if len(_HANGUL.findall(text)) > letters / 5:
        return "ko"
    # A Chinese character says as much as a short Latin word: a fifth of the letters makes a text Chinese.
    if len(_HAN.findall(text)) > letters / 5:
        return "zh"
    found = next((name for name, script in _SCRIPTS if len(script.findall(text)) > letters / 2), "")
    return declared if found and declared not in ("", *_SMALL) else found


def _by_words(text: str, declared: str) -> str:
    """Needs a few small words, and clearly more of them than any other language has."""
    if text.isascii():
        words = _PLAIN_WORD.findall(text.lower())
    else:
        words = [word for word in _WORD.findall(text.lower()) if not _HAN.search(word)]
    known = _languages()
    hits = Counter(name for word in words for name in known.get(word, ()))
    best = hits.most_common(2)
    if not best or best[0][1] < max(3, len(words) / 12):
        return ""
    name, most = best[0]
    if len(best) > 1 and most < 1.4 * best[1][1]:
        return ""
    # A language that is not among these is believed as it was declared, unless the text is plainly another.
    return name if declared in ("", name, *_SMALL) or most > len(words) / 5 else ""


@cache
def _languages() -> dict[str, tuple[str, ...]]:
    """Small word → the languages that have it."""
    found: dict[str, tuple[str, ...]] = {}
    for name, words in _SMALL.items():
        for word in words.split():
            found[word] = (*found.get(word, ()), name)
    return found
