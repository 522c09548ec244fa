"""Why a file is refused as a whole: a reason code, and what to do, in both languages. Imports nothing: the reading
child stays lean."""

from __future__ import annotations

REASONS: dict[str, tuple[str, str]] = {
    "empty_file": ("文件是空的，请检查后重新上传。", "The file is empty: check it and upload it again."),
    "too_large": ("文件超过 20 MB，请拆分成几个文件上传。", "The file is larger than 20 MB: split it."),
    "zip_bomb": (
        "压缩内容异常（解压后过大或压缩比过高），已拒绝读取。请在 Excel 中另存为新的 .xlsx 再上传。",
        "The packed content is abnormal (too large when unpacked): save it anew as .xlsx in Excel.",
    ),
    "too_many_parts": (
        "文件内部组成部分超过 60 个，请只保留清单工作表后另存为新的 .xlsx。",
        "The workbook has more than 60 parts: keep only the list's sheets and save it anew.",
    ),
    "too_many_rows": (
        "数据超过 100,000 行，请拆分成几个文件上传。",
        "There are more than 100,000 data rows: split the file.",
    ),
    "too_many_columns": (
        "列数超过 100 列（最右边可能有误填的单元格），请删除多余的列。",
        "There are more than 100 columns (a stray cell far to the right?): delete what is not part of the list.",
    ),
    "far_cell": (
        "表格很远处有误填的单元格（第 {value} 格），请删除表格下方、右方的多余内容后再上传。",
        "A stray cell far away from the list ({value}) makes the sheet enormous: delete it.",
    ),
    "encrypted": (
        "文件设有打开密码，请取消密码（文件—信息—保护工作簿）后再上传。",
        "The file is protected by a password: remove it and upload again.",
    ),
    "not_a_list": (
        "这不是表格文件（实际内容是{value}），改扩展名不能改变内容。请上传 .xlsx、.xls、.csv 或 .json。",
        "This is not a spreadsheet (the content is {value}); upload .xlsx, .xls, .csv or .json.",
    ),
    "other_spreadsheet": (
        "暂不读取这种表格格式（{value}），请在 Excel 或 WPS 中另存为 .xlsx 再上传。",
        "This spreadsheet format ({value}) is not read: save it as .xlsx.",
    ),
    "broken_file": (
        "文件已损坏，无法读取。请用 Excel 或 WPS 打开并另存为新的 .xlsx 再上传。",
        "The file is damaged and cannot be read: open it, save it anew as .xlsx and upload that.",
    ),
    "dtd": (
        "文件的 XML 中含有 DTD 或实体声明，出于安全已拒绝。请另存为新的 .xlsx。",
        "The file's XML declares a DTD or entities, which is refused: save it anew as .xlsx.",
    ),
    "external_link": (
        "文件引用了其他工作簿（外部链接），请“数据—编辑链接—断开链接”后再上传。",
        "The file links to other workbooks: break the links (Data, Edit Links) and upload it again.",
    ),
    "dde": (
        "文件含有 DDE 命令（{value}），已拒绝。请删除该单元格后再上传。",
        "The file contains a DDE command ({value}), which is refused: delete that cell.",
    ),
    "nul": (
        "文件中有空字节（NUL），不是正常的文本表格。请重新导出。",
        "The file contains NUL bytes and is no proper text table: export it again.",
    ),
    "unclosed_quote": (
        "第 {value} 行附近的引号没有成对，后面的内容无法分列。请补上或删除多余的引号。",
        "A quotation mark near line {value} is not closed: close or delete it.",
    ),
    "unknown_encoding": (
        "无法识别文字编码，请另存为 UTF-8 或 GBK 编码的 CSV，或 .xlsx。",
        "The text encoding is not recognised: save as CSV in UTF-8 or GBK, or as .xlsx.",
    ),
    "bad_json": (
        "JSON 无法读取：{value}。",
        "The JSON cannot be read: {value}.",
    ),
    "json_shape": (
        "JSON 应是对象的列表，或带有 workers / vacancies 列表的对象。",
        "The JSON must be a list of objects, or an object with a list of workers or vacancies.",
    ),
    "too_much_work": (
        "读取这个文件超出了时间或内存限制，已停止。请拆分文件，或另存为新的 .xlsx 再上传。",
        "Reading this file took more time or memory than allowed: split it or save it anew as .xlsx.",
    ),
    "looks_like_worker": (
        "这像是劳动力（人员）清单，不是岗位清单。请重新上传，并选“人员清单”。",
        "This looks like a list of workers, not of vacancies: upload it again as a worker list.",
    ),
    "looks_like_vacancy": (
        "这像是岗位清单，不是劳动力（人员）清单。请重新上传，并选“岗位清单”。",
        "This looks like a list of vacancies, not of workers: upload it again as a vacancy list.",
    ),
    "no_rows": ("没有找到数据行。", "No data row was found."),
    "no_header": (
        "没有找到表头（例如“姓名”“身份证号”或“岗位名称”“招聘人数”）。请保留一行列名后再上传，或使用模板。",
        "No header line was found: keep one line with column names, or use the template.",
    ),
}


class FileRefused(Exception):
    """The file as a whole cannot be read; nothing of it is kept."""

    def __init__(self, code: str, value: str = "") -> None:
        zh, en = REASONS[code]
        self.code = code
        self.value = value[:80]
        self.message_zh = zh.replace("{value}", self.value)
        self.message_en = en.replace("{value}", self.value)
        super().__init__(f"{code}: {self.message_en}")
