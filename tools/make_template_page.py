"""Writes ``docs/mau-word.md``, what a Word template may name, from sample contexts: ``python tools/make_template_page.py``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cchc_xl.office.word.sandbox import JINJA_FILTERS
from cchc_xl.office.word.shapes import Shape, shape
from cchc_xl.papers.context import blocks
from cchc_xl.pipeline.jobs import samples

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "mau-word.md"
HEAD = """# Mẫu Word: viết và sửa

`cchc-xl new DIR` chép các mẫu ra `DIR` để sửa bằng Word: `report.docx` (báo cáo), `reminder.docx` (công văn đôn đốc),
`plan.docx` (kế hoạch năm sau), `covering.docx` (công văn giao biểu mẫu), `assignment.docx` (công văn phân công). Mẫu đặt cạnh tệp kế hoạch được dùng thay cho mẫu có sẵn; `--template` chọn mẫu khác cho
báo cáo. Sửa xong, chạy `cchc-xl lint-template T.docx`: mỗi chỗ sai được chỉ rõ đoạn và cách sửa.

## Các khối của báo cáo

`report.docx` chỉ gồm đề mục và các khối. Mỗi khối là một đoạn chỉ có một thẻ; khi lập báo cáo, chỗ đó thành các câu, bảng,
biểu đồ của khối. Muốn đổi thứ tự thì kéo cả đoạn đi chỗ khác; không cần khối nào thì xóa đoạn đó; muốn viết thêm thì gõ vào
đoạn trước hoặc sau khối. Câu về số liệu sửa ở sheet “Câu báo cáo” của tệp kế hoạch.

| Khối | Nói gì |
|---|---|
BLOCKS

Trong đề mục và câu tự viết dùng được: `{{ co_quan }}`, `{{ ten_chi_so }}`, `{{ ky }}` (kỳ báo cáo), `{{ ky_sau }}` (kỳ tiếp theo),
thêm `|upper` để viết hoa. Phần còn lại của trang này dành cho người muốn tự viết mẫu bằng thẻ.

## Cách viết thẻ

| Thẻ | Nghĩa |
|---|---|
| `{{ index.percent|percent_vi }}` | giá trị, qua một bộ lọc |
| `{%p if gap_rows %}` … `{%p endif %}` | các đoạn ở giữa chỉ có khi điều kiện đúng; mỗi thẻ một mình một đoạn |
| `{%p for item in missing_criteria %}` … `{%p endfor %}` | lặp các đoạn ở giữa |
| `{%tr for row in gap_rows %}` … `{%tr endfor %}` | lặp dòng của bảng; mỗi thẻ một mình một dòng |
| `{% if roll.late %}…{% endif %}` | điều kiện ngay trong câu |
| `{{ chart('fields') }}` | biểu đồ (`index`, `fields`, `changes`), một mình một đoạn; `{%p if 'fields' in charts %}` ở trước |
| `gộp ô: 3, 4` trong Alt Text của bảng | gộp các ô giống nhau của cột 3 và 4 |
| `bỏ cột trống: 7, 8` trong Alt Text của bảng | bỏ cột 7, cột 8 khi cả cột không có nội dung |
| `tách dòng dài` trong Alt Text của bảng | dòng cao được sang trang tiếp theo |

Mẫu chỉ dùng được các tên, bộ lọc, điều kiện và vòng lặp ở trang này. Không có lệnh đọc tệp, gọi hàm hay chạy mã; công
việc của vòng lặp có giới hạn. Giá trị chưa có được ghi “chưa có”, không phát sinh được ghi “không phát sinh”.

## Bộ lọc

| Bộ lọc | Ví dụ | Ra |
|---|---|---|
| `number_vi` | `1480`, `1.666` | 1.480; 1,67 |
| `percent_vi` | `74.12` | 74,12% |
| `count_vi` | `1` | 01 (số đếm trong câu) |
| `change_vi` | `-0.8` | giảm 0,8 điểm phần trăm |
| `date_vi` | `2021-03-05` | 05/3/2021 |
| `lower_first` | `Năm 2020` | năm 2020 |
| `sentence` | `Đã gửi` | Đã gửi. |
| `listing` | danh sách tên | A, B (hoặc A; B khi tên có dấu phẩy) |

Ngoài ra, của Jinja: JINJA.

## Sửa thường gặp

| Muốn | Làm |
|---|---|
| Đổi người ký, chức vụ, nơi nhận | Không sửa mẫu: điền ở sheet “Cài đặt” của tệp kế hoạch |
| Thêm một câu cố định | Gõ câu đó vào chỗ cần, ngoài các thẻ |
| Bỏ một bảng | Xóa cả tên bảng, bảng và hai đoạn `{%p if … %}`, `{%p endif %}` bao quanh nó |
| Đổi tên đề mục | Sửa chữ, giữ nguyên thẻ `{{ number_in('II') }}` ở đầu |
| Bỏ một cột | Xóa cột trong Word; các dòng `{%tr … %}` giữ nguyên |
| Thêm, sửa câu về số liệu | Không sửa mẫu: ghi ở sheet “Câu báo cáo” của tệp kế hoạch; số liệu không có câu được tự liệt kê |
| Thêm một số liệu vào mẫu | Viết `{%p if has('MÃ') %}`, câu có `{{ figure('MÃ')|count_vi }}`, `{%p endif %}`, mỗi thẻ một đoạn |
| Gộp ô giống nhau | Bấm phải vào bảng › Thuộc tính bảng › Văn bản thay thế, ghi `gộp ô: 3, 4` |

## Các tên hay dùng

| Tên | Nghĩa |
|---|---|
| `agency`, `settings.parent_agency` | cơ quan ban hành, cơ quan chủ quản |
| `settings.symbol`, `settings.place`, `report_year` | ký hiệu, địa danh, năm của văn bản |
| `period_text`, `period_start`, `period_end`, `due` | kỳ báo cáo viết trong câu, ngày đầu, ngày cuối, hạn gửi |
| `index.percent`, `index.points`, `index.applicable_max` | Chỉ số (%), tổng điểm, điểm tối đa áp dụng |
| `index.target`, `index.previous`, `index_gap`, `index_change` | mục tiêu, năm trước, chênh lệch với hai số này |
| `index.complete`, `index.percent_if_missing_full` | đã đủ điểm chưa; Chỉ số nếu tiêu chí còn thiếu đạt tối đa |
| `roll_rows`, `roll.late`, `roll.missing`, `roll.unreadable` | điểm danh; đơn vị trễ, chưa gửi, gửi tệp không đọc được |
| `sections.I` … `sections.VI` | câu ở sheet “Câu báo cáo” theo mục: `heading`, `lines` (mỗi dòng có `text`), `tables`, `late_tasks` |
| `index_name`, `index_called`, `compiling_unit` | tên chỉ số; tên trong câu (Chỉ số CCHC); bộ phận tổng hợp |
| `fields`, `leading_fields`, `field_rows`, `field_total` | nội dung và điểm theo lĩnh vực; dòng cộng |
| `criteria_rows` | từng dòng của phụ lục điểm |
| `gap_rows`, `missing_criteria`, `unexplained` | tiêu chí chưa đạt tối đa, chưa có điểm, chưa nêu nguyên nhân |
| `owed_codes`, `misfit_codes` | mã tiêu chí chưa có điểm: chưa đủ số liệu, điểm tự chấm ngoài khung |
| `ranked_codes`, `pending_codes` | mã tiêu chí chưa có điểm: chờ xếp hạng cùng các cơ quan, chờ điểm của tiêu chí nêu ở điều kiện |
| `limited_fields` | hạn chế theo lĩnh vực: tiêu chí, số liệu, lời của đơn vị |
| `causes.objective`, `causes.subjective`, `causes.unmarked`, `causes.proposal` | nguyên nhân khách quan, chủ quan, chưa phân loại; kiến nghị |
| `discrepancies`, `conflict_count`, `breach_count` | số liệu chưa thống nhất hoặc cần giải trình |
| `evidence_rows`, `missing_evidence` | tài liệu kiểm chứng; tiêu chí còn thiếu |
| `change_rows`, `before` | thay đổi so với kỳ trước |
| `figure_rows`, `source_rows`, `source_files` | số liệu tổng hợp; nguồn của từng số; tệp nguồn |
| `recipients`, `settings.signing_authority`, `settings.signing_title`, `settings.signer` | nơi nhận, quyền hạn, chức vụ, người ký |
| `letter_symbol`, `letter_signer` | (các công văn) ký hiệu, người ký |
| `cong_van.trich_yeu`, `cong_van.kinh_gui` | (các công văn) trích yếu, nơi gửi đến: mỗi dòng có `text`, `end` |
| `cong_van.mo_dau`, `cong_van.de_nghi`, `cong_van.noi_dung`, `cong_van.ket` | (các công văn) các đoạn mở đầu, đề nghị, nội dung; câu cuối |
| `cong_van.bang`, `cong_van.danh_sach` | bảng trong công văn, danh sách ở trang sau: mỗi dòng có `tt`, `ten`, `noi_dung`, `tep` |
| `cong_van.phan_cong`, `cong_van.cac_ky` | (công văn phân công) việc của từng đơn vị, hạn của các kỳ |
| `nam`, `nam_sau`, `bo_phan_tong_hop` | (kế hoạch) năm vừa qua, năm sau, bộ phận tổng hợp |
| `plan_rows`, `next_year`, `path_stops` | (kế hoạch) các dòng phụ lục, năm sau, nội dung ưu tiên để đạt mục tiêu |
| `path_reaches`, `path_others` | (kế hoạch) các nội dung đó có tự đủ để đạt mục tiêu; nội dung không do đơn vị nào thực hiện |

Bảng đầy đủ, kể cả các tên ít dùng, ở cuối trang.

Hàm: `has('NV_GIAO')` số liệu đã có chưa; `figure('NV_GIAO')` giá trị; `share('NV_TRE', 'NV_GIAO')` tỷ lệ phần trăm;
`planned('NV_GIAO')` kế hoạch có số liệu này không; `figure_name('NV_GIAO')` tên; `number_in('II')` số thứ tự tiếp theo
của đề mục trong phần II.
"""
_BESIDE = "cùng `agency`, `settings`, `period_text`, `report_year`, `recipients`, `letter_symbol`, `letter_signer`"
TITLES = {
    "report.docx": "Các tên dùng được trong mẫu báo cáo, công văn đôn đốc, kế hoạch năm sau",
    "reminder.docx": "Thêm trong công văn đôn đốc",
    "plan.docx": "Thêm trong kế hoạch năm sau",
    "covering.docx": f"Trong công văn giao biểu mẫu ({_BESIDE})",
    "assignment.docx": f"Trong công văn phân công ({_BESIDE})",
}


def page() -> str:
    """The page as text."""
    jinja = ", ".join(f"`{name}`" for name in sorted(JINJA_FILTERS))
    parts = [HEAD.replace("BLOCKS", "\n".join(_blocks())).replace("JINJA", jinja)]
    told: set[str] = set()
    for name, contexts in samples().items():
        parts.append(f"\n## {TITLES[name]}\n\n| Tên | Là | Gồm, hoặc ví dụ |\n|---|---|---|\n")
        known = shape(contexts)
        # Every letter has blocks of its own under one name.
        new = sorted(set(known.fields) - told | set(known.fields) & {"cong_van"})
        told |= set(new)
        for field in new:
            values = [context[field] for context in contexts if field in context]
            parts += _line(known.fields[field], field, values)
    return "".join(parts) + "\nTrang này do `python tools/make_template_page.py` lập; không sửa tay.\n"


def _blocks() -> Iterator[str]:
    """The blocks of the report; those of the note are the product's own."""
    for block in blocks().values():
        if not block.name.startswith("phieu_"):
            yield f"| `{{{{ khoi.{block.name} }}}}` | {block.about} |"


def _line(held: Shape, name: str, values: list[Any]) -> Iterator[str]:
    """A name with what it is: of a record, or of a list of records, also the names in it."""
    present = [value for value in values if value is not None]
    if any(callable(value) for value in present) or name == "khoi":
        return
    inner = held.items if held.items is not None and held.items.fields else held
    named = ", ".join(f"`{field}`" for field in inner.fields if inner.fields[field].path)
    yield f"| `{name}` | {_kind(held, present)} | {named or _example(present)} |\n"


def _kind(held: Shape, present: list[Any]) -> str:
    if held.items is not None or any(isinstance(value, list | tuple) for value in present):
        return "danh sách"
    if held.fields or any(isinstance(value, Mapping) for value in present):
        return "bản ghi"
    kinds = {
        "số" if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else "chữ" for value in present
    }
    if any(isinstance(value, bool) for value in present):
        return "đúng/sai"
    return " hoặc ".join(sorted(kinds)) or "chữ"


def _example(present: list[Any]) -> str:
    shown = next((str(value) for value in present if isinstance(value, str | int | float | Decimal) and str(value)), "")
    shown = " ".join(shown.replace("|", "\\|").split())
    return shown if len(shown) <= 50 else shown[:49] + "…"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
