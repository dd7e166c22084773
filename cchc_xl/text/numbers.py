"""Numbers as people type them and as an office writes them: texts and stored numbers come in, values and texts go out.

A missing value is "chưa có" and what did not arise is "không phát sinh": never 0 and never blank. Text that is no
number (a dash, say) passes unchanged.

Two ways of saying "more" are kept apart and named: a difference of two percentages counts in *điểm phần trăm* (74,92 %
to 74,12 % is down 0,80), its share of the former one in *phần trăm* (down 1,07 %).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation, localcontext
from functools import lru_cache
from typing import Any

from cchc_xl.records import Kind, State
from cchc_xl.text.days import YEAR, date_vi
from cchc_xl.text.words import AWAY, DASHES, MISSING, tidy, unmarked

EXACT = Context(prec=40)
_SETTLED = Context(prec=30)
_SCALE_WORDS = frozenset(
    (
        *("chục", "trăm", "nghìn", "ngàn", "vạn", "triệu", "tỷ", "tỉ", "tá", "k", "m", "tr", "trđ", "tỷđ"),
        *("chuc", "tram", "nghin", "ngan", "van", "trieu", "ty", "ti", "ta", "trd", "tyd"),  # typed without marks
    )
)
_SCALE_STARTS = ("tỷđ", "tỉđ", "triệu", "nghìn", "ngàn", "trăm")  # "5 tỷđồng" is no 5
_CURRENCY = frozenset(("đ", "đồng", "dong", "vnđ", "vnd", "₫"))
# What offices count; a number may also stand before words of its figure's own name and unit of measure.
_UNITS = """
văn bản, hồ sơ, nhiệm vụ, thủ tục, tthc, kế hoạch, báo cáo, quyết định, công văn, nghị quyết, chỉ thị, thông
báo, tờ trình, biên bản, tài liệu, đề án, đề tài, sáng kiến, giải pháp, mô hình, dự án, phần mềm, dịch vụ, dvc,
hệ thống, trang, tin, bài, bản, cuộc, lần, lượt, đợt, buổi, lớp, khóa, hội nghị, hội thảo, người, kỹ sư, bác sĩ,
giáo viên, chuyên viên, cán bộ, công chức, viên chức, cbcc, ccvc, cbccvc, nhân viên, lãnh đạo, học viên, học
sinh, hộ, biên chế, vị trí, chức danh, đơn vị, cơ quan, tổ chức, phòng, ban, sở, ngành, huyện, xã, phường, thôn,
ấp, công ty, doanh nghiệp, trường, trạm y tế, trung tâm, phiếu, ý kiến, kiến nghị, phản ánh, đơn, thư, vụ, việc,
trường hợp, nội dung, tiêu chí, chỉ tiêu, mục, điểm, cái, chiếc, bộ, máy, máy tính, ngày, tháng, năm, quý, tuần,
giờ, phút, km, ha, kg, tấn, mét, lít, đồng, vnđ, đ
"""
_UNIT_WORDS = tuple(tuple(phrase.split()) for phrase in _UNITS.split(","))
_EXCEL = Context(prec=15)
_TOO_LARGE = Decimal(10) ** 15
# Whatever a cell of Excel holds can be written out: its numbers have 309 digits, its texts 32,767 letters.
_MOST_DIGITS = 40_000
_WRITING = Context(prec=2 * _MOST_DIGITS)
_WORD = re.compile(r"[^\W\d_]+")
_GLUED = _CURRENCY | {"km", "ha", "kg"}
_LITERAL_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.')
_LITERALS = re.compile(r'(?:"[^"]*"|\\.)+')
_LONGEST_FORMAT = 255  # letters that Excel takes
_IN_BRACKETS = re.compile(r"\[[^\[\]]*+\]")
_NOT_NUMBERED = re.compile(r"[^\W\d_]++(?!\d)")  # "m2" is a measure
_DIGIT_FIRST = re.compile(r"[.,\s]*\d")
_DIVIDING_COMMA = re.compile(r"[0#?],++(?![0#?])")
_NUMBER_AND_WORDS = re.compile(r"([+-]?[\d.,]++(?: [\d.,]++)*+) ?+(%?+) ?+([^\d%]*+)", re.DOTALL)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([. ])\d{3})(?:\1\d{3})*")


@dataclass(frozen=True, slots=True)
class Reading:
    """A typed value, or the finding codes that say why there is none. ``notes`` are codes of what was tolerated."""

    value: Decimal | None = None
    problem: str | None = None
    notes: tuple[str, ...] = ()


def shortest(number: float) -> Decimal:
    """The decimal that Excel shows of its binary number, of at most 15 digits (design §3).

    >>> shortest(0.1), shortest(39.0), shortest(28.999999999999996)
    (Decimal('0.1'), Decimal('39'), Decimal('29'))
    """
    if abs(number) < 10**15 and number == int(number):
        return Decimal(int(number))
    exact = _EXCEL.create_decimal_from_float(number).normalize(_EXCEL)
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() and abs(exact) < 10**20 else exact


def is_too_large(value: Decimal) -> bool:
    """Whether no figure and no rule of a plan has such a number.

    Excel keeps 15 digits: a larger number is a slip of the keyboard, and has lost digits already.
    """
    return abs(value) >= _TOO_LARGE


def is_percent_format(number_format: str) -> bool:
    r"""Whether a cell of this format shows its value times 100; a quoted or escaped % is only a letter.

    >>> is_percent_format("0.00%"), is_percent_format('0.00"%"'), is_percent_format(r"0\%")
    (True, False, False)
    """
    return "%" in _LITERAL_FORMAT.sub("", number_format)


def scales(number_format: str) -> bool:
    r"""Whether a cell of this format shows its value in thousands or millions, or with digits that it does not have.

    >>> scales('#,##0" triệu đồng"'), scales("#,##0,"), scales('0".000"'), scales(r"0\0\0")
    (True, True, True, True)
    >>> scales('#,##0 "đồng"'), scales('#,##0 "m2"'), scales("0.00%"), scales('_-* #,##0;0;"-"')
    (False, False, False, False)
    """
    bare = _IN_BRACKETS.sub("", number_format[:_LONGEST_FORMAT])
    literals = [match.replace('"', "").replace("\\", "").strip() for match in _LITERALS.findall(bare)]
    return (
        any(_DIGIT_FIRST.match(text) or _is_scaled(_NOT_NUMBERED.findall(text.casefold())) for text in literals)
        or _DIVIDING_COMMA.search(_LITERAL_FORMAT.sub("", bare)) is not None
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _is_scaled(words: Iterable[str]) -> bool:
    """Whether one of the words multiplies the number before them."""
    return any(word in _SCALE_WORDS or word.startswith(_SCALE_STARTS) for word in words)


def read_stored(number: float, kind: Kind, *, percent_format: bool) -> Reading:
    """A number that Excel stored as a number, by the figure's declared kind.

    >>> read_stored(0.825, Kind.PERCENT, percent_format=True).value
    Decimal('82.5')
    >>> read_stored(1.5, Kind.INTEGER, percent_format=False).problem
    'D105'
    """
    value = shortest(number)
    if percent_format:
        if kind is not Kind.PERCENT:
            return Reading(problem="D104")
        return Reading(Decimal(plain(value * 100)))
    return _whole_check(value, kind)


def read_text(text: str, kind: Kind, named: str = "") -> Reading:
    """A number that somebody typed as text, by the figure's declared kind.

    In whole-number kinds a dot or a space groups thousands and a comma is an error; elsewhere the comma is the decimal
    mark and "1.480" is ambiguous. Words behind it are passed over only where they say what is counted: words of
    ``named``, the figure's own name and unit of measure, or of an office's usual ones; in money only the currency.

    >>> read_text("1.480 hồ sơ", Kind.INTEGER).value, read_text("82,5%", Kind.PERCENT).value
    (Decimal('1480'), Decimal('82.5'))
    >>> read_text("1.480", Kind.DECIMAL).problem, read_text("1,063", Kind.INTEGER).problem
    ('D106', 'D105')
    >>> [read_text(text, Kind.INTEGER).problem for text in ("5 ngan", "15O", "45 triÖu")]
    ['D108', 'D101', 'D101']
    """
    match = _NUMBER_AND_WORDS.fullmatch(tidy(text).translate(DASHES))
    if match is None:
        return Reading(problem="D107" if len(re.findall(r"\d[\d.,]*", text)) > 1 else "D101")
    digits, percent, words = match.groups()
    if percent and kind is not Kind.PERCENT:
        return Reading(problem="D104")
    if any(letter.isnumeric() for letter in words):
        return Reading(problem="D107")
    spoken = _words(words)
    if kind is Kind.PERCENT and spoken[:2] == ["phần", "trăm"]:
        percent, spoken = "%", spoken[2:]
    if percent and not _is_scaled(spoken):
        pass  # whatever stands behind it, the number is told
    elif words.strip(" .;₫") and not spoken:
        return Reading(problem="D101")
    elif spoken and not _says_what(spoken, kind, named):
        return Reading(problem="D108" if _is_scaled(spoken) else "D101")
    elif spoken and match.end(1) == match.start(3) and spoken[0] not in _GLUED:
        return Reading(problem="D101")  # "15O", "12bis"
    reading = _whole_text(digits, kind) if kind.is_whole else _decimal_text(digits)
    if reading.problem or not spoken:
        return reading
    return Reading(reading.value, None, ("T301",))


def _says_what(words: list[str], kind: Kind, named: str) -> bool:
    """Whether the words behind a number say what it counts, and nothing in them multiplies it."""
    if kind is Kind.MONEY:
        return all(word in _CURRENCY or word in ("việt", "nam", "chẵn") for word in words)
    own = set(_words(named)) - _SCALE_WORDS
    first = next((phrase for phrase in _UNIT_WORDS if _begins(words, phrase)), words[:1] if words[0] in own else [])
    return bool(first) and not _is_scaled(words[len(first) :])


def _begins(words: list[str], phrase: tuple[str, ...]) -> bool:
    """Whether the words begin with the phrase, spelled with its marks or without any."""
    said = words[: len(phrase)]
    return said == list(phrase) or (all(map(str.isascii, said)) and said == [unmarked(word) for word in phrase])


def _whole_text(digits: str, kind: Kind) -> Reading:
    if _GROUPED.fullmatch(digits) or re.fullmatch(r"[+-]?\d+", digits):
        return _whole_check(Decimal(re.sub(r"[. ]", "", digits)), kind)
    return Reading(problem="D107" if " " in digits else "D105")


def _decimal_text(digits: str) -> Reading:
    whole, comma, fraction = digits.partition(",")
    if "," in fraction or "." in fraction or (comma and not fraction) or " " in fraction:
        return Reading(problem="D107" if " " in digits else "D101")
    if not comma and whole.count(".") == 1:
        if re.fullmatch(r"[+-]?[1-9]\d{0,2}\.\d{3}", whole):
            return Reading(problem="D106")
        if re.fullmatch(r"[+-]?\d+\.\d+", whole):
            return Reading(Decimal(whole))
        return Reading(problem="D107" if " " in whole else "D101")
    if not (_GROUPED.fullmatch(whole) or re.fullmatch(r"[+-]?\d+", whole)):
        return Reading(problem="D107" if " " in whole else "D101")
    return Reading(Decimal(re.sub(r"[. ]", "", whole) + (f".{fraction}" if comma else "")))


def _whole_check(value: Decimal, kind: Kind) -> Reading:
    if kind.is_whole and (value < 0 or value != value.to_integral_value()):
        return Reading(problem="D105")
    return Reading(value)


def _is_writable(value: Decimal) -> bool:
    """Whether the number can be written out in digits; "1E+999999999" would be a text of a gigabyte."""
    return value.is_finite() and abs(value.adjusted()) < _MOST_DIGITS


def plain(value: Decimal) -> str:
    """A decimal without exponent or trailing zeros; beyond all that a cell can hold, as it stands.

    >>> plain(Decimal("1.7500")), plain(Decimal("1E+3")), plain(Decimal("-0.0")), plain(Decimal("1E+999999"))
    ('1.75', '1000', '0', '1E+999999')
    """
    if not _is_writable(value):
        return str(value)
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def settled(value: Decimal) -> Decimal:
    """The value without the error of a quotient that does not end: 2/3 of 3 points are 2, not 1.999….

    >>> settled(EXACT.divide(Decimal(200), Decimal(3)) * 3 / 100) == 2
    True
    """
    return _SETTLED.plus(value) or Decimal(0)  # and no noughts behind a point that say nothing


def rounded(value: Decimal, places: int) -> str:
    """Half-up to exactly ``places`` decimals, with a point; a number of any size.

    >>> rounded(Decimal("2.675"), 2), rounded(Decimal("80"), 2), rounded(Decimal("1E+30"), 0)
    ('2.68', '80.00', '1000000000000000000000000000000')
    """
    if not _is_writable(value):
        return str(value)
    return format(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WRITING), "f")


@lru_cache(maxsize=20_000)
def vietnamese(value: Decimal, places: int | None = None) -> str:
    """The number as an office writes it: comma for decimals, dot for thousands; all decimals if ``places`` is None.

    Babel is imported here because it costs start-up time and only documents for people need it.

    >>> vietnamese(Decimal("640905000")), vietnamese(Decimal("74.123"), 2), vietnamese(Decimal("1.750"))
    ('640.905.000', '74,12', '1,75')
    >>> vietnamese(Decimal("-1E+30"))
    '-1.000.000.000.000.000.000.000.000.000.000'
    """
    from babel.numbers import format_decimal

    if not _is_writable(value):
        return str(value)
    exact = value if places is None else Decimal(rounded(value, places))
    pattern = "#,##0.###" if places is None else "#,##0." + "0" * places
    exact += 0
    with localcontext(_WRITING):
        return format_decimal(exact, pattern.rstrip("."), locale="vi", decimal_quantization=False)


ELSEWHERE = "–"  # in a table, where there is nothing to tell
Value = Decimal | str | None  # what a table of a document shows as a number; None is told as missing


def number_vi(value: object, places: int = 2) -> str:
    """A number with at most ``places`` decimals, half-up, without trailing zeros.

    >>> number_vi("1480"), number_vi(Decimal("1.666")), number_vi(None), number_vi("not_applicable")
    ('1.480', '1,67', 'chưa có', 'không phát sinh')
    """
    exact = decimal(value)
    return exact if isinstance(exact, str) else vietnamese(Decimal(rounded(exact, places)))


def percent_vi(value: object, places: int = 2) -> str:
    """A number that already counts in percent.

    >>> percent_vi("74.12"), percent_vi(Decimal(80)), percent_vi(None)
    ('74,12%', '80%', 'chưa có')
    """
    exact = decimal(value)
    return exact if isinstance(exact, str) else f"{number_vi(exact, places)}%"


def count_vi(value: object) -> str:
    """A count inside a sentence: offices write 01 to 09 with a leading zero.

    >>> count_vi(1), count_vi("12"), count_vi(0), count_vi("1463")
    ('01', '12', '0', '1.463')
    """
    exact = decimal(value)
    if isinstance(exact, str) or exact not in range(1, 10):
        return number_vi(value)
    return f"0{exact:f}"[:2]


def change_vi(value: object, places: int = 2) -> str:
    """A difference of two percentages: it counts in percentage points.

    >>> change_vi("-0.80"), change_vi("5.88"), change_vi(0)
    ('giảm 0,8 điểm phần trăm', 'tăng 5,88 điểm phần trăm', 'không thay đổi')
    """
    exact = decimal(value)
    if isinstance(exact, str):
        return exact
    if not exact:
        return "không thay đổi"
    return f"{verb(exact)} {points_text(abs(exact), places)} điểm phần trăm"


_LONGEST_POST = 16  # letters, as "Phó Chủ tịch"
# Words that begin no name, though a name may stand right behind them.
_FUNCTION_WORDS = "các có của do đã đến không những qua sau tại theo trong trước từ và"
_BEFORE_NAMES = frozenset(_FUNCTION_WORDS.split())


def lower_first(value: object) -> str:
    """The text with a small first letter, for use inside a sentence; abbreviations and names keep theirs.

    >>> lower_first("Năm 2020"), lower_first("Số TTHC"), lower_first("UBND Tỉnh"), lower_first("Ban Chỉ đạo họp")
    ('năm 2020', 'số TTHC', 'UBND Tỉnh', 'Ban Chỉ đạo họp')
    >>> lower_first("Bí thư, Chủ tịch họp"), lower_first("Sở Y tế"), lower_first("Loại A trở lên")
    ('Bí thư, Chủ tịch họp', 'Sở Y tế', 'loại A trở lên')
    >>> lower_first("Trong năm 2020, Sở Nội vụ được giao")
    'trong năm 2020, Sở Nội vụ được giao'
    """
    text = str(value)
    if text.partition(" ")[0].lower() in _BEFORE_NAMES:
        return text[:1].lower() + text[1:]
    # "Phòng Nội vụ", "Bí thư, Chủ tịch": a name or a post, which has a capital inside
    first, comma, beside = text.partition(", ")
    inside = text.partition(" ")[2][:2], beside[:2] if comma and len(first) <= _LONGEST_POST else ""
    is_name = any(letters[:1].isupper() and (letters[1:].islower() or letters == "Y ") for letters in inside)
    return text if text[1:2].isupper() or is_name else text[:1].lower() + text[1:]


def period_vi(name: str, year: int) -> str:
    """A period inside a sentence, with the year where its name has none.

    >>> period_vi("Quý I", 2021), period_vi(" Năm 2020", 2021)
    ('quý I năm 2021', 'năm 2020')
    """
    text = lower_first(name.strip())
    return text if YEAR.search(text) else f"{text} năm {year}"


def upper_first(text: str) -> str:
    """The text with a capital at its beginning.

    >>> upper_first("không phát sinh")
    'Không phát sinh'
    """
    return text[:1].upper() + text[1:]


def sentence(value: object) -> str:
    """The text with one full stop at its end.

    >>> sentence("Đã gửi bài "), sentence("Đã gửi; ")
    ('Đã gửi bài.', 'Đã gửi.')
    """
    text = str(value).rstrip()
    return text if text.endswith((".", "!", "?", "…")) else text.rstrip(";,: ") + "."


def listing(values: Iterable[object]) -> str:
    """Names one after the other: parted by ";" where a name has a comma of its own.

    >>> listing(["Phòng A", "Phòng B"]), listing(["Phòng A, B", "Phòng C"])
    ('Phòng A, Phòng B', 'Phòng A, B; Phòng C')
    """
    names = [str(value) for value in values]
    return ("; " if any("," in name for name in names) else ", ").join(names)


def decimal(value: object) -> Decimal | str:
    """The value as ``Decimal``, or the text that stands for it where it is no number."""
    jinja2 = sys.modules.get("jinja2")  # where no template is filled, nothing is undefined
    if jinja2 is not None and isinstance(value, jinja2.Undefined):
        return str(value)  # a misspelt name announces itself here
    if isinstance(value, str) and value.startswith("+"):
        return value  # points with their sign are told already
    if value is None:
        return MISSING
    if value == State.NOT_APPLICABLE:
        return AWAY
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return exact if exact.is_finite() else str(value)


def build(places: int) -> dict[str, Callable[..., Any]]:
    """The filters by name; ``places`` is the plan's count of decimals and can be overruled in a tag."""

    def number(value: object, digits: int = places) -> str:
        return number_vi(value, digits)

    def percent(value: object, digits: int = places) -> str:
        return percent_vi(value, digits)

    def change(value: object, digits: int = places) -> str:
        return change_vi(value, digits)

    return {
        "number_vi": number,
        "percent_vi": percent,
        "change_vi": change,
        "count_vi": count_vi,
        "date_vi": date_vi,
        "lower_first": lower_first,
        "sentence": sentence,
        "listing": listing,
    }


def change_text(gap: Decimal, relative: Decimal | None, places: int = 2) -> str:
    """A difference of two percentages in words, the relative change in brackets.

    >>> change_text(Decimal("0.80"), Decimal("1.0679")), change_text(Decimal("-0.8"), None)
    ('tăng 0,8 điểm phần trăm (tương đương 1,07%)', 'giảm 0,8 điểm phần trăm')
    >>> change_text(Decimal(0), Decimal(0)), change_text(Decimal("0.004"), Decimal("0.01"))
    ('không thay đổi', 'tăng dưới 0,01 điểm phần trăm')
    """
    if not gap:
        return "không thay đổi"
    if not Decimal(rounded(gap, places)):
        return f"{verb(gap)} dưới {vietnamese(Decimal(1).scaleb(-places), places)} điểm phần trăm"
    share = "" if relative is None else f" (tương đương {percent_vi(abs(relative), places)})"
    return f"{verb(gap)} {number_vi(abs(gap), places)} điểm phần trăm{share}"


def rank_text(before: int | None, after: int | None) -> str | None:
    """A change of rank in words; the smaller number is the better place; None where a rank is unknown.

    Source: the seed, "xếp 17/17 …, giảm 02 bậc".

    >>> rank_text(3, 5), rank_text(5, 4), rank_text(17, 17), rank_text(None, 4)
    ('giảm 02 bậc', 'tăng 01 bậc', 'giữ nguyên', None)
    """
    if before is None or after is None:
        return None
    return f"{verb(before - after)} {abs(before - after):02} bậc" if before != after else "giữ nguyên"


def verb(gap: Decimal | int) -> str:
    """Up or down.

    >>> verb(1), verb(Decimal("-0.5"))
    ('tăng', 'giảm')
    """
    return "tăng" if gap > 0 else "giảm"


def points_text(value: Decimal, places: int = 2) -> str:
    """Points as an officer reads them, with at most ``places`` decimals; what is not 0 is never called 0.

    >>> points_text(Decimal("10.733333333333333333333333333333")), points_text(Decimal("8.50"))
    ('10,73', '8,5')
    >>> points_text(Decimal("0.0004"))
    '0,0004'
    """
    return telling(value, places, lambda shown: bool(shown) == bool(value))


def telling(value: Decimal, places: int, is_true: Callable[[Decimal], bool]) -> str:
    """The number with at most ``places`` decimals, half-up, or with as many as it takes to say what is true.

    >>> telling(Decimal("79.999"), 2, lambda shown: shown < 80), telling(Decimal("74.125"), 2, lambda shown: shown < 80)
    ('79,999', '74,13')
    """
    enough = next((more for more in range(places, 20) if is_true(Decimal(rounded(value, more)))), 20)
    return number_vi(value, enough)
