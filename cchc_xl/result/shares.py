"""Which figure is a part of which: a figure's code comes in, the figures it is shown in percent of go out.

The report writes these shares and ``explain`` finds them again, so both read them here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

# What a figure is a part of: the shares that the report's sentences and tables speak of.
WHOLES = {
    "NV_SOM": "NV_GIAO",
    "NV_DUNG": "NV_GIAO",
    "NV_TRE": "NV_GIAO",
    "NV_CHUA": "NV_GIAO",
    "TTHC_RASOAT": "TTHC_TONG",
    "TTHC_GIUNGUYEN": "TTHC_RASOAT",
    "TTHC_DONGIAN": "TTHC_RASOAT",
    "DV_KIEMTRA": "DV_TONG",
    "DT_THUCHIEN": "DT_KEHOACH",
    "CNTT_THUCHIEN": "CNTT_KEHOACH",
    "VB_DUNGHAN": "VB_GIAO",
    "HS_TRUCTUYEN": "HS_TIEPNHAN",
    "HS_BUUCHINH": "HS_TIEPNHAN",
}


def pairs(planned: Collection[str]) -> Iterator[tuple[str, str]]:
    """Every part with its whole, the whole of that whole, and each whole beside itself (the 100% of a table).

    >>> list(pairs({"TTHC_DONGIAN", "TTHC_RASOAT", "TTHC_TONG"}))[-3:]
    [('TTHC_DONGIAN', 'TTHC_TONG'), ('TTHC_TONG', 'TTHC_TONG'), ('TTHC_RASOAT', 'TTHC_RASOAT')]
    """
    for part in WHOLES:
        whole = WHOLES.get(part)
        while whole is not None:
            if part in planned and whole in planned:
                yield part, whole
            whole = WHOLES.get(whole)
    for whole in dict.fromkeys(WHOLES.values()):
        if whole in planned:
            yield whole, whole
