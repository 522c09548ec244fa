"""Coded states and reasons in words: (Chinese, English)."""

from __future__ import annotations

Words = tuple[str, str]
PLACEMENT: dict[str, Words] = {
    "held": ("等待生效", "takes effect later"),
    "interested": ("想去，未公开电话", "said yes, no phone yet"),
    "waiting": ("排队中", "waiting"),
    "introduced": ("可以联系", "introduced"),
    "offered": ("已录用，等本人答复", "offered, the worker decides"),
    "accepted": ("本人已接受", "accepted"),
    "departed": ("已出发", "departed"),
    "onboarded": ("已到岗", "started"),
    "settled": ("已稳定", "settled"),
    "ended": ("已结束", "ended"),
    "closed": ("已关闭", "closed"),
}
DECLINE: dict[str, Words] = {
    "filled": ("已招满", "filled"),
    "skill_not_shown": ("技能没有体现", "skill not shown"),
    "certificate_missing": ("缺少证书", "certificate missing"),
    "start_date": ("到岗时间不合", "start date"),
    "not_reached": ("联系不上", "not reached"),
    "job_changed": ("岗位有变", "job changed"),
}
REFUSAL: dict[str, Words] = {
    "employer_unknown": ("单位无法核实", "employer unknown"),
    "not_true": ("内容不实", "not true"),
    "pay_or_hours": ("工资或工时不合规", "pay or hours"),
    "unlawful": ("内容违法", "unlawful"),
    "incomplete": ("信息不全", "incomplete"),
}
#: How many of those who suit but for the pay ask no more than is offered.
PAY: dict[str, Words] = {
    "most": ("合适的人里，大多数想要的工资不超过您给的。", "Most who suit ask no more than this pay."),
    "half": ("合适的人里，一半左右想要的工资不超过您给的。", "About half who suit ask no more than this pay."),
    "few": ("合适的人里，大多数想要的工资比您给的高。", "Most who suit ask for more than this pay."),
}
