"""The words by which an issue, its furniture and its labels are known, in English and Chinese."""

from __future__ import annotations

import re

_I = re.IGNORECASE

ISSUE = re.compile(
    r"\b(?:weekly|daily|digest|round-?up|newsletter|recap|briefing|morning brief|evening brief|links for|link dump"
    r"|(?:this|last|the) (?:week|month|day) in|week in review|week ?notes)\b"
    r"|\b(?:no\.|issue|edition|vol(?:ume)?\.?)\s*#?\d+\b"
    r"|周报|週報|周刊|週刊|日报|日報|早报|早報|晚报|晚報|晨报|晨報|午报|月报|月報|简报|簡報|快报|早餐|早知道|早班车|\d点\d氪"
    r"|速递|速遞|速览|速覽|一周|一週|本周|本週|今日|每日|要闻|要聞|第\s*[0-9０-９〇一二三四五六七八九十百]+\s*期",
    _I,
)
"""In a title: this is an issue of something."""

DATE = re.compile(r"\W*(?:\d{4}\W\d{1,2}\W\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}月\d{1,2}日|\d{8})\W*")
"""A title that is nothing but a date."""

NUMBERED = re.compile(r"#\s?\d{1,4}\b|\b(?:AI|News) \d{2,4}:", _I)
"""In a title: a number of something, be it an issue or the part of a series."""

SINGLE = re.compile(
    r"reviews? round-?up|change ?log|release notes?|patch notes|更新日志|版本说明"
    r"|^\W*(?:the |our |my )?(?:top |best )?\d+ (?:\w+ ){0,2}(?:ways|tips|things|reasons|steps|lessons|rules"
    r"|mistakes"
    r"|tricks|signs|habits|ideas|questions|myths|books|tools|apps|examples)\b"
    r"|\b(?:how to|guide|tutorial|explained|interview|review|transcript|q&a|faq|special issue)\b"
    r"|教程|指南|详解|詳解|解读|專訪|专访|对话|访谈|实录|特刊|评测|手把手|入门"
    r"|[0-9一二三四五六七八九十两]+[个個条條大种種招步](?:\S{0,6})"
    r"(?:方法|技巧|理由|原因|建议|建議|问题|問題|错误|步骤|误区)",
    _I,
)
"""In a title: this is one piece, however many parts it has."""

ESSAY = re.compile(
    r"(?:\d+\W+|[一二三四五六七八九十]+、)?\s*(?:introduction|background|motivation|overview of|method(?:s"
    r"|ology)?|approach"
    r"|experiments?|results?|evaluation|discussion|limitations|conclusions?|concluding.*|summary|references"
    r"|acknowledge?ments|footnotes?|appendix.*|further work|future work|related work|prerequisites|installation"
    r"|usage"
    r"|getting started|what is .*|the problem|the solution|final thoughts|wrapping up|takeaways|faq"
    r"|引言|前言|背景|简介|方法|实验|结果|讨论|局限|结论|結論|结语|結語|总结|總結|小结|尾声|参考文献|参考资料"
    r"|致谢|附录"
    r"|写在最后|写在前面|安装|环境准备|使用方法)\s*[:：。.]?",
    _I,
)
"""A heading of an essay, a paper or a manual."""

STEP = re.compile(
    r"step \d+|part (?:\d+|one|two|three|[ivx]+)\b|chapter \d+|第[一二三四五六七八九十\d]+[步章节节部]", _I
)

NOISE = re.compile(
    r"(?:a (?:word|message) from|presented by|brought to you|today'?s sponsor|sponsor(?:ed|s|ship)?\b|advertis"
    r"|promoted"
    r"|partner content|in partnership with|unsubscribe|manage (?:your )?(?:subscription|preferences)"
    r"|view (?:this )?(?:email )?"
    r"(?:online|in (?:your )?browser)|you (?:receive|received|are receiving|got) (?:this|the)|sent to \d"
    r"|forwarded (?:this|by|to)"
    r"|follow (?:us|me)|find us|join (?:us|our|the)|share (?:this|the|on|with)|subscribe|support (?:us|this"
    r"|our)|refer a friend"
    r"|thanks for reading|thank you for reading|that'?s (?:all|it) for|see you (?:next|on)|until next (?:time|week)"
    r"|about (?:us|the author|this newsletter)|contact|colophon|copyright|©|all rights reserved|archives?\b"
    r"|previous issues"
    r"|how was (?:this|today)|feedback|reply to this|postscript"
    r"|本期?(?:由|赞助)|赞助|贊助|广告|廣告|推广|商务合作|关于我们|關於我們|订阅|訂閱|退订|退訂|关注我们"
    r"|关注公众号|扫码|長按|长按"
    r"|加入(?:我们|群|社群)|交流群|转发|轉發|分享给|投稿|往期|历史文章|上期|下期|版权|免责声明|联系我们|招聘"
    r"|谁在招人|感谢阅读"
    r"|你正在阅读|以上就是|回顾$|封面图|视频版|（完）|\(完\))",
    _I,
)
"""What begins so is furniture: sponsors, footers, invitations."""

ASIDE = re.compile(
    r"(?:links?|reading list|further reading|more reading|recommended reading|what we'?re reading|see also"
    r"|related|resources"
    r"|calendar|events?|jobs|quote of|number of|by the numbers|the (?:week|day) in numbers|cartoon|poll|quiz"
    r"|table of contents"
    r"|contents|in this (?:issue|edition|email)|today'?s (?:topics|stories)|本周链接|本期链接|相关链接|链接"
    r"|延伸阅读|推荐阅读|相关阅读"
    r"|参考|工具箱|数字|目录|目錄|概览|導讀|导读|本期(?:看点|内容|目录)|活动|日程)",
    _I,
)
"""A part of an issue that is no news: its contents, its links, its numbers."""

GROUP = re.compile(
    r"(?:科技|行业|產業|产业|国内|国际|海外|本周|今日|热点)?(?:in (?:brief|short|other news)|news(?: in brief)?"
    r"|quick (?:hits|links|updates|takes)|briefly|elsewhere|bytes|the rest"
    r"|and in the rest.*|also|other news|headlines|top (?:news|stories)|tools?|papers?|research|products?"
    r"|models?|industry"
    r"|policy|funding|open[- ]source|code|articles?|releases|hardware|快讯|快訊|动态|動態|简讯|簡訊|短讯"
    r"|一句话(?:新闻)?|要闻|要聞|头条|資訊|资讯"
    r"|新闻|新聞|文章|工具|资源|資源|论文|論文|产品|產品|模型|行业|行業|产业|政策|融资|融資|开源|開源|研究|技术"
    r"|市场|公司|国际|国内"
    r"|大公司|新产品|投融资|宏观(?:新闻)?|公司新闻|行业新闻|(?:\S{1,12} )?项目|图片|图|文摘|言论|其他|其它)",
    _I,
)
"""What holds several stories."""

TELLING = re.compile(
    r"(?:what'?s new|why (?:it|this) matters|what to watch|behind the news|we'?re thinking|the (?:big picture|backdrop)"
    r"|driving the news|between the lines|go deeper|read more|our take|发生了什么|为什么重要|一句话点评|点评|點評"
    r"|相关链接|原文链接|来源)\s*(?:[:：.。?？]|$)",
    _I,
)
"""A label that stories have, one like the other, and articles do not."""

LABELS = re.compile(
    r"(?:what'?s new|why (?:it|this) matters|what to watch|how it works|behind the news|we'?re thinking"
    r"|the (?:big picture"
    r"|details|takeaway|context|background|bottom line|backdrop)|driving the news|zoom (?:in|out)|yes,? but"
    r"|between the lines"
    r"|what (?:happened|they'?re saying|we'?re watching|it means|they did)|results?|read more|key (?:points"
    r"|takeaways)|the news"
    r"|by the numbers|go deeper|state of play|our take|more|context|details|source|tl;?dr|via|for example|note"
    r"|update"
    r"|发生了什么|为什么重要|意义|背景|影响|点评|點評|解读|要点|看点|详情|来源|原文|相关链接|一句话点评|编者按"
    r"|注)\W*",
    _I,
)
"""A lead-in that names a part of a story, and begins none."""

SOURCES = re.compile(
    r"(?:read more|source|via|link|original|more|原文|来源|來源|相关链接|链接|详情|阅读原文|出处)\b", _I
)
"""A line that says where to read on."""

SOCIAL = re.compile(
    r"^https?://(?:www\.)?(?:facebook|instagram|linkedin|threads|t|whatsapp|weibo)\.(?:com|net|me|cn)/"
    r"|/(?:unsubscribe|subscribe|preferences|archive|share|intent|signup|login)\b|^mailto:",
    _I,
)
"""Addresses that no story is about."""
