"""The command line in Vietnamese: arguments come in, one call of the pipeline is made, an exit code goes out.

Exit codes: 0 done, 1 done with findings of severity ``error``, 2 could not run. Contract: design §5.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click


class Command(click.Command):
    """A command whose help is Vietnamese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The first line."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Cách dùng: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, and the commands of a group."""
        with formatter.section("Tùy chọn"):
            formatter.write_dl([record for item in self.get_params(ctx) if (record := item.get_help_record(ctx))])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``--help``."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Hiện hướng dẫn này rồi thoát."
        return option


class Group(Command, click.Group):
    """The group of all commands."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands as they were added: in the order of the work, not of the alphabet."""
        del ctx
        return list(self.commands)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, then the commands."""
        super().format_options(ctx, formatter)
        shown = [(name, self.commands[name].get_short_help_str(limit=200)) for name in self.list_commands(ctx)]
        with formatter.section("Lệnh"):
            formatter.write_dl(shown)


_F = TypeVar("_F", bound=Callable[..., Any])
_EPILOG = "Mã thoát: 0 xong; 1 xong nhưng có lỗi phải sửa trong số liệu; 2 không chạy được."


class Settings:
    """What ``--lang`` and ``--json`` ask for, wherever on the line they stand."""

    def __init__(self) -> None:
        self.lang = "vi"
        self.json = False


def _set(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def apply(context: click.Context, _: click.Parameter, value: Any) -> None:
        settings = context.ensure_object(Settings)
        if value:
            setattr(settings, name, value)

    return apply


def _common(command: _F) -> _F:
    lang = click.option(
        "--lang",
        type=click.Choice(("vi", "en")),
        expose_value=False,
        callback=_set("lang"),
        help="Ngôn ngữ: vi hoặc en.",
    )
    as_json = click.option(
        "--json", is_flag=True, expose_value=False, callback=_set("json"), help="Chỉ in một đối tượng JSON."
    )
    return lang(as_json(command))


@click.group(
    cls=Group,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
    options_metavar="[TÙY CHỌN]",
    subcommand_metavar="LỆNH [THAM SỐ]…",
)
@click.version_option(package_name="cchc-xl", help="Hiện phiên bản rồi thoát.")
@_common
def cli() -> None:
    """Tổng hợp, kiểm tra, chấm điểm CCHC từ các tệp Excel của đơn vị và lập báo cáo Word."""


def _command(function: _F) -> click.Command:
    return cli.command(epilog=_EPILOG, options_metavar="[TÙY CHỌN]")(_common(function))


_FOLDER = click.Path(path_type=Path)


@_command
@click.argument("folder", metavar="[DIR]", type=_FOLDER, default=Path("cchc-demo"))
def demo(folder: Path) -> None:
    """Chạy thử hai ví dụ trọn vẹn vào DIR (mặc định cchc-demo) và in ra các tệp nên mở."""
    from cchc_xl.cli.commands import demo as do

    _finish(lambda settings: do(settings, folder))


@_command
@click.argument("folder", metavar="DIR", type=_FOLDER)
def new(folder: Path) -> None:
    """Tạo plan.xlsx và các mẫu Word trong DIR để sửa."""
    from cchc_xl.cli.commands import new as do

    _finish(lambda settings: do(settings, folder))


@_command
@click.argument("plan_file", metavar="PLAN", type=_FOLDER)
def plan(plan_file: Path) -> None:
    """Kiểm tra tệp kế hoạch PLAN."""
    from cchc_xl.cli.commands import plan as do

    _finish(lambda settings: do(settings, plan_file))


_PERIOD = click.option("--period", metavar="KỲ", help="Mã kỳ báo cáo, ví dụ 2021-Q1.")


@_command
@click.argument("plan_file", metavar="PLAN", type=_FOLDER)
@_PERIOD
@click.option("--to", "to", metavar="DIR", type=_FOLDER, help="Thư mục nhận biểu mẫu.")
def issue(plan_file: Path, period: str | None, to: Path | None) -> None:
    """Lập biểu mẫu cho từng đơn vị."""
    from cchc_xl.cli.commands import issue as do

    _finish(lambda settings: do(settings, plan_file, _given(period, "--period"), Path(_given(to, "--to"))))


@_command
@click.argument("plan_file", metavar="PLAN", type=_FOLDER)
@click.argument("folder", metavar="FOLDER|FILE", type=_FOLDER)
@_PERIOD
@click.option("--feedback", metavar="DIR", type=_FOLDER, help="Ghi các bản phản hồi đã đánh dấu vào DIR.")
def check(plan_file: Path, folder: Path, period: str | None, feedback: Path | None) -> None:
    """Chỉ kiểm tra, không ghi kết quả."""
    from cchc_xl.cli.commands import check as do

    _finish(lambda settings: do(settings, plan_file, folder, _given(period, "--period"), feedback))


@_command
@click.argument("plan_file", metavar="PLAN", type=_FOLDER)
@click.argument("folder", metavar="FOLDER", type=_FOLDER)
@_PERIOD
@click.option("--out", metavar="OUT", type=_FOLDER, help="Thư mục kết quả; kết quả nằm ở OUT/<kỳ>/.")
@click.option("--template", metavar="T.docx", type=_FOLDER, help="Mẫu báo cáo Word khác mẫu có sẵn.")
@click.option("--previous", metavar="DIR", type=_FOLDER, help="Kết quả kỳ trước để so sánh.")
@click.option("--sources", is_flag=True, help="Thêm phụ lục “Nguồn số liệu” vào báo cáo Word.")
@click.option("--dry-run", is_flag=True, help="Chạy thử, không ghi gì.")
def run(
    plan_file: Path,
    folder: Path,
    period: str | None,
    out: Path | None,
    template: Path | None,
    previous: Path | None,
    *,
    sources: bool,
    dry_run: bool,
) -> None:
    """Chạy trọn: đọc, kiểm tra, tổng hợp, chấm điểm, lập bảng và báo cáo."""
    from cchc_xl.cli.commands import run as do

    def call(settings: Settings) -> int:
        target = Path(_given(out, "--out"))
        code = _given(period, "--period")
        return do(
            settings,
            plan_file,
            folder,
            code,
            target,
            template=template,
            previous=previous,
            dry_run=dry_run,
            with_sources=sources,
        )

    _finish(call)


@_command
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--template", metavar="T.docx", type=_FOLDER, help="Mẫu báo cáo Word khác mẫu đã dùng.")
@click.option("--sources", is_flag=True, help="Thêm phụ lục “Nguồn số liệu”.")
def report(folder: Path, template: Path | None, *, sources: bool) -> None:
    """Lập lại báo cáo Word từ một kết quả đã có."""
    from cchc_xl.cli.commands import report as do

    _finish(lambda settings: do(settings, folder, template, with_sources=sources))


@_command
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--template", metavar="T.docx", type=_FOLDER, help="Mẫu kế hoạch Word khác mẫu đã dùng.")
@click.option("--rank", metavar="HẠNG", type=click.IntRange(1), help="Thứ hạng của cơ quan trong năm vừa kết thúc.")
def draft_plan(folder: Path, template: Path | None, rank: int | None) -> None:
    """Dự thảo kế hoạch cải thiện của năm sau từ kết quả cả năm."""
    from cchc_xl.cli.commands import draft_plan as do

    _finish(lambda settings: do(settings, folder, template, rank))


@_command
@click.argument("template", metavar="T.docx", type=_FOLDER)
@click.option("--kind", type=click.Choice(("report", "reminder", "plan")), help="Loại mẫu; mặc định tự nhận ra.")
def lint_template(template: Path, kind: str | None) -> None:
    """Kiểm tra mẫu Word: thẻ sai, tên không có, lệnh không đóng, và điền thử."""
    from cchc_xl.cli.commands import lint_template as do

    _finish(lambda settings: do(settings, template, kind))


@_command
@click.argument("document", metavar="F.docx", type=_FOLDER)
def lint_document(document: Path) -> None:
    """Kiểm tra thể thức văn bản Word theo Nghị định 30/2020/NĐ-CP."""
    from cchc_xl.cli.commands import lint_document as do

    _finish(lambda settings: do(settings, document))


@_command
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.argument("code", metavar="[CODE]", required=False)
@click.option("--figure", metavar="SỐ", help="Một số trong báo cáo, ví dụ 74,12%: nơi ghi và nguồn của số đó.")
def explain(folder: Path, code: str | None, figure: str | None) -> None:
    """Vì sao tiêu chí CODE có điểm, hoặc --figure vì sao có số như vậy: quy tắc, số liệu, ô, tệp."""
    from cchc_xl.cli.commands import explain as do

    _finish(lambda settings: do(settings, folder, code, figure))


@_command
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--target", metavar="%", help="Chỉ số cần đạt; mặc định là mục tiêu trong kế hoạch.")
def advise(folder: Path, target: str | None) -> None:
    """Làm gì để tăng điểm: bước kế tiếp của từng tiêu chí và đường ngắn nhất tới mục tiêu."""
    from cchc_xl.cli.commands import advise as do

    _finish(lambda settings: do(settings, folder, target))


@_command
@click.argument("before", metavar="DIR_A", type=_FOLDER)
@click.argument("after", metavar="DIR_B", type=_FOLDER)
def compare(before: Path, after: Path) -> None:
    """So sánh hai kết quả: DIR_A trước, DIR_B sau."""
    from cchc_xl.cli.commands import compare as do

    _finish(lambda settings: do(settings, before, after))


@_command
@click.argument("folders", metavar="DIR…", type=_FOLDER, nargs=-1, required=True)
@click.option(
    "--exclude", multiple=True, metavar="TÊN", help="Cơ quan chấm điểm nhưng không xếp hạng (dùng nhiều lần)."
)
@click.option("--classes", metavar="“Tốt=90; Khá=80”", help="Xếp loại theo mức dưới của từng loại.")
def rank(folders: tuple[Path, ...], exclude: tuple[str, ...], classes: str | None) -> None:
    """Xếp hạng nhiều cơ quan từ kết quả của từng cơ quan."""
    from cchc_xl.cli.commands import rank as do

    _finish(lambda settings: do(settings, folders, exclude, classes or ""))


@_command
@click.argument("folder", metavar="DIR", type=_FOLDER)
def button(folder: Path) -> None:
    """Tạo tệp điều khiển có nút bấm trong Excel."""
    from cchc_xl.cli.commands import button as do

    _finish(lambda settings: do(settings, folder))


def _given(value: Any, option: str) -> Any:
    from cchc_xl.pipeline.line import CannotRunError

    if value is None:
        raise CannotRunError(f"Thiếu {option}: hãy ghi thêm, xem --help.")
    return value


def _finish(call: Callable[[Settings], int]) -> None:
    """Runs a command and leaves with its exit code; what prevents running is one sentence and exit code 2.

    So is a fault of ours, below its traceback: exit code 1 would say that the work is done.
    """
    from cchc_xl.cli.output import fail
    from cchc_xl.pipeline.line import CannotRunError

    context = click.get_current_context()
    settings = context.ensure_object(Settings)
    try:
        code = call(settings)
    except CannotRunError as error:
        fail(settings, str(error))
        code = 2
    except (click.ClickException, BrokenPipeError):
        raise
    except Exception as error:
        traceback.print_exc()
        fail(settings, f"Lỗi ngoài dự kiến ({type(error).__name__}): hãy gửi các dòng trên cho người phụ trách.")
        code = 2
    context.exit(code)


def main() -> None:
    """The entry point of ``cchc-xl``."""
    for stream in (sys.stdout, sys.stderr):
        # A Vietnamese Windows console may use cp1258, which cannot print precomposed letters.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    cli(prog_name="cchc-xl")
