"""A page in three steps, for who sees it for the first time: closed once, it stays closed in this browser."""

from __future__ import annotations

from app.console.words import Words

#: Where the browser notes which tours were closed; a page's name follows.
CLOSED = "tour_"
TOURS: dict[str, tuple[Words, Words, Words]] = {
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
