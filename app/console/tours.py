"""What helps whoever is here for the first time: a page in three steps, under Help; a tour of two minutes a role."""

from __future__ import annotations

from typing import NamedTuple

from starlette.requests import Request

from app.actor import Actor
from app.console.words import Words
from app.settings import settings

#: Where the browser notes that the tour was seen, or not wanted.
OVER = "tour"
#: Page -> what to do there.
HINTS: dict[str, tuple[Words, Words, Words]] = {
    "desk": (
        ("先看“还不足三个”的人：点开姓名，看是什么挡住了岗位。", "Begin with who has fewer than three: open a name."),
        ("有清单等您保存，就去核对后保存。", "If a list waits to be stored, check it and store it."),
        ("有人被录用，就打电话问本人去不去。", "When somebody is offered a place, call and ask."),
    ),
    "lists": (
        ("把平时用的 Excel 直接拖进来，不用改格式。", "Drop the workbook you keep, as it is."),
        (
            "红格子进不去，黄格子请核对；每个都写着怎么改。",
            "Red keeps a row out, yellow asks to check; each says what to do.",
        ),
        ("看好了再按“保存”，保存前什么都不会变。", "Press Store when it looks right; nothing changes before."),
    ),
    "worker": (
        ("左边是最合适的三个岗位，点“为什么”看理由。", "On the left the three best jobs; “Why” opens the reasons."),
        ("右边改本人的愿望：本人怎么说就怎么写。", "On the right the wishes, as the person says them."),
        (
            "按“打电话念给本人听”，用大白话念，去不去由本人定。",
            "“Read it out” is for the phone call; the choice is theirs.",
        ),
    ),
    "plans": (
        ("岗位少、人多时，按“开始计算”统一排一遍。", "When places are few, make a plan for all at once."),
        ("看每个人去哪里、为什么；不合适就改，写上原因。", "See who goes where and why; change it and say why."),
        (
            "发布后，方案岗位排在本人三个岗位的第一位，不代替答复。",
            "Once published it comes first among the worker's three jobs; the worker still decides.",
        ),
    ),
    "board": (
        (
            "按“发布岗位”，边填边看写法合不合法、工资够不够。",
            "Post a vacancy: the law and the pay are checked as you type.",
        ),
        (
            "有人愿意来，这里会显示；同意后才看得到姓名电话。",
            "Who said yes appears here; name and phone once they agree.",
        ),
        ("请在期限内答复：录用，或选一个原因不录用。", "Answer in time: offer the place, or decline with a reason."),
    ),
    "picture": (
        (
            "金色的点是人，绿色的点是岗位，线是首选的流向。",
            "Gold dots are people, green ones places left, lines first choices.",
        ),
        ("点上面的数字，打开它的表。", "Every figure opens to its table."),
        ("每张表都能下载成 xlsx。", "Every table downloads as xlsx."),
    ),
}


class Step(NamedTuple):
    """A place on a page: where it is, which element, what it is for."""

    #: An address; or whose page: a worker's, an own vacancy's (guide.py finds one).
    page: str
    target: str
    title: Words
    words: Words


#: Audience -> its tour.
TOURS: dict[str, tuple[Step, ...]] = {
    "station": (
        Step(
            "/desk",
            ".tiles",
            ("今天的情况", "Today at a glance"),
            ("每个数字都能点开，看是哪些人。", "Every figure opens: see who is behind it."),
        ),
        Step(
            "/desk",
            ".two .card",
            ("先帮还不足三个的人", "Begin with who has fewer than three"),
            (
                "点开姓名，看是什么挡住了岗位、放宽哪一点会多出几个。",
                "Open a name to see what keeps jobs away, and what would open.",
            ),
        ),
        Step(
            "/desk/lists",
            "[data-drop]",
            ("把平时用的表拖进来", "Drop the workbook you keep"),
            (
                "不用改格式。先看一遍，红格子就在页面上改；按“保存”以前什么都不会变。",
                "As it is. You see it first and mend red cells on the page; nothing changes before Store.",
            ),
        ),
        Step(
            "a worker",
            "article.job",
            ("每个人三个岗位", "Three jobs a person"),
            (
                "工资、离家多远、是不是结对的地方、管不管住；点“为什么”看分数怎么来的。",
                "Pay, distance, pairing, lodging; “Why” shows how the score comes about.",
            ),
        ),
        Step(
            "a worker",
            "form[action$='/wishes']",
            ("本人怎么说就怎么写", "As the person says"),
            ("愿望一改，岗位马上重新找。", "Change a wish, and jobs are looked for anew at once."),
        ),
        Step(
            "a worker's call",
            "article.job",
            ("打电话照着念", "Read it out on the phone"),
            (
                "愿意去，就发验证码到本人手机，请本人念出来；不愿意，什么都不用记。",
                "A yes is confirmed by the code on the worker's own phone; a no is not written down.",
            ),
        ),
        Step(
            "/desk/plans",
            "main form[action='/desk/plans']",
            ("岗位少、人多时统一排", "When places are few: a plan"),
            (
                "给所有人一起排，看谁去哪里、为什么；去不去还是本人定。",
                "For everybody at once, with reasons; whether to go stays with each person.",
            ),
        ),
    ),
    "employer": (
        Step(
            "/board",
            "main",
            ("您的岗位都在这里", "Your vacancies"),
            (
                "已招几个、几个人在等您答复，一眼看到。",
                "How many are filled and who waits for your answer, at a glance.",
            ),
        ),
        Step(
            "/board/new",
            ".field:has(#title)",
            ("发布岗位", "Post a vacancy"),
            (
                "用常见的叫法写岗位，边填边告诉您合不合法、听没听懂。",
                "Use a common name; as you type you are told whether it is lawful and understood.",
            ),
        ),
        Step(
            "/board/new",
            "#check",
            ("工资够不够，有多少人合适", "Is the pay right, how many suit"),
            (
                "填着填着，这里就显示大约有多少人合适，大多数人想要多少。",
                "While you fill it in: about how many suit, and what most of them ask.",
            ),
        ),
        Step(
            "a vacancy with answers",
            ".two",
            ("谁愿意来", "Who said yes"),
            (
                "先看会什么、合适程度；本人同意以后，您才看到姓名电话。请按时答复。",
                "First what they can do; name and phone once they agree. Please answer in time.",
            ),
        ),
        Step(
            "a vacancy left empty",
            "aside",
            ("为什么招不满", "What keeps it empty"),
            (
                "是工资、地点还是要求，这里说清楚，马上就能改。",
                "Pay, place or requirements: it is said here, change it at once.",
            ),
        ),
    ),
    "worker": (
        Step(
            "/my",
            "article.job",
            ("给您找的岗位", "Jobs found for you"),
            (
                "干什么、多少钱、离家多远、管不管住，都写在这里。",
                "The work, the pay, how far, lodging: it all stands here.",
            ),
        ),
        Step(
            "/my",
            ".aloud",
            ("不想看字，就听", "Listen instead of reading"),
            ("按“念给我听”，手机念给您听；再按一下就停。", "“Read to me” says it aloud; press again to stop."),
        ),
        Step(
            "/my",
            ".answers",
            ("去不去您自己定", "The choice is yours"),
            (
                "想去就按“我想去”；不想去就“换一个”，没有任何影响，按错了还能找回来。",
                "Yes, or Another one: a no costs nothing, and a slip can be taken back.",
            ),
        ),
        Step(
            "/my/wishes",
            "main form",
            ("告诉我们您想要什么", "Say what you want"),
            (
                "想干什么、想去哪里、最少多少钱。随时可以改。",
                "Which work, where, how much at least. Change it any time.",
            ),
        ),
        Step(
            "/my/rights",
            ".ways",
            ("您的权利", "Your rights"),
            (
                "谁看过您、收回同意、投诉、拿走或删掉自己的资料，都在这里。",
                "Who looked at you, taking consent back, complaints, your data.",
            ),
        ),
    ),
    "coordinator": (
        Step(
            "/picture",
            ".tiles",
            ("全局几个数", "The figures"),
            (
                "多少人、多少人同意、多少人有三个岗位；点开就是各县的表。",
                "How many people, agreed, with three jobs; each opens to its table by county.",
            ),
        ),
        Step(
            "/picture",
            "main figure",
            ("人从哪里来，岗位在哪里", "Where people and jobs are"),
            (
                "金色是人，绿色是岗位，线是首选的流向。没有边界，少于十人不画。",
                "Gold is people, green is places, lines are first choices. No borders; nothing under ten.",
            ),
        ),
        Step(
            "/picture/origins",
            "main table",
            ("每个数都能打开、下载", "Every figure opens and downloads"),
            ("表可以下载成 xlsx，打印、汇报都能用。", "Tables download as xlsx, for print and reports."),
        ),
        Step(
            "/desk/plans",
            "main form[action='/desk/plans']",
            ("统一排一遍", "A plan for everybody"),
            (
                "看拥挤少了多少、多招了多少；只有数字，没有姓名。",
                "How much less crowded, how many more placed; figures only, no names.",
            ),
        ),
        Step(
            "/office",
            "main",
            ("等您办的事", "What waits for you"),
            ("新单位审核和投诉在这里，别让人等。", "New employers and complaints are here; do not let people wait."),
        ),
    ),
}


class Shown(NamedTuple):
    """A step as the page shows it, of how many."""

    number: int
    of: int
    step: Step


def shown_step(request: Request, actor: Actor | None) -> Shown | None:
    """The step the address asks for."""
    steps = TOURS.get(actor.role.audience, ()) if actor else ()
    asked = request.query_params.get("tour", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 3 else 0
    return Shown(number, len(steps), steps[number - 1]) if 0 < number <= len(steps) else None


def is_offered(request: Request, actor: Actor | None) -> bool:
    """Whether the page offers the tour by itself: where the demo's people sign in, on the first page, until it was
    seen or refused."""
    steps = TOURS.get(actor.role.audience, ()) if actor else ()
    is_first = bool(steps) and request.url.path == steps[0].page
    return is_first and settings().env == "development" and OVER not in request.cookies
