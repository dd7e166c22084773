"""What :mod:`click` would say itself, said as the rest is: help, refused lines, in Vietnamese or English."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from cchc_xl.cli.english import english

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "cchc-xl"  # what sentences of the rooms below call it
_NAMED = re.compile(rf"(?<![\w/\\.-]){NAME} (--[a-z-]{{1,20}}|[a-z][a-z-]{{1,20}})")


def called(executable: str, *, on_path: bool) -> str:
    """How this command line is begun where somebody types it again: by what is really there.

    Of the Windows bundle that is the batch file beside its ``python`` folder, by its full path: it works in any folder.

    >>> called("/usr/bin/python3", on_path=True), called("/usr/bin/python3", on_path=False)
    ('cchc-xl', 'python -m cchc_xl')
    """
    door = Path(executable).parent.parent / f"{NAME}.bat"
    if door.is_file():
        return f'"{door}"' if " " in str(door) else str(door)
    return NAME if on_path else "python -m cchc_xl"


CALLED = called(sys.executable, on_path=shutil.which(NAME) is not None)


def as_called(text: str, program: str = CALLED) -> str:
    """A text with its command lines begun as they can be typed here.

    >>> as_called("hãy chạy lại `cchc-xl run` (kết quả do cchc-xl lập)", "python -m cchc_xl")
    'hãy chạy lại `python -m cchc_xl run` (kết quả do cchc-xl lập)'
    """
    from cchc_xl.cli import cli

    def typed(found: re.Match[str]) -> str:
        is_line = found[1] in cli.commands or found[1].startswith("--")
        return f"{program} {found[1]}" if is_line else found[0]

    return text if program == NAME else _NAMED.sub(typed, text)


ARGV = "argv"  # in the context's settings: the line as it was typed


def lang_of(context: click.Context) -> str:
    """The language asked for anywhere on the line: help is shown before all of it is read."""
    from cchc_xl.cli.typed import asked

    return asked(context.ensure_object(dict).get(ARGV, ()))[0]


class RefusedError(click.ClickException):
    """A line that cannot be run, in one sentence."""

    exit_code = 2

    def __init__(self, sentence: str, lang: str, *, as_json: bool) -> None:
        super().__init__(sentence)
        self.lang, self.as_json = lang, as_json

    def show(self, file: IO[Any] | None = None) -> None:
        """As every command says why it cannot run."""
        del file
        from cchc_xl.cli.output import Replies

        Replies(self.lang).failed(self.message).say(as_json=self.as_json, lang=self.lang)


class Command(click.Command):
    """A command whose help is in the language that was asked for."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The first line."""
        prefix = f"{_said(ctx, 'Cách dùng:')} "
        formatter.write_usage(ctx.command_path, _said(ctx, " ".join(self.collect_usage_pieces(ctx))), prefix=prefix)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the command does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(_said(ctx, (self.help or "").strip()))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options."""
        options = [item for item in self.get_params(ctx) if isinstance(item, click.Option)]
        with formatter.section(_said(ctx, "Tùy chọn")):
            formatter.write_dl([_record(ctx, item) for item in options])

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Nothing: the usage line and the sentence below it name the arguments."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the exit codes mean, and a line that works."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(_said(ctx, self.epilog or ""))
        if not isinstance(self, click.Group):
            from cchc_xl.cli.typed import Line

            root = ctx.find_root().command
            line = Line(CALLED, root, self).whole() if isinstance(root, click.Group) else ""
            with formatter.section(_said(ctx, "Ví dụ")):
                formatter.write_text(line)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``--help``."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Hiện hướng dẫn này rồi thoát."
        return option


class Group(Command, click.Group):
    """The group of all commands, which stand in the order of the work, not of the alphabet."""

    command_class = Command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, then the commands."""
        super().format_options(ctx, formatter)
        told = [(name, _said(ctx, item.get_short_help_str(limit=200))) for name, item in self.commands.items()]
        with formatter.section(_said(ctx, "Lệnh")):
            formatter.write_dl(told)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Reads the options of the group; the line as typed is kept for what comes after, but for passwords."""
        if any("smb:" in word.casefold() for word in args):
            from cchc_xl.office.excel.share import without_login

            args = [without_login(word) for word in args]
        argv = tuple(args)
        with self._refusing(argv):
            return super().make_context(info_name, args, parent, obj={ARGV: argv}, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Reads the rest of the line and does what it says."""
        with self._refusing(ctx.obj[ARGV]):
            return super().invoke(ctx)

    @contextmanager
    def _refusing(self, argv: Sequence[str]) -> Iterator[None]:
        """Turns what is wrong with the line into one sentence."""
        from cchc_xl.cli.typed import asked

        lang, as_json = asked(argv)
        try:
            yield
        except click.UsageError as error:
            raise RefusedError(self._why(argv, lang), lang, as_json=as_json) from error
        except (KeyboardInterrupt, EOFError) as error:
            told = "đã dừng theo yêu cầu (Ctrl+C), kết quả cũ còn nguyên; muốn có kết quả mới thì hãy chạy lại."
            raise RefusedError(told if lang == "vi" else english(told), lang, as_json=as_json) from error

    def _why(self, argv: Sequence[str], lang: str) -> str:
        from cchc_xl.cli.mistakes import mistake
        from cchc_xl.cli.typed import read_line

        found = mistake(read_line(CALLED, self, argv))
        if found is not None:
            return found.told(lang)
        told = f"không hiểu dòng lệnh này; hãy xem cách ghi: {CALLED} --help"
        return told if lang == "vi" else english(told)


def _record(ctx: click.Context, item: click.Option) -> tuple[str, str]:
    """How an option is written, and what it is for."""
    names = ", ".join(item.opts)
    value = "" if item.is_flag else f" {_said(ctx, item.make_metavar(ctx))}"
    needed = f" ({_said(ctx, 'bắt buộc')})" if item.required else ""
    return names + value, _said(ctx, item.help or "") + needed


def _said(ctx: click.Context, text: str) -> str:
    return english(text) if lang_of(ctx) == "en" else text


_PUT_INTO = {"bash": "~/.bashrc", "zsh": "~/.zshrc", "fish": "~/.config/fish/completions/cchc-xl.fish"}


def completion(shell: str, command: str, lang: str) -> str:
    """A comment above the lines that make a shell complete the command: how to use them."""
    place = _PUT_INTO.get(shell, "$PROFILE")
    if command.startswith('"') and shell == "powershell":
        command = f"& {command}"
    line = f"{command} --completion {shell} >> {place}"
    if lang == "en":
        return f"# Tab completes cchc-xl once this stands in {place}: {line}"
    return f"# Để phím Tab tự điền lệnh cchc-xl, ghi đoạn này vào {place}: {line}"


def completing(source: str, shell: str, program: str = CALLED) -> str:
    """What ``click`` would make a shell do; where a batch file is the door, PowerShell knows it by that name too.

    >>> completing("-CommandName cchc-xl -ScriptBlock { & cchc-xl 2>$null }", "powershell", "C:/x/cchc-xl.bat")
    '-CommandName cchc-xl, cchc-xl.bat -ScriptBlock { & C:/x/cchc-xl.bat 2>$null }'
    """
    if shell != "powershell" or not program.strip('"').endswith(".bat"):
        return source
    named = source.replace(f"-CommandName {NAME} ", f"-CommandName {NAME}, {NAME}.bat ")
    return named.replace(f"& {NAME} ", f"& {program} ")
