"""What is wrong in a row: where, the value (masked), and what to do, in both languages. The codes are CONTRACT §3's."""

from __future__ import annotations

from dataclasses import dataclass

#: reason → (Chinese, English). A reason is a code, or a code and a variant: bad_date.year. {column} {value} {extra}.
MESSAGES: dict[str, tuple[str, str]] = {
    "missing_required": (
        "“{column}”没有填写，这一行不能保存。请补填后重新上传。",
        "{column} is blank, so the row cannot be stored: fill it in and upload again.",
    ),
    "missing_required.formula": (
        "“{column}”是没有计算结果的公式。请在 Excel 中打开并保存一次，或选择性粘贴为数值。",
        "{column} is a formula without a stored result: open and save it in Excel, or paste it as a value.",
    ),
    "missing_required.no_column": (
        "清单里没有“{column}”这一列，这一行不能保存。请增加该列，或在预览中指定哪一列是“{column}”。",
        "The list has no column for {column}: add it, or say in the preview which column it is.",
    ),
    "bad_name": (
        "“{value}”不像姓名（应为 2 个字以上的汉字，少数民族姓名可带“·”）。请按身份证填写。",
        "'{value}' does not look like a name: write it as on the ID card.",
    ),
    "id_number_mangled": (
        "身份证号被 Excel 当成数字，后几位已丢失（{value}）。请先把该列设为“文本”格式，再按证件重新输入。",
        "Excel made a number of the ID number and lost digits ({value}): format the column as text and type it again.",
    ),
    "id_number_checksum": (
        "身份证号 {value} 校验不通过，可能有一位输错。请对照证件改正。",
        "The ID number {value} fails its check digit, one digit may be wrong: correct it from the card.",
    ),
    "id_number_checksum.length": (
        "身份证号 {value} 不是 17 位数字加一位数字或 X（旧的为 15 位数字）。请对照证件改正。",
        "The ID number {value} is not 17 digits and a digit or X: correct it from the card.",
    ),
    "id_number_checksum.date": (
        "身份证号 {value} 中的出生日期不存在。请对照证件改正。",
        "The birth date inside the ID number {value} does not exist: correct it from the card.",
    ),
    "id_number_checksum.province": (
        "身份证号 {value} 的前两位不是省级代码。请对照证件改正。",
        "The first two digits of the ID number {value} are no province: correct it from the card.",
    ),
    "duplicate_in_list": (
        "与本清单{extra}是同一个身份证号（{value}），只保留前一行。请核对并删去重复的一行。",
        "The same ID number ({value}) stands in {extra}; the earlier row is kept: delete one.",
    ),
    "under_age": (
        "未满 16 周岁（{value}），不得推荐就业。请核对；若无误请从清单中删除。",
        "Under 16 ({value}): may not be placed in work. Check the number, or take the row out.",
    ),
    "unknown_place": (
        "“{value}”无法对应到县（市、区）。请写明省、市、县，例如“甘肃省临夏州东乡县锁南镇”。",
        "'{value}' is no place we can find: write province, prefecture and county.",
    ),
    "unknown_place.wish": (
        "意向地区中的“{value}”没有看懂，暂按未填处理。请写省、市名称，或“省内”“不限”。",
        "'{value}' among the desired places was not understood: write a province or city, 省内 or 不限.",
    ),
    "ambiguous_place": (
        "“{value}”可能是{extra}。请补充上一级地名。",
        "'{value}' may be {extra}: add the place it belongs to.",
    ),
    "address_coarse": (
        "“{value}”只能确定到市（州），距离会不准。请补充县（市、区）。",
        "'{value}' is known only to the prefecture, distances will be rough: add the county.",
    ),
    "too_long": (
        "“{column}”超过 {extra} 个字，可能错位或粘贴了别的内容。请缩短。",
        "{column} is longer than {extra} characters: shorten it.",
    ),
    "no_consent": (
        "本人没有同意接收岗位推荐（{value}）：可以保存，但不会推荐岗位。本人签字同意后改为“同意”。",
        "No consent to matching ({value}): stored, but nothing is suggested until the worker has signed.",
    ),
    "no_phone": (
        "没有联系电话，岗位消息无法送达。请尽量补填本人手机号。",
        "No phone: messages cannot reach the worker. Add the worker's own mobile number.",
    ),
    "bad_phone": (
        "“{value}”不是 11 位手机号，已按未填处理。请改正。",
        "'{value}' is no mobile number of 11 digits and counts as blank: correct it.",
    ),
    "bad_phone.contact": (
        "“{value}”中没有可用的电话号码。请填写手机号或带区号的座机。",
        "'{value}' holds no usable phone: give a mobile number, or a landline with its area code.",
    ),
    "bad_wage": (
        "“{value}”看不出月薪数额。请写成“4500”或“4000-6000元/月”。",
        "'{value}' gives no monthly pay: write 4500 or 4000-6000 a month.",
    ),
    "bad_wage.unclear": (
        "“{value}”换算成月薪不合理，可能写错了单位（元/月、元/天、元/小时、元/年）。请写明单位。",
        "'{value}' makes no plausible month: state the unit (a month, a day, an hour, a year).",
    ),
    "bad_wage.upper_only": (
        "“{value}”只有上限。请写明最低多少元。",
        "'{value}' gives only an upper end: state the least.",
    ),
    "bad_wage.negotiable": (
        "岗位没有写明工资（{value}）。招聘信息须写明基本劳动报酬，请填写数额。",
        "The pay is not stated ({value}); a posting must state it: give the amount.",
    ),
    "wage_converted": (
        "“{value}”已按{extra}换算为月薪，请核对。",
        "'{value}' was converted to a month ({extra}): check it.",
    ),
    "bad_date": (
        "“{value}”看不出日期，已按未填处理。请写成“2027-12-31”。",
        "'{value}' is no date and counts as blank: write 2027-12-31.",
    ),
    "bad_date.year": (
        "“{value}”没有写年份，今年的这一天已过，已按未填处理。请写全，例如“2027-12-31”。",
        "'{value}' has no year and has passed this year; it counts as blank: write 2027-12-31.",
    ),
    "unknown_occupation": (
        "“{value}”没有看懂是什么岗位：{extra}",
        "'{value}' was not understood as an occupation: {extra}",
    ),
    "unknown_certificate": (
        "证书“{value}”不在目录中，已原样保留，但不能用来核对持证要求。请写证书全称。",
        "The certificate '{value}' is not known; it is kept as written: write its full name.",
    ),
    "bad_headcount": (
        "“{value}”不是明确的人数。请填写一个数字，例如“30”。",
        "'{value}' is no number of people: write a number such as 30.",
    ),
    "bad_headcount.date": (
        "人数被 Excel 变成了日期（{value}）。请把该列设为“文本”格式后重新填写。",
        "Excel turned the headcount into a date ({value}): format the column as text and type it again.",
    ),
    "bad_headcount.split": (
        "一格里有几个岗位，但人数“{value}”不能对应到每个岗位。请写“各10人”，或分行填写。",
        "Several jobs stand in one cell and '{value}' does not say how many for each: write 各10人, or one row a job.",
    ),
    "below_minimum_wage": (
        "保底工资“{value}”低于{extra}，不得发布。请核实工资或工作时间。",
        "The guaranteed pay '{value}' is below {extra} and may not be posted: check the pay or the hours.",
    ),
    "below_minimum_wage.tier": (
        "保底工资“{value}”低于{extra}，请核实工作地点适用的档次。",
        "The guaranteed pay '{value}' is below {extra}: check which tier holds at the workplace.",
    ),
    "discriminatory_requirement": (
        "“{value}”属于歧视性要求，不得发布（{extra}）。请删除该要求。",
        "'{value}' is a discriminatory requirement and may not be posted ({extra}): take it out.",
    ),
    "fee_or_deposit": (
        "“{value}”涉及向劳动者收费、收押金或扣证件，不得发布（{extra}）。请取消并删除。",
        "'{value}' asks workers for a fee, a deposit or their papers and may not be posted ({extra}): take it out.",
    ),
    "expired": (
        "“{value}”已过有效期。请更新截止日期，或删去这一行。",
        "'{value}' has passed: renew the date, or take the row out.",
    ),
    "bad_uscc": (
        "统一社会信用代码“{value}”校验不通过。请对照营业执照改正，没有可留空。",
        "The unified social credit code '{value}' fails its check: correct it from the licence, or leave it blank.",
    ),
    "incomplete_posting": (
        "招聘信息缺少：{value}。可以保存，请尽快补充。",
        "The posting lacks {value}: stored, but please add it.",
    ),
    "another_company": (
        "“{value}”不是本单位：替别家招人，要等用工地劳务部门审核后才上架。想马上发布，请由劳务工作站或人社部门代发。",
        "'{value}' is another company: its jobs wait for the labour office of the place of work. To post at once, let a"
        " labour office post them.",
    ),
    "posted_elsewhere": (
        "“{value}”已由别的账号发布（单位、岗位、地点、工资都一样），很可能是同一批名额。请确认不是重复发布。",
        "'{value}' is offered by another account already (same employer, job, place and pay): make sure that these are"
        " not the same places twice.",
    ),
    "kept_own_word": (
        "“{column}”本人后来已自己更改，以本人为准，清单中的内容没有采用。",
        "The worker has changed {column} since; the worker's own word stands and the list's is not taken.",
    ),
    "stale": (
        "这一行的信息已超过一个季度没有核实（{value}）。请联系本人确认。",
        "This row has not been confirmed for more than a quarter ({value}): ask the worker.",
    ),
    "formula_no_value": (
        "“{column}”是没有计算结果的公式，已按未填处理。请在 Excel 中打开并保存一次，或粘贴为数值。",
        "{column} is a formula without a stored result and counts as blank: save it in Excel, or paste it as a value.",
    ),
}
#: What the messages advise for Excel -> what is said instead where the cell itself can be typed into.
IN_PLACE = {
    "请补填后重新上传。": "请在这里补填。",
    "fill it in and upload again": "fill it in here",
    "请先把该列设为“文本”格式，再按证件重新输入。": "请照身份证重新输入。",
    "请把该列设为“文本”格式后重新填写。": "请重新填写人数。",
    "format the column as text and type it again": "type it again",
    "请在 Excel 中打开并保存一次，或选择性粘贴为数值。": "请在这里填写。",
    "请在 Excel 中打开并保存一次，或粘贴为数值。": "请在这里填写。",
    "open and save it in Excel, or paste it as a value": "fill it in here",
    "save it in Excel, or paste it as a value": "fill it in here",
}
#: Codes that block the row, whatever the list's kind; bad_wage and unknown_place depend on where they stand.
BLOCKING = frozenset(
    "missing_required bad_name id_number_mangled id_number_checksum duplicate_in_list under_age unknown_place "
    "ambiguous_place too_long bad_headcount below_minimum_wage discriminatory_requirement fee_or_deposit expired "
    "bad_uscc".split()
)
WARNING_REASONS = frozenset(["unknown_place.wish", "below_minimum_wage.tier"])


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one row."""

    row: int
    sheet: str
    #: The header as the sheet has it; the field's label when the sheet has no such column.
    column: str
    #: A key of MESSAGES.
    reason: str
    #: The cell, ID numbers and phones masked.
    value: str = ""
    blocks: bool = False
    extra: str = ""
    extra_en: str = ""

    @property
    def code(self) -> str:
        """CONTRACT §3's code."""
        return self.reason.partition(".")[0]

    @property
    def message_zh(self) -> str:
        return self._filled(MESSAGES[self.reason][0], self.extra)

    @property
    def message_en(self) -> str:
        return self._filled(MESSAGES[self.reason][1], self.extra_en or self.extra)

    def _filled(self, template: str, extra: str) -> str:
        return template.replace("{column}", self.column).replace("{extra}", extra).replace("{value}", self.value or "—")

    def as_dict(self, lang: str = "zh") -> dict[str, object]:
        """The contract's answer."""
        return {
            "row": self.row,
            "sheet": self.sheet,
            "column": self.column,
            "code": self.code,
            "message": self.message_en if lang == "en" else self.message_zh,
            "value": self.value,
            "blocks": self.blocks,
        }
