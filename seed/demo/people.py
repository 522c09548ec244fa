"""Invented people: names drawn from common ones, ID numbers that pass the check digit, phones of the right shape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.workers.id_number import check_character

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国春梅海燕鹏辉玲飞云波雪荣萍斌莉宁凤洁琴林亮"
    "健俊婷慧巧美香月鑫帅琳浩欣佳晨旭阳"
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist."""

    name: str
    id_number: str
    phone: str


def id_number(division: str, born: date, serial: int) -> str:
    """An ID number of the right form (GB 11643)."""
    body = f"{division}{born:%Y%m%d}{serial:03d}"
    return body + check_character(body)


def invent(random: Random, division: str, serial: int, today: date) -> Person:
    """One person between 18 and 58 from a division; `serial` keeps ID numbers apart."""
    born = today - timedelta(days=random.randint(18 * 366, 58 * 365))
    given = "".join(random.sample(_GIVEN, random.choice((1, 2, 2))))
    phone = f"1{random.choice('35678')}{random.randint(0, 9)}{random.randint(0, 99_999_999):08d}"
    return Person(random.choice(_SURNAMES) + given, id_number(division, born, serial % 1000), phone)
