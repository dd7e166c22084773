"""A compound file: bytes come in, the sheets of an old ``.xls``, or the workbook behind Excel's own password, go out.

Excel encrypts with ``VelvetSweatshop`` when only the structure is protected, and opens such a file unasked: so is it
here. Values are python-calamine's; what it does not show (error values, number formats, fonts, hidden rows) is added
from xlrd, and a file of which that cannot be had is refused: 0,825 shown as 82,5% must not become 0,825.
"""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from cchc_xl.office.excel.bounds import CannotOpenError, Opened, Place, Trouble, clocked
from cchc_xl.office.excel.extent import is_telling_format
from cchc_xl.office.excel.readers import Font, Runs, calamine_sheets, stored_time, with_fonts, with_values
from cchc_xl.records import ErrorValue, RawSheet, Value

_EXCELS_OWN_PASSWORD = "VelvetSweatshop"  # noqa: S105 - public: [MS-OFFCRYPTO] 2.3.6.2 note; every Excel knows it
_OTHERS = (
    ("WordDocument", "văn bản Word đời cũ"),
    ("PowerPoint Document", "bản trình chiếu đời cũ"),
    ("__properties_version1.0", "thư Outlook"),
)


def open_ole(data: bytes) -> Opened:
    """The sheets, or the package that was encrypted. Raises :class:`CannotOpenError` for what is neither."""
    streams = _streams(data)
    if "EncryptedPackage" in streams:
        return Opened(package=_decrypted(data))
    if not streams & {"Workbook", "Book"}:
        other = next((words for name, words in _OTHERS if name in streams), "loại khác")
        raise CannotOpenError("F101", kind=other)
    notes: tuple[Trouble, ...] = (Trouble("F309", (("format", ".xls"),)),)
    if _is_encrypted(data):
        data = _decrypted(data)
        notes = (Trouble("F307"), *notes)
    return Opened(_with_evidence(calamine_sheets(data), data), notes, sent=_saved(data))


def _saved(data: bytes) -> datetime | None:
    """When the program saved the file, by its summary."""
    import olefile

    with suppress(Exception), olefile.OleFileIO(io.BytesIO(data)) as container:  # a broken summary tells nothing
        told = vars(container.get_metadata()).get("last_saved_time")
        return clocked(told) if isinstance(told, datetime) else None
    return None


def _streams(data: bytes) -> set[str]:
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            return {name[0] for name in container.listdir() if len(name) == 1}
    except Exception as error:  # olefile raises what it meets: struct.error, OSError, IndexError, its own
        raise CannotOpenError("F103", reason="cấu trúc tệp đời cũ bị hỏng") from error


def _is_encrypted(data: bytes) -> bool:
    import msoffcrypto

    try:
        return bool(msoffcrypto.OfficeFile(io.BytesIO(data)).is_encrypted())
    except Exception:  # a stream it does not know is not encrypted in a way it knows: the reader will say
        return False


def _decrypted(data: bytes) -> bytes:
    import msoffcrypto

    plain = io.BytesIO()
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        office.load_key(password=_EXCELS_OWN_PASSWORD)
        office.decrypt(plain)
    except Exception as error:  # another password, or a protection of another kind: the same to the officer
        raise CannotOpenError("F102") from error
    return plain.getvalue()


def _with_evidence(sheets: tuple[RawSheet, ...], data: bytes) -> tuple[RawSheet, ...]:
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
        by_name = {sheet.name: sheet for sheet in book.sheets()}
        return tuple(_evidence(sheet, book, by_name[sheet.name]) for sheet in sheets)
    except Exception as error:  # xlrd's many: XLRDError, AssertionError, struct.error, IndexError …
        raise CannotOpenError("F107", format=".xls") from error


def _evidence(sheet: RawSheet, book: Any, seen: Any) -> RawSheet:
    import xlrd

    values: dict[Place, Value] = {}
    runs: dict[Place, Runs] = {}
    formats: list[tuple[int, int, str]] = []
    for row in range(seen.nrows):
        for column, cell in enumerate(seen.row(row)):
            place = row + 1, column + 1
            if cell.ctype == xlrd.XL_CELL_ERROR:
                values[place] = ErrorValue(xlrd.error_text_from_code.get(cell.value, "#N/A"))
            elif cell.ctype == xlrd.XL_CELL_DATE:  # python-calamine knows fewer date formats
                values[place] = _day(cell.value, book.datemode)
            elif cell.ctype == xlrd.XL_CELL_NUMBER:
                style = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
                if is_telling_format(style):
                    formats.append((*place, style))
            elif cell.ctype == xlrd.XL_CELL_TEXT:
                runs[place] = _runs(book, cell, seen.rich_text_runlist_map.get((row, column), ()))
            if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
                runs[place] = _runs(book, cell, ())
    hidden_rows = (number + 1 for number, info in seen.rowinfo_map.items() if info.hidden)
    hidden_columns = (number + 1 for number, info in seen.colinfo_map.items() if info.hidden)
    named = replace(
        with_values(sheet, values),
        formats=tuple(sorted(formats)),
        hidden_rows=tuple(sorted(hidden_rows)),
        hidden_columns=tuple(sorted(hidden_columns)),
    )
    return with_fonts(named, {place: told for place, told in runs.items() if any(font.tells for _, font in told)})


def _day(serial: float, first_day: Literal[0, 1]) -> Value:
    import xlrd

    told = xlrd.xldate_as_datetime(serial, first_day)
    return stored_time(told.time() if 0 < serial < 1 else told)


def _runs(book: Any, cell: Any, listed: Any) -> Runs:
    first = book.xf_list[cell.xf_index].font_index
    return tuple((start, _font(book.font_list[font])) for start, font in ((0, first), *listed))


def _font(told: Any) -> Font:
    return Font(told.name, bool(told.struck_out), told.escapement == 1)
