"""Writes ``docs/thong-bao.md``, the page of all findings, from the catalogue: ``python tools/make_findings_page.py``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cchc_xl.text.catalogue import SEVERITY_WORDS, Entry, catalogue, finding, fix, message

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "thong-bao.md"
AREAS = {
    "P": "Kế hoạch",
    "F": "Tệp",
    "U": "Đơn vị, kỳ báo cáo",
    "D": "Dữ liệu trong tệp",
    "C": "Đối chiếu",
    "E": "Minh chứng",
    "S": "Chấm điểm",
    "A": "Thẩm định",
    "T": "Được chấp nhận",
    "W": "Mẫu Word",
    "R": "Kết quả giao lại",
    "N": "Thể thức văn bản (Nghị định 30/2020/NĐ-CP)",
    "G": "Nhiều cơ quan trong một kế hoạch",
}
HEAD = """# Các thông báo của phần mềm

Mỗi thông báo có một mã không đổi. Chữ số đầu của mã cho biết mức độ: 1 là lỗi phải sửa, 2 là cảnh báo, 3 là ghi chú.
Câu dưới đây là ví dụ; khi chạy, phần mềm ghi đúng tệp, sheet, ô của chỗ có vấn đề.

Trang này do `python tools/make_findings_page.py` lập từ `cchc_xl/text/messages.toml`; không sửa tay.
"""


def page() -> str:
    """The page as text."""
    entries = catalogue().values()
    own = {area: [item for item in entries if item.code[0] == area] for area in AREAS}
    return "".join((HEAD, *(_area(area, items) for area, items in own.items() if items)))


def _area(area: str, entries: list[Entry]) -> str:
    return "".join((f"\n## {area} – {AREAS[area]}\n", *map(_entry, sorted(entries, key=lambda item: item.code))))


def _entry(entry: Entry) -> str:
    item = finding(entry.code, **dict(entry.example))
    return (
        f"\n### {entry.code} · {entry.title} ({SEVERITY_WORDS[entry.severity].lower()})\n\n"
        f"* {message(item)}\n"
        f"* **Cách sửa:** {fix(item)}\n"
        f"* *{entry.title_en}: {message(item, 'en')} {fix(item, 'en')}*\n"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
