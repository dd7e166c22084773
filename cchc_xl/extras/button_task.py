"""What a task may do with the control workbook, and its settings: text in cells comes in, paths and codes go out.

Everything is said and done through :class:`BookPort`, so that the whole behaviour can be tested without Excel.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from cchc_xl.records import Plan
from cchc_xl.text.words import key, tidy

# The labels of the setting cells, and all that the control workbook says.
WORDS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("control.toml").read_text(encoding="utf-8"))
SETTINGS: dict[str, dict[str, str]] = {setting["key"]: setting for setting in WORDS["settings"]}
LABELS = {name: setting["label"] for name, setting in SETTINGS.items()}
TASK, PLAN, SHARED, PERIOD, OUT = (LABELS[name] for name in ("task", "plan", "shared", "period", "out"))

MOST_CHOICES = 2_000  # lines of a drop-down


class ButtonError(Exception):
    """What prevents the task, as sentences for the officer."""


class Link(NamedTuple):
    """A cell that opens a file; ``place`` is where in it (``'Sheet'!A1``), '' for the file as it opens."""

    text: str
    target: Path
    place: str = ""


Cell = str | Decimal | Link | None


class Table(NamedTuple):
    """What goes to a new sheet. A column holds texts or numbers; numbers are shown with ``places`` decimals.

    ``tones`` colours the first cell of each row: ``good``, ``warning``, ``error`` or ''.
    """

    headings: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    tones: Sequence[str] = ()
    places: int = 2


class BookPort(Protocol):
    """What a task may do with the workbook it was called from."""

    @property
    def folder(self) -> Path:
        """Where the workbook is: paths in its settings may be relative to it."""

    def setting(self, name: str) -> str:
        """The text beside this label on the control sheet; '' where it is blank or gone."""

    def pick(self, name: str, kind: str) -> str:
        """A file or folder (``kind``) chosen in a box and kept beside the label; '' where there is no box."""

    def write_table(self, sheet: str, table: Table) -> None:
        """Write a new sheet of about this name, to be seen before earlier ones; no existing sheet is touched."""

    def offer(self, lists: Mapping[str, Sequence[str]]) -> bool:
        """Let the drop-downs of these names offer these texts; whether that changed any."""

    def log(self, task: str, sentence: str) -> None:
        """Remember what was done, newest first."""

    def tell(self, sentence: str) -> None:
        """Show the officer a sentence."""

    def progress(self, sentence: str) -> None:
        """Say what is being done, where it disturbs nobody."""


@dataclass(frozen=True, slots=True)
class Given:
    """The settings as the jobs take them. What a task does not ask for may be missing."""

    plan: Path = Path()
    shared: Path | str = ""
    period: str = ""
    out: Path = Path()
    forms: Path = Path()
    new: Path = Path()
    unit: str = ""
    criterion: str = ""
    figure: str = ""
    target: str = ""
    before: str = ""
    agencies: tuple[Path, ...] = ()


def ordered(
    book: BookPort, needed: Sequence[str], wanted: Sequence[str], dropped: Mapping[str, Sequence[str]]
) -> Given:
    """The settings that a task needs or may use; ``dropped`` are paths that take the place of a cell.

    Raises :class:`ButtonError` with one sentence for each cell that is blank or names what is not there.
    """
    problems: list[str] = []
    texts: dict[str, str] = {}
    for name in (*needed, *wanted):
        paths = dropped.get(name)
        texts[name] = paths[0] if paths else _typed(book, name, ask=name in needed)
        if not texts[name] and name in needed:
            problems.append(f"Ô “{LABELS[name]}” còn trống: {SETTINGS[name]['blank']}.")
    found: dict[str, Any] = {
        name: code_in(tidy(text), SETTINGS[name]["list"])
        if "list" in SETTINGS[name] and not set(text) & set("/\\")
        else text
        for name, text in texts.items()
    }
    for name, kind in (
        ("plan", "file"),
        ("shared", "any"),
        ("out", "new"),
        ("forms", "new"),
        ("new", "new"),
        ("agencies", "folder"),
    ):
        if not texts.get(name):
            found.pop(name, None)
            continue
        # An address such as smb://… is no path of this machine: the pipeline knows what to do with it.
        if name == "shared" and "://" in texts[name]:
            continue
        found[name] = path = path_of(book, texts[name])
        if wrong := _wrong(LABELS[name], path, kind):
            if name in needed:
                problems.append(wrong)
            else:
                found.pop(name)
    if "agencies" in found:
        many = [path_of(book, text) for text in dropped.get("agencies", ())]
        found["agencies"] = tuple(many) or (found["agencies"],)
    if problems:
        raise ButtonError("\n".join(problems))
    return Given(**found)


def _typed(book: BookPort, name: str, *, ask: bool) -> str:
    # “Copy as path” of Windows puts the path in quotation marks.
    text = book.setting(LABELS[name]).strip().strip('"“”').strip()
    kind = SETTINGS[name].get("pick", "")
    return text if text or not ask or not kind else book.pick(LABELS[name], kind)


def _wrong(label: str, path: Path, kind: str) -> str:
    there = kind_of(path)
    if kind == "file" and there == "folder":
        return f"Ô “{label}”: {path} là thư mục; hãy ghi tệp kế hoạch (.xlsx) nằm trong đó."
    if (kind == "file" and there != "file") or (kind == "any" and not there) or (kind == "folder" and not there):
        what = "tệp" if kind == "file" else "thư mục"
        return f"Ô “{label}”: không có {what} {path}; kiểm tra lại đường dẫn và kết nối mạng."
    if kind in {"new", "folder"} and there == "file":
        return f"Ô “{label}”: {path} là một tệp; hãy ghi một thư mục."
    return ""


def path_of(book: BookPort, text: str) -> Path:
    """The path that a cell names, from the workbook's folder where it is short.

    Raises :class:`ButtonError` for an address of the web: no file can be opened there.
    """
    if "://" in text:
        raise ButtonError(
            f"{text} là địa chỉ trên mạng (OneDrive, SharePoint), không phải thư mục của máy: hãy đồng bộ hoặc chép "
            "thư mục về máy rồi ghi đường dẫn trên máy."
        )
    path = Path(text)
    return path if path.is_absolute() else book.folder / path


def kind_of(path: Path) -> str:
    """``file``, ``folder`` or '' for what is not there."""
    try:
        return "folder" if path.is_dir() else "file" if path.is_file() else ""
    except (OSError, ValueError):  # a share without permission, a name that cannot be: to the officer it is not there
        return ""


def code_in(text: str, kind: str) -> str:
    """The code in a line of a drop-down: of criteria before the name, else in brackets behind it; else the text.

    >>> code_in("Quý I năm 2021 (2021-Q1)", "ky"), code_in("1.6 – Nhiệm vụ (tỉnh)", "tieu_chi"), code_in("VP", "don_vi")
    ('2021-Q1', '1.6', 'VP')
    """
    if kind == "tieu_chi":
        return text.partition(" – ")[0].strip()
    start = text.rfind("(") if kind and text.endswith(")") else 0
    return text[start + 1 : -1].strip() if start > 0 else text


def choices(plan: Plan) -> dict[str, tuple[str, ...]]:
    """What the drop-downs offer from a plan: periods and units by name with their codes, criteria by code."""
    criteria = {item.code: f"{item.code} – {item.name}" for item in plan.criteria}
    lists = {
        "ky": [_named(item.name, item.code) for item in plan.periods],
        "don_vi": [_named(item.name, item.code) for item in plan.units],
        "tieu_chi": [text[:200] for text in criteria.values()],
    }
    return {name: tuple(texts[:MOST_CHOICES]) for name, texts in lists.items()}


def _named(name: str, code: str) -> str:
    return f"{name} ({code})" if name and key(name) != key(code) else code
