"""From a number of the report to its sources: a result's folder and the number come in, a ``Trace`` goes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from cchc_xl.ask.explain import UnknownFigureError, figure_chain, figure_lines
from cchc_xl.office.word.file import NotWordError
from cchc_xl.office.word.places import Place, places
from cchc_xl.pipeline.assessment import CannotRunError
from cchc_xl.pipeline.word import REMINDERS
from cchc_xl.result import archive
from cchc_xl.result.result_file import Document

REPORT = "bao-cao.docx"


@dataclass(frozen=True, slots=True)
class Trace:
    """A number's places in Word files and its values; ``unread`` are sentences on Word files that were not searched."""

    figure: str
    document: Document
    places: tuple[Place, ...]
    values: tuple[Document, ...]
    unread: tuple[str, ...]

    def told(self) -> Document:
        """All of it as a JSON-ready object."""
        return {
            "figure": self.figure,
            "places": [asdict(place) for place in self.places],
            "values": list(self.values),
            "unread": list(self.unread),
            "findings": [],
        }

    def lines(self) -> Iterator[str]:
        """The same as lines an officer reads."""
        yield from self.unread
        yield from figure_lines(self.document, self.figure, self.places)


def trace(folder: Path, figure: str) -> Trace:
    """Looks a number up in every Word file of a finished result and in the result itself.

    Raises :class:`CannotRunError` if there is no result, or the number is none or is found nowhere.
    """
    try:
        document = archive.load_document(folder)
        found, unread = _places(folder, figure)
        values = figure_chain(document, figure, found)
    except (archive.ArchiveError, UnknownFigureError) as error:
        raise CannotRunError(str(error)) from error
    return Trace(figure, document, found, tuple(values), unread)


def _places(folder: Path, figure: str) -> tuple[tuple[Place, ...], tuple[str, ...]]:
    """A Word file that is damaged or gone does not keep the values from being explained."""
    every = (*folder.glob("*.docx"), *(folder / REMINDERS).glob("*.docx"))
    names = sorted(path for path in every if not path.name.startswith(("~$", ".")))
    names.sort(key=lambda path: path.name != REPORT)
    found: list[Place] = []
    unread = []
    if not any(path.name == REPORT for path in names):
        unread.append(f"Không có {REPORT} trong {folder}: hãy lập lại bằng `cchc-xl report`.")
    for path in names:
        try:
            name = path.relative_to(folder).as_posix()
            found += [replace(place, document=name) for place in places(path, figure)]
        except (NotWordError, OSError) as error:
            why = str(error) if isinstance(error, NotWordError) else f"không mở được ({error.strerror or error})"
            unread.append(f"Không đọc được {path.name} ({why}): nơi ghi trong tệp này chưa được tìm.")
    return tuple(found), tuple(unread)
