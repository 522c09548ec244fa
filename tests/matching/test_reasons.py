"""Reasons are plain sentences in both languages."""

from matching import Tier
from matching.reasons import (
    TIER_NAMES,
    DistanceEvidence,
    PairingEvidence,
    PayEvidence,
    SkillEvidence,
    why_distance,
    why_pairing,
    why_pay,
    why_skill,
)


def test_the_words_that_matched_are_named_on_both_sides() -> None:
    evidence = SkillEvidence(0.95, "焊工", "电焊工", met=("看图纸",), certificates=("焊接与热切割作业证",))
    assert why_skill(evidence) == "焊工 = 电焊工；会：看图纸；持证：焊接与热切割作业证"
    assert why_skill(evidence, "en").startswith("焊工 is the same work as 电焊工; can: 看图纸")


def test_nobody_is_said_to_have_a_skill_that_only_goes_with_the_wished_work() -> None:
    evidence = SkillEvidence(1.0, "缝纫工", "缝纫工", met=("拷边",), usual=("平缝",))
    assert why_skill(evidence) == "正是想做的缝纫工；会：拷边；做这行一般会：平缝"
    assert "goes with that work: 平缝" in why_skill(evidence, "en")


def test_what_was_not_understood_is_said() -> None:
    assert "按中间值算" in why_skill(SkillEvidence(0.3))
    assert "没看懂" in why_skill(SkillEvidence(0.3, "焊工"))


def test_a_health_certificate_is_to_be_got() -> None:
    assert why_skill(SkillEvidence(1.0, "厨师", "厨师", to_be_got=("健康证",))) == "正是想做的厨师；还要办：健康证"


def test_coarse_places_are_told_as_approximate() -> None:
    assert why_distance(DistanceEvidence(1084.3, approximate=True)) == "离家约1084公里"
    assert why_distance(DistanceEvidence(84.3, reach_km=500)) == "离家84公里，不超过希望的500公里"
    assert why_distance(DistanceEvidence(900, reach_km=500), "en") == "900 km from home, beyond the wished 500 km"


def test_the_pairing_names_both_places_and_the_document() -> None:
    evidence = PairingEvidence(Tier.PREFECTURE, "毕节市", "广州市", "某号文件")
    assert why_pairing(evidence) == "毕节市—广州市 市州结对（某号文件）"
    assert why_pairing(PairingEvidence(Tier.NONE)) == "没有结对关系"


def test_pay_is_compared_with_what_was_asked() -> None:
    assert why_pay(PayEvidence(6000, 8000, 4500)) == "月薪6000—8000元，至少比要求的4500元高1500元"
    assert why_pay(PayEvidence(4500, 8000, 4500)) == "月薪4500—8000元，不低于要求的4500元"
    assert why_pay(PayEvidence(4000, 6000, 5000)) == "月薪最低4000元，比要求的5000元少1000元；最高6000元"
    assert why_pay(PayEvidence(4000, 5000, 5000)) == "月薪最低4000元，比要求的5000元少1000元；最高5000元"
    assert why_pay(PayEvidence(4000, 4000)) == "月薪4000元，没提最低要求"


def test_every_tier_has_a_name_in_both_languages() -> None:
    assert all(set(names) == set(Tier) for names in TIER_NAMES.values())
