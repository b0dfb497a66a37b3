"""The rules of the tagger one by one, on sentences written for them."""

from __future__ import annotations

import string
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_reader.model import Tag
from tui_reader.tagging import Tagger, load_taxonomy, story_surroundings
from tui_reader.tagging.learned import read_weights


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(load_taxonomy())


def companies(tags: tuple[Tag, ...]) -> set[str]:
    return {tag.slug for tag in tags if tag.kind == "company"}


def topics(tags: tuple[Tag, ...]) -> set[str]:
    return {tag.slug for tag in tags if tag.kind == "topic"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天发布Qwen3，免费商用", {"alibaba"}),
        ("We ran qwen2.5-max and claude-3.5-sonnet side by side", {"alibaba", "anthropic"}),
        ("GPT 4o, GPT-4o and GPT4o are one model", {"openai"}),
        ("GPT-4V reads charts", {"openai"}),
        ("智譜 AI 與 DeepSeek 同日更新", {"zhipu-ai", "deepseek"}),
        ("ＯｐｅｎＡＩ發表聲明", {"openai"}),
        ("輝達與聯發科合作", {"nvidia", "mediatek"}),
        ("openai and deepseek in small letters", {"openai", "deepseek"}),
        ("NVIDIA'S GPUS", {"nvidia"}),
        ("Two iPhones in a drawer", {"apple"}),
        ("Moonshot AI (Kimi K2) from Beijing", {"moonshot-ai"}),
        ("Claude Fable 5 is a model, Claude Fable is not", {"anthropic"}),
        ("魔搭與ModelScope", {"alibaba"}),
        ("ERNIE- ViLG, DALL - E and Orin- X, as machines write them", {"baidu", "openai", "nvidia"}),
        ("byte beating says that its bean bag big model is cheap, Ali Cloud too", {"bytedance", "alibaba"}),
    ],
)
def test_names_are_found_however_they_are_written(tagger: Tagger, text: str, expected: set[str]) -> None:
    assert companies(tagger.tag("", text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Metadata and chatgptlike words",
        "The OpenAIsh way",
        "sap runs down the tree",
        "a new dell in the woods",
        "Read it at example-openai.com or openai.com",
        "mail to press@openai.org",
    ],
)
def test_parts_of_words_and_addresses_are_no_names(tagger: Tagger, text: str) -> None:
    assert companies(tagger.tag("", text)) == set()


def test_the_longest_name_wins(tagger: Tagger) -> None:
    tags = tagger.tag("", "Kunlun Tech is not the chip unit of a search firm")
    assert companies(tags) == {"kunlun-tech"}


def test_a_product_speaks_for_its_maker(tagger: Tagger) -> None:
    (tag,) = (t for t in tagger.tag("", "Khanmigo helps with fractions") if t.kind == "company")
    assert (tag.slug, tag.evidence[0].rule, tag.evidence[0].alias) == ("khan-academy", "product", "Khanmigo")


def test_evidence_points_into_title_and_text(tagger: Tagger) -> None:
    title, text = "Tesla、特斯拉", "🚀 Où « 比亞迪 » beats \ud83d Tesla in AI 𠮷 and 特斯拉"
    for tag in tagger.tag(title, text):
        for evidence in tag.evidence:
            source = title if evidence.where == "title" else text
            assert source[evidence.start : evidence.end] in {"Tesla", "特斯拉", "比亞迪", "AI"}


def test_half_a_surrogate_pair_neither_hurts_nor_moves_the_evidence(tagger: Tagger) -> None:
    text = "\ud83d😀 说到\udfff阿里云发布Qwen3 \ud800"
    (tag,) = (tag for tag in tagger.tag("", text) if tag.slug == "alibaba")
    assert [text[each.start : each.end] for each in tag.evidence] == ["阿里云", "Qwen"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Apple has a new phone plan for AI", {"apple"}),
        ("Apple, says my aunt, is what the cake needs", set()),
        ("Meta and Alphabet fell with Microsoft", {"meta", "google", "microsoft"}),
        ("字节、阿里和腾讯都在招人", {"bytedance", "alibaba", "tencent"}),
        ("小鹏、理想、比亚迪三家车企", {"xpeng", "li-auto", "byd"}),
        ("Samsung, Huawei, Honor, OPPO and vivo", {"samsung", "huawei", "honor", "oppo", "vivo"}),
        ("Llama is now the work of another group at Meta", {"meta"}),
    ],
)
def test_weak_names_need_support(tagger: Tagger, text: str, expected: set[str]) -> None:
    assert companies(tagger.tag("", text)) == expected


def test_the_feed_of_a_company_supports_its_doubtful_names(tagger: Tagger) -> None:
    title = "A longer memory for Claude"
    assert companies(tagger.tag(title, "")) == set()
    assert companies(tagger.tag(title, "", feed_title="Anthropic News")) == {"anthropic"}
    assert companies(tagger.tag("A quiet week", "", feed_title="Anthropic News")) == set()


def test_a_feed_that_is_about_ai_supports_doubtful_names_and_is_of_the_domain(tagger: Tagger) -> None:
    title = "Manus 可用专属邮箱接收任务"
    assert companies(tagger.tag(title, "")) == set()
    assert companies(tagger.tag(title, "", feed_title="某某AI早报")) == {"manus"}
    assert companies(tagger.tag("A figure on a runway", "", feed_title="AI Weekly")) == set()
    assert topics(tagger.tag("Solar Pro 4: benchmarks and analysis", "")) == set()
    assert topics(tagger.tag("Solar Pro 4: benchmarks and analysis", "", feed_title="AI Weekly")) == {"benchmarks"}


def test_so_does_an_issue_for_its_stories(tagger: Tagger) -> None:
    title = "Manus 可用专属邮箱接收任务"
    for issue, expected in (("OpenAI releases a new model", {"manus"}), ("A port buys three ferries", set())):
        around = story_surroundings("Weekly", title, tagger.tag("Weekly", issue))
        assert companies(tagger.tag(title, "", feed_title=around)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Kimi Qiao and Kimi Antonelli met an AI fan",
        "Claude Monet would have hated AI art",
        "Foreign Minister Wang Yi spoke about artificial intelligence",
        "Devin Booker trains with an AI coach",
        "Jean-Claude reads about AI",
        "Ms. Dell and Cllr. Stanford ask for an AI strategy",
        "A talk on AI by Judge Stanford",
        "The AI coach is Karen Stanford of Leeds",
        "AI读绘本：邻居小鹏放学后来听，小鹏同学说好",
        "那只小猫取名豆包，AI相机认得它",
    ],
)
def test_people_are_no_companies(tagger: Tagger, text: str) -> None:
    assert companies(tagger.tag("", text)) == set()


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Tesla's pigeon", "Nikola Tesla lived in a hotel for ten years. Tesla fed the birds on the sill.", set()),
        (
            "Tesla and its name",
            "Named after Nikola Tesla, Tesla has recalled the Model Y, its robotaxis too.",
            {"tesla"},
        ),
    ],
)
def test_a_sure_name_is_that_of_a_namesake_unless_something_speaks_for_the_company(
    tagger: Tagger, title: str, text: str, expected: set[str]
) -> None:
    assert companies(tagger.tag(title, text)) == expected


def test_the_name_of_another_company_may_begin_with_a_product(tagger: Tagger) -> None:
    assert "intel" not in companies(tagger.tag("", "地平线与大众成立的酷睿程将研发智驾芯片。"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It hopes to be the Google of Africa, with AI", set()),
        ("Robots have not had their ChatGPT moment", set()),
        ("谁会是中国版OpenAI？AI投资人也不知道", set()),
        ("The Google Assistant and the OpenAI API", {"google", "openai"}),
        ("人形机器人的iPhone时刻未到", set()),
        ("AI时代，“深度求索”四字让人深思", set()),
    ],
)
def test_figures_of_speech_do_not_count(tagger: Tagger, text: str, expected: set[str]) -> None:
    assert companies(tagger.tag("", text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Claude Monet's garden, as an AI sees it. Claude loved lilies.", set()),
        ("Chandler Bing is back as a chatbot. Bing never ages.", set()),
        ("AI counts fish in the Amazon River. The Amazon is high.", set()),
        ("Claude the LLM is named after Claude Shannon", {"anthropic"}),
        ("Intel on AI sabotage: the intel suggests a group", set()),
        ("Apple robots use AI. Each apple is weighed.", set()),
        ("Amazon rangers use AI: the Amazon is large", set()),
        ("A ChatGPT reads the stars: Gemini horoscope. Gemini should rest.", {"openai"}),
        ("AI coach of Mistral, 24, tells all", set()),
        ("字节一像素：AI 压缩入门。字节跳动也用它", {"bytedance"}),
    ],
)
def test_a_namesake_takes_the_bare_name_with_it(tagger: Tagger, text: str, expected: set[str]) -> None:
    assert companies(tagger.tag("", text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A meta-review of AI papers", set()),
        ("AI night at Oracle Park", set()),
        ("Apple-designed chips run AI", {"apple"}),
        ("AI at Apple Park", {"apple"}),
        ("AI traffic lights for Oracle Lane", set()),
        ("An AI umpire: Samsung Lions win. The fans of Samsung sang.", set()),
        ("AI maps the villages: Stanford-le-Hope has none", set()),
        ("The AI meta shifts: the current meta favours slow decks", set()),
    ],
)
def test_what_only_begins_with_a_name_is_none(tagger: Tagger, text: str, expected: set[str]) -> None:
    assert companies(tagger.tag("", text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Intel has a new chief executive", {"intel"}),
        ("Claude has a new chief executive", set()),
        ("A user asked Claude for a recipe", {"anthropic"}),
        ("Gemini is high tonight; an app for the constellations has users", set()),
        ("Cursor, Lovable and Replit", {"anysphere", "replit"}),
    ],
)
def test_words_of_business_and_of_assistants_support_weak_names(tagger: Tagger, text: str, expected: set[str]) -> None:
    assert companies(tagger.tag("", text)) == expected


def test_a_name_that_means_nobody_here_is_no_sign_of_a_topic(tagger: Tagger) -> None:
    assert "video-generation" not in topics(tagger.tag("Sora's long road", "Kingdom Hearts has an AI. Sora is a boy."))
    assert "video-generation" in topics(tagger.tag("Sora's long road", "OpenAI let Sora render an AI film."))


def test_where_the_title_names_a_company_others_must_come_early_or_often(tagger: Tagger) -> None:
    text = "The maker of chips had a good year in every market that it serves, from phones to cars. Then came {}"
    once = tagger.tag("Nvidia's year", text.format("OpenAI with an order. And Mistral AI."))
    assert [tag.slug for tag in once if tag.salience == "primary" and tag.kind == "company"] == ["nvidia"]
    often = tagger.tag("Nvidia's year", text.format("OpenAI. OpenAI pays late. OpenAI will have its own chip."))
    assert {tag.slug for tag in often if tag.salience == "primary" and tag.kind == "company"} == {"nvidia", "openai"}


@pytest.mark.parametrize(
    "text",
    [
        "AI picture of a cat. Image: Midjourney",
        "人工智能展会现场，图源：百度",
        "AI保险箱 来源：腾讯科技",
        "A robot waves. Photo by Li Na/Getty Images",
        "An AI expert wrote on Facebook and posted to LinkedIn",
        "她发微博说，AI合成了她的声音",
        "从微博、抖音收集素材训练AI",
        "AI news. Follow us on YouTube and TikTok",
        "AI marks exams. More from Daily Bit: MIT engineers build a drone",
        "团队公开了AI模型的报告和 GitHub 仓库",
        "人工智能周报 新浪(微博)发布",
        "他把AI画的图挂上了闲鱼",
        "An AI pioneer of PyTorch fame",
        "AI lips, false words. Image supply: Midjourney.",
        "An AI editor for Windows, Linux and Mac, with an Android version",
        "求助：人工智能语音在 Windows 上有爆音",
        "这款AI工具支持 Windows、macOS 和 Linux,安卓版下周上线",
        "训练框架的代码在 TensorLight Github（https://code.example/1）上,AI社区已有讨论",
        "AI框架 master · team/paddle · GitHub",
        "卷积网络与人工智能入门。\n\n作者简介：\n李雷，毕业于清华大学，现就职于腾讯。",
        "AI网页的二维码用百度网盘扫码没问题",
        "Goats eat AI-grown hay. Most read: Nvidia rises again | ChatGPT told me to go | Tesla slides",
        "A machine learning class for shepherds.\n\nRelated:\n\nOpenAI cuts another team\n\nUnitree dances at the gala",
        "人工智能养羊。\n\n相关阅读：\n\n英伟达市值创新高\n\n宇树机器人上春晚",
        "The AI robot fell over. Share: Facebook X WhatsApp Reddit",
        "A robot scored at Qualcomm Stadium, then at Snapdragon Stadium, with AI",
        "AI画展开幕。封面图由豆包生成",
        "AI机器人租不到？去抖音租一台",
        "众擎被粉丝称为“东方波士顿动力”，人形机器人开卖",
        "The AI model was launched on Douyin. On Weibo, people laughed",
        "ERNIE 5, the model that draws the lots, made two holders of Premium Bonds rich without AI",
    ],
)
def test_credits_places_of_posts_and_furniture_do_not_count(tagger: Tagger, text: str) -> None:
    assert companies(tagger.tag("", text)) == set()


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("A ban on TikTok would hit AI start-ups too", "bytedance"),
        ("The EU fined Elon Musk's X for its AI chatbot", "x-corp"),
        ("YouTube took the AI videos down", "google"),
        ("AI clips on YouTube break the rules of the platform", "google"),
        ("抖音上线AI搜索", "bytedance"),
        ("AI应用要面对来自抖音的竞争", "bytedance"),
        ("失去TikTok，AI广告就少了一半", "bytedance"),
        ("他曾就职于优步、领英和推特,现在研究AI", "x-corp"),
        ("AI论文(https://papers.example/a.pdf)：来自 Baidu 的系统", "baidu"),
        ("AI问答灰度，微信搜索框上方多了入口，背后是DeepSeek的模型", "deepseek"),
        ("AI accelerators, market share: Nvidia 80 percent, AMD 12", "nvidia"),
        ("人工智能概念股、相关新闻：英伟达涨三成", "nvidia"),
        (
            "Related: AI farms\n\nNvidia has sold 400,000 chips to a single customer in the Gulf, it says.",
            "nvidia",
        ),
    ],
)
def test_platforms_count_as_subjects(tagger: Tagger, text: str, slug: str) -> None:
    assert slug in companies(tagger.tag("", text))


def test_a_newspaper_counts_as_a_litigant_and_not_as_a_source(tagger: Tagger) -> None:
    assert companies(tagger.tag("", "The New York Times sued over copyright")) == {"new-york-times"}
    assert companies(tagger.tag("", "A court ruled on copyright, according to the New York Times")) == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Brussels wants the AI Act to be simpler. The Commission will wait.", {"european-commission"}),
        ("The Federal Trade Commission in Washington heard AI makers, EU ones too", {"ftc"}),
        ("The AI letter went to Google", {"google"}),
        ("Ofcom wrote to X about the AI pictures", {"x-corp"}),
        ("李想谈VLA和智驾的AI路线", {"li-auto"}),
        ("李想是小学生,喜欢AI画画", set()),
    ],
)
def test_short_names_and_speakers_need_a_word_of_their_own_near_by(
    tagger: Tagger, text: str, expected: set[str]
) -> None:
    assert companies(tagger.tag("", text)) == expected


def test_tickers_count_in_brackets_only(tagger: Tagger) -> None:
    assert companies(tagger.tag("", "the company (2513.HK) and a rival (WRD)")) == {"zhipu-ai", "weride"}
    assert companies(tagger.tag("", "form WRD 02513 is due")) == set()


def test_words_against_a_meaning_hold_for_the_whole_entry(tagger: Tagger) -> None:
    assert companies(tagger.tag("AMD in old age", "Macular degeneration (AMD) is common. AI reads AMD scans.")) == set()
    assert companies(tagger.tag("甲骨文与AI", "殷墟的甲骨文由AI比对。")) == set()


@pytest.mark.parametrize(
    "phrase",
    [
        *("升华为艺术", "东京东部", "中美团队", "三百度", "可灵活调整", "提高通过率", "有道理", "高通膨", "京东方"),
        *("有求必应", "卫星链路", "转眼即梦见", "美好未来", "略微软", "天玑星", "科研第四范式"),
    ],
)
def test_chinese_words_that_contain_a_name(tagger: Tagger, phrase: str) -> None:
    assert companies(tagger.tag("AI周报", f"人工智能让{phrase}成为话题。")) == set()


def test_salience_follows_title_lead_and_frequency(tagger: Tagger) -> None:
    text = (
        "Anthropic has published a long report on how its customers use the model in daily work, with many figures. "
        "Analysts had expected far less detail. The numbers come from a sample of chats of the last spring quarter. "
        "OpenAI did the same. Mistral AI did not. A second study of OpenAI is due in the autumn of this year."
    )
    salience = {tag.slug: tag.salience for tag in tagger.tag("", text) if tag.kind == "company"}
    assert salience == {"anthropic": "primary", "openai": "primary", "mistral": "mentioned"}
    by_title = tagger.tag("Mistral AI stays silent", text)
    assert next(tag for tag in by_title if tag.slug == "mistral").salience == "primary"
    order = [tag.salience for tag in by_title if tag.kind == "company"]
    assert order == sorted(order, reverse=True)


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("", "DeepSeek cut its prices to $0.28 per million tokens in a price war", {"pricing"}),
        ("", "法院判决：AI生成图片侵犯著作权", {"legal-case", "copyright"}),
        ("", "An AI agent was caught in a data breach", {"agents", "privacy-security"}),
        ("", "Unitree shows a humanoid", {"robotics"}),
        ("", "The chatbot maker filed for an IPO", {"ma-ipo"}),
        ("", "聊天机器人会写诗", set()),
        ("", "AI and the art of potato chips", set()),
        ("", "A court in Leeds heard a lawsuit about a hedge", set()),
    ],
)
def test_topics(tagger: Tagger, title: str, text: str, expected: set[str]) -> None:
    found = topics(tagger.tag(title, text))
    assert found == expected if not expected else expected <= found


def test_hints_need_each_other(tagger: Tagger) -> None:
    assert "funding" not in topics(tagger.tag("", "AI start-up with new backers"))
    assert "funding" in topics(tagger.tag("", "AI start-up with new backers, at a valuation nobody names"))


def test_a_passing_word_is_no_topic_of_a_long_article(tagger: Tagger) -> None:
    text = "AI changes how people write letters. " * 200
    assert "education" not in topics(tagger.tag("", text + "One of them is a teacher."))
    assert "education" in topics(
        tagger.tag("Teachers and AI", text + "Schools ask students and teachers about classrooms.")
    )


def test_overlapping_words_speak_once(tagger: Tagger) -> None:
    tags = tagger.tag("", "AI helps against 电信诈骗 and nothing else")
    assert "privacy-security" not in topics(tags)


@pytest.mark.parametrize(
    ("text", "alias", "counts", "why"),
    [
        ("Kimi K2 is out", "Kimi K2", True, "made by Moonshot AI"),
        ("Ask Kimi, the LLM", "Kimi", True, "“LLM*” is near by"),
        ("Replit and Rabbit", "Rabbit", True, "it stands in a list with Replit"),
        ("Claude Puel met an AI fan", "Claude", False, "a person of that name"),
        ("Liu Wenxin met an AI fan", "Wenxin", False, "a person of that name"),
        ("Ernie Dobbs, 64, met an AI fan", "Ernie", False, "a person of that name"),
        ("Fruit: an apple a day. Apple for all", "Apple", False, "an everyday word or a name of others"),
        ("AI orchard robots pick Apple fruit", "Apple", False, "the entry has “orchard*”"),
        ("AI and apple pie", "Apple", False, ""),
        ("AI bakes Apple pie", "Apple", False, "part of “Apple pie”"),
        ("AI news. Follow us on YouTube", "YouTube", False, "in a footer"),
        ("AI cat. Image: Midjourney", "Midjourney", False, "a credit"),
    ],
)
def test_every_name_has_its_reason(tagger: Tagger, text: str, alias: str, counts: bool, why: str) -> None:
    reasons = [each for each in tagger.explain("", text) if each.alias.lower() == alias.lower()]
    assert [each.counts for each in reasons[:1]] == ([counts] if why else [])
    assert all(why in each.why for each in reasons[:1])


def test_a_topic_tells_what_its_signs_weigh(tagger: Tagger) -> None:
    found = {each.slug: each for each in tagger.explain("A robot", "AI start-up with new backers")}
    assert (found["robotics"].counts, found["robotics"].weight) == (True, 3.0)
    assert (found["funding"].counts, found["funding"].why) == (False, "needs 2.0: signs 1.0")


STORY = (
    "The start-up wants to list its shares on the exchange in Hong Kong before summer. Bankers say that the prospectus "
    "is nearly ready and that investors ask for more shares than there are. Two rivals went public last winter, and "
    "both closed their first day of trading far above the issue price."
)


ROUNDUP = (
    "台风把两个港口关了三天,鲜鱼涨了一成;一家老牌影院宣布停业,最后一场放的是默片;央行说利率不动;某机器人公司送展一副智能眼镜;"
    "两位院士谈人工智能与农业;足协换了教练,球迷不买账;周末有雨,气温降到八度。"
)


def test_the_wording_speaks_beside_the_signs(tagger: Tagger) -> None:
    told = {each.slug: each.why for each in tagger.explain("An AI firm and the bourse", STORY)}
    assert ", wording +" in told["ma-ipo"]
    words = [e for tag in tagger.tag("An AI firm and the bourse", STORY) for e in tag.evidence if e.rule == "word"]
    assert words
    assert all(STORY[word.start : word.end] == word.alias for word in words if word.where == "text")


UNTOLD = (
    "She wiped the blackboard, looked for the chalk and asked who had brought the machine along this time. Nobody "
    "moved. Outside it rained, the bus was late again, and three of them had not slept because of a storm over the bay."
)


def test_the_wording_makes_a_topic_where_it_leaves_no_doubt(tagger: Tagger) -> None:
    learned = read_weights("education -2.0 | 90 blackboard chalk\njobs -4.0 | 4 blackboard", "")
    taught = Tagger(replace(tagger.taxonomy, learned=learned))
    (tag,) = (tag for tag in taught.tag("AI at eight", UNTOLD) if tag.kind == "topic")
    assert (tag.slug, [(each.alias, each.rule) for each in tag.evidence]) == (
        "education",
        [("blackboard", "word"), ("chalk", "word")],
    )
    # Neither where nothing is about the domain for sure, nor of a topic that the reader has muted.
    assert taught.tag("At eight", UNTOLD) == ()
    assert taught.tag("Our app at eight", UNTOLD) == ()
    muted = {slug: topic for slug, topic in tagger.taxonomy.topics.items() if slug != "education"}
    assert Tagger(replace(tagger.taxonomy, learned=learned, topics=muted)).tag("AI at eight", UNTOLD) == ()


def test_in_a_roundup_the_wording_of_other_stories_speaks_against_none(tagger: Tagger) -> None:
    assert "devices" in topics(tagger.tag("AI早报", ROUNDUP))
    assert "devices" not in topics(tagger.tag("AI", ROUNDUP))


def test_the_wording_speaks_against_a_word_in_passing(tagger: Tagger) -> None:
    story = STORY + " The founder once was a teacher at a school."
    assert ", wording −" in {e.slug: e.why for e in tagger.explain("AI", story)}["education"]
    assert topics(tagger.tag("AI", story)) == topics(tagger.tag("AI", STORY))


def test_a_headline_is_left_to_the_rules(tagger: Tagger) -> None:
    assert not any("wording" in each.why for each in tagger.explain("AI firm plans an IPO", "Bankers are busy."))


def test_a_word_that_is_not_wanted_does_not_speak(tagger: Tagger) -> None:
    def share(vetoes: frozenset[tuple[str, str, str]]) -> set[tuple[str, str]]:
        return {(each.why, each.rule) for each in tagger.explain("AI", STORY, vetoes=vetoes) if each.slug == "ma-ipo"}

    word = next(e.alias for tag in tagger.tag("AI", STORY) for e in tag.evidence if e.rule == "word")
    assert share(frozenset()) != share(frozenset({("topic", "ma-ipo", word.lower())}))


def test_phrases_silence_the_signs_of_their_own_topic_only(tagger: Tagger) -> None:
    # "robotaxi" is no robot, but it drives by itself.
    assert {"autonomous-driving"} == topics(tagger.tag("", "AI robotaxis in Wuhan"))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="AIKmi apple of the Moonshot OpenAI 小米、豆包 on X.,", max_size=80))
def test_what_counts_in_the_explanation_is_what_is_tagged(tagger: Tagger, text: str) -> None:
    tags = {tag.slug for tag in tagger.tag("", text)}
    assert {each.slug for each in tagger.explain("", text) if each.counts} == tags


def test_vetoed_names_do_not_count(tagger: Tagger) -> None:
    vetoes = frozenset({("company", "alibaba", "qwen"), ("topic", "robotics", "robot")})
    assert tagger.tag("", "Qwen drives a robot", vetoes=vetoes) == ()
    assert companies(tagger.tag("", "Qwen is Alibaba's", vetoes=vetoes)) == {"alibaba"}
    assert "you said: not this" in {each.why for each in tagger.explain("", "Qwen", vetoes=vetoes)}


def test_tagging_is_deterministic_and_carries_the_version(tagger: Tagger) -> None:
    title, text = "Kimi K2 and Qwen3", "Moonshot AI and Alibaba release open models in Beijing."
    first, second = tagger.tag(title, text), Tagger(load_taxonomy()).tag(title, text)
    assert first == second
    assert {tag.taxonomy for tag in first} == {tagger.taxonomy.version}
    assert all(tag.name == tagger.taxonomy.name(tag.slug) for tag in first)


_PIECES = st.sampled_from(
    [
        "OpenAI",
        "發布Qwen3",
        "Apple",
        "Meta ",
        "苹果",
        "小米",
        "𝕏 on X",
        "İstanbul",
        "ＡＩ",
        "图源：",
        "AI",
        "\n\n",
        "https://x.ai/a",
        "ß",
        "👩‍🔬",
    ]
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(_PIECES | st.text(alphabet=string.printable + "阿里、。“”é\x00\u200b", max_size=8), max_size=12).map(
        "".join
    )
)
def test_evidence_always_lies_within_the_text(tagger: Tagger, text: str) -> None:
    for tag in tagger.tag(text[:20], text):
        assert tag.evidence
        for evidence in tag.evidence:
            source = text[:20] if evidence.where == "title" else text
            assert 0 <= evidence.start < evidence.end <= len(source)


@pytest.mark.parametrize(
    "text",
    [
        "Apple OpenAI " * 8000,
        "chips " * 20000,
        "a@" * 50000,
        "微博、" * 30000,
        "follow us " * 10000,
        "A" * 200_000,
        "(" * 100_000,
    ],
    ids=["names", "cues", "mail", "platforms", "furniture", "letters", "brackets"],
)
def test_hostile_lengths_take_linear_time(tagger: Tagger, text: str) -> None:
    started = time.process_time()
    tags = tagger.tag("AI", text)
    assert time.process_time() - started < 2
    assert all(len(tag.evidence) <= 40 for tag in tags)
