"""``result.json`` and its records: the same bytes both ways, no key lost or renamed, and one sentence for what is broken."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

from cchc_xl.ask import advice_lines
from cchc_xl.ask.compare import compare
from cchc_xl.ask.route import path_to
from cchc_xl.result import Result, archive
from cchc_xl.result.advice import Stop
from cchc_xl.result.contents import Contents
from cchc_xl.result.objects import ContentsError, as_text, from_object, to_object
from tests.results import completed

# Every object of ``result.json`` with its keys in their order (design §6): more may be added, none renamed.
PLACE = "file sheet cell"
SCHEMA = {
    "": "schema period period_name period_start period_end due agency plan settings units index criteria measures "
    "measure_details tasks conflicts rollcall findings finding_groups sources advice path comparison "
    "edited counts next_name next_due next_start next_end sentences figure_groups "
    "agency_code agencies ranking",
    "plan": "file sha256",
    "counts": "criteria full short missing not_applicable appraised to_appraise fully_appraised",
    "settings": "parent_agency agency symbol place year plan_number plan_date previous_index previous_rank ranked_units "
    "target_index signing_authority signing_title signer recipients places missing_evidence compiling_unit contact "
    "criterion_places index_name index_short forms_to letter_authority letter_title letter_signer total_points classes "
    "resend_due",
    "units": "code name group",
    "index": "points applicable_max percent percent_if_missing_full complete target previous",
    "criteria": "code name max applicable_max points status method basis self_points appraised_points final_points "
    "previous_points parent level in_appendix lead lead_text cooperating_text target appraisal sound flagged value rule "
    "inputs evidence reports condition places bare_points",
    "criteria.condition": "code full",
    "criteria.rule": f"{PLACE} row figures combine evidence not_applicable effective_from reference bands",
    "criteria.rule.bands": "sheet row text points chosen level low low_included high high_included form amount",
    "criteria.inputs": f"measure unit value {PLACE} period by",
    "criteria.evidence": f"unit text {PLACE} found",
    "criteria.reports": f"unit result level self_points evidence causes reason state {PLACE} more",
    "measure_details": "code name unit_name kind combine criteria units state value partial waiting entries counts "
    "report_codes",
    "measure_details.entries": f"unit value text state counted {PLACE} by supplied reference",
    "tasks": f"unit document content assigned due completed note outcome {PLACE} more",
    "conflicts": f"code rule message severity unit left right left_percent right_percent criteria {PLACE}",
    "rollcall": "unit status file sha256 sent sent_from superseded first_sent",
    "findings": f"code severity message fix {PLACE} unit criterion",
    "sentences": "section heading criterion text when_missing sheet cell",
    "figure_groups": "total parts",
    "finding_groups": "code severity title count files first",
    "sources": "file sha256 reader verdict reason",
    "advice": "code name status points maximum gain next complete risk appeal leaf_gain percentage_points together idle",
    "advice.together": "codes points percentage_points",
    **dict.fromkeys(
        [f"advice.{step}" for step in ("next", "complete", "risk", "appeal")],
        "kind change figure amount unit_name points_after difference value_after value_unit beyond up_to leaf_difference "
        "percentage_points also value_shown who effort rises before after task today by leaves",
    ),
    **dict.fromkeys(
        [f"advice.{step}.leaves" for step in ("next", "complete", "risk", "appeal")], "code points maximum"
    ),
    "path": "status target percent highest stops missing missing_count handed_in shortest",
    "path.stops": "code name points full percent alternatives exact",
    "comparison": "schema before after places index rank fields criteria changed added removed notes",
    **dict.fromkeys(
        ["comparison.before", "comparison.after"], "agency period period_name period_start period_end year"
    ),
    "comparison.index": "before after difference_percentage_points relative_change_percent difference_interval",
    **dict.fromkeys(
        ["comparison.index.before", "comparison.index.after"],
        "percent percent_if_missing_full complete points applicable_max",
    ),
    "comparison.rank": "before after places_up text",
    **dict.fromkeys(["comparison.rank.before", "comparison.rank.after"], "rank of year"),
    **dict.fromkeys(
        ["comparison.fields", "comparison.criteria"],
        "code name level before after difference_points difference_percentage_points relative_change_percent",
    ),
    **dict.fromkeys(
        [f"comparison.{of}.{side}" for of in ("fields", "criteria") for side in ("before", "after")],
        "status method max applicable_max points points_if_missing_full complete share",
    ),
    "comparison.changed": "kind before after message",
    **dict.fromkeys(
        [
            *("comparison.changed.before", "comparison.changed.after"),
            *("comparison.added", "comparison.removed"),
        ],
        "code name level max points status",
    ),
    "comparison.notes": "kind message",
    "agencies": "code name group folder status index rank class_ previous_rank errors warnings reason",
    "agencies.index": "percent percent_if_missing_full complete",
    "ranking": "schema places agencies relative classes notes group below since earlier",
    "ranking.agencies": "rank rank_best rank_worst certain tied previous_rank places_up change agency label name period "
    "period_name excluded index class_ class_between relative points earlier_rank earlier_change",
    "ranking.agencies.index": "percent percent_if_missing_full percent_at_least exact complete own_percent "
    "own_percent_if_missing_full",
    "ranking.agencies.relative": "code name max value target own_points group_points kept method",
    "ranking.relative": "code name leader holders waiting declared count method values",
    "ranking.classes": "name from_ count",
    "ranking.notes": "kind message",
}


def record_in(kind: Any) -> Any:
    """The dataclass that a field holds, alone, in a tuple or where it is there at all."""
    if get_origin(kind) in (tuple, Union, UnionType):
        return next((found for inner in get_args(kind) if (found := record_in(inner))), None)
    return kind if is_dataclass(kind) and kind.__name__ != "AppraisalEntry" else None


def walked(kind: type, place: str = "") -> dict[str, str]:
    names = [{"zero_without_evidence": "missing_evidence"}.get(field.name, field.name) for field in fields(kind)]
    found = {place: " ".join(names)}
    for field in fields(kind):
        inner = record_in(get_type_hints(kind)[field.name])
        if inner:
            found |= walked(inner, f"{place}.{field.name}".lstrip("."))
    return found


def test_every_record_has_the_keys_of_the_contract_in_their_order() -> None:
    assert walked(Contents) == SCHEMA


@pytest.mark.parametrize("period", ["year", "quarter"])
def test_a_stored_result_is_written_again_byte_for_byte(period: str, request: pytest.FixtureRequest) -> None:
    result: Result = request.getfixturevalue(period)
    stored = (Path(result.folder or "") / "result.json").read_text(encoding="utf-8")
    contents = from_object(json.loads(stored))
    assert as_text(to_object(contents)) + "\n" == stored
    assert contents == result.contents
    assert from_object(to_object(contents)) == contents


def test_a_comparison_is_stored_with_its_result_and_only_then(year: Result, quarter: Result) -> None:
    from dataclasses import replace

    made = replace(quarter.contents, comparison=compare(year.contents, quarter.contents))
    assert from_object(json.loads(json.dumps(to_object(made)))) == made
    assert "comparison" in to_object(made)
    assert "comparison" not in to_object(quarter.contents)


@pytest.mark.parametrize(
    ("number", "stored"),
    [("2.50", "2.5"), ("1E+2", "100"), ("1E-7", "0.0000001"), ("0.000", "0"), ("-3.0", "-3"), ("12.25", "12.25")],
)
def test_decimals_are_plain(number: str, stored: str) -> None:
    assert to_object(Stop("1", "", None, Decimal(number), Decimal(0)))["full"] == stored


def test_the_index_keeps_the_places_it_is_published_with() -> None:
    index = {"points": "63.00", "applicable_max": "85.00", "percent": "80.00", "complete": True}
    made = to_object(completed({"index": index}))["index"]
    assert {name: made[name] for name in index} == index


# --- files of others ---


def changed(*path: Any, value: Any) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda stored: stored.pop("index"), "khóa “index” bị thiếu"),
        (lambda stored: stored["criteria"][3].pop("points"), "khóa “criteria[3].points” bị thiếu"),
        (changed("criteria", 3, "points", value=1.5), "khóa “criteria[3].points” có giá trị không hiểu được"),
        (changed("criteria", 3, "points", value="1e5"), "khóa “criteria[3].points” có giá trị không hiểu được"),
        (changed("criteria", 3, "points", value="NaN"), "khóa “criteria[3].points” có giá trị không hiểu được"),
        (changed("criteria", 3, "name", value=None), "khóa “criteria[3].name” có giá trị không hiểu được"),
        (changed("criteria", 3, "level", value=True), "khóa “criteria[3].level” có giá trị không hiểu được"),
        (changed("criteria", 3, "status", value="lost"), "khóa “criteria[3].status” có giá trị không hiểu được"),
        (changed("criteria", 3, "method", value="đoán"), "khóa “criteria[3].method” có giá trị không hiểu được"),
        (changed("criteria", value=3), "khóa “criteria” có giá trị không hiểu được"),
        (changed("measures", "NV_TRE", value=1), "khóa “measures['NV_TRE']” có giá trị không hiểu được"),
        (changed("period_end", value="hôm qua"), "khóa “period_end” có giá trị không hiểu được"),
        (changed("rollcall", 0, "sent", value="x"), "khóa “rollcall[0].sent” có giá trị không hiểu được"),
        (changed("settings", "missing_evidence", value=1), "khóa “settings.missing_evidence” có giá trị không hiểu được"),
        (changed("schema", value="cchc_xl/result/2"), "không phải kết quả của phiên bản này"),
        (changed("schema", value=None), "không phải kết quả của phiên bản này"),
    ],
)  # fmt: skip
def test_what_is_broken_is_named_by_key_and_file(
    year: Result, tmp_path: Path, change: Callable[[Any], None], told: str
) -> None:
    stored = json.loads(json.dumps(year.document))
    change(stored)
    with pytest.raises(ContentsError) as refused:
        from_object(stored)
    assert str(refused.value) == told
    (tmp_path / "result.json").write_text(json.dumps(stored), encoding="utf-8")
    with pytest.raises(archive.ArchiveError) as closed:
        archive.load_contents(tmp_path)
    assert str(closed.value) == f"{tmp_path / 'result.json'} {told}: hãy chạy lại `cchc-xl run`."


@pytest.mark.parametrize("text", ["", "{", "null", "[]", '"text"', "3", "{}", "[[[[", "\ufeff{}"])
def test_what_is_no_result_at_all_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "result.json").write_text(text, encoding="utf-8")
    with pytest.raises(archive.ArchiveError) as told:
        archive.load_contents(tmp_path)
    assert str(tmp_path / "result.json") in str(told.value)
    assert str(told.value).endswith("hãy chạy lại `cchc-xl run`.")
    assert "\n" not in str(told.value)


OLDER = {"leaves", "who", "also", "exact", "shortest"}  # what a version before did not write of advice and of the way


def older(stored: Any) -> Any:
    """The same as a version wrote it that had no such keys."""
    if isinstance(stored, dict):
        return {name: older(value) for name, value in stored.items() if name not in OLDER}
    return [older(one) for one in stored] if isinstance(stored, list) else stored


def test_advice_of_an_older_version_is_read_and_claims_nothing_it_did_not_know(year: Result) -> None:
    document = json.loads(json.dumps(year.document))
    document |= {name: older(document[name]) for name in ("advice", "path")}
    read = from_object(document)
    assert read.path
    assert year.contents.path
    assert (read.path.shortest, year.contents.path.shortest) == (False, True)
    assert {stop.exact for stop in read.path.stops} == {False}
    assert not any(item.is_nobodys for item in read.advice)  # not known who acts
    found = path_to(read, read.advice, Decimal(80))
    told = list(advice_lines.lines(read.advice, found))
    assert (found.status, found.shortest) == ("path", len(found.stops) == 1)
    assert any(line.startswith("Danh sách ngắn nhất tìm được để đạt mục tiêu: đủ điểm ở 2 tiêu chí") for line in told)
    assert not any("chỉ số khi đó" in line for line in told)  # steps whose criteria are not told are not summed


def test_a_key_that_every_result_needs_is_asked_of_the_version_that_wrote_it(year: Result, tmp_path: Path) -> None:
    folder = shutil.copytree(Path(year.folder or ""), tmp_path / "2020-N")
    document = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    del document["index"]
    data = json.dumps(document).encode()
    (folder / "result.json").write_bytes(data)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest |= {"version": "0.1.7", "files": {**manifest["files"], "result.json": hashlib.sha256(data).hexdigest()}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(archive.ArchiveError) as told:
        archive.load_contents(folder)
    assert str(told.value) == (
        f"{folder / 'result.json'} khóa “index” bị thiếu (phiên bản 0.1.7 lập): hãy chạy lại `cchc-xl run`."
    )


def test_keys_of_a_newer_version_are_passed_over(year: Result) -> None:
    stored = json.loads(json.dumps(year.document))
    for record in (stored, stored["index"], stored["settings"], stored["criteria"][0], stored["criteria"][0]["rule"]):
        record["new"] = {"one": 1}
    assert from_object(stored) == year.contents
