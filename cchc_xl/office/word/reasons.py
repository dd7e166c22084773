"""Why a tag cannot be read, in words: jinja2's errors come in; Vietnamese reasons and what was meant go out.

What people mistype in Word is not what programmers do: AutoCorrect makes signs of signs and capitals of first letters,
and a Vietnamese keyboard left on makes letters with marks ("ì" of "if", "rơ" of "row").
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from jinja2 import TemplateSyntaxError

from cchc_xl.text.words import unmarked

_KEYWORDS = (
    "if", "elif", "else", "endif", "for", "in", "endfor", "set", "endset", "with", "endwith", "not", "and", "or", "is",
)  # fmt: skip
_LEVELS = ("p", "tr", "tc", "r")
_TOKENS = {
    "end of print statement": "hết thẻ “}}”", "end of statement block": "hết thẻ “%}”", "name": "một tên",
    "end of template": "hết mẫu", "integer": "một số", "string": "chữ trong dấu nháy",
}  # fmt: skip
_ENGLISH = (
    (re.compile(r"unexpected char (?P<one>['\"].+?['\"]) at \d+"), "ký tự {one} không dùng được trong thẻ"),
    (re.compile(r"Encountered unknown tag '(?P<one>[^']+)'.*", re.DOTALL), "không có lệnh “{one}”"),
    (re.compile(r"expected token '(?P<one>[^']+)', got '(?P<two>[^']+)'"), "chỗ của {one} lại là {two}"),
    (re.compile(r"Expected an expression, got '(?P<one>[^']+)'"), "thiếu tên hoặc giá trị trước {one}"),
    (re.compile(r"unexpected '(?P<one>[^']+)'"), "thừa “{one}”"),
    (re.compile(r"unexpected end of template.*|Unexpected end of template.*", re.DOTALL), "thiếu phần cuối của lệnh"),
    (re.compile(r"Missing end of comment tag"), "ghi chú {{# không đóng bằng #}}"),
    (re.compile(r"[Cc]an't assign to.*|cannot assign.*", re.DOTALL), "chỗ này phải là một tên đơn"),
)
_MOST = 3


def reason(error: Exception) -> str:
    """Why, in a few Vietnamese words.

    >>> reason(TemplateSyntaxError("expected token 'end of print statement', got 'b'", 1))
    'chỗ của hết thẻ “}}” lại là “b”'
    """
    if isinstance(error, RecursionError):
        return "lồng quá sâu"
    if isinstance(error, ZeroDivisionError):
        return "chia cho 0"
    if not isinstance(error, TemplateSyntaxError):
        return "số quá dài"
    told = str(error.message)
    for pattern, words in _ENGLISH:
        found = pattern.fullmatch(told)
        if found:
            parts = {name: _token(text) for name, text in found.groupdict().items()}
            quoted = words.count("“{")
            return words.format(**{name: text.strip("“”") if quoted else text for name, text in parts.items()})
    return "cú pháp không đọc được"


def _token(text: str) -> str:
    bare = text.strip("'\"") or text
    return _TOKENS.get(bare, f"“{bare}”")


def respelt(tag: str) -> str:
    """A statement as it was probably meant: its level and words in small letters, and without a keyboard's marks.

    >>> respelt("{%P If index.percent %}"), respelt("{% ì index.percent %}"), respelt("{% if x %}")
    ('{%p if index.percent %}', '{% if index.percent %}', '')
    """
    made = []
    for number, word in enumerate(re.split(r"(\w+)", tag)):
        small = word.casefold()
        if number % 2 and (small in _KEYWORDS or (small in _LEVELS and number == 1)):
            made.append(small)
        else:
            made.append(next(iter(meant_by_telex(word, _KEYWORDS)), word) if number % 2 else word)
    return "".join(made) if "".join(made) != tag else ""


def meant_by_telex(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known names that a keyboard in Telex makes a name with marks of.

    >>> meant_by_telex("unít", ["units", "unit_names"]), meant_by_telex("rơ", ["row"]), meant_by_telex("row", ["row"])
    (('units',), ('row',), ())
    """
    if name.isascii():
        return ()
    typed, first = _without_keys(name), unmarked(name.casefold())[:1]
    return tuple(item for item in known if _without_keys(item) == typed and item[:1] == first)[:_MOST]


def _without_keys(text: str) -> str:
    """What is left where the keys of marks are taken out, and double letters, which also make marks."""
    plain = "".join(letter for letter in unmarked(text.casefold()) if letter not in "sfrxjwz")
    return "".join(letter for letter, before in zip(plain, f" {plain}", strict=False) if letter != before)
