"""What is wrong with a command line: a :class:`Line` comes in, one cause and the whole right line go out.

:func:`mistake` is asked about a line that was refused, :func:`misplaced` about one that is whole, before it is run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import click

from cchc_xl.cli.typed import (
    QUOTES,
    Line,
    Sentence,
    bare_words,
    is_file,
    is_needed,
    is_option,
    long_name,
    meant_command,
    options_of,
    place_of,
    plan_at,
    put,
    put_arguments,
)
from cchc_xl.text.file_names import has_ending, quoted
from cchc_xl.text.words import closest, tidy, unmarked

_MOST_LISTED = 500  # names of a folder that are looked at for one that is like the one typed
_PLAN_FILE = place_of("", "plan_file")[2]  # its usual name
_RESULTS = ("report", "draft-plan", "next-year", "explain", "advise", "verify")


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why a line cannot be run, and the line that can, or how to see it."""

    cause: Sentence
    line: str
    sure: bool = False  # the line is the very one that was meant, not an example

    def told(self, lang: str) -> str:
        """In one sentence."""
        cause, write = self.cause[lang == "en"], ("hãy ghi", "write")[lang == "en"]
        example = "" if self.sure else (", ví dụ", ", for example")[lang == "en"]
        joined = f" {write.capitalize()}" if cause.endswith("?") else f"; {write}"
        return f"{cause}{joined}{example}: {self.line}"


def mistake(line: Line) -> Mistake | None:
    """What is wrong with a line that was refused; None if nothing is found."""
    if line.command is line.group:
        return _no_command(line)
    asking: tuple[Callable[[Line], Mistake | None], ...] = (_strange, _lacking, _valued, _refused, _extra, _missing)
    return next((found for ask in asking if (found := ask(line)) is not None), None)


def _no_command(line: Line) -> Mistake:
    rest = list(line.typed.get("", ()))
    if not line.word:
        options = put(line, rest)
        alone = _lacking(options) or _refused(options)
        if alone is not None and "--completion" in options.options:  # which needs no command
            return alone
        strange = next((word for word in rest if is_option(word)), "")
        if strange and strange not in ("--lang", "--json"):
            told = (f"thiếu lệnh trước {strange}", f"there is no command before {strange}")
        else:
            told = ("chưa ghi lệnh nào", "no command was given")
        return Mistake(told, f"{line.program} demo")
    meant = meant_command(line.word, line.group)
    if meant.startswith("-"):
        told = (
            f"không có lệnh “{line.word}”, ý là {meant}?",
            f"there is no command “{line.word}”, did you mean {meant}?",
        )
        return Mistake(told, f"{line.program} {meant}", sure=True)
    path = Path(line.word)
    if not meant or (path.suffix and path.exists()):
        guessed = _by_files(line, rest)
        if guessed is not None:
            return guessed
    if not meant:
        names = ", ".join(line.group.commands)
        told = (
            f"không có lệnh “{line.word}” (các lệnh: {names})",
            f"there is no command “{line.word}” (the commands: {names})",
        )
        return Mistake(told, f"{line.program} --help", sure=True)
    right = put(Line(line.program, line.group, line.group.commands[meant], meant), rest)
    told = (
        f"không có lệnh “{line.word}”, ý là “{meant}”?",
        f"there is no command “{line.word}”, did you mean “{meant}”?",
    )
    return Mistake(told, right.whole(), sure=_missing(right) is None)


def _by_files(line: Line, rest: Sequence[str]) -> Mistake | None:
    """A line that begins with a file: what is done with such a one."""
    path = Path(line.word)
    ending = path.suffix.casefold()
    other = bool(bare_words(rest, line.group))
    command = ""
    if ending == ".docx":
        command = "lint-document"
    elif ending.startswith(".xls"):
        command = "check" if other else "plan"
    elif _has_result(line.word):
        command = "explain" if other else "report"
    if not command:
        return None
    right = put(Line(line.program, line.group, line.group.commands[command], command), (line.word, *rest))
    told = f"thiếu lệnh trước “{line.word}”", f"there is no command before “{line.word}”"
    return Mistake(told, right.whole(), sure=_missing(right) is None)


def _strange(line: Line) -> Mistake | None:
    """An option that is none, of this command or at all."""
    if not line.strange:
        return None
    name, meant = line.strange[0]
    sure = _missing(line) is None and not line.lacking
    if meant:
        why = (
            f"không có tùy chọn {name}, ý là {meant}?",
            f"there is no option {name}, did you mean {meant}?",
        )
        return Mistake(why, line.whole(), sure)
    others = [other for other, item in line.group.commands.items() if name in options_of(item, line.group)]
    if others:
        told = ", ".join(others)
        why = (
            f"lệnh {line.name} không có tùy chọn {name} (của lệnh {told})",
            f"{line.name} has no option {name} (it is one of {told})",
        )
    else:
        why = f"lệnh {line.name} không có tùy chọn {name}", f"{line.name} has no option {name}"
    return Mistake(why, line.whole(), sure)


def _lacking(line: Line) -> Mistake | None:
    """An option without its value."""
    if not line.lacking:
        return None
    vi, en, _ = place_of(line.name, line.lacking[0])
    return Mistake((f"sau {line.lacking[0]} thiếu {vi}", f"{line.lacking[0]} lacks its value, {en}"), line.whole())


def _valued(line: Line) -> Mistake | None:
    """A switch with a value."""
    if not line.valued:
        return None
    name = line.valued[0]
    return Mistake((f"{name} không nhận giá trị", f"{name} takes no value"), line.whole(), _missing(line) is None)


def _refused(line: Line) -> Mistake | None:
    """A value that is none of those an option takes."""
    for name, item in options_of(line.command, line.group).items():
        for value in line.typed.get(name, ()):
            kind = item.type
            if isinstance(kind, click.Choice) and value not in kind.choices:
                choices = ", ".join(map(str, kind.choices))
                near = closest(unmarked(value).casefold(), list(map(str, kind.choices)), most=1)
                new = near[0] if near else str(kind.choices[0])
                why = (
                    f"{name} không nhận “{value}” (chỉ nhận: {choices})",
                    f"{name} takes no “{value}” (only: {choices})",
                )
                return Mistake(why, line.whole({name: new}))
            if isinstance(kind, click.IntRange | click.FloatRange) and not _in_range(value, kind):
                whole = isinstance(kind, click.IntRange)
                most = ("", "") if kind.max is None else (f" đến {kind.max:g}", f" to {kind.max:g}")
                why = (
                    f"“{value}” ở {name} không phải là số{' nguyên' if whole else ''} từ {kind.min:g}{most[0]}",
                    f"“{value}” after {name} is no {'whole ' if whole else ''}number from {kind.min:g}{most[1]}",
                )
                return Mistake(why, line.whole({name: line.example(name)}))
    return None


def _in_range(value: str, kind: click.IntRange | click.FloatRange) -> bool:
    with suppress(click.BadParameter):
        kind(value)
        return True
    return False


def _extra(line: Line) -> Mistake | None:
    """More words than there are places: a name with blanks, a period without its option, a place too many."""
    if not line.extra:
        return None
    joined = _with_blanks(line)
    if joined is not None:
        return joined
    words, needed = line.extra, [long_name(item) for item in line.command.params if is_needed(item)]
    open_ = [name for name in needed if not line.typed.get(name)]
    text = " ".join(words)
    if "--period" in needed and _is_period(line, text) and not line.typed.get("--period"):
        why = f"“{text}” là kỳ, cần --period ở trước", f"“{text}” is a period and needs --period before it"
        right = replace(line, extra=())
        return Mistake(why, right.whole({"--period": text}), sure=open_ in (["--period"], []))
    if len(words) == 1 and len(open_) == 1:
        why = (
            f"thừa “{text}”, ý là {open_[0]} {quoted(text)}?",
            f"“{text}” has no place, did you mean {open_[0]} {quoted(text)}?",
        )
        return Mistake(why, line.whole({open_[0]: text}), sure=True)
    why = f"thừa “{text}”", f"“{text}” is too much"
    return Mistake(why, line.whole(), sure=not open_)


def _with_blanks(line: Line) -> Mistake | None:
    """Words that are one name or one period and lack their quotation marks."""
    period = line.value("--period")
    if period:
        for count in range(len(line.extra), 0, -1):
            text = " ".join((period, *line.extra[:count]))
            if _is_period(line, text):
                return _unquoted(text, replace(line, extra=line.extra[count:]), {"--period": text})
    places = [item.name or "" for item in line.command.params if isinstance(item, click.Argument)]
    words = [*(word for name in places for word in line.typed.get(name, ())), *line.extra]
    for start in range(len(words)):
        for end in range(len(words), start + 1, -1):
            text = " ".join(words[start:end])
            if _exists(text):
                typed = {name: list(values) for name, values in line.typed.items() if name.startswith("-")}
                left = put_arguments(line.command, (*words[:start], text, *words[end:]), typed)
                kept = {name: tuple(values) for name, values in typed.items()}
                fitted = replace(line, typed=kept, extra=tuple(left))
                again = _with_blanks(fitted) if left else None
                return again or _unquoted(text, fitted, {})
    return None


def _unquoted(text: str, line: Line, changed: Mapping[str, str]) -> Mistake:
    why = (
        f"“{text}” có dấu cách nên phải đặt trong ngoặc kép",
        f"“{text}” has blanks and must stand in quotation marks",
    )
    return Mistake(why, line.whole(changed), sure=_missing(line) is None)


def _missing(line: Line) -> Mistake | None:
    """Places that nothing stands in."""
    places = [item.name or "" for item in line.command.params if isinstance(item, click.Argument) and item.required]
    places += [long_name(item) for item in line.command.params if is_needed(item)]
    open_ = [name for name in places if not line.typed.get(name)]
    if not open_:
        return None
    if "plan_file" in line.typed and "folder" in open_ and Path(line.value("plan_file")).is_dir():
        folder = line.value("plan_file")
        why = (
            f"thiếu tệp kế hoạch (PLAN): {folder} là thư mục",
            f"the plan workbook (PLAN) is missing: {folder} is a folder",
        )
        return Mistake(why, line.whole({"plan_file": _plan_in(Path(folder)) or _PLAN_FILE, "folder": folder}))
    told = [place_of(line.name, name) for name in open_]
    what = ", ".join(vi for vi, _, _ in told), ", ".join(en for _, en, _ in told)
    return Mistake((f"thiếu {what[0]}", f"missing: {what[1]}"), line.whole())


def misplaced(line: Line) -> Mistake | None:
    """What stands in a wrong place, or names nothing that is there, on a line that has all its parts."""
    if line.lacking:  # an option taken for the value of another
        return _lacking(line)
    asking: Iterable[Callable[[Line], Mistake | None]] = (_swapped, _swapped_options, _not_there, _no_result)
    return next((found for ask in asking if (found := ask(line)) is not None), None)


def _changed_places(first: Sentence, second: Sentence, right: str) -> Mistake:
    why = (
        f"hình như đã đổi chỗ {first[0]} và {second[0]}",
        f"{first[1]} and {second[1]} seem to have changed places",
    )
    return Mistake(why, right, sure=True)


_PLAN_PLACE, _FOLDER_PLACE = ("kế hoạch", "the plan"), ("thư mục", "the folder")
_PERIOD_PLACE, _RESULT_PLACE = ("kỳ", "the period"), ("thư mục kết quả", "the folder of results")


def _swapped(line: Line) -> Mistake | None:
    """Two arguments that stand in one another's place."""
    plan, folder, code, shared = (line.value(name) for name in ("plan_file", "folder", "code", "shared"))
    if plan and folder and _is_dir(plan) and is_file(folder):
        return _changed_places(_PLAN_PLACE, _FOLDER_PLACE, line.whole({"plan_file": folder, "folder": plan}))
    if folder and code and not _exists(folder) and _is_dir(code):
        return _changed_places(_RESULT_PLACE, ("mã tiêu chí", "the code"), line.whole({"folder": code, "code": folder}))
    if line.name == "verify" and not _has_result(folder) and _has_result(shared):
        names = ("thư mục báo cáo của đơn vị", "the units' folder")
        return _changed_places(_RESULT_PLACE, names, line.whole({"folder": shared, "shared": folder}))
    if line.name == "explain" and code.endswith("%"):
        why = f"“{code}” là một số, cần --figure ở trước", f"“{code}” is a number and needs --figure before it"
        typed = {name: values for name, values in line.typed.items() if name != "code"}
        return Mistake(why, replace(line, typed=typed).whole({"--figure": code}), sure=True)
    return None


def _swapped_options(line: Line) -> Mistake | None:
    """A period, a folder or a plan in one another's place."""
    plan, folder, period, out = (line.value(name) for name in ("plan_file", "folder", "--period", "--out"))
    if plan and period and is_file(period) and not _exists(plan):
        return _changed_places(_PLAN_PLACE, _PERIOD_PLACE, line.whole({"plan_file": period, "--period": plan}))
    if not period or not is_file(plan):
        return None
    to = line.value("--to")
    for name, place in (("folder", folder), ("--out", out), ("--to", to)):
        if not place or _looks_like_period(period) or (name == "folder" and _is_dir(place)):
            continue
        if _is_period(line, place) and not _is_period(line, period):
            other = _FOLDER_PLACE if name == "folder" else _RESULT_PLACE
            return _changed_places(_PERIOD_PLACE, other, line.whole({"--period": place, name: period}))
    if out and folder and not _exists(folder) and _is_dir(out) and _holds_workbooks(out):
        return _changed_places(_FOLDER_PLACE, _RESULT_PLACE, line.whole({"folder": out, "--out": folder}))
    return None


def _not_there(line: Line) -> Mistake | None:
    """A file or folder that is read and is not there, or is of the other kind."""
    reads = {"plan_file": is_file, "document": is_file}
    if line.name in ("check", "run", "watch"):
        reads["folder"] = _exists
    reads |= {"lint-template": {"template": is_file}, "verify": {"shared": _exists}}.get(line.name, {})
    reads |= {"--template": is_file, "--previous": _is_dir}
    for place, there in reads.items():
        value = line.value(place)
        if not value or "://" in value or there(value):
            continue
        if there is is_file and _is_dir(value):
            why = (
                f"{value} là thư mục, chỗ này cần {place_of(line.name, place)[0]}",
                f"{value} is a folder where {place_of(line.name, place)[1]} belongs",
            )
            found = _plan_in(Path(value)) if place == "plan_file" else ""
        elif not _exists(value):
            name, folder = Path(value).name, Path(value).parent
            found = _like(value, there)
            kinds = ("tệp", "file") if there is is_file or has_ending(value) else ("thư mục", "folder")
            meant = (f", ý là {Path(found).name}?", f", did you mean {Path(found).name}?") if found else ("", "")
            where = folder if str(folder) != "." else Path.cwd()
            why = (
                f"không có {kinds[0]} {name} trong {where}{meant[0]}",
                f"there is no {kinds[1]} {name} in {where}{meant[1]}",
            )
        else:
            continue
        return Mistake(why, line.whole({place: found or line.example(place)}), sure=bool(found))
    return None


def _no_result(line: Line) -> Mistake | None:
    """A folder that holds no result itself, but has one in it or lies in one."""
    if line.name not in _RESULTS:
        return None
    value = line.value("folder")
    path = Path(value)
    with suppress(OSError):
        if not value or _has_result(value) or not path.exists():
            return None
        if path.is_file() and _has_result(str(path.parent)):
            found = str(path.parent)
            why = (
                f"{value} là tệp trong kết quả, không phải thư mục kết quả",
                f"{value} is a file of a result, not its folder",
            )
            return Mistake(why, line.whole({"folder": found}), sure=True)
        inside = sorted(item for item in path.iterdir() if _has_result(str(item))) if path.is_dir() else []
        if inside:
            names = ", ".join(item.name for item in inside[:5])
            why = (
                f"{value} chứa kết quả của các kỳ ({names}), chỗ này cần một kỳ",
                f"{value} holds the results of periods ({names}), one of them is needed",
            )
            return Mistake(why, line.whole({"folder": inside[-1].as_posix()}), sure=len(inside) == 1)
    return None


def _exists(text: str) -> bool:
    if "://" in text:  # a server says itself what is not there
        return True
    with suppress(OSError, ValueError):
        return Path(text).exists()
    return False


def _is_dir(text: str) -> bool:
    with suppress(OSError, ValueError):
        return Path(text).is_dir()
    return False


def _has_result(text: str) -> bool:
    from cchc_xl.result.archive import RESULT

    return bool(text) and is_file(str(Path(text) / RESULT))


def _holds_workbooks(text: str) -> bool:
    return any(name.casefold().endswith((".xlsx", ".xls", ".xlsm")) for name in _names(Path(text)))


def _names(folder: Path) -> Iterator[str]:
    """The first names in a folder, also where it cannot be read."""
    with suppress(OSError), os.scandir(folder) as entries:
        for number, entry in enumerate(entries):
            if number == _MOST_LISTED:
                return
            yield entry.name


def _like(value: str, there: Callable[[str], bool]) -> str:
    """The path that is most like the one typed and is there; '' if none is."""
    path = Path(value.strip(QUOTES))
    if str(path) != value and there(str(path)):
        return str(path)
    folder = path.parent
    known = {unmarked(tidy(name)).casefold(): name for name in _names(folder) if there(str(folder / name))}
    wanted = unmarked(tidy(path.name)).casefold()
    for name in (wanted, f"{wanted}.xlsx", f"{wanted}.docx", re.sub(r"[\s_-]+", "-", wanted)):
        if name in known:
            return str(folder / known[name])
    near = closest(wanted, known, most=1, likeness=0.75)
    return str(folder / known[near[0]]) if near else ""


def _plan_in(folder: Path) -> str:
    """The plan workbook in a folder, or beside it, by its usual name."""
    return next((str(path) for path in (folder / _PLAN_FILE, folder.parent / _PLAN_FILE) if path.is_file()), "")


_PERIOD_SHAPE = re.compile(
    r"(?:(?:19|20)\d\d ?[-/. ]? ?)?(?:quy|q|thang|t|nam|n|6 ?t|9 ?t|6 thang|9 thang)[ .]?(?:\d|i{1,3}|iv)?\b",
    re.IGNORECASE,
)


def _is_period(line: Line, text: str) -> bool:
    """Whether the text names a period of the plan, or looks like one where the plan cannot be read."""
    plan = plan_at(line.value("plan_file"))
    if plan is None:
        return _looks_like_period(text)
    from cchc_xl.plan.edition import find_period

    return find_period(plan, text) is not None


def _looks_like_period(text: str) -> bool:
    return _PERIOD_SHAPE.match(unmarked(tidy(text[:100])).casefold()) is not None


def afterwards(line: Line) -> Mistake | None:
    """What was wrong with a line whose job could not run: a period that the plan does not have."""
    period, plan = line.value("--period"), plan_at(line.value("plan_file"))
    if not period or plan is None or not plan.periods or _is_period(line, period):
        return None
    from cchc_xl.plan.edition import near_periods

    near = [item.code for item in near_periods(plan, period)]
    known = ", ".join(f"{item.code} ({item.name})" for item in plan.periods)
    why = (
        f"kế hoạch không có kỳ “{period}”{f', ý là {near[0]}?' if near else ';'} Các kỳ có: {known}",
        f"the plan has no period “{period}”{f', did you mean {near[0]}?' if near else ';'} It has: {known}",
    )
    right = line.whole({"--period": near[0] if near else line.example("--period")})
    return Mistake(why, right, sure=len(near) == 1)
