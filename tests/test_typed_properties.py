"""Properties of what people type: numbers, dates, codes and names, written in every way that means the same."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cchc_xl.office.excel.tables import as_formatted
from cchc_xl.records import Kind
from cchc_xl.text.numbers import plain, read_stored, read_text
from cchc_xl.text.words import key, read_date, tidy

WHOLE = (Kind.INTEGER, Kind.MONEY)
VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
words = st.text(VIETNAMESE, min_size=1, max_size=9)
names = st.lists(words, min_size=1, max_size=5).map(" ".join)
days = st.dates(date(1900, 3, 1), date(2199, 12, 31))
# Where the tone stands in the old and in the new way of writing: the same word to an office.
OLD_AND_NEW = [("hòa", "hoà"), ("thủy", "thuỷ"), ("Ủy", "Uỷ"), ("khỏe", "khoẻ"), ("lũy", "luỹ"), ("tùy", "tuỳ")]


def grouped(value: int, mark: str) -> str:
    return f"{value:,}".replace(",", mark)


@given(st.integers(0, 10**14), st.sampled_from((".", " ", "\u00a0", "")), st.sampled_from(("", " hồ sơ", " đồng")))
def test_a_whole_number_is_read_however_its_thousands_are_marked(value: int, mark: str, unit: str) -> None:
    for kind in WHOLE if unit != " hồ sơ" else (Kind.INTEGER,):  # money is not counted in files
        assert read_text(f" {grouped(value, mark)}{unit} ", kind).value == value


@given(st.integers(0, 10**9), st.integers(0, 999))
def test_a_comma_in_a_whole_number_is_never_read_as_a_number(whole: int, fraction: int) -> None:
    for kind in WHOLE:
        assert read_text(f"{whole},{fraction:03}", kind).value is None


@given(st.decimals(0, 10**6, places=3, allow_nan=False))
def test_a_decimal_with_a_comma_is_read_exactly(value: Decimal) -> None:
    text = plain(value).replace(".", ",")
    assert read_text(text, Kind.DECIMAL).value == Decimal(plain(value))
    assert read_text(f"{text}%", Kind.PERCENT).value == Decimal(plain(value))


@given(st.integers(1, 999), st.integers(0, 999))
def test_one_point_before_three_digits_is_never_guessed_in_a_decimal(whole: int, rest: int) -> None:
    reading = read_text(f"{whole}.{rest:03}", Kind.DECIMAL)
    assert (reading.value, reading.problem) == (None, "D106")


@given(st.integers(0, 100_000))
def test_a_share_in_a_percent_cell_is_the_percentage_it_shows(hundredths: int) -> None:
    share = float(Decimal(hundredths) / 10_000)
    assert read_stored(share, Kind.PERCENT, percent_format=True).value == Decimal(hundredths) / 100


@given(days, st.sampled_from("/-."), st.booleans())
def test_a_day_is_read_however_it_is_written(day: date, mark: str, zeros: bool) -> None:
    parts = (f"{day.day:02}", f"{day.month:02}") if zeros else (str(day.day), str(day.month))
    assert read_date(mark.join((*parts, str(day.year)))) == day
    assert read_date(datetime.combine(day, time(17, 30))) == day


@given(days)
def test_a_month_first_is_another_day_or_none(day: date) -> None:
    """Day first, always: what an American writes is read as written, never turned round."""
    read = read_date(f"{day.month}/{day.day}/{day.year}")
    assert read is None if day.day > 12 else read == date(day.year, day.day, day.month)


@given(days, st.integers(13, 99))
def test_a_day_that_does_not_exist_is_none(day: date, month: int) -> None:
    assert read_date(f"{day.day}/{month}/{day.year}") is None
    after = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    assert read_date(f"{after.day + 1}/{after.month}/{after.year}") is None


@given(st.integers(0, 99), st.integers(0, 9_999))
def test_a_code_that_excel_made_a_number_is_told_by_the_decimals_its_cell_shows(field: int, number: int) -> None:
    code = f"{field}.{number}"
    shown = "0." + "0" * len(str(number))
    assert as_formatted(float(code), shown) == code
    assert as_formatted(float(code), "General") == ""


@given(names, st.sampled_from(("NFC", "NFD", "NFKC")), st.sampled_from((str.upper, str.title, str.lower)))
def test_form_and_case_of_a_name_do_not_count(name: str, form: str, cased: object) -> None:
    assert callable(cased)
    assert key(unicodedata.normalize(form, cased(name))) == key(name)  # type: ignore[arg-type]


@given(names, st.sampled_from(("  ", "\u00a0", "\t", "\n", "\u200b ")))
def test_blanks_invisible_letters_and_eth_do_not_count(name: str, blank: str) -> None:
    assert key(f" {name.replace(' ', blank)} ") == key(name)
    assert key(name.replace("đ", "ð")) == key(name)
    assert tidy(tidy(name)) == tidy(name)


@given(names, names, st.sampled_from("‐‑‒–—―-"), st.booleans())
def test_the_kind_of_dash_and_its_blanks_do_not_count(one: str, two: str, dash: str, wide: bool) -> None:
    assert key(f"{one} {dash} {two}" if wide else f"{one}{dash}{two}") == key(f"{one}-{two}")


@given(words, words)
def test_words_of_other_letters_or_tones_are_never_the_same(one: str, two: str) -> None:
    """Only the place of the tone is forgiven: letters and tones taken apart decide."""

    def parts(word: str) -> tuple[str, list[str]]:
        letters = unicodedata.normalize("NFD", word)
        tones = "\u0300\u0301\u0303\u0309\u0323"
        bare = "".join(letter for letter in letters if letter not in tones)
        return unicodedata.normalize("NFC", bare), [letter for letter in letters if letter in tones]

    assert (key(one) == key(two)) == (parts(one) == parts(two))


def test_the_old_and_the_new_place_of_the_tone_are_the_same_word() -> None:
    for old, new in OLD_AND_NEW:
        assert key(old) == key(new)
        assert unicodedata.normalize("NFC", old) != unicodedata.normalize("NFC", new)
