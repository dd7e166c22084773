"""What people wrote, set as prose: texts and names come in, texts that can stand in a document's sentences go out.

Only typography is changed: bullets, numbering, line ends, doubled signs, capitals throughout. Every word stays, for it
is theirs; what is too long for the place is cut at a bound, with "…". A list of names ends with how many follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cchc_xl.text.numbers import count_vi, listing, lower_first
from cchc_xl.text.words import tidy, unmarked

_LONGEST = 40_000  # letters: all that a cell can hold
_BULLET = re.compile(r"[-–—+•*·▪►●○■□✓→o]{1,3}(?=[ \t])|[–—•·▪►●○■□✓→]{1,3}|[-+*]{1,3}(?=[^\W\d_])")
_NUMBERED = re.compile(
    r"(?:\(?[a-zđ]\)|\(?(?:\d{1,2}|[ivx]{1,4})[.)]|\d{1,2}(?:\.\d{1,2}){1,3}[.)]?)[ \t]+(?=\S)", re.IGNORECASE
)
_SPACE = re.compile(r"\s+")
_BEFORE_SIGN = re.compile(r" ([,;:.!?…)](?=\s|$))")
_DOUBLED = re.compile(r"([,;:])(?: ?[,;])+")
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_BEGINS = re.compile(r"(?:^|[.!?…] )[^\w]{0,3}(\w)")
_ROMAN = re.compile(r"[IVX]+")
_ONSETS = frozenset(("", *"bcdđghklmnpqrstvx", "ch", "gh", "kh", "ng", "ngh", "nh", "ph", "qu", "th", "tr"))
_CODAS = frozenset(("", "c", "ch", "m", "n", "ng", "nh", "p", "t"))
_FEWEST_CAPITALS, _FEWEST_WORDS = 12, 3
_SENTENCE_END, _CLAUSE_END = re.compile(r"[.!?…](?=\s)"), re.compile(r"[;:,](?=\s)")


def as_prose(text: str, names: Iterable[str] = ()) -> str:
    r"""A text that somebody wrote, in one paragraph, without a full stop; of capitals throughout ``names`` keep theirs.

    >>> as_prose("- Đã ban hành kế hoạch;\n- Chưa  kiểm tra ./.")
    'Đã ban hành kế hoạch; Chưa kiểm tra'
    >>> as_prose("ĐÃ BAN HÀNH KẾ HOẠCH CCHC CỦA SỞ NỘI VỤ", ["Sở Nội vụ"])
    'Đã ban hành kế hoạch CCHC của Sở Nội vụ'
    """
    lines = [line for line in map(_bare, text[:_LONGEST].splitlines()) if line[1]]
    told = ""
    for is_item, line in lines:
        goes_on = not is_item and told and line[0].islower()
        told += (" " if goes_on or told.endswith((".", "!", "?", "…", ",", ";", ":")) else "; ") * bool(told) + line
    told = _BEFORE_SIGN.sub(r"\1", _DOUBLED.sub(r"\1", _SPACE.sub(" ", told)))
    told = told[: _end(told)]
    return _lowered(told, names) if _is_shouted(told) else told


def _bare(line: str) -> tuple[bool, str]:
    """A line without what marks it as one of a list, and whether it was one."""
    text = line.strip()
    for mark in (_BULLET, _NUMBERED):
        if found := mark.match(text):
            return True, text[found.end() :].strip()
    return False, text


def _end(text: str) -> int:
    """Where the closing signs of a text begin: "./.", ";" and the like; an ellipsis stays."""
    end = len(text)
    while end and (text[end - 1] in " ./;,:"):
        end -= 1
    return end + 3 if text[end : end + 3] == "..." else end


def _is_shouted(text: str) -> bool:
    """Whether a text of some length is in capitals throughout."""
    if not text.isupper() or sum(map(str.isalpha, text)) < _FEWEST_CAPITALS:
        return False
    return sum(not _is_short_form(word) for word in _WORD.findall(text)) >= _FEWEST_WORDS


def _is_short_form(word: str) -> bool:
    """Whether a word in capitals is no Vietnamese syllable: CCHC, UBND, II."""
    plain = unmarked(word.lower())
    vowels = [at for at, letter in enumerate(plain) if letter in "aeiouy"]
    if not vowels or _ROMAN.fullmatch(word):
        return True
    first, last = vowels[0], vowels[-1]
    apart = last - first + 1 != len(vowels)
    return apart or plain[:first] not in _ONSETS or plain[last + 1 :] not in _CODAS


def _lowered(text: str, names: Iterable[str]) -> str:
    """In small letters but for short forms, the names that are known, and the beginnings of sentences."""
    told = _WORD.sub(lambda found: found[0] if _is_short_form(found[0]) else found[0].lower(), text)
    folded = told.lower()
    for name in sorted(set(names), key=len, reverse=True):
        at, wanted = 0, name.lower()
        if len(wanted) != len(name) or len(name.split()) < 2 or len(folded) != len(told):
            continue
        while (at := folded.find(wanted, at)) >= 0:
            told = told[:at] + name + told[at + len(name) :]
            at += len(name)
    return _SENTENCE_BEGINS.sub(lambda found: found[0][:-1] + found[1].upper(), told)


def beginning(text: str, most: int) -> str:
    """The first words of a text in at most so many letters, and "…" if more follow.

    >>> beginning("Sở   Nội vụ", 20), beginning("Văn phòng - Sở Nội vụ", 14), beginning("mot-hai-ba", 7)
    ('Sở Nội vụ', 'Văn phòng…', 'mot-hai…')
    """
    told = tidy(text)
    if len(told) <= most:
        return told
    return (told[:most].rpartition(" ")[0] or told[:most]).rstrip(" ,;:–-") + "…"


def shortened(text: str, most: int) -> str:
    """The text in at most so many words: what a sentence, else a clause, else a word ends, and "…".

    >>> shortened("Đã ban hành kế hoạch. Chưa kiểm tra được đơn vị nào.", 8)
    'Đã ban hành kế hoạch…'
    >>> shortened("một hai ba bốn năm", 3), shortened("một hai", 3)
    ('một hai ba…', 'một hai')
    """
    words = text.split()
    if len(words) <= most:
        return text
    kept = " ".join(words[:most])
    for bound in (_SENTENCE_END, _CLAUSE_END):
        ends = [found.start() for found in bound.finditer(f"{kept} ")]
        if ends and ends[-1] * 2 > len(kept):
            kept = kept[: ends[-1]]
            break
    return kept.rstrip(" .,;:") + "…"


def first_of(texts: Iterable[str], most: int, what: str, between: str = "; ") -> str:
    """The first of the texts, and how many others of the kind there are.

    >>> first_of("ABC", 3, "đơn vị"), first_of("ABC", 2, "đơn vị")
    ('A; B; C', 'A; B và 1 đơn vị khác')
    """
    every = list(texts)
    rest = len(every) - most
    return between.join(every) if rest <= 0 else f"{between.join(every[:most])} và {rest} {what} khác"


def folded(names: Sequence[str], most: int = 30, *, other: str = "đơn vị khác") -> str:
    """Names while a sentence of ``most`` words can hold them, and how many more there are.

    >>> folded(["Phòng A", "Phòng B"]), folded(["Phòng A", "Phòng B", "Phòng C"], 4)
    ('Phòng A, Phòng B', 'Phòng A, Phòng B và 01 đơn vị khác')
    """
    shown, words = 0, 0
    for name in names:
        words += len(name.split())
        if words > most and shown:
            break
        shown += 1
    told, rest = listing(names[:shown]), len(names) - shown
    return f"{told} và {count_vi(rest)} {other}" if rest else told


def in_brackets(lead: str) -> str:
    """Who leads a criterion, behind its name: a group of units is no name and has no capital there.

    >>> in_brackets("Các phòng chuyên môn, đơn vị được phân công"), in_brackets("Văn phòng Sở")
    ('các phòng chuyên môn, đơn vị được phân công', 'Văn phòng Sở')
    """
    return lower_first(lead) if lead.startswith("Các ") else lead
