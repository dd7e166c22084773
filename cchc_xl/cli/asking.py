"""What the commands that ask a finished result do: folders come in, lines or a JSON object and an exit code go out."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_xl import pipeline
from cchc_xl.ask import advise as advising
from cchc_xl.ask import compare as comparing
from cchc_xl.ask import rank as ranking
from cchc_xl.cli.output import say, say_json
from cchc_xl.records import Kind
from cchc_xl.result import archive
from cchc_xl.result.result_file import Document
from cchc_xl.text.numbers import read_text

if TYPE_CHECKING:
    from cchc_xl.cli import Settings


def advise(settings: Settings, folder: Path, target: str | None) -> int:
    """What would bring the index to the target."""
    document = _open(folder)
    wanted = target if target is not None else document["settings"]["target_index"]
    if wanted is None:
        raise pipeline.CannotRunError("Kế hoạch không ghi chỉ số mục tiêu: hãy thêm --target, ví dụ --target 80.")
    percent = _number(wanted, "--target") if target is not None else Decimal(wanted)
    advice = tuple(advising.from_object(item) for item in document["advice"])
    found = advising.path(document, advice, percent)
    if settings.json:
        told = {"advice": document["advice"], "path": advising.path_object(found), "findings": []}
        say_json(told)
    else:
        for line in advising.lines(advice, found):
            say(line)
    return 0


def compare(settings: Settings, before: Path, after: Path) -> int:
    """Two periods or years side by side."""
    told = comparing.compare(_open(before), _open(after))
    if settings.json:
        say_json({**told, "findings": []})
    else:
        for line in comparing.lines(told):
            say(line)
    return 0


def rank(settings: Settings, folders: tuple[Path, ...], exclude: tuple[str, ...], classes: str) -> int:
    """Many agencies in order."""
    short = len(folders) == len({folder.name for folder in folders})
    results = [(folder.name if short else str(folder), _open(folder)) for folder in folders]
    told = ranking.rank(results, excluded=exclude, classes=_classes(classes))
    if settings.json:
        say_json({**told, "findings": []})
    else:
        for line in ranking.lines(told):
            say(line)
    return 0


def _open(folder: Path) -> Document:
    try:
        return archive.load_document(folder)
    except archive.ArchiveError as error:
        raise pipeline.CannotRunError(str(error)) from error


def _classes(text: str) -> tuple[tuple[str, Decimal], ...]:
    """``Tốt=90; Khá=80`` as pairs of name and lower limit in percent."""
    pairs = []
    for piece in filter(None, (part.strip() for part in text.split(";"))):
        name, equals, limit = piece.partition("=")
        if not equals or not name.strip():
            raise pipeline.CannotRunError(f"Không hiểu --classes “{piece}”: hãy viết dạng “Tốt=90; Khá=80”.")
        pairs.append((name.strip(), _number(limit, "--classes")))
    return tuple(pairs)


def _number(text: str, option: str) -> Decimal:
    value = read_text(text, Kind.PERCENT).value
    if value is None:
        raise pipeline.CannotRunError(f"“{text.strip()}” ở {option} không phải là số: hãy viết dạng 80 hoặc 82,5.")
    return value
