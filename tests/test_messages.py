"""The catalogue of findings: complete in both languages, strict about its fields, and fully used."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from cchc_xl.office.excel.bounds import MAX_FILE, MAX_TEXT
from cchc_xl.office.excel.tables import HEADING_ROWS
from cchc_xl.records import CellRef
from cchc_xl.text.catalogue import catalogue, finding, fix, grouped, message, title, worst_first
from cchc_xl.text.numbers import vietnamese
from tests.conftest import ROOT

CODES = sorted(catalogue())


@pytest.mark.parametrize("code", CODES)
def test_each_sentence_is_whole_in_both_languages(code: str) -> None:
    entry = catalogue()[code]
    made = finding(code, CellRef("f.xlsx"), **dict.fromkeys(entry.fields, "x"))
    for lang in ("vi", "en"):
        for sentence in (message(made, lang), fix(made, lang)):
            assert sentence.endswith((".", "x")), sentence
            assert not re.search(r"\{\w+\}", sentence)


@pytest.mark.parametrize("code", CODES)
def test_each_kind_has_a_title_and_an_example_that_fills_its_sentences(code: str) -> None:
    entry = catalogue()[code]
    assert 3 <= len(entry.title) <= 60
    assert 3 <= len(entry.title_en) <= 60
    assert {name for name, _ in entry.example} == entry.fields
    assert all(value.strip() for _, value in entry.example)
    made = finding(code, CellRef("f.xlsx"), **dict(entry.example))
    assert not any(re.search(r"\{\w+\}", say(made, lang)) for lang in ("vi", "en") for say in (message, fix))
    assert title(code) == entry.title
    assert title(code, "en") == entry.title_en


def test_what_may_be_empty_is_said_only_where_it_is_there() -> None:
    """A suggestion has its own part of the sentence: there may be none."""
    for entry in catalogue().values():
        for sentence in (entry.vi, entry.vi_fix, entry.en, entry.en_fix):
            assert "{suggestions}" not in re.sub(r"\[[^\[\]]*\]", "", sentence), entry.code
    fields = {"text": "A", "suggestions": "", "count": "", "cells": ""}
    assert fix(finding("P112", **fields)) == "Sửa mã hoặc thêm dòng số liệu."
    assert fix(finding("P112", **{**fields, "suggestions": "B"})) == "Sửa mã (gần giống: B) hoặc thêm dòng số liệu."
    assert message(finding("P112", **fields)) == "Không có số liệu mã “A” ở sheet “Số liệu”."


def test_a_bound_that_a_sentence_names_is_the_one_that_holds() -> None:
    assert f"trong {HEADING_ROWS} dòng đầu" in catalogue()["P102"].vi
    assert f"dưới {MAX_FILE // 1024 // 1024} MB" in catalogue()["F105"].vi_fix
    assert f"hơn {vietnamese(Decimal(MAX_TEXT))} ký tự" in catalogue()["F310"].vi


WRONG = {"text": "ba", "what": "“Hồ sơ” (hồ sơ)", "hint": "Nhập số nguyên không âm, ví dụ 1480."}


def test_findings_are_grouped_by_kind_and_counted_worst_first() -> None:
    note = finding("T301", CellRef("a.xlsx", "S", 1, 1), text="12 hồ sơ")
    bad = [finding("D101", CellRef("b.xlsx", "S", row, 1), **WRONG) for row in (9, 10)]
    blank = finding("D103", CellRef("a.xlsx", "S", 1, 1), what="X", hint="Y")
    assert [[item.code for item in group] for group in grouped((note, blank, *bad))] == [
        ["D101", "D101"],
        ["D103"],
        ["T301"],
    ]


def test_a_forgotten_or_invented_field_is_refused() -> None:
    with pytest.raises(ValueError, match="D101 needs the fields"):
        finding("D101", CellRef("f.xlsx"))
    with pytest.raises(ValueError, match="D101 needs the fields"):
        finding("D101", CellRef("f.xlsx"), **WRONG, row="3")
    with pytest.raises(KeyError):
        finding("D999", CellRef("f.xlsx"))


def test_every_code_is_made_somewhere_and_every_code_made_is_in_the_catalogue() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "cchc_xl").rglob("*.py"))
    made = set(re.findall(r'"([PFUDCESTAWNRG]\d{3})"', sources))
    assert made == set(CODES)


def test_worst_first_then_kind_then_place() -> None:
    note = finding("T301", CellRef("a.xlsx", "S", 1, 1), text="12 hồ sơ")
    late = finding("D101", CellRef("b.xlsx", "S", 10, 1), **WRONG)
    early = finding("D101", CellRef("b.xlsx", "S", 9, 1), **WRONG)
    assert worst_first((note, late, early)) == (early, late, note)


# What a cell holds, and what a message quotes of it: at most 200 characters.
QUOTES = [("ba", "ba"), ("x" * 200, "x" * 200), ("x" * 201, "x" * 199 + "…"), ("🙂" * 30_000, "🙂" * 199 + "…")]


@pytest.mark.parametrize(("text", "quoted"), QUOTES, ids=["short", "just so", "one more", "a whole cell"])
def test_a_message_quotes_no_more_of_a_cell_than_one_reads(text: str, quoted: str) -> None:
    assert message(finding("E203", text=text)) == f"Không thấy tài liệu “{quoted}” trong thư mục."


def test_what_the_plan_says_is_said_whole() -> None:
    """The notice of a constraint and the name of a document are the plan's own sentences, no cell of a unit."""
    long = "Phải giải trình. " * 30
    assert long in message(finding("C101", rule="A <= B", left="2", right="1", notice=long))
    assert long in message(finding("E201", code="1.1", document=long))


@pytest.mark.parametrize(
    ("due", "said"), [("20/3/2021", "A chưa gửi báo cáo (hạn 20/3/2021)."), ("", "A chưa gửi báo cáo.")]
)
def test_a_deadline_that_the_plan_does_not_give_is_not_told(due: str, said: str) -> None:
    assert message(finding("U101", name="A", due=due)) == said
