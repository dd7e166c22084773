"""Why a criterion has its points: the document of a finished run and a code come in, the chain goes out."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from decimal import Decimal

from cchc_xl.result.result_file import Document
from cchc_xl.text.numbers import vietnamese
from cchc_xl.text.words import key

_STATUS = {
    "scored": "đã chấm",
    "missing": "chưa có điểm",
    "not_applicable": "không phát sinh",
    "group": "nhóm tiêu chí",
}


class UnknownCriterionError(Exception):
    """The run has no such criterion; the text is one sentence with suggestions."""


def chain(document: Document, code: str) -> Document:
    """The criterion of this code with its rule, inputs, evidence, children and the SHA-256 of every file it rests on.

    Raises :class:`UnknownCriterionError` if the run has no such criterion.
    """
    criteria = {item["code"]: item for item in document["criteria"]}
    wanted = next((name for name in criteria if key(name) == key(code)), None)
    if wanted is None:
        close = ", ".join(difflib.get_close_matches(code, criteria, n=3)) or ", ".join(list(criteria)[:8])
        raise UnknownCriterionError(f"Kết quả không có tiêu chí “{code}”: hãy chọn một mã, ví dụ {close}.")
    item = criteria[wanted]
    hashes = {source["file"]: source["sha256"] for source in document["sources"]}
    measures = {total["code"]: total for total in document["measure_details"]}
    used = dict.fromkeys(given["measure"] for given in item["inputs"])
    return {
        "criterion": item,
        "children": [child for child in document["criteria"] if child["parent"] == wanted],
        "measures": [measures[code] for code in used if code in measures],
        "conflicts": [conflict for conflict in document["conflicts"] if wanted in conflict["criteria"]],
        "findings": [finding for finding in document["findings"] if finding["criterion"] == wanted],
        "files": {
            given["file"]: hashes.get(given["file"]) for given in (*item["inputs"], *item["evidence"]) if given["file"]
        },
        "plan": document["plan"],
    }


def lines(document: Document, code: str) -> Iterator[str]:
    """The chain as lines an officer reads, top down: points, rule row, figures, cells, files."""
    told = chain(document, code)
    item, rule = told["criterion"], told["criterion"]["rule"]
    yield f"Tiêu chí {item['code']} – {item['name']}"
    yield f"Điểm: {_points(item['final_points'])} / {_points(item['applicable_max'])} ({_STATUS[item['status']]})"
    if item["appraised_points"] is not None:
        yield f"  điểm thẩm định {_points(item['appraised_points'])}, điểm tính {_points(item['points'])}"
    if item["self_points"] is not None:
        yield f"  điểm tự chấm {_points(item['self_points'])}"
    yield f"Vì sao: {item['basis']}"
    yield (
        f"Quy tắc: {rule['file']} › {rule['sheet']} › {rule['cell']} (dòng {rule['row']}), "
        f"cách chấm “{item['method'] or 'chưa rõ'}”, căn cứ: {rule['reference'] or 'chưa ghi'}"
    )
    yield f"  SHA-256 của kế hoạch: {told['plan']['sha256']}"
    for band in rule["bands"]:
        mark = "  ← áp dụng" if band["chosen"] else ""
        yield f"  {band['sheet']} dòng {band['row']}: {band['text']} → {band['points']}{mark}"
    for child in told["children"]:
        got, most = _points(child["final_points"]), _points(child["applicable_max"])
        yield f"  {child['code']} {child['name']}: {got} / {most}"
    yield from _figures(document, told)
    for proof in item["evidence"]:
        yield f"Minh chứng của {proof['unit']}: {proof['text']} ({proof['file']} › {proof['cell']})"
    for conflict in told["conflicts"]:
        yield f"Mâu thuẫn: {conflict['rule']} ({conflict['message']})"
    for finding in told["findings"]:
        yield f"Lưu ý {finding['code']}: {finding['message']}"


def _figures(document: Document, told: Document) -> Iterator[str]:
    names = {unit["code"]: unit["name"] for unit in document["units"]}
    inputs = told["criterion"]["inputs"]
    totals = {total["code"]: total for total in told["measures"]}
    if inputs:
        yield "Số liệu:"
    for code in dict.fromkeys(given["measure"] for given in inputs):
        total = totals.get(code)
        if total:
            value = f"{_points(total['value'])} {total['unit_name']}"
            yield f"  {code} – {total['name']} = {value} (gộp: {total['combine']})"
        else:
            yield f"  {code}"
        for given in inputs:
            if given["measure"] == code:
                place = " › ".join(part for part in (given["file"], given["sheet"], given["cell"]) if part)
                yield f"    {names.get(given['unit'], given['unit'])}: {given['value'] or '(trống)'}  ←  {place}"
    if told["files"]:
        yield "Tệp nguồn (SHA-256):"
    for file, sha256 in told["files"].items():
        yield f"  {file}  {sha256}"


def _points(value: str | None) -> str:
    if value is None:
        return "chưa có"
    text = vietnamese(Decimal(value), 4)
    return text.rstrip("0").rstrip(",")
