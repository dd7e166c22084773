"""What the command line prints: what a job returned comes in, a :class:`Reply` goes out."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cchc_xl.cli.english import english, in_english
from cchc_xl.cli.finding_lines import SEVERITY_WORDS, finding_lines, remedy, said, told_lines
from cchc_xl.cli.shape import as_called
from cchc_xl.cli.terminal import ProgressLine, coloured
from cchc_xl.records import Finding, Plan
from cchc_xl.result import Result
from cchc_xl.result.contents import Contents
from cchc_xl.result.objects import as_lines, to_object, to_objects, to_written
from cchc_xl.result.result_file import finding_group, told_finding
from cchc_xl.result.view import View
from cchc_xl.text.catalogue import SEVERITY_ORDER, grouped, place, title, worst_first
from cchc_xl.text.file_names import quoted
from cchc_xl.text.numbers import percent_vi
from cchc_xl.text.system_error import in_english as system_in_english
from cchc_xl.text.words import ROLL, one_line

if TYPE_CHECKING:
    from cchc_xl.extras.doctor import Check
    from cchc_xl.office.word.decree.pieces import Cause
    from cchc_xl.papers.next_year import NextPlan
    from cchc_xl.pipeline import Answer, Issued
    from cchc_xl.pipeline.differences import Difference
    from cchc_xl.pipeline.jobs import DocumentLook
    from cchc_xl.pipeline.watch import Event, Watch

_AT_ONCE, _LONG_LINE = 100, 10_000  # lines of JSON that are printed together; letters of one that is not
_SHOWN_PER_CODE, _CODES = 6, 3
_SHOWN_OF_A_FILE = 3  # errors of one file that was just filed
_MENDS = {
    "vi": "Phần trình bày tự sửa được: thêm --sua OUT.docx để ghi bản đã sửa.",
    "en": "What is a matter of looks can be mended: add --sua OUT.docx.",
}
_DECREE = "Phụ lục I Nghị định 30/2020/NĐ-CP"
# How a remedy names its source, which is told once where many remedies are.
_OF_DECREE = {"vi": f", theo {_DECREE}", "en": ", as Appendix I of Decree 30/2020/NĐ-CP says"}
_NAMED = 12  # units by name, after which they are counted


# json.dumps escapes the control characters below the blank only; some terminals obey those above 126 as well.
_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def echo(line: str, *, err: bool = False) -> None:
    """Prints one line: whatever people's names and texts hold, nothing of it commands the terminal or breaks the line.

    Everything that the command line says goes through here, or as JSON through :meth:`Reply.say`.
    """
    click.echo(coloured(as_called(one_line(line)), sys.stderr if err else sys.stdout), err=err)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a command says: ``lines``, or with ``--json`` the object ``told``; ``fault`` is why it could not run.

    The lines hold the names of the plan and of people of ``about``.
    """

    lines: Iterable[str]
    told: Mapping[str, object]
    code: int = 0
    fault: str = ""
    about: tuple[Contents, ...] = ()

    def say(self, *, as_json: bool, lang: str = "vi") -> None:
        """Prints it, line by line as they come."""
        if as_json:
            for part in _together(as_lines(self.told)):
                click.echo(_UNSAFE_IN_JSON.sub(_escaped, part))
        else:
            for line in in_english(self.lines, names_of(self.about)) if lang == "en" else self.lines:
                echo(line)
        if self.fault:
            echo(self.fault, err=True)


@dataclass(frozen=True, slots=True)
class Replies:
    """The reply to each command, in one language."""

    lang: str
    as_json: bool = False

    def progress(self) -> ProgressLine:
        """What shows how far a job is, where somebody looks."""
        return ProgressLine(self.lang, silent=self.as_json)

    def failed(self, sentence: str) -> Reply:
        """Why the command could not run."""
        said = as_called(sentence if self.lang == "vi" else english(sentence))
        fault = f"Không chạy được: {said}" if self.lang == "vi" else f"Could not run: {said}"
        return Reply((), {"error": said, "findings": []}, 2, fault)

    def looked_over(self, answer: Answer[tuple[Check, ...]]) -> Reply:
        """What was found on this machine: exit code 1 if something has to be mended."""
        from cchc_xl.extras import doctor

        told = doctor.lines(answer.value, self.lang)
        return Reply(told, answer.told, int(any(item.state == "bad" for item in answer.value)))

    def watched(self, watch: Watch, every: float, *, once: bool) -> Reply:
        """What happens in a folder, as it happens; once, and for JSON, what stands there now."""
        if once or self.as_json:
            events = tuple(watch.look(patient=False))
            findings = tuple(one for item in events for one in item.findings)
            told = {
                "events": [_event_object(item, self.lang) for item in events],
                "filed": list(watch.filed),
                "missing": list(watch.missing),
                "findings": to_objects(told_finding(item, self.lang) for item in worst_first(findings)),
            }
            lost = any(item.kind == "lost" for item in events)
            heard = (*(self._event(item) for item in events), self._who(watch))
            return Reply(heard, told, int(lost) or _exit_code(findings))
        return Reply(self._watching(watch, every), {})

    def _watching(self, watch: Watch, every: float) -> Iterator[str]:
        vi = f"Đang theo dõi {watch.folder}, {every:g} giây xem lại một lần; dừng bằng Ctrl+C."
        en = f"Watching {watch.folder}, looking again every {every:g} seconds; stop with Ctrl+C."
        try:
            yield vi if self.lang == "vi" else en
            for event in watch.events(every):
                yield self._event(event)
        except KeyboardInterrupt:
            yield f"{'Đã dừng theo dõi.' if self.lang == 'vi' else 'Stopped watching.'} {self._who(watch)}"

    def _who(self, watch: Watch) -> str:
        filed, missing = len(watch.filed), "; ".join(watch.missing)
        if self.lang == "en":
            return f"{filed}/{len(watch.units)} units have filed{f'; not yet: {missing}' if missing else ''}."
        return f"Đã gửi {filed}/{len(watch.units)} đơn vị{f'; chưa gửi: {missing}' if missing else ''}."

    def _event(self, item: Event) -> str:
        """One event in one line: when, who, which file, and whether it is clean or what is to be mended first."""
        at = 0 if self.lang == "vi" else 1
        who = "; ".join(item.units) or ("Không rõ đơn vị", "Unknown unit")[at]
        said = {
            "filed": (f"{who} vừa gửi {item.file}", f"{who} has filed {item.file}"),
            "again": (f"{who} gửi lại {item.file}", f"{who} has filed again: {item.file}"),
            "other": (f"{item.file}: không tính là báo cáo", f"{item.file}: not counted as a report"),
            "gone": (f"{item.file} không còn trong thư mục", f"{item.file} is gone"),
            "waits": (f"{item.file} đang mở hoặc đang ghi, chờ xong sẽ xem", f"{item.file} is being written, waiting"),
            "lost": (
                f"Mất liên lạc với thư mục ({item.why}), vẫn chờ",
                f"The folder is lost ({system_in_english(item.why)}), still waiting",
            ),
            "back": ("Đã thấy lại thư mục", "The folder is back"),
        }[item.kind][at]
        if item.late:
            said += (" (trễ hạn)", " (late)")[at]
        return f"{item.at:%H:%M}  {said}{self._state(item)}."

    def _state(self, item: Event) -> str:
        """Whether what was filed is clean, else the first things to mend."""
        if item.kind not in ("filed", "again") and not item.findings:
            return f": {item.why}" if item.kind == "other" and item.why and self.lang == "vi" else ""
        errors = [one for one in item.findings if one.severity == "error"]
        if not errors:
            if item.kind not in ("filed", "again"):
                return ""
            return ": sạch" if self.lang == "vi" else ": clean"
        told = [f"{place(one)}: {said(one, self.lang).rstrip('.')}" for one in errors[:_SHOWN_OF_A_FILE]]
        rest = len(errors) - len(told)
        more = "" if not rest else f"; và {rest} chỗ nữa" if self.lang == "vi" else f"; and {rest} more"
        head = f"phải sửa {len(errors)} chỗ" if self.lang == "vi" else f"{len(errors)} to mend"
        return f": {head}: {'; '.join(told)}{more}"

    def demo(self, results: Sequence[Result], command: str) -> Reply:
        """The results of the examples, what to open and what to try next."""
        first = quoted(results[0].folder or "")
        lines = (
            *(line for item in results for line in (_headline(View(item.contents)), *_to_open(item), "")),
            "Thử tiếp:",
            f"  {command} explain {first} 1.6   (vì sao tiêu chí 1.6 có điểm như vậy)",
            f"  {command} advise {first}   (làm gì để tới 80%)",
            f"  {command} new ke-hoach-cua-toi   (tạo kế hoạch của cơ quan mình)",
        )
        told = [
            {"period": item.contents.period, "folder": item.folder, "index": to_object(item.contents.index)}
            for item in results
        ]
        findings = to_objects(finding for item in results for finding in item.contents.findings)
        about = tuple(item.contents for item in results)
        return Reply(lines, {"results": told, "findings": findings}, about=about)

    def plan(self, plan: Plan) -> Reply:
        """How much is in a plan, and what is wrong with it."""
        head = (
            f"{plan.file}: {len(plan.units)} đơn vị, {len(plan.periods)} kỳ, {len(plan.appendix)} dòng phụ lục, "
            f"{len(plan.criteria)} dòng bộ chỉ số, {len(plan.measures)} số liệu, {len(plan.constraints)} ràng buộc."
        )
        end = () if _exit_code(plan.findings) else ("", "Kế hoạch dùng được.")
        return self._found(plan.findings, head, end=end, plan={"file": plan.file, "sha256": plan.sha256})

    def forms(self, issued: Issued, folder: Path) -> Reply:
        """The forms written into the folder, and what was found."""
        head = f"Đã lập {len(issued.files)} biểu mẫu trong {folder}:"
        names = [f"  {path.name}" for path in issued.files]
        if issued.agencies:
            each = zip(issued.agencies, issued.files, strict=True)
            names = [f"  {agency}: {path.relative_to(folder).as_posix()}" for agency, path in each]
        if issued.letters:
            names += ["Công văn gửi kèm:", *(f"  {path.name}" for path in issued.letters)]
        names += filter(None, (issued.notice,))
        files, letters = ([str(path) for path in paths] for paths in (issued.files, issued.letters))
        return self._found(issued.findings, head, *names, files=files, letters=letters)

    def looked(self, findings: tuple[Finding, ...], sound: str) -> Reply:
        """What is wrong with a Word file, or that it is ``sound``."""
        return self._found(findings, *(() if _exit_code(findings) else (sound,)))

    def document(self, looked: DocumentLook, sound: str) -> Reply:
        """What is wrong with a document, by its causes, or that it is ``sound``; the source of the rules once."""
        code = _exit_code(looked.findings)
        lines = (*(() if code else (sound,)), *self._by_severity(looked), *self._source(looked))
        if looked.can_be_mended:
            lines = (*lines, _MENDS[self.lang])
        return Reply(lines, self._found(looked.findings).told, code)

    def mended(self, document: Path, looked: DocumentLook) -> Reply:
        """What was mended in a copy of a document, counted by kind, and what is left to a person and why."""
        vi = self.lang == "vi"
        if looked.mended:
            count = sum(many for _, many in looked.mended)
            head = f"Đã sửa {count} chỗ của {document.name}, ghi vào {looked.file}; không sửa chữ nào."
            head = head if vi else f"Mended {count} places of {document.name} in {looked.file}; no word was changed."
        else:
            head = f"Không có chỗ nào tự sửa được; {looked.file} giống hệt {document.name}."
            head = head if vi else f"Nothing could be mended; {looked.file} equals {document.name}."
        done = (f"  {code}  {title(code, self.lang)}: {many}" for code, many in looked.mended)
        rest = [
            line for why, own in looked.left(self.lang).items() for line in (f"  {why}:", *self._causes(looked, own))
        ]
        ahead = ("", "CÒN LẠI CHO NGƯỜI SOẠN" if vi else "LEFT TO A PERSON") if rest else ()
        end = "Không còn lỗi thể thức nào kiểm tra được." if vi else "No departure is left that can be checked."
        told = {
            "file": str(looked.file),
            "mended": [{"code": code, "title": title(code, self.lang), "count": many} for code, many in looked.mended],
            **self._found(looked.findings).told,
        }
        lines = (head, *done, *ahead, *rest, *(() if rest else (end,)), *self._source(looked))
        return Reply(lines, told, _exit_code(looked.findings))

    def _by_severity(self, looked: DocumentLook) -> Iterator[str]:
        severities = {item.code: item.severity for item in looked.findings}
        for severity in SEVERITY_ORDER:
            own = [cause for cause in looked.causes if severities[cause.codes[0]] == severity]
            if own:
                yield from ("", f"{SEVERITY_WORDS[self.lang][severity]}: {len(own)}", *self._causes(looked, own))

    def _causes(self, looked: DocumentLook, causes: Sequence[Cause]) -> Iterator[str]:
        """Each cause in a line with its first places; the remedy of a kind behind the last of its causes."""
        remedies = {item.code: remedy(item, self.lang) for item in looked.findings}
        last: dict[tuple[str, ...], Cause] = {cause.codes: cause for cause in causes if len(cause.codes) == 1}
        for cause in causes:
            named = ", ".join(cause.codes[:_CODES]) + (" …" if len(cause.codes) > _CODES else "")
            yield f"    {named}  {self._cause(cause)}"
            if last.get(cause.codes) is cause:
                yield f"        → {remedies[cause.codes[0]].replace(_OF_DECREE[self.lang], '')}"

    def _cause(self, cause: Cause) -> str:
        """As "25 đoạn cỡ chữ 12 (quy định 13–14): đoạn 3, 4, 5 …"."""
        vi, many = self.lang == "vi", len(cause.places)
        rows: dict[str, list[str]] = {}
        for at in cause.places[:_SHOWN_PER_CODE]:
            rows.setdefault(at.sheet, []).append(str(at.row) if at.row else "")
        word = "đoạn" if vi else "paragraph"
        named = [f"{sheet}, {word} {', '.join(own)}" for sheet, own in rows.items() if sheet]
        where = "; ".join(named).replace("thân văn bản, ", "") + (" …" if many > _SHOWN_PER_CODE else "")
        name = title(cause.codes[0], self.lang) if len(cause.codes) == 1 else ""
        counted = f"{many} {'đoạn' if vi else 'paragraphs'}" if many > 1 else ""
        what = " ".join(filter(None, (counted, cause.found)))
        quote = f" {cause.line}" if many == 1 and cause.line else ""
        return ": ".join(filter(None, (name, what, where))) + quote

    def _source(self, looked: DocumentLook) -> tuple[str, ...]:
        if not any(_OF_DECREE[self.lang] in remedy(item, self.lang) for item in looked.findings):
            return ()
        return (
            "",
            f"Quy định: {_DECREE}." if self.lang == "vi" else "Source of the rules: Appendix I, Decree 30/2020/NĐ-CP.",
        )

    def checked(self, result: Result, copies: Sequence[Path] = (), *, whole: bool = False) -> Reply:
        """The index, who filed and the findings, of many agencies the places; as an object that of ``result.json``.

        Every error and warning has a line of its own that begins with its code; ``whole`` adds the notes and all names.
        Last the marked copies that were written, if any were.
        """
        if result.contents.agencies:
            return self._many(result, whole=whole)
        view = View(result.contents)
        filed = {
            status: [view.unit(row.unit) for row in view.contents.rollcall if row.status == status] for status in ROLL
        }
        most = None if whole else _NAMED
        roll = (f"  {ROLL[status]} {len(who)}: {_some(who, most)}" for status, who in filed.items() if who)
        first = (result.first,) if result.first else ()
        lines = (
            *first,
            _headline(view),
            *_standing(view),
            *roll,
            *finding_lines(result.findings, self.lang, notes=whole),
            *(("", f"Đã ghi {len(copies)} bản phản hồi:", *(f"  {path}" for path in copies)) if copies else ()),
        )
        return Reply(lines, to_written(result.contents), _exit_code(result.findings), about=(result.contents,))

    def finished(self, result: Result, *, whole: bool = False) -> Reply:
        """The same of a run, and the files to open, or that none were written."""
        reply = self.checked(result, whole=whole)
        end = _to_open(result) if result.folder else ("Chạy thử: không ghi gì.",)
        told = {**reply.told, "folder": result.folder}
        return Reply((*reply.lines, "", *end), told, reply.code, about=reply.about)

    def _many(self, result: Result, *, whole: bool) -> Reply:
        """The places of many agencies, who is not ranked and why, and the findings of all."""
        contents = result.contents
        places: list[str] = []
        if contents.ranking:
            from cchc_xl.ask.rank import lines

            places = [line for group in contents.ranking for line in (*lines(group), "")]
        told = contents.findings
        found = told_lines(told, self.lang, notes=whole)
        first = (result.first,) if result.first else ()
        code = int(any(item.severity == "error" for item in told))
        return Reply((*first, *places, *found), to_written(result.contents), code, about=(contents,))

    @staticmethod
    def answer(answer: Answer[object]) -> Reply:
        """The answer of a finished result."""
        found = answer.told.get("findings")
        faults = found if isinstance(found, list) else []
        code = int(any(item["severity"] == "error" for item in faults))
        return Reply(answer.lines, answer.told, code, about=answer.results)

    @staticmethod
    def verified(answer: Answer[tuple[Difference, ...]]) -> Reply:
        """Whether a result follows from its inputs: exit code 1 if it does not."""
        return Reply(answer.lines, answer.told, int(bool(answer.value)), about=answer.results)

    @staticmethod
    def files(paths: Sequence[Path], *end: str) -> Reply:
        """The files written, then ``end``."""
        names = [str(path) for path in paths]
        return Reply((*names, *end), {"files": names, "findings": []})

    @staticmethod
    def file(path: Path, done: str, *before: str) -> Reply:
        """The one file written, after what was done."""
        return Reply((*before, f"{done}: {path}"), {"file": str(path), "findings": []})

    @staticmethod
    def next_plan(path: Path, made: NextPlan) -> Reply:
        """Next year's plan workbook: what was filled in, what is left to decide, where the old year still stands."""
        lines = [
            f"Đã lập kế hoạch năm {made.year}: {path}",
            f"Đã điền: năm, các kỳ báo cáo, chỉ số năm trước, điểm năm trước của {made.pointed} tiêu chí.",
            f"Cần điền hoặc xem lại ở “Cài đặt”: {', '.join(made.blank)}.",
        ]
        if made.provisional:
            lines.append(
                f"Chỉ số năm {made.year - 1} còn là tạm tính: bổ sung số liệu, chạy lại kỳ đó rồi lập lại, hoặc sửa "
                "“Chỉ số năm trước (%)” khi có số chính thức."
            )
        if made.naming_the_year:
            sheets = dict.fromkeys(at.sheet for at in made.naming_the_year)
            own = {name: ", ".join(at.address for at in made.naming_the_year if at.sheet == name) for name in sheets}
            places = "; ".join(f"{name} › {cells}" for name, cells in own.items())
            lines.append(f"Còn nhắc năm {made.year - 1}, cần xem có phải sửa: {places}.")
        told = {"file": str(path), "year": made.year, "blank": list(made.blank), "findings": []}
        return Reply((*lines, f"Sửa xong, kiểm tra: cchc-xl plan {quoted(str(path))}"), told)

    def _found(self, findings: tuple[Finding, ...], *head: str, end: tuple[str, ...] = (), **more: object) -> Reply:
        """The findings between ``head`` and ``end``; as objects, after ``more``, worst first and counted by kind."""
        told = {
            **more,
            "findings": to_objects(told_finding(item, self.lang) for item in worst_first(findings)),
            "finding_groups": to_objects(finding_group(group, self.lang) for group in grouped(findings)),
        }
        return Reply((*head, *finding_lines(findings, self.lang), *end), told, _exit_code(findings))


def _together(lines: Iterable[str]) -> Iterator[str]:
    """The lines, as many together as make one print worth while."""
    part: list[str] = []
    for line in lines:
        part.append(line)
        if len(line) > _LONG_LINE or len(part) == _AT_ONCE:
            yield "\n".join(part)
            part = []
    if part:
        yield "\n".join(part)


def _event_object(item: Event, lang: str) -> dict[str, object]:
    return {
        "kind": item.kind,
        "at": item.at.isoformat(timespec="seconds"),
        "file": item.file,
        "units": list(item.units),
        "late": item.late,
        "why": item.why,
        "findings": to_objects(told_finding(one, lang) for one in item.findings),
    }


def _some(names: Sequence[str], most: int | None) -> str:
    """The names, or the first of them and how many more."""
    if most is None or len(names) <= most:
        return "; ".join(names)
    return f"{'; '.join(names[:most])}; và {len(names) - most} đơn vị khác"


def _exit_code(findings: tuple[Finding, ...]) -> int:
    return int(any(item.severity == "error" for item in findings))


def _standing(view: View) -> Iterator[str]:
    """How the criteria stand, and how far their appraisal has come."""
    if view.counted:
        yield f"  {view.counts_text}"
    if view.counts.appraised and view.appraisal_text:
        yield f"  {view.appraisal_text}"


def _headline(view: View) -> str:
    """The index in one line: with its target and the last year's, and as an interval while points are missing."""
    contents, places = view.contents, view.places
    index, name = contents.index, contents.period_name
    if index.percent is None:
        return f"{name}: chưa tính được chỉ số (không có tiêu chí nào áp dụng)."
    shown = percent_vi(index.percent, places)
    told = [view.extras_text] if view.extras_text else []
    head = f"{name}: chỉ số {shown}"
    if not index.complete and index.percent_if_missing_full is not None:
        head = f"{name}: chỉ số tạm tính từ {shown} đến {percent_vi(index.percent_if_missing_full, places)}"
        told.insert(0, f"còn {view.missing_text()}")
    parts = [f"{head} ({'; '.join(told)})" if told else head]
    if index.target is not None:
        parts.append(f"mục tiêu {percent_vi(index.target, places)}")
    if index.previous is not None:
        parts.append(f"năm trước {percent_vi(index.previous, places)}")
    return "; ".join(parts) + "."


def _to_open(result: Result) -> Iterator[str]:
    folder = Path(result.folder or "")
    if result.held_open:
        yield (
            f"Kết quả cũ đang mở ({result.held_open}) nên chưa thay: hãy đóng tệp đó rồi chạy lại; "
            f"kết quả mới nằm ở {folder}."
        )
    yield from result.notices
    yield "Mở các tệp:"
    from cchc_xl.pipeline.jobs import RESULT_FILES

    yield from (f"  {folder / name}   {what}" for name, what in RESULT_FILES.items() if (folder / name).exists())


def names_of(results: Iterable[Contents]) -> Iterator[str]:
    """The names and texts of the plan and of people that lines about these results hold."""
    for one in results:
        yield from (one.agency, one.period_name)
        for unit in one.units:
            yield from (unit.name, unit.group)
        for item in one.criteria:
            yield from (item.name, item.rule.reference, *(proof.text for proof in item.evidence))
            yield from (text for report in item.reports for text in (report.level, report.evidence))
        for detail in one.measure_details:
            yield from (detail.name, detail.unit_name)
        yield from (source.file for source in one.sources)
