"""Opening a workbook with an Office library: a :class:`Job` comes in, its sheets or a :class:`Trouble` go out.

The same call serves this process and the child that reads what may take a reader down. It never raises for what a file
holds; a failure half-way leaves nothing of the file.
"""

from __future__ import annotations

from cchc_xl.read.job import MEMORY, CannotOpenError, Job, Opened, Trouble

# What the libraries raise, by cause, for the officer. Names: most of these types are private to their libraries.
_CAUSES = {
    "BadZipFile": "cấu trúc nén bên trong bị hỏng",
    "ZipError": "cấu trúc nén bên trong bị hỏng",
    "error": "dữ liệu bên trong bị hỏng",
    "KeyError": "thiếu một phần bên trong",
    "WorksheetNotFound": "thiếu một trang tính",
    "XmlError": "nội dung XML bị hỏng",
    "ParseError": "nội dung XML bị hỏng",
    "XMLSyntaxError": "nội dung XML bị hỏng",
    "IndexError": "số hiệu kiểu hoặc chuỗi sai",
    "TypeError": "số hiệu kiểu hoặc chuỗi sai",
    "ValueError": "có giá trị không đúng dạng",
    "XLRDError": "cấu trúc tệp .xls bị hỏng",
}


def opened(job: Job) -> Opened | Trouble:
    """The workbook's sheets as stored, or why there are none."""
    try:
        return _open(job)
    except (KeyboardInterrupt, SystemExit):
        raise
    except CannotOpenError as error:
        return error.trouble
    except MemoryError:
        return Trouble("F112", (("size", str(MEMORY // 1024 // 1024)),))
    except BaseException as error:  # parsers raise a hundred types, late; calamine's panic is not even an Exception
        return Trouble("F103", (("reason", _CAUSES.get(type(error).__name__, "trình đọc không mở được")),))


def _open(job: Job) -> Opened:
    match job.format, job.reader:
        case "xlsx", "openpyxl":
            from cchc_xl.read.with_openpyxl import openpyxl_sheets

            return Opened(openpyxl_sheets(job.data))
        case "xlsx", _:
            from cchc_xl.read.with_calamine import calamine_sheets

            return Opened(calamine_sheets(job.data))
        case "xlsb", _:
            from cchc_xl.read.xlsb import xlsb_sheets

            return Opened(xlsb_sheets(job.data), (Trouble("F309", (("format", ".xlsb"),)),))
        case "ods", _:
            from cchc_xl.read.ods import ods_sheets

            return Opened(ods_sheets(job.data), (Trouble("F309", (("format", ".ods"),)),))
        case _:
            from cchc_xl.read.ole import open_ole

            return open_ole(job.data)
