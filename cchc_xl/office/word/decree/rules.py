"""The rules of the decree as a table: the components of a document come in, how each departs from its rule goes out.

Nothing of the decree is said twice: form, code and wording of a component stand in its row, and ``judged`` applies any
row. ``source`` is where the rule stands in Phụ lục I of Nghị định 30/2020/NĐ-CP, phần I: mục and khoản.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, TypeVar

from cchc_xl.office.word.decree import wording
from cchc_xl.office.word.decree.components import Appendix, Outline, Role
from cchc_xl.office.word.decree.document import Document, Paragraph
from cchc_xl.office.word.decree.forms import Form, Remark, compared
from cchc_xl.office.word.decree.pieces import Piece

Owner = TypeVar("Owner")


def _always(_: object) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Rule(Generic[Owner]):
    """What the decree says of one component.

    ``of`` names the component's lines in its owner; each is compared with ``form`` under ``code`` and read by
    ``says``, all of them together by ``together``. ``line`` is the code where no line is drawn under the last one.
    ``missing`` is told where there is none although one is ``needed``; nothing is told unless the rule ``applies``.
    """

    source: str
    of: str
    code: str = ""
    form: Form | None = None
    says: Callable[[Piece, Owner], wording.Wrong] | None = None
    together: Callable[[Owner], Iterator[Remark]] | None = None
    line: str = ""
    missing: tuple[str, str] | None = None
    needed: Callable[[Owner], object] = _always
    applies: Callable[[Owner], object] = _always


_TITLE = Form(13, 14, bold=True, upper=True, centred=True)
_SUBJECT = Form(13, 14, bold=True, upper=False, centred=True)
_ATTACHED = Form(13, 14, bold=False, italic=True, upper=False, centred=True)
_PLAIN_HEADING = Form(13, 14, bold=True)
_LOW_HEADING = Form(13, 14)

# fmt: off
OPENING: tuple[Rule[Outline], ...] = (
    Rule("II.1", "national", "N111", Form(12, 13, bold=True, upper=True, centred=True), wording.national_title,
         missing=("N110", "Quốc hiệu")),
    Rule("II.1", "motto", "N113", Form(13, 14, bold=True, centred=True), wording.motto, line="N201",
         missing=("N110", "Tiêu ngữ")),
    Rule("II.2", "superior", "N115", Form(12, 13, bold=False, upper=True, centred=True)),
    Rule("II.2", "agency", "N116", Form(12, 13, bold=True, upper=True, centred=True), line="N202",
         missing=("N110", "tên cơ quan, tổ chức ban hành văn bản")),
    Rule("II.3", "number", "N117", Form(13, 13, bold=False, centred=True), wording.number,
         missing=("N110", "số, ký hiệu văn bản")),
    Rule("II.4", "date", "N120", Form(13, 14, bold=False, italic=True, centred=True), wording.date,
         missing=("N110", "địa danh và thời gian ban hành văn bản")),
    Rule("II.5", "kind", "N123", _TITLE,
         missing=("N110", "tên loại văn bản"), needed=lambda found: not found.is_letter),
    Rule("II.5", "subject", "N124", _SUBJECT, line="N203", applies=lambda found: found.kind,
         missing=("N110", "trích yếu nội dung văn bản"), needed=lambda found: found.kind and len(found.kind.text) < 40),
    Rule("II.5", "reference", "N125", Form(12, 13, bold=False, upper=False, centred=True),
         applies=lambda found: found.is_letter, missing=("N110", "trích yếu nội dung công văn (“V/v …”)")),
    Rule("II.6", "powers", "N129", _TITLE),
    Rule("II.9", "addressed", "N128", Form(13, 14, bold=False, upper=False),
         missing=("N110", "“Kính gửi”"), needed=lambda found: found.is_letter),
    Rule("II.6", "grounds", "N126", Form(13, 14, bold=False, italic=True, upper=False), wording.ground),
)
# What a decision issues: "QUY CHẾ", its subject and "(Kèm theo …)".
ANNEX: tuple[Rule[Appendix], ...] = (
    Rule("II.5", "heading", "N123", _TITLE),
    Rule("II.5", "title", "N124", _SUBJECT),
    Rule("III.1", "attached", "N153", _ATTACHED),
)
CLOSING: tuple[Rule[Outline], ...] = (
    Rule("II.7", "closing.posts", "N140", _TITLE, wording.post, wording.authority,
         missing=("N110", "quyền hạn, chức vụ của người ký")),
    Rule("II.7", "closing.signer", "N141", _SUBJECT, wording.signer,
         missing=("N110", "họ và tên của người ký"), needed=lambda found: found.closing.posts),
    Rule("II.9", "closing.label", "N143", Form(12, 12, bold=True, italic=True, upper=False), wording.recipients_label,
         missing=("N110", "“Nơi nhận”")),
    Rule("II.9", "closing.recipients", "N144", Form(11, 11, bold=False), wording.recipient),
)
APPENDIX: tuple[Rule[Appendix], ...] = (
    Rule("III.1", "heading", "N150", Form(14, 14, bold=True, upper=False, centred=True),
         applies=lambda appendix: not appendix.in_one_line),
    Rule("III.1", "heading", says=wording.appendix_number),
    Rule("III.1", "title", "N152", _TITLE,
         missing=("N110", "tên phụ lục"), needed=lambda appendix: not appendix.in_one_line),
    Rule("III.1", "attached", "N153", _ATTACHED, missing=("N205", "")),
)
# Headings of the text, II.6: the code of a departure, and the form.
HEADINGS = {
    Role.PART: ("N135", _SUBJECT),
    Role.PART_TITLE: ("N135", _TITLE),
    Role.CENTRED: ("N135", _TITLE),
    Role.GROUP: ("N138", Form(13, 14, bold=True, upper=False)),
    Role.GROUP_TITLE: ("N138", Form(13, 14, bold=True, upper=True)),
    Role.ROMAN: ("N136", _PLAIN_HEADING),
    Role.NUMBERED: ("N136", _PLAIN_HEADING),
    Role.MAYBE: ("N136", _LOW_HEADING),
    Role.LOWER: ("N136", _LOW_HEADING),
    Role.ARTICLE: ("N137", _PLAIN_HEADING),
    Role.UNNUMBERED: ("N204", _PLAIN_HEADING),
}
# Each component after the one that the decree puts before it (I.6 and the sketch of mục IV).
_ABOVE = (
    ("Quốc hiệu", "national", "Tiêu ngữ", "motto"),
    ("Tiêu ngữ", "motto", "địa danh và thời gian", "date"),
    ("Quốc hiệu", "national", "tên loại văn bản", "kind"),
    ("số, ký hiệu", "number", "tên loại văn bản", "kind"),
    ("tên loại văn bản", "kind", "trích yếu", "subject"),
    ("số, ký hiệu", "number", "trích yếu công văn", "reference"),
    ("trích yếu công văn", "reference", "“Kính gửi”", "addressed"),
    ("phần ký và nơi nhận", "closing.start", "phụ lục", "first_appendix"),
)
_LEFT = (
    ("agency", "national", "tên cơ quan đặt bên phải Quốc hiệu"),
    ("number", "date", "số, ký hiệu đặt bên phải địa danh và thời gian"),
    ("closing.label", "closing.posts", "nơi nhận đặt bên phải phần ký"),
)
# fmt: on


def judged(
    rules: Sequence[Rule[Owner]], owner: Owner, document: Document, at: Paragraph | None = None
) -> Iterator[Remark]:
    """How the components of an owner depart from their rules; what is missing is told ``at`` a paragraph."""
    for rule in rules:
        if not rule.applies(owner):
            continue
        lines = _lines(owner, rule.of)
        for piece in lines:
            yield from compared(rule.code, piece, rule.form)
            for code, wrong in rule.says(piece, owner) if rule.says else ():
                yield Remark(code, wrong, piece.paragraph)
        if lines and rule.together:
            yield from rule.together(owner)
        if lines and rule.line and wording.line_under(document, lines[-1]) is None:
            yield Remark(rule.line, "", lines[-1].paragraph)
        if not lines and rule.missing and rule.needed(owner):
            yield Remark(*rule.missing, at)


def _lines(owner: object, of: str) -> Sequence[Piece]:
    found: Any = attrgetter(of)(owner)
    if found is None:
        return ()
    return (found,) if isinstance(found, Piece) else found


def check_opening(found: Outline) -> Iterator[Remark]:
    """Everything above the text: letterhead, title, addressees and grounds, and the title of an annex."""
    yield from judged(OPENING, found, found.document)
    if found.annex is not None:
        yield from judged(ANNEX, found.annex, found.document)


def check_closing(found: Outline) -> Iterator[Remark]:
    """Who signs and who receives, and the heads of the appendices."""
    yield from judged(CLOSING, found, found.document)
    for appendix in found.appendices:
        yield from judged(APPENDIX, appendix, found.document, appendix.heading.paragraph)


def check_order(found: Outline) -> Iterator[Remark]:
    """The first component that stands above the one it should follow, or else those on the wrong side."""
    for above, first, below, second in _ABOVE:
        one, other = _lines(found, first)[:1], _lines(found, second)[:1]
        if one and other and _place(one[0]) > _place(other[0]):
            yield Remark("N154", f"{below} đặt trước {above}", other[0].paragraph)
            return
    for left, right, wrong in _LEFT:
        one, other = _lines(found, left)[-1:], _lines(found, right)[:1]
        if one and other and _is_right_of(one[0], other[0]):
            yield Remark("N154", wrong, one[0].paragraph)


def _is_right_of(left: Piece, right: Piece) -> bool:
    """Whether the first of two components stands in a later cell of the same row, or further on in the same line."""
    one, other = left.paragraph.cell, right.paragraph.cell
    if left.paragraph is right.paragraph:
        return _place(left) > _place(right)
    return one is not None and other is not None and one.row == other.row and one.cell > other.cell


def _place(piece: Piece) -> tuple[int, int]:
    """Where a piece begins: the number of its paragraph and how far in it stands."""
    before = 0
    for run in piece.paragraph.runs:
        if piece.runs and piece.runs[0].text in run.text and piece.runs[0].form == run.form:
            return piece.paragraph.number, before + run.text.index(piece.runs[0].text)
        before += len(run.text)
    return piece.paragraph.number, before
