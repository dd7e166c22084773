"""Writes ``docs/cach-cham.md``, how criteria are marked, from the methods themselves: ``python tools/make_method_page.py``.

Every number under "Kết quả" is computed by the program from the rows shown above it.
"""

from __future__ import annotations

import sys
from decimal import localcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cchc_xl.plan.expression import parsed
from cchc_xl.plan.marking import RelativeMethod, ReportedMethod, Scoring
from cchc_xl.plan.methods import METHODS
from cchc_xl.records import Quotient
from cchc_xl.text.numbers import EXACT, vietnamese
from tools import guide_words as words
from tools.method_topics import topics
from tools.worked_examples import (
    SCALE,
    Case,
    Row,
    arithmetic,
    criteria_table,
    number,
    points,
    scale_table,
    table,
    told,
)

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "cach-cham.md"
HEAD = f"""# Cách chấm: viết quy tắc của bộ chỉ số vào tệp kế hoạch

Mỗi tiêu chí một dòng ở sheet “Bộ chỉ số”; các bậc, mức, tham số của nó ở sheet “Thang điểm”, cùng mã; số liệu nó dùng ở
sheet “Số liệu”. Trang này giải thích từng cách chấm, từng dòng tham số, từng cột, mỗi thứ một ví dụ. Mọi con số ở phần
*Kết quả* do chính phần mềm tính từ các dòng ghi ở trên nó. {words.ILLUSTRATIVE}
Nhập cả một bộ chỉ số theo từng bước: [nhap-bo-chi-so.md](nhap-bo-chi-so.md).

## Quyết định viết thế nào thì chọn cách chấm nào

"""
NOT_ROWS = """
Điểm liệt kê ở quyết định thì ghi đúng như vậy, không phải tính trước, không cần thêm dòng phụ: “chỉ tính khi tiêu chí kia
có điểm” là cột [Điều kiện](#điều-kiện), “làm tròn 2 chữ số” là cột [Làm tròn](#làm-tròn).
"""
FOOT = "\nTrang này do `python tools/make_method_page.py` lập từ các cách chấm trong `cchc_xl/plan`; không sửa tay.\n"
SHORT_SCALE = ("Mức", "Điểm")
AGENCIES = "ABCDEFGH"


def page() -> str:
    """The page as text."""
    leaves = [rule for rule in METHODS.values() if not rule.is_group]
    groups = [rule for rule in METHODS.values() if rule.is_group]
    with localcontext(EXACT):
        parts = [
            HEAD,
            table(
                ("Quyết định viết", "Cách chấm"),
                ((_quoted(rule.example.rule), _link(rule)) for rule in (*leaves, *groups)),
            ),
            NOT_ROWS,
            "\n## Cách chấm của một tiêu chí\n",
            *map(_leaf, leaves),
            "\n## Cách chấm của một nhóm\n\nNhóm là dòng có tiêu chí thành phần: mã 1 là nhóm của 1.1, 1.2.\n",
            *map(_group, groups),
            topics(),
            FOOT,
        ]
    return "".join(parts)


def _quoted(text: str) -> str:
    return f"“{text}”"


def _link(rule: Scoring) -> str:
    return f"[{rule.method}](#{rule.method.replace(' ', '-')})"


def case_of(rule: Scoring) -> Case:
    """The example of a method as rows of a plan."""
    shown = rule.example
    criterion = {"Mã": "1", "Tiêu chí": "Ví dụ", "Điểm tối đa": shown.maximum, "Cách chấm": rule.method}
    children = [
        {"Mã": f"1.{place}", "Tiêu chí": f"Thành phần {place}", "Điểm tối đa": most, "Cách chấm": "chấm tay"}
        for place, most in enumerate(shown.parts, start=1)
    ]
    # A bonus is added to something.
    beside = [{"Mã": "2", "Tiêu chí": "Các tiêu chí khác", "Điểm tối đa": "10", "Cách chấm": "chấm tay"}]
    scale = [{"Mã": "1", **_scale_row(row)} for row in shown.rows]
    figures = [{"Mã": code, "Kiểu": "tỷ lệ %" if rule.is_percentage else ""} for code in codes(shown.figures)]
    criteria = [criterion | ({"Số liệu": shown.figures} if shown.figures else {}), *children]
    return Case((*criteria, *(beside if rule.is_bonus else ())), tuple(scale), tuple(figures))


def codes(figures: str) -> tuple[str, ...]:
    """The figures of an expression, each once, in order."""
    found = parsed(figures)[0] if figures else None
    return tuple(dict.fromkeys((found or Quotient(())).codes))


def _scale_row(text: str) -> Row:
    cells = [cell.strip() for cell in text.split("|")]
    return dict(zip(SHORT_SCALE if len(cells) == len(SHORT_SCALE) else SCALE, cells, strict=True))


def _leaf(rule: Scoring) -> str:
    case = case_of(rule)
    parts = [_opening(rule), "Bộ chỉ số:\n\n", criteria_table(case)]
    if case.scale:
        parts += ["\nThang điểm:\n\n", scale_table(case)]
    if rule.parameters:
        parts += ["\n", *(f"* `{row.name}`: {row.meaning}{' (bắt buộc)' * row.needed}.\n" for row in rule.parameters)]
    parts += ["\nKết quả:\n\n", _among(rule, case) if rule.awaits_ranking else _results(rule, case)]
    return "".join(parts)


def _opening(rule: Scoring) -> str:
    return f"\n### {rule.method}\n\n{rule.meaning}\n\nQuyết định viết: {_quoted(rule.example.rule)}.\n\n"


def _results(rule: Scoring, case: Case) -> str:
    names = codes(rule.example.figures)
    heading = names or ((rule.heading,) if isinstance(rule, ReportedMethod) else ())
    rows = []
    for text in rule.example.cases:
        given = [piece.strip() for piece in text.split(";")]
        score = case.scored(dict(zip(names or ("1",), given, strict=True))).scores[0]
        rows.append((*given, arithmetic(score), points(score)))
    return table((*heading, "Cách tính", "Điểm"), rows)


def _among(rule: Scoring, case: Case) -> str:
    assert isinstance(rule, RelativeMethod)
    plan = case.plan()
    values = [number(text.strip()) for text in rule.example.cases[0].split(";")]
    found = [rule.among(value, values, plan.bands, number(rule.example.maximum)) for value in values]
    agencies = zip(AGENCIES, values, found, strict=False)
    rows = ((f"Cơ quan {name}", vietnamese(value), told(given)) for name, value, given in agencies)
    return table(("Cơ quan", codes(rule.example.figures)[0], "Điểm"), rows)


def _group(rule: Scoring) -> str:
    case = case_of(rule)
    heads = [f"{row['Mã']} (tối đa {row['Điểm tối đa']})" for row in case.criteria if "." in str(row["Mã"])]
    rows = []
    for text in rule.example.cases:
        given = [piece.strip() for piece in text.split(";")]
        report = {f"1.{place}": one for place, one in enumerate(given, start=1)} | ({"2": "8"} if rule.is_bonus else {})
        card = case.scored(report)
        index = f"({vietnamese(card.index.points)}/{vietnamese(card.index.applicable_max)})"
        rows.append(
            (
                *given,
                points(card.scores[0]),
                *((f"{vietnamese(card.index.percent)}% {index}",) if rule.is_bonus else ()),
            )
        )
    more = ("Chỉ số, tiêu chí 2 được 8",) if rule.is_bonus else ()
    shown = "Bộ chỉ số:\n\n" + criteria_table(case) + "\nKết quả:\n\n"
    return _opening(rule) + shown + table((*heads, "Điểm của nhóm", *more), rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
