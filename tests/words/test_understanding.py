"""People's own words become canonical occupations and skills, or a question."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.occupations.lexicon_files import lexicon
from matching.lexicon import Lexicon, Understood

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def words() -> Lexicon:
    return lexicon()


def occupations(lexicon: Lexicon, text: str, kind: str = "worker") -> set[str]:
    found = lexicon.understand(text, kind="job" if kind == "job" else "worker").occupations
    return {lexicon.name(one.term) for one in found}


@pytest.mark.parametrize(
    ("text", "occupation"),
    [
        ("四线拷边", "缝纫工"),
        ("二保焊", "焊工"),
        ("台面油边", "皮革及皮革制品加工工"),
        ("龙门架", "港口装卸机械司机"),
        ("踩衣车", "缝纫工"),
        ("钉壳子板", "模板工"),
        ("农村坝坝宴掌勺", "食堂炊事员"),
        ("伺候瘫痪老人", "养老护理员"),
        ("勾机", "挖掘机司机"),
        ("刮大白", "建筑油漆工"),
    ],
)
def test_slang_tools_and_dialect_name_a_trade(words: Lexicon, text: str, occupation: str) -> None:
    assert occupation in occupations(words, text)


@pytest.mark.parametrize(
    ("text", "occupation"),
    [
        ("缝过校服裤子", "缝纫工"),
        ("给人家看娃儿", "婴幼儿发展引导员"),
        ("开那种大吊车", "汽车起重机司机"),
        ("玩具厂里上班", "玩具制作工"),
        ("洗玻璃外墙", "高空外墙清洗员"),
        ("修过面包车和货车", "汽车维修工"),
    ],
)
def test_what_is_done_and_to_what_is_composed_into_a_trade(words: Lexicon, text: str, occupation: str) -> None:
    assert occupation in occupations(words, text)


def test_several_jobs_in_one_phrase_are_all_found(words: Lexicon) -> None:
    assert {"钢筋工", "砌筑工"} <= occupations(words, "钢筋工、木工、瓦工")
    assert {"保安员", "保洁员"} <= occupations(words, "保安/保洁，也可以洗碗")


def test_what_is_refused_is_not_offered(words: Lexicon) -> None:
    understood = words.understand("不做普工 只做电工")
    assert {words.name(one.term) for one in understood.occupations} == {"电工"}
    assert "普工" in {words.name(one.term) for one in understood.refused}


def test_what_a_job_only_prefers_is_no_required_skill(words: Lexicon) -> None:
    required = words.understand("会平车、拷边", kind="job").skills
    assert {words.name(one.term) for one in required} == {"平缝", "拷边包缝"}
    assert words.understand("会氩弧焊优先", kind="job").skills == ()
    assert words.understand("电焊工，会氩弧焊优先", kind="job").skills == ()
    assert words.understand("会氩弧焊优先", kind="worker").skills != ()


def test_noise_around_a_job_changes_nothing(words: Lexicon) -> None:
    assert occupations(words, "急招平车工3名，包吃住，月薪6000") == occupations(words, "平车工")


def test_experience_and_level_are_read(words: Lexicon) -> None:
    assert words.understand("三年叉车").years == 3
    assert words.understand("十几年泥瓦工").years == 13
    assert words.understand("没干过 想学电焊").level == "learner"
    assert words.understand("缝纫工（熟手）").level == "skilled"
    assert words.understand("带过自己家孙子").level == "informal"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("电汗工", "电焊工"), ("钢精工", "钢筋工"), ("帮橱", "帮厨"), ("包洁", "保洁"), ("叉车思机", "叉车司机")],
)
def test_a_word_typed_by_sound_is_the_word_meant(words: Lexicon, typed: str, meant: str) -> None:
    understood = words.understand(typed)
    assert {one.term for one in understood.occupations} == {one.term for one in words.understand(meant).occupations}
    assert {one.how for one in understood.occupations} == {"sound"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("装御工", "装卸工"), ("采荼工", "采茶工"), ("注朔工", "注塑工"), ("铲东司机", "铲车司机"), ("泡装工", "包装工")],
)
def test_a_word_with_a_lookalike_character_is_the_word_meant(words: Lexicon, typed: str, meant: str) -> None:
    understood = words.understand(typed)
    assert {one.how for one in understood.occupations} == {"look"}
    assert {one.term for one in understood.occupations} == {one.term for one in words.understand(meant).occupations}


@pytest.mark.parametrize(
    ("text", "whole"), [("省过模", "省模"), ("烧过窑", "烧窑"), ("拉了十年的坯", "拉坯"), ("割过三年胶", "割胶")]
)
def test_a_verb_apart_from_its_object_means_the_same(words: Lexicon, text: str, whole: str) -> None:
    assert occupations(words, text) >= occupations(words, whole) != set()


def test_a_verb_is_not_joined_to_a_part_of_the_next_word(words: Lexicon) -> None:
    assert words.understand("搬过家具").occupations[0].words != "搬家"


@pytest.mark.parametrize("text", ["保洁保安都行", "想找保洁或者保安", "保洁和保安均可"])
def test_jobs_that_are_joined_are_all_meant(words: Lexicon, text: str) -> None:
    assert occupations(words, text) == {"保洁员", "保安员"}


@pytest.mark.parametrize(
    ("text", "occupation"),
    [
        ("养老院厨师", "中式烹调师"),
        ("幼儿园厨师", "中式烹调师"),
        ("房地产公司保洁", "保洁员"),
        ("养殖场兽医", "动物疫病防治员"),
    ],
)
def test_where_one_works_is_not_what_one_does(words: Lexicon, text: str, occupation: str) -> None:
    understood = words.understand(text, kind="job")
    assert words.name(understood.occupations[0].term) == occupation


@pytest.mark.parametrize(("typed", "meant"), [("货车司鸡", "货车司机"), ("钢金工", "钢筋工")])
def test_the_closest_word_of_the_same_sound_is_meant(words: Lexicon, typed: str, meant: str) -> None:
    assert {one.term for one in words.understand(typed).occupations} == {
        one.term for one in words.understand(meant).occupations
    }


@pytest.mark.parametrize("text", ["弹花匠", "配菜工长白班"])
def test_half_a_word_names_no_trade(words: Lexicon, text: str) -> None:
    assert not {"园林绿化工", "农艺工", "普工"} & occupations(words, text)


@pytest.mark.parametrize(
    "text", ["家住马边县", "小学毕业", "希望工资高一点", "身体健康无疾病", "想跟老乡一块", "服从安排"]
)
def test_what_is_no_work_is_read_as_none(words: Lexicon, text: str) -> None:
    assert not words.understand(text).is_understood


def test_two_titles_side_by_side_are_two_trades(words: Lexicon) -> None:
    assert {"电工", "焊工"} <= occupations(words, "电工焊工都干过")


def test_a_refusal_reaches_no_composition_with_what_is_wanted(words: Lexicon) -> None:
    assert "建筑杂工" in occupations(words, "厂里活不去，工地都行")


def test_what_is_only_wished_or_denied_is_doubtful_beside_what_was_done(words: Lexicon) -> None:
    understood = words.understand("没开过叉车，仓库搬过货")
    sure = {words.name(one.term): one.likeness for one in understood.occupations}
    assert sure["叉车司机"] < 0.7 < sure["装卸搬运工"]
    assert understood.level is None


def test_a_job_that_refuses_learners_does_not_train(words: Lexicon) -> None:
    assert words.understand("招电工，学徒勿扰", kind="job").level is None
    assert words.understand("招电工学徒", kind="job").level == "learner"


def test_traditional_characters_read_like_simplified_ones(words: Lexicon) -> None:
    understood = words.understand("電焊師傅")
    assert occupations(words, "電焊師傅") == occupations(words, "电焊师傅")
    assert understood.occupations[0].how == "traditional"


def test_a_long_name_with_a_slip_is_found_by_rapidfuzz_and_says_so(words: Lexicon) -> None:
    [first, *_] = words.understand("超硬磨料制工").occupations
    assert (words.name(first.term), first.how) == ("磨料制造工", "fuzzy")
    assert 0.8 <= first.likeness < 1


@pytest.mark.parametrize(
    "friends",
    [
        ("平车工", "车工", "叉车工", "修车工", "挡车工", "天车工"),
        ("保安", "保洁", "保姆", "保育员"),
        ("电工", "电焊工", "电镀工", "电子厂普工"),
        ("钳工", "钢筋工", "锅炉工"),
        ("洗碗工", "洗车工", "洗煤工"),
        ("模具工", "模切工", "模板工"),
        ("采购员", "采茶工", "采煤工"),
        ("护林员", "护士", "保育员"),
        ("理发师", "理货员"),
        ("绿化工", "硫化工", "氧化工"),
        ("安检员", "质检员", "安全员"),
    ],
)
def test_false_friends_stay_apart(words: Lexicon, friends: tuple[str, ...]) -> None:
    best = [words.understand(word).occupations[0].term for word in friends]
    assert len(set(best)) == len(friends)


@pytest.mark.parametrize(
    "text", ["卖空调", "保洁公司会计", "叉车公司文员", "焊条推销", "钢琴老师", "旅游开发", "网络拉客", "木材生意"]
)
def test_who_sells_or_keeps_the_books_of_a_trade_does_not_work_in_it(words: Lexicon, text: str) -> None:
    trades = {"制冷空调系统安装维修工", "保洁员", "叉车司机", "焊工", "钢筋工", "挖掘机司机", "拉面师", "手工木工"}
    assert not occupations(words, text) & trades


def test_an_unknown_word_is_returned_with_a_question(words: Lexicon) -> None:
    understood = words.understand("嚯嘞哒")
    assert not understood.is_understood
    assert understood.unknown == ("嚯嘞哒",) or understood.unknown
    assert understood.question
    assert understood.question_en


def test_a_blank_asks_nothing(words: Lexicon) -> None:
    assert words.understand("  ") == Understood("  ")


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=60), st.sampled_from(["worker", "job"]))
def test_any_text_is_read_without_a_crash(text: str, kind: str) -> None:
    understood = lexicon().understand(text, kind="job" if kind == "job" else "worker")
    for found in (*understood.occupations, *understood.skills, *understood.refused, *understood.guesses):
        assert 0 <= found.likeness <= 1
        assert found.term in lexicon().terms
    assert all(found.likeness >= 0.5 for found in (*understood.occupations, *understood.skills))


@settings(deadline=None, max_examples=300)
@given(CHINESE)
def test_reading_twice_gives_the_same(text: str) -> None:
    fresh = lexicon()
    assert fresh.understand(text) == fresh._read(text, "worker")


def test_chance_characters_are_mostly_not_understood(words: Lexicon) -> None:
    state, understood = 7, 0
    for _ in range(500):
        text = ""
        for _ in range(6):
            state = (state * 1103515245 + 12345) % 2**31
            text += chr(0x4E00 + (state >> 8) % (0x9FA5 - 0x4E00))
        understood += words.understand(text).is_understood
    assert understood <= 10
