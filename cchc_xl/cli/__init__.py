"""The command line in Vietnamese: arguments come in, one job is done and its reply printed, an exit code goes out.

Exit codes: 0 done, 1 done with findings of severity ``error``, 2 could not run. Contract: design §5.
"""

from __future__ import annotations

import functools
import gc
import sys
import traceback
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

import cchc_xl
from cchc_xl.cli import shape
from cchc_xl.cli.shape import ARGV, CALLED, Group

if TYPE_CHECKING:
    from cchc_xl.cli.output import Replies, Reply


_F = TypeVar("_F", bound=Callable[..., Any])
_EPILOG = "Mã thoát: 0 xong; 1 xong nhưng có lỗi phải sửa trong số liệu; 2 không chạy được."


def _common(command: _F) -> _F:
    """The options that may stand anywhere on the line: what they say is kept in the context."""

    def keep(context: click.Context, option: click.Parameter, value: object) -> None:
        if value:
            context.ensure_object(dict)[option.name] = value

    lang = click.option(
        "--lang", type=click.Choice(("vi", "en")), expose_value=False, callback=keep, help="Ngôn ngữ: vi hoặc en."
    )
    as_json = click.option("--json", is_flag=True, expose_value=False, callback=keep, help="Chỉ in một đối tượng JSON.")
    return lang(as_json(command))


def _complete(context: click.Context, _: click.Parameter, shell: str | None) -> None:
    """Prints what makes this shell complete commands and options, after a comment that says where to put it."""
    if shell is None:
        return
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"click has no completion for {shell}")
    click.echo(shape.completion(shell, CALLED, shape.lang_of(context)))
    click.echo(shape.completing(found(cli, {}, shape.NAME, "_CCHC_XL_COMPLETE").source(), shell))
    context.exit()


@click.group(
    cls=Group,
    no_args_is_help=False,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
    options_metavar="[TÙY CHỌN]",
    subcommand_metavar="LỆNH [THAM SỐ]…",
)
@click.version_option(
    cchc_xl.__version__, prog_name="cchc-xl", message="%(prog)s %(version)s", help="Hiện phiên bản rồi thoát."
)
@click.option(
    "--completion",
    type=click.Choice(("bash", "zsh", "fish", "powershell")),
    expose_value=False,
    is_eager=True,
    callback=_complete,
    help="In đoạn lệnh để phím Tab tự điền lệnh và tùy chọn, kèm cách dùng.",
)
@_common
def cli() -> None:
    """Tổng hợp, kiểm tra, chấm điểm chỉ số từ các tệp Excel của đơn vị và lập báo cáo Word."""


def _command(function: Callable[..., Reply]) -> click.Command:
    """The command called like this function: it prints the reply and leaves with its exit code.

    What prevents running is one sentence and exit code 2. So is a fault of ours, below its traceback: exit code 1 would
    say that the work is done.
    """

    @functools.wraps(function)
    def call(**given: Any) -> None:
        from cchc_xl.cli.mistakes import afterwards, misplaced
        from cchc_xl.cli.output import Replies, echo
        from cchc_xl.cli.typed import read_line

        context = click.get_current_context()
        settings = context.ensure_object(dict)
        replies = Replies(settings.get("lang", "vi"), as_json="json" in settings)
        typed = read_line(CALLED, cli, settings.get(ARGV, ()))
        try:
            _only_here(given.values())
            wrong = misplaced(typed)
            reply = function(replies, **given) if wrong is None else replies.failed(wrong.told(replies.lang))
        except cchc_xl.CannotRunError as error:
            wrong = afterwards(typed)
            reply = replies.failed(str(error) if wrong is None else wrong.told(replies.lang))
        except (click.ClickException, BrokenPipeError):
            raise
        except Exception as error:
            for line in traceback.format_exc().splitlines():
                echo(line, err=True)
            told = f"Lỗi ngoài dự kiến ({type(error).__name__}): hãy gửi các dòng trên cho người phụ trách."
            reply = replies.failed(told)
        reply.say(as_json=replies.as_json, lang=replies.lang)
        context.exit(reply.code)

    return cli.command(epilog=_EPILOG, options_metavar="[TÙY CHỌN]")(_common(call))


def _only_here(values: Iterable[object]) -> None:
    """Refuses the address of a share where it is of no use: where it is of use it has not become a path."""
    paths = [one for value in values for one in (value if isinstance(value, tuple) else (value,))]
    if any(isinstance(one, Path) and one.parts[:1] and one.parts[0].casefold() == "smb:" for one in paths):
        from cchc_xl.pipeline.addresses import here

        here(*(one for one in paths if isinstance(one, Path)))


def _number(text: str, option: str) -> Decimal:
    from cchc_xl.records import Kind
    from cchc_xl.text.numbers import read_text

    value = read_text(text, Kind.PERCENT).value
    if value is None:
        raise cchc_xl.CannotRunError(f"“{text.strip()}” ở {option} không phải là số: hãy viết dạng 80 hoặc 82,5.")
    return value


def _path(option: str, metavar: str, told: str, *, required: bool = False) -> Callable[[_F], _F]:
    return click.option(option, metavar=metavar, type=_PATH, required=required, help=told)


class _Shared(click.Path):
    """A folder of units' files: a path, or the address of a share, which stays as it is."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, str) and value.casefold().startswith("smb:"):
            return value
        return super().convert(value, param, ctx)


_PATH = click.Path(path_type=Path)
_SHARED = _Shared(path_type=Path)
_DIR = click.argument("folder", metavar="DIR", type=_PATH)
_PLAN = click.argument("plan_file", metavar="PLAN", type=_PATH)
_CLASSES = click.option(
    "--classes", metavar="“Tốt=90; Khá=80”", default="", help="Xếp loại theo mức dưới của từng loại."
)
_PERIOD = click.option(
    "--period", metavar="KỲ", required=True, help="Kỳ báo cáo: mã, ví dụ 2021-Q1, hoặc tên, ví dụ “Quý I năm 2021”."
)


def _manner(function: _F) -> _F:
    """The options about who reads the files, and whether what was read before serves again."""
    function = click.option(
        "--no-cache", "cache", is_flag=True, default=True, flag_value=False, help="Đọc lại cả những tệp không đổi."
    )(function)
    function = click.option(
        "--engine", metavar="ĐỊA CHỈ", default="", help="Nhờ cụm Dask đọc, ví dụ tcp://10.0.0.5:8786."
    )(function)
    return click.option(
        "--jobs",
        metavar="SỐ",
        type=click.IntRange(1, 61),  # MOST_JOBS of pipeline.workers, which is not loaded for --help
        default=1,
        help="Số tiến trình cùng đọc (mặc định 1).",
    )(function)


_WHOLE = click.option("--day-du", "whole", is_flag=True, help="In câu trả lời đầy đủ.")


@_command
@click.argument("folder", metavar="[DIR]", type=_PATH, default=Path("cchc-demo"))
def demo(replies: Replies, folder: Path) -> Reply:
    """Chạy thử hai ví dụ trọn vẹn vào DIR (mặc định cchc-demo) và in ra các tệp nên mở."""
    return replies.demo(cchc_xl.demo(folder, lang=replies.lang), CALLED)


@_command
@_DIR
@click.option("--blank", is_flag=True, help="Tệp kế hoạch có danh mục trống, đánh dấu các ô cần điền.")
def new(replies: Replies, folder: Path, *, blank: bool) -> Reply:
    """Tạo ke-hoach.xlsx và các mẫu Word trong DIR để sửa."""
    from cchc_xl.text.file_names import quoted

    files = cchc_xl.new(folder, blank=blank)
    told = f"Sửa {files[0].name} trong Excel rồi kiểm tra: cchc-xl plan {quoted(str(files[0]))}"
    return replies.files(files, told)


@_command
@_PLAN
def plan(replies: Replies, plan_file: Path) -> Reply:
    """Kiểm tra tệp kế hoạch PLAN."""
    from cchc_xl.pipeline import open_plan

    return replies.plan(open_plan(plan_file))


@_command
@_PLAN
@_PERIOD
@_path("--to", "DIR", "Thư mục nhận biểu mẫu.", required=True)
def issue(replies: Replies, plan_file: Path, period: str, to: Path) -> Reply:
    """Lập biểu mẫu cho từng đơn vị và công văn gửi kèm."""
    return replies.forms(cchc_xl.issue(plan_file, to, period=period), to)


@_command
@_PLAN
@click.argument("folder", metavar="FOLDER|FILE", type=_SHARED)
@_PERIOD
@_path("--feedback", "DIR", "Ghi các bản phản hồi đã đánh dấu vào DIR.")
@_path("--previous", "DIR", "Kết quả kỳ trước, cùng kỳ năm trước để so sánh.")
@_manner
@_WHOLE
def check(replies: Replies, plan_file: Path, folder: str | Path, period: str, *, whole: bool, **options: Any) -> Reply:
    """Chỉ kiểm tra, không ghi kết quả."""
    with replies.progress() as shown:
        done = cchc_xl.check(plan_file, folder, period=period, progress=shown, lang=replies.lang, **options)
    return replies.checked(done.result, done.copies, whole=whole)


@_command
@_PLAN
@click.argument("folder", metavar="FOLDER", type=_SHARED)
@_PERIOD
@_path("--out", "OUT", "Thư mục kết quả; kết quả nằm ở OUT/<kỳ>/.", required=True)
@_path("--template", "T.docx", "Mẫu báo cáo Word khác mẫu có sẵn.")
@_path("--previous", "DIR", "Kết quả kỳ trước để so sánh.")
@click.option(
    "--sources",
    "with_sources",
    is_flag=True,
    help="Chỉ cho mẫu riêng có phụ lục “Nguồn số liệu”.",
)
@click.option(
    "--letters",
    type=click.Choice(("one", "each", "none")),
    help="Công văn đôn đốc: một công văn chung (one), từng đơn vị (each), không lập (none); mặc định one khi đã hết "
    "hạn và đã có đơn vị gửi.",
)
@click.option("--dry-run", is_flag=True, help="Chạy thử, không ghi gì.")
@_CLASSES
@_manner
@_WHOLE
def run(
    replies: Replies,
    plan_file: Path,
    folder: str | Path,
    period: str,
    out: Path,
    classes: str,
    *,
    whole: bool,
    **options: Any,
) -> Reply:
    """Chạy trọn: đọc, kiểm tra, tổng hợp, chấm điểm, lập bảng và báo cáo; nhiều cơ quan thì xếp hạng."""
    more = {**options, "classes": _limits(classes), "lang": replies.lang}
    with replies.progress() as shown:
        done = cchc_xl.run(plan_file, folder, period=period, out=out, progress=shown, **more)
    return replies.finished(done, whole=whole)


@_command
@_DIR
@_path("--template", "T.docx", "Mẫu báo cáo Word khác mẫu đã dùng.")
@click.option("--sources", is_flag=True, help="Chỉ cho mẫu riêng có phụ lục “Nguồn số liệu”.")
def report(replies: Replies, folder: Path, template: Path | None, *, sources: bool) -> Reply:
    """Lập lại báo cáo Word từ một kết quả đã có."""
    from cchc_xl.pipeline.quarter import report_again

    path, kept = report_again(folder, template, with_sources=sources)
    return replies.file(path, "Đã lập lại báo cáo", *filter(None, (kept,)))


@_command
@_DIR
@_path("--template", "T.docx", "Mẫu kế hoạch Word khác mẫu đã dùng.")
@click.option("--rank", metavar="HẠNG", type=click.IntRange(1), help="Thứ hạng của cơ quan trong năm vừa kết thúc.")
def draft_plan(replies: Replies, folder: Path, template: Path | None, rank: int | None) -> Reply:
    """Dự thảo kế hoạch cải thiện của năm sau từ kết quả cả năm."""
    path = cchc_xl.draft_plan(folder, template, rank)
    unranked = "Chưa có thứ hạng của năm: thêm --rank để dự thảo nêu thứ hạng, hoặc ghi tay."
    return replies.file(path, "Đã lập dự thảo kế hoạch", *((unranked,) if rank is None else ()))


@_command
@_DIR
@_path("--to", "NEW", "Tệp .xlsx hoặc thư mục nhận kế hoạch năm sau.", required=True)
@click.option("--rank", metavar="HẠNG", type=click.IntRange(1), help="Thứ hạng của cơ quan trong năm vừa kết thúc.")
def next_year(replies: Replies, folder: Path, to: Path, rank: int | None) -> Reply:
    """Lập tệp kế hoạch năm sau: năm, kỳ báo cáo, điểm, chỉ số, thứ hạng năm trước đã điền."""
    return replies.next_plan(*cchc_xl.next_year(folder, to, rank))


@_command
@click.argument("template", metavar="T.docx", type=_PATH)
@click.option(
    "--kind",
    type=click.Choice(("report", "reminder", "plan", "covering", "assignment")),
    help="Loại mẫu; mặc định tự nhận ra.",
)
def lint_template(replies: Replies, template: Path, kind: str | None) -> Reply:
    """Kiểm tra mẫu Word: thẻ sai, tên không có, lệnh không đóng, và điền thử."""
    sound = f"{template.name}: không có lỗi; đã điền thử được bằng số liệu mẫu."
    return replies.looked(cchc_xl.lint_template(template, kind), sound)


@_command
@click.argument("document", metavar="F.docx", type=_PATH)
@_path("--sua", "OUT.docx", "Ghi bản đã sửa phần trình bày vào OUT.docx; không sửa chữ nào, tệp gốc giữ nguyên.")
def lint_document(replies: Replies, document: Path, sua: Path | None) -> Reply:
    """Kiểm tra thể thức văn bản Word theo Nghị định 30/2020/NĐ-CP; --sua ghi bản đã sửa."""
    from cchc_xl.pipeline.jobs import look_at_document

    if sua is not None:
        return replies.mended(document, cchc_xl.mend_document(document, sua))
    looked = look_at_document(document)
    found = looked.findings
    sound = "đúng thể thức các nội dung kiểm tra được; người ký vẫn xem lại số, ngày, chỗ còn trống."
    if any(item.code == "N303" for item in found):
        sound = "không xét thể thức, lý do ở dưới."
    elif any(item.severity == "warning" for item in found):
        sound = "không có lỗi thể thức; xử lý các cảnh báo dưới đây trước khi ký."
    return replies.document(looked, f"{document.name}: {sound}")


@_command
@_DIR
@click.argument("code", metavar="[CODE]", required=False)
@click.option("--figure", metavar="SỐ", help="Một số trong báo cáo, ví dụ 74,12%: nơi ghi và nguồn của số đó.")
@_WHOLE
def explain(replies: Replies, folder: Path, code: str | None, figure: str | None, *, whole: bool) -> Reply:
    """Vì sao tiêu chí CODE có điểm, hoặc --figure vì sao có số như vậy: quy tắc, số liệu, ô, tệp."""
    if code is None and figure is not None:
        return replies.answer(cchc_xl.explain_figure(folder, figure, whole=whole))
    if code is not None and figure is None:
        return replies.answer(cchc_xl.explain(folder, code))
    raise cchc_xl.CannotRunError("Hãy ghi hoặc mã tiêu chí, hoặc --figure và một số trong báo cáo, không ghi cả hai.")


@_command
@_DIR
@click.option("--target", metavar="%", help="Chỉ số cần đạt; mặc định là mục tiêu trong kế hoạch.")
@_WHOLE
def advise(replies: Replies, folder: Path, target: str | None, *, whole: bool) -> Reply:
    """Làm gì để tăng điểm: đường tới mục tiêu, và với --day-du bước kế tiếp của từng tiêu chí."""
    wanted = None if target is None else _number(target, "--target")
    return replies.answer(cchc_xl.advise(folder, wanted, whole=whole))


@_command
@click.argument("before", metavar="DIR_A", type=_PATH)
@click.argument("after", metavar="DIR_B", type=_PATH)
@_WHOLE
def compare(replies: Replies, before: Path, after: Path, *, whole: bool) -> Reply:
    """So sánh hai kết quả: DIR_A trước, DIR_B sau."""
    return replies.answer(cchc_xl.compare(before, after, whole=whole))


@_command
@click.argument("folders", metavar="DIR…", type=_PATH, nargs=-1, required=True)
@click.option(
    "--exclude", multiple=True, metavar="TÊN", help="Cơ quan chấm điểm nhưng không xếp hạng (dùng nhiều lần)."
)
@_CLASSES
@_path("--out", "DIR", "Ghi bảng xếp hạng xep-hang.xlsx và dự thảo quyết định xep-hang.docx vào DIR.")
def rank(
    replies: Replies, folders: tuple[Path, ...], exclude: tuple[str, ...], classes: str, out: Path | None
) -> Reply:
    """Xếp hạng nhiều cơ quan từ kết quả của từng cơ quan."""
    return replies.answer(cchc_xl.rank(folders, exclude=exclude, classes=_limits(classes), out=out))


def _limits(classes: str) -> list[tuple[str, Decimal]]:
    limits = []
    for piece in filter(None, (part.strip() for part in classes.split(";"))):
        name, equals, limit = piece.partition("=")
        if not equals or not name.strip():
            raise cchc_xl.CannotRunError(f"Không hiểu --classes “{piece}”: hãy viết dạng “Tốt=90; Khá=80”.")
        limits.append((name.strip(), _number(limit, "--classes")))
    return limits


@_command
@_DIR
@click.argument("shared", metavar="FOLDER", type=_SHARED)
@_path("--previous", "DIR", "Kết quả kỳ trước mà lần chạy đó đã so sánh.")
def verify(replies: Replies, folder: Path, shared: str | Path, previous: Path | None) -> Reply:
    """Kiểm chứng: kết quả DIR có đúng là từ các tệp trong FOLDER không."""
    return replies.verified(cchc_xl.verify(folder, shared, previous=previous))


@_command
@_DIR
def button(replies: Replies, folder: Path) -> Reply:
    """Tạo sổ điều khiển Excel làm mọi việc bằng nút bấm, và các tệp .bat làm như thế."""
    from cchc_xl.extras.control_workbook import account_warnings, write_control_workbook
    from cchc_xl.text.system_error import reason

    try:
        return replies.files(write_control_workbook(folder), *account_warnings())
    except OSError as error:
        told = reason(error)
        raise cchc_xl.CannotRunError(
            told if error.errno is None else f"Không ghi được vào {folder} ({told}): hãy chọn thư mục khác."
        ) from error


@_command
@click.argument("folder", metavar="[FOLDER]", type=_PATH, default=Path())
def doctor(replies: Replies, folder: Path) -> Reply:
    """Xem máy này và FOLDER (mặc định thư mục đang đứng) có chạy được không, chỗ nào cần làm gì."""
    from cchc_xl.extras import doctor as machine

    return replies.looked_over(machine.doctor(folder))


@_command
@_PLAN
@click.argument("folder", metavar="FOLDER", type=_SHARED)
@_PERIOD
@click.option("--every", metavar="GIÂY", type=click.FloatRange(1), default=30, help="Xem lại sau số giây này (30).")
@click.option("--once", is_flag=True, help="Xem một lần rồi thôi.")
def watch(replies: Replies, plan_file: Path, folder: str | Path, period: str, every: float, *, once: bool) -> Reply:
    """Theo dõi FOLDER: đơn vị nào vừa gửi, tệp sạch hay phải sửa gì; dừng bằng Ctrl+C."""
    return replies.watched(cchc_xl.watch(plan_file, folder, period=period), every, once=once)


@_command
def huong_dan(replies: Replies) -> Reply:
    """Mở sổ tay hướng dẫn (tệp Word)."""
    path = cchc_xl.handbook()
    if sys.stdout.isatty() and not replies.as_json:
        click.launch(str(path))
    return replies.file(path, "Sổ tay hướng dẫn")


def main() -> None:
    """The entry point of ``cchc-xl``."""
    # A run makes a hundred thousand records that stay: looking for garbage among them took a third of the time.
    gc.set_threshold(100_000, 50, 50)
    for stream in (sys.stdout, sys.stderr):
        # A Vietnamese Windows console may use cp1258, which cannot print precomposed letters.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    cli(prog_name="cchc-xl")
