"""The catalogue of findings: complete in both languages, strict about its fields, and fully used."""

from __future__ import annotations

import re

import pytest

from cchc_xl.messages import catalogue, finding, fix, message, worst_first
from cchc_xl.records import CellRef
from tests.conftest import ROOT

CODES = sorted(catalogue())


@pytest.mark.parametrize("code", CODES)
def test_each_sentence_is_whole_in_both_languages(code: str) -> None:
    entry = catalogue()[code]
    made = finding(code, CellRef("f.xlsx"), **dict.fromkeys(entry.fields, "x"))
    for lang in ("vi", "en"):
        for sentence in (message(made, lang), fix(made, lang)):
            assert sentence.endswith((".", "x")), sentence
            assert "{" not in sentence


def test_a_forgotten_or_invented_field_is_refused() -> None:
    with pytest.raises(ValueError, match="D101 needs the fields"):
        finding("D101", CellRef("f.xlsx"))
    with pytest.raises(ValueError, match="D101 needs the fields"):
        finding("D101", CellRef("f.xlsx"), text="ba", row="3")
    with pytest.raises(KeyError):
        finding("D999", CellRef("f.xlsx"))


def test_every_code_is_made_somewhere_and_every_code_made_is_in_the_catalogue() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "cchc_xl").rglob("*.py"))
    made = set(re.findall(r'"([PFUDCESTA]\d{3})"', sources))
    assert made == set(CODES)


def test_worst_first_then_kind_then_place() -> None:
    note = finding("T301", CellRef("a.xlsx", "S", 1, 1), text="12 hồ sơ")
    late = finding("D101", CellRef("b.xlsx", "S", 10, 1), text="ba")
    early = finding("D101", CellRef("b.xlsx", "S", 9, 1), text="ba")
    assert worst_first((note, late, early)) == (early, late, note)
