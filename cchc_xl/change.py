"""From one value to another: two percentages or two ranks come in, the change goes out as figures and in words.

Two ways of saying "more" are kept apart and named: a difference of two percentages counts in *điểm phần trăm* (74,92 %
to 74,12 % is down 0,80), its share of the former one in *phần trăm* (down 1,07 %). Used by `compare` and `rank`.
"""

from __future__ import annotations

from decimal import Decimal, localcontext

from cchc_xl.rules import EXACT, settled
from cchc_xl.vi_text import plain, rounded, vietnamese


def changes(before: Decimal | None, after: Decimal | None) -> dict[str, str | None]:
    """The two differences of two percentages, unrounded; null where a side is unknown, or relative to 0.

    >>> changes(Decimal("74.92"), Decimal("74.12"))
    {'difference_percentage_points': '-0.8', 'relative_change_percent': '-1.06780565936999466097170315003'}
    >>> changes(Decimal(0), Decimal(5)), changes(None, Decimal(5))["difference_percentage_points"]
    ({'difference_percentage_points': '5', 'relative_change_percent': None}, None)
    """
    if before is None or after is None:
        return {"difference_percentage_points": None, "relative_change_percent": None}
    with localcontext(EXACT):
        gap = after - before
        share = settled(gap * 100 / abs(before)) if before else None
        return {
            "difference_percentage_points": plain(settled(gap)),
            "relative_change_percent": None if share is None else plain(share),
        }


def change_text(difference: str, relative: str | None, places: int = 2) -> str:
    """A difference of two percentages in words, the relative change in brackets.

    >>> change_text("0.80", "1.0679"), change_text("-0.8", None)
    ('tăng 0,80 điểm phần trăm (tương đương 1,07%)', 'giảm 0,80 điểm phần trăm')
    >>> change_text("0", "0"), change_text("0.004", "0.01")
    ('không thay đổi', 'tăng dưới 0,01 điểm phần trăm')
    """
    gap = Decimal(difference)
    if not gap:
        return "không thay đổi"
    if not Decimal(rounded(gap, places)):
        return f"{verb(gap)} dưới {vietnamese(Decimal(1).scaleb(-places), places)} điểm phần trăm"
    share = "" if relative is None else f" (tương đương {vietnamese(abs(Decimal(relative)), places)}%)"
    return f"{verb(gap)} {vietnamese(abs(gap), places)} điểm phần trăm{share}"


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


def points_text(value: str | Decimal) -> str:
    """Points as an officer reads them: at most four decimals, half-up.

    >>> points_text("10.733333333333333333333333333333"), points_text("8.50")
    ('10,7333', '8,5')
    """
    return vietnamese(Decimal(rounded(Decimal(value), 4)))
