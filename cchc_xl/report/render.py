"""Filling in a Word template: a result's document and a template come in, one complete ``.docx`` goes out or nothing.

docxtpl's defaults drop "<" and "&", print a misspelt name as nothing and run code in the document's properties
(measured, design §9): here escaping is on, names are strict and the environment is a sandbox.
"""

from __future__ import annotations

import html
import os
import re
import tempfile
import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn

from jinja2 import StrictUndefined, TemplateSyntaxError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from cchc_xl.report import filters
from cchc_xl.report.context import build
from cchc_xl.report.filters import listing
from cchc_xl.report.finish import finish

Document = dict[str, Any]

# XML 1.0 has no place for these; a lone surrogate is not even a character.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufdd0\ufdd1\ufffe\uffff\ud800-\udfff]")
# Braces of units' texts wait outside while docxtpl works, for it takes "{_%" and the like for its own.
_BRACES = str.maketrans({"{": "\ufdd0", "}": "\ufdd1"})
_BACK = str.maketrans({"\ufdd0": "{", "\ufdd1": "}"})
_TAG = re.compile(r"\{[{%#]|[%#}]\}")
_WORD_TAGS = ("tr", "tc", "p", "r")
_EPOCH = (1980, 1, 1, 0, 0, 0)


class TemplateError(Exception):
    """A template that cannot be filled in: one Vietnamese sentence for the person who edits it."""


def render(document: Document, template: Path | bytes, out: Path) -> None:
    """Write the report of one result to ``out``; an existing file is replaced only by a complete one.

    Raises:
        TemplateError: the template is no Word file, names what does not exist, or asks for what is not allowed.
        OSError: ``out`` cannot be written, for instance because it is open in Word.
    """
    name = "mẫu báo cáo" if isinstance(template, bytes) else f"mẫu {template.name}"
    stored = template if isinstance(template, bytes) else template.read_bytes()
    _write(_checked(_filled(document, stored, name), name), out)


def environment(missing: list[str], places: int) -> SandboxedEnvironment:
    """The sandbox that templates run in; names that do not exist are noted in ``missing``."""

    class Noted(_Noted):
        names = missing

    sandbox = SandboxedEnvironment(autoescape=True, undefined=Noted)
    sandbox.filters.update(filters.build(places))
    return sandbox


class _Noted(StrictUndefined):
    """A name that does not exist: noted instead of raised, so that all of them can be told at once."""

    __slots__ = ()
    names: list[str]

    def _note(self, *_args: object, **_kwargs: object) -> _Noted:
        if issubclass(self._undefined_exception, SecurityError):
            self._fail_with_undefined_error()
        if self._undefined_name is not None and str(self._undefined_name) not in self.names:
            self.names.append(str(self._undefined_name))
        return self

    def _text(self) -> str:
        self._note()
        return ""

    def _nothing(self) -> Any:
        self._note()
        return iter(())

    def _no(self, *_args: object) -> bool:
        self._note()
        return False

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._note()

    def __hash__(self) -> int:  # type: ignore[override]
        self._note()
        return 0

    __str__ = _text  # type: ignore[assignment]
    __iter__ = _nothing
    __bool__ = __eq__ = __ne__ = __contains__ = _no  # type: ignore[assignment]
    __lt__ = __le__ = __gt__ = __ge__ = _no  # type: ignore[assignment]
    __call__ = __getitem__ = _note  # type: ignore[assignment]
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _note  # type: ignore[assignment]
    __truediv__ = __rtruediv__ = __mod__ = __rmod__ = __neg__ = _note  # type: ignore[assignment]

    def __len__(self) -> int:  # type: ignore[override]
        self._note()
        return 0


def _filled(document: Document, template: bytes, name: str) -> bytes:
    missing: list[str] = []
    sandbox = environment(missing, int(document["settings"]["places"]))
    context = build(_clean(document))
    filled, tagged = _opened(template, name)
    try:
        filled.render(context, jinja_env=sandbox)
    except Exception as error:
        if missing:
            _name_missing(missing, template, name)
        raise TemplateError(f"Không lập được báo cáo: {name} {_reason(error)}.") from error
    if missing:
        _name_missing(missing, template, name)
    for field in tagged:
        # docxtpl writes escaped text into the properties, and python-docx escapes it once more.
        setattr(filled.docx.core_properties, field, html.unescape(getattr(filled.docx.core_properties, field)))
    finish(filled.docx)
    buffer = BytesIO()
    filled.save(buffer)
    return buffer.getvalue()


def _opened(template: bytes, name: str) -> tuple[Any, list[str]]:
    """The template, and which of its properties have tags."""
    from docxtpl import DocxTemplate

    filled = DocxTemplate(BytesIO(template))
    try:
        filled.init_docx()
        fields = ("author", "comments", "identifier", "language", "subject", "title")
        return filled, [field for field in fields if "{" in getattr(filled.docx.core_properties, field)]
    except Exception as error:
        raise TemplateError(f"Không lập được báo cáo: {name} không phải là tệp Word (.docx) đọc được.") from error


def _clean(value: Any) -> Any:
    """The same document in characters that XML can hold, with one kind of line end."""
    if isinstance(value, str):
        return _FORBIDDEN.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n")).translate(_BRACES)
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


def _reason(error: Exception) -> str:
    """What is wrong, in the words of somebody who edits templates."""
    if isinstance(error, SecurityError):
        return "có lệnh không được phép dùng trong mẫu"
    if isinstance(error, TemplateSyntaxError):
        return f"có thẻ viết sai{_where(error)}"
    return f"có thẻ không tính được ({error})"


def _where(error: TemplateSyntaxError) -> str:
    lines = [line.strip() for line in getattr(error, "docx_context", ())]
    near = next((line for line in lines if _TAG.search(line)), "")
    return f" gần “{near[:120]}”" if near else f" ({error.message})"


def _name_missing(missing: list[str], template: bytes, name: str) -> NoReturn:
    tags = _tags(template)
    named = listing(f"“{_in_full(item, tags)}”" for item in missing)
    raise TemplateError(f"Không lập được báo cáo: {name} dùng tên không có trong dữ liệu: {named}.")


def _in_full(name: str, tags: str) -> str:
    """The name with what stands before its dot in the template, so that it can be searched for."""
    dotted = re.search(rf"(?:\b\w+\.)*\b{re.escape(name)}\b", tags)
    return dotted[0] if dotted else name


def _tags(template: bytes) -> str:
    with zipfile.ZipFile(BytesIO(template)) as package:
        parts = [package.read(item).decode("utf-8") for item in package.namelist() if item.endswith(".xml")]
    return " ".join(re.findall(r"\{[{%].*?[%}]\}", re.sub(r"<[^>]+>", "", " ".join(parts))))


def _checked(package: bytes, name: str) -> bytes:
    """The package with its braces back; parts that are no XML or still hold a tag stop it."""
    from lxml import etree

    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as read, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
        for item in read.namelist():
            content = read.read(item)
            if item.endswith((".xml", ".rels")):
                root = etree.fromstring(content, _parser())
                left = _TAG.search("".join(root.itertext()))
                if left and item.startswith("word/"):
                    raise TemplateError(f"Không lập được báo cáo: {name} còn thẻ “{left[0]}” chưa được điền.")
                content = content.decode("utf-8").translate(_BACK).encode("utf-8")
            # One time for all parts: the same result gives the same bytes.
            written.writestr(zipfile.ZipInfo(item, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _parser() -> Any:
    from lxml import etree

    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def _write(package: bytes, out: Path) -> None:
    handle, temporary = tempfile.mkstemp(dir=out.parent, prefix=".bao-cao-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(package)
        Path(temporary).replace(out)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise
