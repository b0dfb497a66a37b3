"""The words by which an issue, its furniture and its labels are known, in English and Chinese."""

from __future__ import annotations

import re

_I = re.IGNORECASE

ISSUE = re.compile(
    r"\b(?:weekly|daily|monthly|fortnightly|digest|round-?ups?|newsletter|recap|briefing|the brief|bulletin|gazette"
    r"|dispatch(?:es)?|(?:weekly|daily|week|day|news|morning|evening) wrap(?:-?up)?|wrap-?up|news ?flash|in brief"
    r"|links for|link (?:dump|list)|links of|(?:this|last|the|my|our) (?:week|month|day) in|week in review"
    r"|week(?:end)? ?notes|week(?:end)? (?:reads?|reading|links)|letter from|what we(?:'re|’re| are) reading)\b"
    r"|\bbriefs\W*$|^\W*(?:good )?(?:morning|evening)[,!]"
    r"|\b(?:no\.?|nr\.?|issue|edition|letter|week|vol(?:ume)?\.?)\s*#?\d+\b"
    r"|周报|週報|周刊|週刊|周记|週記|周览|双周|雙週|旬报|日报|日報|早报|早報|晚报|晚報|晨报|晨報|午报|午報|月报|月報"
    r"|月刊|日刊"
    r"|简报|簡報|快报|快報|快讯|快訊|电子报|電子報|早餐|早茶|早知道|早班车|早安|晨读|晨讀|早读|早讀|晚读|夜读|导读"
    r"|導讀|\d点\d氪"
    r"|速递|速遞|速览|速覽|一周|一週|本周|本週|上周|上週|今日|昨日|每日|每周|每週|要闻|要聞|\d+条(?:新闻|消息|动态)"
    r"|第\s*[0-9０-９〇一二三四五六七八九十百]+\s*[期号號封]",
    _I,
)
"""In a title: this is an issue of something."""

LETTER = re.compile(ISSUE.pattern + r"|\b(?:letter|brief|ledger|links|notes|roundup|post ?card)s?$", _I)
"""In a feed's title: it consists of issues."""

DATE = re.compile(r"\W*(?:\d{4}\W\d{1,2}\W\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}月\d{1,2}日|\d{8})\W*")
"""A title that is nothing but a date."""

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"

NUMBERED = re.compile(
    rf"[#№]\s?\d{{1,4}}\b|\b(?:AI|News) \d{{2,4}}:|\b{_MONTH} \d{{1,2}}\b|\b\d{{1,2}} {_MONTH}(?:\W|$)"
    r"|\d{1,2}月\d{1,2}日|\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b|第\s?\d+\s?周",
    _I,
)
"""In a title: a number or date of something, be it an issue or the part of a series."""

GREETING = re.compile(
    r"\b(?:welcome (?:back|to)|good (?:morning|evening|afternoon)|hello|hi|hey|dear|greetings|happy \w+day"
    r"|(?:this|today\W?s|our) (?:week\W?s )?(?:issue|edition|newsletter|letter)|in today\W?s|issue \d+)\b"
    r"|早上好|早安|晚上好|中午好|下午好|大家好|各位|读者|讀者|本期|这期|這期|这一期|這一期|周末好|週末好|今天是"
    r"|第\s*\d+\s*期",
    _I,
)
"""Before the first story: it is sent to readers."""

SINGLE = re.compile(
    r"reviews? round-?up|change ?log|release notes?|patch notes|更新日志|版本说明"
    r"|(?:^|[:：|–—-])\W{0,4}(?:the |our |my )?(?:top |best )?(?:\d+|two|three|four|five|six|seven|eight|nine|ten"
    r"|twelve|twenty) (?:\w+ ){0,2}(?:ways|tips|things|reasons|steps"
    r"|lessons"
    r"|rules"
    r"|mistakes"
    r"|tricks|signs|habits|ideas|questions|myths|books|tools|apps|examples|prompts|hacks|rules|principles|patterns"
    r"|skills"
    r"|takeaways|recipes|commands|projects|courses|predictions)\b"
    r"|\b(?:how to|guide|tutorial|explained|interview|review|transcript|q&a|faq|special issue|white ?paper"
    r"|case study|walkthrough|a (?:talk|conversation|chat) with|in conversation"
    r"|deep dive|essay|opinion|cheat ?sheet|primer|explainer|ranked|webinar|workshop"
    r"|(?:the )?best (?:\w+ ){1,4}(?:of|for|to|in)|(?:weekend|holiday|summer|bonus) special|special (?:edition"
    r"|report)"
    r"|favou?rite \w+ of|gift guide|awards|best of|year in review|the year in|ama|ask me anything|reader questions"
    r"|special(?=\s*[:：|–—-])|handbook|syllabus|lecture)\b"
    r"|^\W*(?:the )?(?:\d+|three|four|five|six|seven|eight|nine|ten|twelve|twenty) (?:\w+ ){1,3}"
    r"(?:worth|you|to (?:read|watch|visit|try|know|buy)|that will)\b"
    r"|榜单|榜單|清单|清單|合集|特辑|特輯|圆桌|圓桌|演讲|演講|如何(?:评价|看待|评論)|是怎样|怎么选|教程|指南|白皮书"
    r"|白皮書|手册|手冊|课程|課程|讲义|講義|盘点|盤點|选购"
    r"|選購|测评|測評|心得|攻略|避坑|复盘|複盤"
    r"|详解|詳解|解读|專訪|专访|对话|访谈|实录|特刊|特别篇|特別篇|番外|增刊|专刊|專刊|书单|書單|歌单|片单|年终|年終"
    r"|问答|問答|答读者问"
    r"|评测|評測|横评|橫評|手把手|入门"
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

RELEASE = re.compile(
    r"new(?: features?)?|added|changed|improved|improvements?|enhancements?|fixed|(?:bug )?fixes|removed|deprecated"
    r"|deprecations?|breaking changes|known issues|新增|新功能|变更|變更|改进|改進|优化|優化|修复|修復|移除|弃用"
    r"|已知问题",
    _I,
)
"""A heading of what is new in a program."""

STEP = re.compile(
    r"step \d+|part (?:\d+|one|two|three|[ivx]+)\b|chapter \d+|第[一二三四五六七八九十\d]+[步章节节部]", _I
)

NOISE = re.compile(
    r"[\W_]*+(?:a (?:\w+ )?(?:(?:word|message) from\b|note from (?:our|the|a|today))|presented by|(?:\S+ ){0,6}(?:is"
    r"|was) brought to you|brought to you|supported by|powered by|made possible|(?:today|this week|this issue"
    r"|our)\W?s? sponsors?|sponsor(?:ed|s|ship)?\b|advertisements?\b|advertise (?:with|here|in)|advertising\W*$"
    r"|(?:adverts?|ads?)\W*$|ad:|promoted (?:content|post)|promot(?:ed|ion)\W*$|partner (?:content|offer|message)"
    r"|(?:from )?our partners?|paid (?:post|content|partnership)|in partnership with|together with|unsubscribe"
    r"|manage (?:your )?(?:subscription|preferences)|view (?:this )?(?:e-?mail )?(?:online|in (?:your )?browser)"
    r"|read (?:this )?online|online version|you (?:receive|received|are receiving|got) (?:this|the)|you(?:'re|’re"
    r"| are) (?:receiving|currently|reading|on the)|sent to \d|update your (?:e-?mail )?preferences"
    r"|our mailing address|terms of (?:service|use)|privacy policy|forward(?:ed)? (?:this|by|to)|pass (?:it|this) on"
    r"|spread the word|tell a friend|invite (?:a |your )?friends?|referrals?\W*$|refer (?:a friend|\d|and)"
    r"|follow (?:us|me|along)|find us|connect with us|join (?:us|our|the)|leave a comment|share (?:this|the|on|with"
    r"|your)|(?:subscribe|sign up)\b"
    r"|support (?:us|this|our)|upgrade (?:to (?:paid|premium)|your (?:plan|subscription)|now)"
    r"|become a (?:member|patron|paid)|(?:give|send) a gift|gift (?:a|this)|work with (?:us|me)|get in touch"
    r"|(?:\S+ )?(?:jobs?|vacancies|careers?|classifieds?|hiring|open (?:roles|positions))\W*$|hiring (?:now|this)"
    r"|(?:we(?:'re|’re| are)|who(?:'s|’s| is)) hiring|job (?:board|openings|of the)|jobs (?:board|of the|this|we)"
    r"|(?:\S+ )?(?:polls?|quiz|survey|trivia|mailbag|housekeeping)\W*$|(?:reader|quick|weekly|daily) (?:poll|survey"
    r"|quiz)|letters? to the editor|(?:yesterday|last week|last issue)\W?s? (?:results|poll|answer)|(?:corrections?"
    r"|errat(?:a|um)|credits|disclaimer|disclosure)\W*(?:$|[:：.]|from|to)|thanks for reading|thank you for reading"
    r"|that(?:'|’)?s (?:all|it|a wrap)\b|see you (?:next|on|tomorrow|soon)|until (?:next|tomorrow)|bye\b|about (?:us"
    r"|me|the author|this newsletter)|(?:about|contact)\W*$|contact (?:us|me)|colophon|copyright|all rights reserved"
    r"|archives?\W*$|(?:in|from) (?:our|the) archives?|(?:previous|past) issues|how (?:was|did) (?:this|today|we)"
    r"|what did you think|rate this|feedback|reply to this|got a tip|p\.?s\.?\W|postscript|本(?:期|报|刊|邮件|文"
    r"|信)?(?:内容)?由|(?:本期|特别|独家|內容|内容)?(?:赞助|贊助)|(?:本期|插播|品牌|商业)?(?:广告|廣告)(?:位|时间"
    r"|時間)?(?:[\s:：|｜】」\])—-]|$)|推广|推廣|(?:合作|商业)(?:推广|推廣)|(?:商务|商務|广告|商业|品牌)?合作(?:伙伴"
    r"|夥伴)?\W*$|(?:商务|商務)合作|恰饭|鸣谢|鳴謝|关于(?:我们|本|作者)|關於(?:我們|本|作者)|订阅|訂閱|退订|退訂"
    r"|取消(?:订阅|訂閱)|关注(?:我们|公众号)|關注我們|追蹤我們|扫码|掃碼|長按|长按|点击(?:上方|下方|蓝字|阅读原文)"
    r"|點擊|设为星标|星标|加入(?:我们|我們|群|社群)|交流群|读者群|讀者群|社群\W*$|转发|轉發|分享给|分享給"
    r"|把.{1,8}分(?:享|給|给)|投稿|往期|往年|历史文章|上期|下期|版权|版權|免责声明|免責聲明|声明\W*$|联系我们"
    r"|聯絡我們|聯繫我們|(?:招聘|招人|招募|職缺|职缺|职位|徵才|求职|求職|内推)(?:信息|资讯|启事)?(?:\W|$)"
    r"|\S{1,2}(?:招聘|招人|招募|徵才)\W*$|谁在招人|(?:投票|问卷|問卷|互动|互動|来信|來信|留言|抽奖|抽獎)(?:区"
    r"|區)?(?:\W|$)|\S{1,3}(?:投票|问卷|問卷|互动|互動|来信|來信|留言|抽奖|抽獎)\W*$|(?:更正|勘误|勘誤)(?:\W|$)"
    r"|感谢阅读|感謝閱讀|你正在阅读|以上就是|回顾$|回顧$|封面图|题图|頭圖|头图|視頻版|视频版|编辑[:：|｜]"
    r"|編輯[:：|｜]|文[|｜]|end\W*$|完\W*$)|\W{0,9}©",
    _I,
)
"""What begins so is furniture: sponsors, footers, jobs, polls, invitations."""

PAID = re.compile(
    r"[(（\[【](?:sponsor(?:ed)?|ads?|promoted|partner|广告|廣告|赞助|贊助|推广|推廣|合作)[)）\]】]\W*$", _I
)
"""At the end of a title: somebody has paid for it."""

PAYS = re.compile(
    r"sponsor|partner|advert|promot|brought to you|presented by|赞助|贊助|广告|廣告|推广|推廣|商业合作", _I
)
"""In furniture: it stands between stories, and ends no group."""

DATED = re.compile(
    rf"\W*(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\W*)?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?:\W{{1,3}}\d{{1,2}})? {_MONTH}(?:\W|$)|{_MONTH} \d{{1,2}}\b"
    r"|\d{1,2}月\d{1,2}日(?![，,])|\d{1,2}[/.]\d{1,2}\b(?!\s?%)|[012]?\d[:：][0-5]\d\b)",
    _I,
)
"""How the lines of a calendar begin. In news, a comma comes after the day."""

PLEA = re.compile(
    r"\b(?:forward (?:this|it|the|to) (?:\w+ ){0,3}(?:friend|colleague|someone|anyone)|unsubscribe\b|your referral"
    r"|refer(?:ral link| (?:a|\d) friend)|promo(?:tion)? code|with code [A-Z]|for (?:paying |paid |our )?(?:members"
    r"|subscribers):"
    r"|(?:become|are|re) a (?:paid|free) subscriber|gift subscription|hit (?:the )?reply|reply to this (?:e-?mail"
    r"|letter)"
    r"|sponsored by|is supported by|all rights reserved|yes\b.{0,60}[/|·｜].{0,60}\bno\b|A[.)、．].{1,60}\bB[.)、．])"
    r"|[转轉](?:发给|發給|载请)|分享(?:给|給)(?:朋友|同事)|取消(?:订阅|訂閱)|退(?:订|訂)|[扫掃](?:码|碼"
    r"|描.{0,4}二维码)"
    r"|由.{1,12}(?:赞助|贊助)|商[务務]合作|未经授权|[优優](?:惠碼|惠码)|一[键鍵]三[连連]|免费领取|点个.{0,2}在看"
    r"|不(?:构成|構成|代表).{0,6}(?:投资|投資)建(?:议|議)",
    _I,
)
"""Within a few words: they want something of the reader."""

ASIDE = re.compile(
    r"[\W_]*+(?:(?:今日|今天|本周|本週|本期|热点|熱點)[ ·]?)*+"
    r"(?:(?:quick |weekend |related |useful |more )?links?(?:\W*$|[,:：]|\s(?:we|i|for|of|from|worth)\b)"
    r"|reading list|(?:further|more|recommended|related|weekend) reading|what (?:we|i)\W(?:are|re|m|am) (?:reading"
    r"|listening)|see also|related|resources|upcoming events?|(?:calendar|events?)(?:\W*$|[.:：])|quote of|(?:quote"
    r"|meme|tweet|chart|image|picture|photo|word|number|fact|joke|tip|thought|cartoon|song|art) of the"
    r"|(?:\S+ ){1,3}of the (?:day|week|month)\W*$|number of|by the numbers|the (?:week|day) in numbers|cartoon"
    r"|(?:one )?last (?:thing|word)\W*$|table of contents|contents\b|what(?:'|’)?s inside|jump to|in (?:this"
    r"|today\W?s) (?:issue|edition|e-?mail|letter|newsletter|cup)|(?:today|this week)\W?s? (?:topics|stories|menu"
    r"|line-?up|agenda)|相关链接|链接|連結|相關連結|延伸阅读|延伸閱讀|推荐阅读|推薦閱讀|相关阅读"
    r"|参考|參考|数字\W*$|目录|目錄|概览|概覽|導讀|导读|导览|導覽|(?:看点|看點|重点|重點|要点|要點)\W*$|本期(?:看点|看點|内容|內容"
    r"|目录|目錄|导读|導讀|要点)|内容提要|活动\W*$|活動\W*$|活动(?:预告|日历)|日程|日历|金句|言论|言論|语录|語錄|每日一(?:图|句|词)|彩蛋"
    r"|一周日历)",
    _I,
)
"""A part of an issue that is no news: its contents, its links, its numbers."""

LINKS = re.compile(r"\blinks?\b|\breading\b|链接|連結|阅读|閱讀", _I)
"""An aside that may say something about each of its links, which makes them stories."""

_BRIEF = (
    r"in (?:brief|short|other news|case you missed it)|news(?: in brief)?|briefs?|briefing|the big (?:one|story"
    r"|stories)"
    r"|catch up(?: quick)?"
    r"|rapid fire|lightning round|around the (?:web|world|horn)|quick (?:hits|links|updates|takes|bites|reads|news"
    r"|picks)"
    r"|short (?:takes|hits)|shorts|briefly(?: noted)?|elsewhere|meanwhile|in passing|also noted|short notes"
    r"|what else(?: .{1,20})?|everything else(?: .{1,20})?|other (?:bits|stuff|things)|and finally|leftovers|bytes"
    r"|bits(?: and pieces)?|odds and ends|miscellany"
    r"|grab bag|the rest|and in the rest.*|also(?: (?:worth.*|.{1,20}))?|headlines|stories|must[- ]reads?"
    r"|long ?reads|worth (?:a read|your time|reading)|快讯|快訊|动态|動態|简讯|簡訊|短讯|短訊|速览|速覽|速递|速遞"
    r"|一句[话話](?:新[闻聞]|快[讯訊])?|大事件?|三言两语|其他动态|其他動態|另外|此外|小消息|要闻|要聞|头条|頭條|資訊|资讯|新闻|新聞|消息"
)
_TOPIC = (
    r"features?|essays?|analysis|longer reads|deals|people|tools?(?: .{1,20})?|trending(?: .{1,20})?|papers?|research"
    r"|products?|launches|apps|repos?|models?|industry|business|markets?|policy|regulation|law|funding|money"
    r"|open[- ]source|code|articles?|releases|hardware|chips|robots|robotics|science|startups?|security|china|us"
    r"|europe|asia|opinion|reads?|videos?|podcasts?|文章|长文|長文|深度|工具|资源|資源|论文|論文|产品|產品|新品|模型"
    r"|行业|行業"
    r"|产业|產業|政策|监管|監管|融资|融資|投融资|投融資|开源|開源|研究|学术|學術|技术|技術|市场|市場|公司|企业|企業"
    r"|人物|观点|觀點"
    r"|芯片|晶片|硬件|硬體|应用|應用|机器人|機器人|国际|國際|国内|國內|大公司|新产品|宏观(?:新闻)?|公司新闻|行业新闻"
    r"|(?:\S{1,12} )?项目|图片|图|文摘|其他|其它"
)
_WHOSE = (
    r"(?:(?:the|more|other|also|top|main|big|ai|tech|world|today\W?s|this week\W?s|科技|行业|產業|产业|国内|國內"
    r"|国际|國際|海外"
    r"|本周|本週|今日|热点|熱點|其他|其它|更多|一周)[ ·]?)*"
)

BRIEF = re.compile(f"{_WHOSE}(?:{_BRIEF})", _I)
"""What holds several stories, whatever stands beside it."""

GROUP = re.compile(f"{_WHOSE}(?:{_BRIEF}|{_TOPIC})", _I)
"""What holds several stories, or is the chapter of an essay on that topic."""

TELLING = re.compile(
    r"^(?:what['’]?s new|why (?:it|this) matters|what to watch|behind the news|we['’]?re thinking|the (?:big picture"
    r"|backdrop)"
    r"|driving the news|between the lines|go deeper|read more|our take|发生了什么|为什么重要|一句话点评|点评|點評"
    r"|相关链接|原文链接|来源)\s*(?:[:：.。?？]|$)",
    _I,
)
"""A label that stories have, one like the other, and articles do not."""

LABELS = re.compile(
    r"(?:what['’]?s new|why (?:it|this) matters|what to watch|how it works|behind the news|we['’]?re thinking"
    r"|the (?:big picture"
    r"|details|takeaway|context|background|bottom line|backdrop)|driving the news|zoom (?:in|out)|yes,? but"
    r"|between the lines"
    r"|the (?:gist|facts|story|deal|numbers|lowdown|scoop|catch|upshot|idea|problem|paper|method|arguments?|reaction"
    r"|stakes)|key insight"
    r"|why (?:you should care|we care|care|now|it['’]?s important|it’s important|should i care)|so what|what’s (?:new"
    r"|next)|what['’]?s next|in short|quick take|my take|the rundown"
    r"|核心(?:内容|看点|观点)|一句话|划重点|事件|亮点|启示|我们的看法|小编(?:说|点评)|编辑点评|为什么重要|发生了什么"
    r"|怎么看|有什么用"
    r"|what (?:happened|they['’]?re saying|we['’]?re watching|it means|they did)|results?|read more|key (?:points"
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
