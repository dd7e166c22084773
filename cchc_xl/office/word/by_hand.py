"""What somebody changed in a document of ours: it as written and as it is come in, one record a paragraph goes out.

The body is compared, and not headers, footers and notes, which Word names anew when it saves. Only words count: what
Word does to a file when it saves it, and looks, change nothing that is said. Of tracked changes the text as it would
be accepted is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from cchc_xl.office.word.file import GONE, W, open_word, paragraphs_in
from cchc_xl.text.printed import numbers_in
from cchc_xl.text.words import tidy

_SPACES = frozenset((f"{W}tab", f"{W}br", f"{W}cr"))
_MOST_PARAGRAPHS = 4_000  # compared one with another, which takes quadratic time where nothing is alike


@dataclass(frozen=True, slots=True)
class Edit:
    """A paragraph that was changed, taken out (``after`` is '') or put in (``before`` is '').

    ``number`` counts the paragraphs of the document as it is now, in reading order, tables included; of one that was
    taken out it is that of the paragraph which follows.
    """

    number: int
    before: str
    after: str

    @property
    def figures(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The numbers that stood there and stand there no more, and those that have come.

        >>> Edit(1, "Đạt 74,12% và 05 hồ sơ", "Đạt 75% và 05 hồ sơ").figures
        (('74,12',), ('75',))
        """
        old, new = (Counter(item.digits for item in numbers_in(text)) for text in (self.before, self.after))
        return tuple((old - new).elements()), tuple((new - old).elements())


def edits(ours: bytes, theirs: bytes) -> Iterator[Edit]:
    """The paragraphs of ``theirs`` that differ from ``ours``. Raises ``NotWordError`` for what is no Word document."""
    was, now = _paragraphs(ours), _paragraphs(theirs)
    matcher = SequenceMatcher(None, [text for _, text in was], [text for _, text in now], autojunk=False)
    for kind, first, last, begin, end in matcher.get_opcodes():
        if kind == "equal":
            continue
        following = now[end][0] if end < len(now) else now[-1][0] + 1 if now else 1
        for old, new in zip_longest(was[first:last], now[begin:end]):
            yield Edit(new[0] if new else following, old[1] if old else "", new[1] if new else "")


def _paragraphs(data: bytes) -> Sequence[tuple[int, str]]:
    """The paragraphs with text, each with its number."""
    word = open_word(data)
    told = ((number, _text(item)) for number, item in enumerate(paragraphs_in(word.xml(word.main)), 1))
    return [(number, text) for number, text in told if text][:_MOST_PARAGRAPHS]


def _text(paragraph: Any) -> str:
    pieces, skipped = [], set[Any]()
    for node in paragraph.iter():
        if node is not paragraph and (node.getparent() in skipped or node.tag in GONE or node.tag == f"{W}p"):
            skipped.add(node)
        elif node.tag == f"{W}t":
            pieces.append(node.text or "")
        elif node.tag in _SPACES:
            pieces.append(" ")
    return tidy("".join(pieces))
