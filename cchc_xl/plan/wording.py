"""A sentence of the report as data: a row of ``Câu báo cáo`` comes in, the pieces of its text go out (design §3).

Between braces stands a figure, an expression as in the column ``Số liệu``, or a field of :data:`FIELDS`. A part in
square brackets that holds braces is left out where its first figure is 0 or nobody is to be named, and where a figure
in it is not known; behind a bar stands what is said of 0 instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from cchc_xl.plan.cells import BLANK, CONTRACT, Row
from cchc_xl.plan.expression import FIGURE_CODE, parsed
from cchc_xl.records import Quotient, Sentence
from cchc_xl.text.words import closest, key, tidy

FIELDS = (
    "cơ quan", "kỳ", "năm", "tên chỉ số", "tên viết tắt", "bộ phận tổng hợp", "số đơn vị", "số đơn vị đã báo cáo",
    "số đơn vị chưa báo cáo", "đơn vị trễ", "đơn vị chưa gửi", "đơn vị trễ nhiệm vụ",
)  # fmt: skip
UNITS_WITH = "đơn vị có"
SECTIONS: dict[str, tuple[str, ...]] = {number: tuple(names) for number, names in CONTRACT["sections"].items()}
_FIELDS = {key(name): name for name in FIELDS}
_MARKS = re.compile(r"([\[\]{}|])")
_APART = re.compile(r"[›>:]")
_ARITHMETIC = frozenset("+-/@%")


class WordingError(Exception):
    """A sentence that cannot be read: ``kind`` is ``brace``, ``field`` or ``expression``, ``text`` the piece."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(kind)
        self.kind = kind
        self.text = text


@dataclass(frozen=True, slots=True)
class Slot:
    """What stands between braces: a ``field`` of the closed list, else figures.

    ``units`` asks for the units that have any of the figure, ``capital`` for a capital letter at the beginning.
    """

    text: str
    field: str = ""
    figures: Quotient | None = None
    units: bool = False
    capital: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """The figures it names."""
        return self.figures.codes if self.figures else ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A part that may be left out, and what stands there where its first figure is 0."""

    parts: tuple[str | Slot, ...]
    otherwise: tuple[str | Slot, ...]


Wording = tuple[str | Slot | Choice, ...]


def worded(text: str) -> Wording:
    """The pieces of a sentence. Raises :class:`WordingError`.

    >>> worded("Đã kiểm tra {A}[, trễ {B / A}|, không trễ].")[2].otherwise
    (', không trễ',)
    >>> [slot.text for slot in slots(worded("{Kỳ}: {A + B / C} [1]"))]
    ['Kỳ', 'A + B / C']
    """
    whole: list[str | Slot | Choice] = []
    sides: list[list[str | Slot]] | None = None  # of the square bracket that stands open
    inside: str | None = None  # of the brace that stands open
    for piece in _MARKS.split(text):
        here: list[str | Slot | Choice] | list[str | Slot] = whole if sides is None else sides[-1]
        if inside is not None:
            if piece == "}":
                here.append(_slot(inside))
                inside = None
            elif piece in ("{", "[", "]", "|"):
                raise WordingError("brace", tidy("{" + inside + piece))
            else:
                inside += piece
        elif piece == "{":
            inside = ""
        elif piece == "}" or (piece == "[" and sides is not None):
            raise WordingError("brace", piece)
        elif piece == "[":
            sides = [[]]
        elif piece == "]" and sides is not None:
            if any(isinstance(part, Slot) for side in sides for part in side):
                whole.append(Choice(tuple(sides[0]), tuple(sides[1]) if len(sides) > 1 else ()))
            else:
                whole.append("[" + "|".join("".join(map(str, side)) for side in sides) + "]")
            sides = None
        elif piece == "|" and sides is not None and len(sides) == 1:
            sides.append([])
        elif piece:
            here.append(piece)
    if inside is not None or sides is not None:
        raise WordingError("brace", tidy("{" + inside) if inside is not None else "[")
    return tuple(whole)


def slots(*wordings: Wording) -> Iterator[Slot]:
    """Everything between braces, in the order of the texts.

    >>> [slot.text for slot in slots(worded("{Kỳ}: {A + B / C} [1]"), worded("Có {D}[, trễ {E}|]."))]
    ['Kỳ', 'A + B / C', 'D', 'E']
    """
    for part in chain(*wordings):
        pieces = (*part.parts, *part.otherwise) if isinstance(part, Choice) else (part,)
        yield from (piece for piece in pieces if isinstance(piece, Slot))


def _slot(text: str) -> Slot:
    told = tidy(text)
    capital = told[:1].isupper()
    if (field := _FIELDS.get(key(told))) is not None:
        return Slot(told, field=field, capital=capital)
    words = told.rsplit(" ", 1)
    if len(words) == 2 and key(words[0]) == key(UNITS_WITH) and FIGURE_CODE.fullmatch(words[1]):
        return Slot(told, figures=Quotient((words[1],)), units=True)
    figures, _ = parsed(told)
    if figures is None:
        raise WordingError("expression" if told and not _ARITHMETIC.isdisjoint(told) else "field", told)
    return Slot(told, figures=figures)


def section_of(text: str) -> tuple[str, str] | None:
    """The number of the section that a cell of ``Mục`` names, and the heading of its own behind it; None for neither.

    >>> section_of("I"), section_of("mục 2."), section_of("IV. Đánh giá chung"), section_of("kết quả đạt được")
    (('I', ''), ('II', ''), ('IV', ''), ('IV', 'Kết quả đạt được'))
    >>> section_of("I › Kiểm tra, tuyên truyền"), section_of("I. Kiểm tra"), section_of("Phụ lục")
    (('I', 'Kiểm tra, tuyên truyền'), ('I', 'Kiểm tra'), None)
    """
    begun = _APART.split(tidy(text), maxsplit=1)
    head, own = begun[0].strip(), begun[1].strip() if len(begun) > 1 else ""
    first, _, rest = head.partition(" ")
    if key(first) in (key("mục"), key("phần")):
        first, _, rest = rest.strip().partition(" ")
    number = first.strip(".)").casefold()
    for place, (section, names) in enumerate(SECTIONS.items(), start=1):
        known = {key(name): name for name in names}
        if number in (section.casefold(), str(place)):
            name = known.get(key(rest), rest.strip(" .-–"))
            return section, own or ("" if name == names[0] else name)
        if (told := known.get(key(head))) is not None:
            return section, own or ("" if told == names[0] else told)
    return None


def sentence(row: Row) -> Sentence | None:
    """A sentence of the report; None where the row names no section, or its sentence cannot be read."""
    sound = all([row.filled("Mục"), row.filled("Câu")])
    section = section_of(row.code)
    if row["Mục"].readable and section is None:
        known = "; ".join(f"{number} – {names[0]}" for number, names in SECTIONS.items())
        row.tell("P144", "Mục", text=row.code, known=known)
    readable = {heading: _is_readable(row, heading) for heading in ("Câu", "Khi thiếu")}
    if not sound or section is None or not readable["Câu"]:
        return None
    number, heading = section
    return Sentence(
        section=number,
        heading=heading,
        criterion=row["Tiêu chí"].text,
        text=row["Câu"].text,
        when_missing=row["Khi thiếu"].text if readable["Khi thiếu"] else "",
        at=row["Câu"].at,
    )


def _is_readable(row: Row, heading: str) -> bool:
    """Whether the sentence in this cell can be read; a finding where it cannot."""
    try:
        worded(row[heading].text)
    except WordingError as error:
        match error.kind:
            case "brace":
                row.tell("P143", heading, text=error.text)
            case "expression":
                row.tell("P116", heading, text=error.text, why=parsed(error.text)[1])
            case _:
                close = "; ".join(closest(error.text, FIELDS)) if error.text else ""
                row.tell("P142", heading, text=error.text or BLANK, suggestions=close, known="; ".join(FIELDS))
        return False
    return True
