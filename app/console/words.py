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
#: The same in few words, as the worker is told it, with the day {until} which it stands.
MY_STATES: dict[str, Words] = {
    "held": ("{held}起算数", "counts from {held}"),
    "held_here": ("{held}起算数", "counts from {held}"),
    "interested": ("说了想去", "you said yes"),
    "waiting": ("在排队", "in the queue"),
    "unverified": ("单位还在核实", "the company is being checked"),
    "introduced": ("等他们打电话", "they will call"),
    "offered": ("他们要您了", "they want you"),
    "taken_back": ("录用收回了，还在考虑", "offer taken back, they still consider"),
    "accepted": ("位子留好了", "your place is kept"),
    "departed": ("在路上", "on the way"),
    "onboarded": ("上班了", "started"),
    "settled": ("干稳了", "settled"),
}
#: The same as the worker is told it, with the day {until} which it stands.
MY_STEPS: dict[str, Words] = {
    "held": (
        "您签了字，{held}起算数。在那以前想收回，随时可以。",
        "You signed; it counts from {held}. Take it back any time before.",
    ),
    "held_here": (
        "记下了，{held}起算数。这部手机是新用的，或者有几个人在用：等一等，是怕有人冒用您的名字。在那以前想收回，随时可以。",
        "Noted; it counts from {held}. This phone is new here, or several people use it: the wait keeps others from"
        " answering in your name. Take it back any time before.",
    ),
    "interested": (
        "您说了想去。他们还不知道您是谁。想让他们打电话给您，按下面。",
        "You said yes. They do not know who you are yet. Press below if they may call you.",
    ),
    "waiting": (
        "您在排队：他们正在给前面的人打电话。轮到您，他们才看得到您的电话；轮到了这里会写。等久了，问问工作站。",
        "You are in the queue: they are calling those before you. They see your phone when it is your turn; it will say"
        " so here. If it takes long, ask your station.",
    ),
    "unverified": (
        "记下了。劳务部门还在核实这家单位真不真，核实好以前，您的电话谁也看不到。想知道核实到哪里了，问问工作站。",
        "Noted. The labour office is still checking that this company is genuine; until then nobody sees your phone."
        " Ask your station how far they are.",
    ),
    "introduced": (
        "他们看得到您的电话了，会打给您。最晚{until}给您答复。",
        "They can call you now, and answer by {until}.",
    ),
    "offered": (
        "他们要您了！去不去您自己定，{until}以前告诉他们。",
        "They want you! It is yours to decide, by {until}.",
    ),
    "taken_back": (
        "他们说过要您，又把录用收回了，还在考虑。最晚{until}给您答复。",
        "They offered you the place and took it back; they still consider, and answer by {until}.",
    ),
    "accepted": (
        "您说了去，位子给您留好了。他们会打电话说哪天走、怎么走；没人打来，就找工作站或拨 12333。",
        "You said you will go; the place is kept. They will call about the journey. No call: your station, or 12333.",
    ),
    "departed": ("您在路上。到了、上班了，按一下下面。", "You are on the way. Press below once you have started."),
    "onboarded": (
        "您上班了。工资、合同有问题，马上告诉我们。",
        "You have started. Tell us at once if pay or contract is wrong.",
    ),
    "settled": ("您在那里干稳了。", "You have settled there."),
}
#: The worker's, of a yes without an offer yet, once the vacancy is off the market: in few words and as it is told.
NOT_HIRING: tuple[Words, Words] = (
    ("停招了", "not hiring now"),
    (
        "这家单位现在停招了，这个位子先没有了。再招的话，这里会写。可以看看下面别的岗位。",
        "This company is not hiring at present, so there is no place now. Should it hire again, it will say so here."
        " There are other jobs below.",
    ),
)
#: The same as the employer is told it.
EMPLOYER_STEPS: dict[str, Words] = {
    "interested": (
        "本人说想来，还没同意告知电话：同意以后，您才看得到。",
        "Said yes, without name and phone: you see them once the person agrees.",
    ),
    "waiting": (
        "在排队：您同时联系的人数有上限，答复了前面的，就轮到下一位。",
        "In the queue: so many are introduced at a time; answer the first ones.",
    ),
    "introduced": ("可以打电话了。请在{until}前答复，过期自动失效。", "You may call. Answer by {until}, or it lapses."),
    "offered": (
        "录用记下了，{until}前由本人决定。本人打开页面才看得到，请再打个电话告诉本人。按错了，本人答复以前可以收回。",
        "Noted; the person decides by {until}, and sees it when they next open the page: please call, too. Until the"
        " answer you can take it back.",
    ),
    "accepted": ("本人说来。请打电话说好哪天走、怎么走。", "The person will come. Call about the journey."),
    "departed": ("本人已出发。到岗后请您也确认。", "On the way. Confirm the start, too."),
    "onboarded": ("已到岗，双方都确认了。", "Started, as both say."),
    "settled": ("已稳定。", "Settled."),
    "ended": ("已结束。", "Over."),
    "closed": ("已结束。", "Over."),
}
#: What was done just now.
BOARD_SAID: dict[str, Words] = {
    "open": ("已发布，合适的人马上看得到。", "Posted: whoever suits sees it at once."),
    "pending": ("已收到，审核通过后推荐给人。", "Received: it is suggested once it is approved."),
    "changed": ("改好了。", "Changed."),
    "same": ("没有改动，所以还没有重新提交。", "Nothing was changed, so it was not sent again."),
    "confirmed": ("记下了：留到 {until}。", "Noted: it stays until {until}."),
    "offer": (
        "录用记下了，去不去由本人定。本人打开页面才看得到：请再打个电话告诉本人。",
        "Noted; it is theirs to decide. The person sees it when they next open the page: please call, too.",
    ),
    "take_back": ("录用收回了，这个人还在等您答复。", "The offer is taken back; this person waits for your answer."),
    "decline": ("已答复本人。", "The person is told."),
    "onboarded": ("记下了。", "Noted."),
}
DECLINE: dict[str, Words] = {
    "filled": ("已招满", "filled"),
    "skill_not_shown": ("技能没有体现", "skill not shown"),
    "certificate_missing": ("缺少证书", "certificate missing"),
    "start_date": ("到岗时间不合", "start date"),
    "not_reached": ("联系不上", "not reached"),
    "job_changed": ("岗位有变", "job changed"),
}
#: What a worker complains of, in the worker's words.
COMPLAINT: dict[str, Words] = {
    "asked_for_money": ("有人向我收钱", "I was asked for money"),
    "pay_late": ("工资拖欠", "My pay is late"),
    "id_card_kept": ("扣了我的证件", "My papers were kept"),
    "pressed": ("有人逼我去", "I was pressed to go"),
    "unsafe": ("干活不安全", "The work is unsafe"),
    "other": ("别的事", "Something else"),
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
