"""A command line as somebody typed it: its words come in, a :class:`Line` goes out, and from it the whole right line.

Read once more and forgivingly, so that what was typed rightly stays in the line that is suggested.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import click

from cchc_xl.text.file_names import quoted
from cchc_xl.text.words import DASHES, closest, tidy, unmarked

if TYPE_CHECKING:
    from cchc_xl.records import Plan

Sentence = tuple[str, str]  # Vietnamese, English
QUOTES = "“”„\"'‘’«»"
# What somebody types who looks for a command, an option by their Vietnamese or common names.
_COMMAND_WORDS = {
    "chay": "run",
    "tong hop": "run",
    "cham": "run",
    "cham diem": "run",
    "kiem tra": "check",
    "lint": "lint-template",
    "phat phieu": "issue",
    "phat": "issue",
    "bieu mau": "issue",
    "lap phieu": "issue",
    "ke hoach": "plan",
    "tao": "new",
    "moi": "new",
    "tao moi": "new",
    "init": "new",
    "thu": "demo",
    "chay thu": "demo",
    "vi du": "demo",
    "bao cao": "report",
    "lap bao cao": "report",
    "vi sao": "explain",
    "why": "explain",
    "giai thich": "explain",
    "muc tieu": "advise",
    "duong toi muc tieu": "advise",
    "advice": "advise",
    "goi y": "advise",
    "so sanh": "compare",
    "diff": "compare",
    "xep hang": "rank",
    "kiem chung": "verify",
    "nam sau": "next-year",
    "nut": "button",
    "nut bam": "button",
    "theo doi": "watch",
    "kham": "doctor",
    "chan doan": "doctor",
    "the thuc": "lint-document",
    "du thao": "draft-plan",
    "help": "--help",
    "tro giup": "--help",
    "huong dan": "huong-dan",
    "so tay": "huong-dan",
    "/?": "--help",
    "?": "--help",
    "/h": "--help",
    "version": "--version",
    "phien ban": "--version",
}
_OPTION_WORDS = {
    "ky": "--period",
    "quy": "--period",
    "p": "--period",
    "ki": "--period",
    "o": "--out",
    "output": "--out",
    "ra": "--out",
    "ket-qua": "--out",
    "ketqua": "--out",
    "mau": "--template",
    "t": "--template",
    "den": "--to",
    "ngon-ngu": "--lang",
    "language": "--lang",
    "muc-tieu": "--target",
    "so": "--figure",
    "thu": "--dry-run",
    "chay-thu": "--dry-run",
    "ky-truoc": "--previous",
    "hang": "--rank",
    "full": "--day-du",
    "daydu": "--day-du",
    "tro-giup": "--help",
    "huong-dan": "--help",
    "?": "--help",
    "cong-van": "--letters",
}
# What stands in a place, in both languages, and an example; by command and place, else by place alone.
_UNITS_FOLDER = ("thư mục báo cáo của đơn vị (FOLDER)", "the units' folder (FOLDER)", "don-vi")
_WHOLE_YEAR = ("thư mục kết quả cả năm (DIR)", "the folder of a whole year's result (DIR)", "ket-qua/2021-N")
_PLACES: dict[str, tuple[str, str, str]] = {
    "plan_file": ("tệp kế hoạch (PLAN)", "the plan workbook (PLAN)", "ke-hoach.xlsx"),
    "check folder": (
        "thư mục hoặc tệp của đơn vị (FOLDER|FILE)",
        "the units' folder or a file (FOLDER|FILE)",
        "don-vi",
    ),
    **dict.fromkeys(("run folder", "watch folder", "shared"), _UNITS_FOLDER),
    **dict.fromkeys(("next-year folder", "draft-plan folder"), _WHOLE_YEAR),
    "new folder": ("thư mục sẽ tạo (DIR)", "the folder to make (DIR)", "ke-hoach-cua-toi"),
    "demo folder": ("thư mục chạy thử (DIR)", "the folder for the trial (DIR)", "cchc-demo"),
    "button folder": ("thư mục đặt tệp điều khiển (DIR)", "the folder for the control workbook (DIR)", "cchc"),
    "doctor folder": ("thư mục cần xem (FOLDER)", "the folder to look at (FOLDER)", "don-vi"),
    "folder": ("thư mục kết quả (DIR)", "the result's folder (DIR)", "ket-qua/2021-Q1"),
    "lint-template template": ("mẫu Word (T.docx)", "the Word template (T.docx)", "mau.docx"),
    "document": ("văn bản Word (F.docx)", "the Word document (F.docx)", "bao-cao.docx"),
    "before": ("thư mục kết quả trước (DIR_A)", "the earlier result's folder (DIR_A)", "ket-qua/2020-N"),
    "after": ("thư mục kết quả sau (DIR_B)", "the later result's folder (DIR_B)", "ket-qua/2021-Q1"),
    "folders": ("thư mục kết quả (DIR…)", "the results' folders (DIR…)", "ket-qua/2021-Q1"),
    "code": ("mã tiêu chí (CODE)", "the criterion's code (CODE)", "1.1"),
    "--period": ("kỳ (--period)", "the period (--period)", "2021-Q1"),
    "--out": ("thư mục kết quả (--out)", "the folder of results (--out)", "ket-qua"),
    "issue --to": ("thư mục nhận biểu mẫu (--to)", "the folder for the forms (--to)", "bieu-mau"),
    "next-year --to": ("tệp kế hoạch năm sau (--to)", "next year's plan workbook (--to)", "ke-hoach-2022.xlsx"),
    "--sua": ("tệp ghi bản đã sửa (--sua)", "the file for the mended copy (--sua)", "ban-sua.docx"),
    "--template": ("mẫu Word (--template)", "the Word template (--template)", "mau.docx"),
    "--feedback": ("thư mục phản hồi (--feedback)", "the folder for marked copies (--feedback)", "phan-hoi"),
    "--previous": ("kết quả kỳ trước (--previous)", "the earlier result (--previous)", "ket-qua/2020-N"),
    "--letters": ("cách lập công văn (--letters)", "which letters (--letters)", "one"),
    "--rank": ("thứ hạng (--rank)", "the rank (--rank)", "3"),
    "--kind": ("loại mẫu (--kind)", "the kind of template (--kind)", "report"),
    "--figure": ("số trong báo cáo (--figure)", "the number in the report (--figure)", "74,12%"),
    "--target": ("chỉ số cần đạt (--target)", "the index wanted (--target)", "80"),
    "--exclude": ("cơ quan không xếp hạng (--exclude)", "the agency that is not ranked (--exclude)", "Cơ quan A"),
    "--classes": ("mức xếp loại (--classes)", "the limits of classes (--classes)", "Tốt=90; Khá=80"),
    "--every": ("số giây (--every)", "the seconds (--every)", "30"),
    "--lang": ("ngôn ngữ (--lang)", "the language (--lang)", "vi"),
    "--jobs": ("số tiến trình (--jobs)", "the number of processes (--jobs)", "2"),
    "--engine": ("địa chỉ cụm Dask (--engine)", "the address of the Dask cluster (--engine)", "tcp://10.0.0.5:8786"),
    "--completion": ("tên shell (--completion)", "the shell's name (--completion)", "bash"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A command line as typed: what stands in each place, and what found none.

    ``command`` is the group where there is no such command; then ``""`` holds the other words. ``options`` are those
    typed, in their order, by their full names; ``strange`` pairs a token that is no option with the one that may be
    meant; ``lacking`` are options that stand without their value.
    """

    program: str
    group: click.Group
    command: click.Command
    word: str = ""
    typed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    strange: tuple[tuple[str, str], ...] = ()
    lacking: tuple[str, ...] = ()
    valued: tuple[str, ...] = ()  # flags that were given a value

    @property
    def name(self) -> str:
        """The command's name."""
        return "" if self.command is self.group else self.command.name or ""

    def value(self, place: str) -> str:
        """What was typed in this place: an argument's name, or an option with its dashes."""
        return next(iter(self.typed.get(place, ())), "")

    def example(self, place: str) -> str:
        """What may stand there: of a plan that can be read one of its own periods."""
        if place == "--period" and (plan := plan_at(self.value("plan_file"))) is not None and plan.periods:
            return plan.periods[-1].code if plan.settings.year is None else _of_year(plan)
        return place_of(self.name, place)[2]

    def whole(self, changed: Mapping[str, str] = MappingProxyType({})) -> str:
        """The line with everything it needs: what was typed stays, but for the places that are ``changed``."""
        typed = {**self.typed, **{name: (value,) for name, value in changed.items()}}
        words = [self.program, *filter(None, (self.name,))]
        arguments = [item for item in self.command.params if isinstance(item, click.Argument)]
        for item in arguments:
            name = item.name or ""
            words += map(quoted, typed.get(name) or ((self.example(name),) if item.required else ()))
        known = options_of(self.command, self.group)
        wanted = dict.fromkeys(
            (*self.options, *(long_name(item) for item in self.command.params if is_needed(item)), *changed)
        )
        for name in (name for name in wanted if name in known):
            if known[name].is_flag:
                words.append(name)
                continue
            for value in typed.get(name) or (self.example(name),):
                words += [name, quoted(value)]
        return " ".join(words)


def asked(argv: Iterable[str]) -> tuple[str, bool]:
    """The language and whether JSON is wanted, wherever they stand, also on a line that is wrong.

    >>> asked(("chay", "--lang", "en")), asked(("run", "--lang=en", "--json")), asked(("run", "--lang"))
    (('en', False), ('en', True), ('vi', False))
    """
    words = list(argv)
    lang = "vi"
    for word, following in zip(words, [*words, ""][1:], strict=True):
        told = following if word == "--lang" else word.partition("=")[2] if word.startswith("--lang=") else ""
        lang = told if told in ("vi", "en") else lang
    return lang, "--json" in words


def read_line(program: str, group: click.Group, argv: Sequence[str]) -> Line:
    """The line as typed, whatever is wrong with it."""
    words = list(argv)
    at = _command_at(group, words)
    word = words[at] if at is not None else ""
    command = group.commands.get(word)
    rest = words if at is None else words[:at] + words[at + 1 :]
    if command is None:
        return Line(program, group, group, word, {"": tuple(rest)})
    return put(Line(program, group, command, word), rest)


def _command_at(group: click.Group, words: Sequence[str]) -> int | None:
    """Where the command stands: the first word that is no option, or after an option put before it, the first known."""
    bare, everywhere = bare_words(words, group), options_of(group, group)
    early = any(
        is_option(word) and word.partition("=")[0] not in everywhere for word in words[: bare[0] if bare else 0]
    )
    known = [number for number in bare if words[number] in group.commands]
    return next(iter(known if early and known else bare), None)


def bare_words(words: Sequence[str], group: click.Group) -> list[int]:
    """Where words stand that are neither an option nor the value of one that may stand anywhere, as the language."""
    valued = {name for name, item in options_of(group, group).items() if not item.is_flag}
    return [
        number
        for number, word in enumerate(words)
        if not is_option(word) and not (number and words[number - 1] in valued)
    ]


def put(line: Line, words: Sequence[str]) -> Line:
    """The words after the command, each put in its place."""
    known = options_of(line.command, line.group)
    typed: dict[str, list[str]] = {}
    strange, lacking, valued, loose = [], [], [], []
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            loose += waiting
            break
        if not is_option(word):
            loose.append(word)
            continue
        name, equals, value = word.partition("=")
        if name not in known:
            meant = _meant_option(name, known)
            strange.append((name, meant))
            if not meant:
                if not equals and waiting and not is_option(waiting[0]) and _takes_value(name, line.group):
                    waiting.pop(0)
                continue
            name = meant
        typed.setdefault(name, [])
        if known[name].is_flag:
            if equals:
                valued.append(name)
            continue
        if not equals:
            if not waiting or is_option(waiting[0]):
                lacking.append(name)
                continue
            value = waiting.pop(0)
        if value:
            typed[name].append(value)
        else:
            lacking.append(name)
    extra = put_arguments(line.command, loose, typed)
    return replace(
        line,
        typed={name: tuple(values) for name, values in typed.items()},
        options=tuple(name for name in typed if name.startswith("-")),
        extra=tuple(extra),
        strange=tuple(strange),
        lacking=tuple(lacking),
        valued=tuple(valued),
    )


def put_arguments(command: click.Command, words: Sequence[str], typed: dict[str, list[str]]) -> list[str]:
    """Puts the words into the places of the command's arguments; returns those that find none."""
    left = list(words)
    for item in command.params:
        if isinstance(item, click.Argument):
            count = len(left) if item.nargs == -1 else 1
            if left[:count]:
                typed[item.name or ""] = left[:count]
            left = left[count:]
    return left


def is_option(word: str) -> bool:
    """Whether a word begins as an option does, also with the dash that a word processor makes of two."""
    return len(word) > 1 and word.translate(DASHES).startswith("-") and not re.match(r"[-−–]\d", word)


def options_of(command: click.Command, group: click.Group) -> dict[str, click.Option]:
    """The options of a command, and those of all, by each of their names."""
    help_option = command.get_help_option(click.Context(command))
    every = (*command.params, *group.params, *((help_option,) if help_option else ()))
    return {name: item for item in reversed(every) if isinstance(item, click.Option) for name in item.opts}


def _takes_value(name: str, group: click.Group) -> bool:
    """Whether an option that this command has not takes a value elsewhere, or is one nobody knows."""
    found = [options_of(item, group)[name] for item in group.commands.values() if name in options_of(item, group)]
    return not found or not found[0].is_flag


def _meant_option(name: str, known: Iterable[str]) -> str:
    """The option that a token most likely stands for; '' if none."""
    bare = unmarked(name.translate(DASHES)).casefold().lstrip("-").replace("_", "-")
    names = {item.lstrip("-"): item for item in known if item.startswith("--")}
    if bare in names:
        return names[bare]
    told = _OPTION_WORDS.get(bare, "")
    if told in names.values():
        return told
    near = closest(bare, names, most=1, likeness=0.65) if len(bare) > 1 else []
    return names[near[0]] if near else ""


def meant_command(word: str, group: click.Group) -> str:
    """The command that a word most likely stands for; '' if none."""
    bare = re.sub(r"[\s_-]+", " ", unmarked(tidy(word)).casefold()).strip(QUOTES + " .,:;")
    names = {name.replace("-", " "): name for name in group.commands}
    if bare in names:
        return names[bare]
    if bare in _COMMAND_WORDS:
        return _COMMAND_WORDS[bare]
    near = closest(bare, (*names, *_COMMAND_WORDS), most=1, likeness=0.6)
    return (names | _COMMAND_WORDS)[near[0]] if near else ""


def is_needed(item: click.Parameter) -> bool:
    """Whether this is an option that must be given."""
    return isinstance(item, click.Option) and item.required


def long_name(item: click.Parameter) -> str:
    """The full name of an option."""
    return max(item.opts, key=len)


def place_of(command: str, place: str) -> tuple[str, str, str]:
    """What stands in a place, in Vietnamese and English, and an example."""
    return _PLACES.get(f"{command} {place}") or _PLACES.get(place) or (place, place, place.strip("-"))


def is_file(text: str) -> bool:
    """Whether something that is no folder has this path."""
    with suppress(OSError, ValueError):
        return Path(text).exists() and not Path(text).is_dir()
    return False


@cache
def plan_at(path: str) -> Plan | None:
    """The plan, where one can be read: on a line that is wrong nothing else matters."""
    if not is_file(path):
        return None
    with suppress(Exception):
        from cchc_xl.plan import load_plan

        return load_plan(path)
    return None


def _of_year(plan: Plan) -> str:
    """The first period of the plan's own year."""
    own = [item for item in plan.periods if item.end.year == plan.settings.year]
    return (own or list(plan.periods))[0].code
