"""How much of what the look over a document says is true, and how much of what is wrong it says: measured, by code.

The documents are those of ``test_decree``, each with faults whose codes are known, written as people's programs write
them: runs cut up, marks of the spelling checker, letters of two signs, content controls, links. Asked for by the
project: of what is said at least 97 % is true, of what is wrong at least 95 % is said.
"""

from __future__ import annotations

import random
import unicodedata
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from tests import conftest
from tests.test_decree import RULES, decision, findings, letter, regulation, report

NS = nsdecls("w")
ALONE = ("N303", "N304")  # a paper that is not judged says nothing else


def cut_up(word: Any) -> None:
    """Every word a run of its own, as after many small corrections."""
    for run in list(word.element.body.iter(qn("w:r"))):
        own = run.findall(qn("w:t"))
        if len(own) != 1 or len(run) > 2 or not own[0].text:
            continue
        for part in reversed([*own[0].text.replace(" ", " \n").split("\n")]):
            piece = deepcopy(run)
            piece.find(qn("w:t")).text = part
            piece.find(qn("w:t")).set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            run.addnext(piece)
        run.getparent().remove(run)


def in_two_signs(word: Any) -> None:
    """Letters and their marks apart, as macOS and some keyboards write."""
    for text in word.element.body.iter(qn("w:t")):
        text.text = unicodedata.normalize("NFD", text.text or "")


def marked(word: Any) -> None:
    for number, run in enumerate(list(word.element.body.iter(qn("w:r")))):
        run.addprevious(parse_xml(f'<w:proofErr {NS} w:type="spellStart"/>'))
        run.addnext(parse_xml(f'<w:bookmarkStart {NS} w:id="{900 + number}" w:name="b{number}"/>'))


def spaced(word: Any) -> None:
    """Blanks behind a paragraph, and one that does not break within it."""
    for text in word.element.body.iter(qn("w:t")):
        text.text = (text.text or "").replace(" ", "\u00a0", 1)
    for paragraph in word.paragraphs:
        if paragraph.runs:
            paragraph.runs[-1].text += "  "


def controlled(word: Any) -> None:
    """Paragraphs within content controls."""
    for element in list(word.element.body.findall(qn("w:p")))[1::3]:
        if not list(element.iter(qn("w:sectPr"))):
            control = parse_xml(f"<w:sdt {NS}><w:sdtPr/><w:sdtContent/></w:sdt>")
            element.addprevious(control)
            control[1].append(element)


def linked(word: Any) -> None:
    for element in list(word.element.body.iter(qn("w:p"))):
        runs = element.findall(qn("w:r"))
        if len(runs) == 1:
            link = parse_xml(f'<w:hyperlink {NS} w:anchor="x"/>')
            runs[0].addprevious(link)
            link.append(runs[0])


def as_it_is(word: Any) -> None:
    pass


HABITS: tuple[Callable[[Any], None], ...] = (cut_up, in_two_signs, marked, spaced, controlled, linked)


def measured() -> dict[str, Counter[str]]:
    """By code how often it was said and true, said and false, or not said."""
    found: dict[str, Counter[str]] = {}

    def judge(word: Any, wanted: set[str]) -> None:
        said = {item.code for item in findings(word)}
        for code in wanted | said:
            kind = "true" if code in wanted & said else "false" if code in said else "unsaid"
            found.setdefault(code, Counter())[kind] += 1

    chance = random.Random(14)
    every = HABITS if conftest.WHOLE else (None,)
    for row, (_, make, edit, code, _) in enumerate(RULES):  # one fault; in the gate each with one habit
        for habit in every:
            word = make()
            edit(word)
            (habit or HABITS[row % len(HABITS)])(word)
            judge(word, {code})
    for make in (letter, report, decision, regulation):  # nothing wrong
        for habit in (as_it_is, *HABITS):
            word = make()
            habit(word)
            judge(word, set())
    plain = [row for row in RULES if row[3] not in ALONE]
    for _ in range(300 if conftest.WHOLE else 25):  # several faults in one document
        first = chance.choice(plain)
        rows = [first, *chance.sample([row for row in plain if row[1] is first[1] and row is not first], 2)]
        word = first[1]()
        try:
            for _, _, edit, _, _ in rows:
                edit(word)
        except (LookupError, ValueError, AttributeError, StopIteration):  # what one changes the other does not find
            continue
        judge(word, {code for _, _, _, code, _ in rows})
    return found


def test_what_is_said_is_true_and_what_is_wrong_is_said() -> None:
    by_code = measured()
    print("\ncode   true  false  unsaid")
    for code, counts in sorted(by_code.items()):
        print(f"{code} {counts['true']:6} {counts['false']:6} {counts['unsaid']:7}")
    whole = sum(by_code.values(), Counter[str]())
    precision, recall = (whole["true"] / (whole["true"] + whole[other]) for other in ("false", "unsaid"))
    print(f"precision {precision:.1%}, recall {recall:.1%} of {whole['true'] + whole['unsaid']} faults")
    assert precision >= 0.97, by_code
    assert recall >= 0.95, by_code
    assert not [code for code, counts in by_code.items() if counts["false"] > counts["true"]]
