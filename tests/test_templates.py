"""Word templates of people: each slip is named with its paragraph, attacks are refused by name, changes are seen early."""

from __future__ import annotations

import copy
import json
import re
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

import cchc_xl
from cchc_xl.cli import cli
from cchc_xl.office.word import sandbox
from cchc_xl.office.word.file import MAX_INFLATED
from cchc_xl.office.word.fill import TemplateError
from cchc_xl.papers.report_tables import LONGEST_CELL
from cchc_xl.pipeline.jobs import EVERY_TEMPLATE, WORD_TEMPLATES, lint_template, template_path
from cchc_xl.text.catalogue import message
from cchc_xl.text.numbers import lower_first
from cchc_xl.text.prose import as_prose, shortened
from tests.conftest import PRINTED, ROOT, WHOLE
from tests.test_report import render, sample, small_template

EXAMPLE = ROOT / "examples" / "2020-ca-nam"
BIG = 1_000_000_000


def looked(template: Path, kind: str = "report") -> list[tuple[str, int, str]]:
    """Code, paragraph and sentence of every finding."""
    found = lint_template(template, kind)
    return [(item.code, item.at.row if item.at else 0, message(item)) for item in found if item.code != "W301"]


@pytest.mark.parametrize("name", EVERY_TEMPLATE)
def test_our_own_templates_have_nothing_wrong(name: str) -> None:
    assert lint_template(template_path(name)) == ()


SLIPS = [
    # what somebody typed, the finding, the paragraph it stands in, what its sentence names
    (["a", "{{ index.percnt }}"], "W102", 2, "index.percnt"),
    (["{% for row in gap_rows %}{{ row.nme }}{% endfor %}"], "W102", 1, "row.nme"),
    (["{% if index.percent %}{% elif indx %}{% endif %}"], "W102", 1, "indx"),
    (["{% set x = settings.signr %}"], "W102", 1, "settings.signr"),
    (["x", "", "{{ agency "], "W103", 3, "{{ agency"),
    (["{ { agency }}"], "W103", 1, "{ { agency }}"),
    (["{{ agency } }"], "W103", 1, "{{ agency } }"),
    (["{%p if agency %}", "x"], "W104", 1, "{%p if agency %}"),
    (["x", "{%p endif %}"], "W105", 2, "{%p endif %}"),
    (["{%p else %}"], "W105", 1, "{%p else %}"),
    (["{% for a in units %}", "{% endif %}", "{% endfor %}"], "W105", 2, "{% endif %}"),
    (["{%p if agency -%}", "x", "{%p endif %}"], "W109", 1, "“-”"),
    (["{%p if agency %}{%p endif %}"], "W111", 1, "{%p endif %}"),
    (["{#p ghi chú #} Chữ giữ lại"], "W111", 1, "Chữ giữ lại"),
    (["{%p if 5 % 2 == 1 %}", "{%p endif %}"], "W109", 1, "dấu %"),
    (["Kính gửi: agency }}"], "W103", 1, "agency }}"),
    (["｛｛ agency ｝｝"], "W103", 1, "agency"),
    (["{%p if agency %}", "x", "{% endif %}"], "W106", 3, "{% endif %}"),
    (["{%tr for row in gap_rows %}", "{%tr endfor %}"], "W107", 1, "{%tr for row in gap_rows %}"),
    (["{{ index.percent| }}"], "W109", 1, "index.percent|"),
    (["{% tr for row in gap_rows %}"], "W109", 1, "{% tr for"),
    (["Kết quả: {%p if agency %}", "x", "{%p endif %}"], "W111", 1, "Kết quả:"),
    (["{{ index.percent|percent }}"], "W112", 1, "|percent"),
    (["{{ agency.__class__ }}"], "W113", 1, ".__class__"),
    (["{% include 'x' %}"], "W113", 1, "lệnh include"),
    (["x", "{{ chart('nothing') }}"], "W114", 2, "nothing"),
    (["x", "{{ 1 / 0 }}"], "W114", 2, "chia cho 0"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "code", "paragraph", "named"), SLIPS, ids=lambda value: str(value)[:40])
def test_each_slip_is_named_with_its_paragraph(
    tmp_path: Path, lines: list[str], code: str, paragraph: int, named: str
) -> None:
    found = looked(small_template(tmp_path, *lines))
    assert [(one, at) for one, at, _ in found][:1] == [(code, paragraph)]
    assert named in found[0][2]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[{{ settings.note|default('chưa ghi') }}]", "[chưa ghi]"),
        ("{% if nothing is defined %}{{ nothing }}{% endif %}[{{ period_name }}]", "[Năm 2020]"),
        ("{{ 'A & B' }}: {{ agency }}", "A & B: Sở Lao động – Thương binh và Xã hội"),
        ("{# ghi chú #}[{% set x = index.percent %}{{ x|percent_vi }}]", "[74,12%]"),
        ("{% for u in units %}{{ loop.index }}{% if not loop.last %}, {% endif %}{% endfor %}", "1, 2, 3"),
        ("{{ index.previous }} {{ criteria[0].appraised_points }} {{ index.complete }}", "74.92 chưa có có"),
    ],
)
def test_sound_tags_raise_no_alarm(tmp_path: Path, text: str, shown: str) -> None:
    template = small_template(tmp_path, text)
    assert looked(template) == []
    render(sample(), template, tmp_path / "ra.docx")
    assert Document(str(tmp_path / "ra.docx")).paragraphs[0].text == shown


def test_a_template_without_properties_gets_none(tmp_path: Path) -> None:
    template = small_template(tmp_path, "{{ agency }}")
    with zipfile.ZipFile(template) as package:
        kept = {name: package.read(name) for name in package.namelist() if not name.startswith("docProps/")}
    kept["_rels/.rels"] = re.sub(rb"<Relationship [^>]*docProps[^>]*/>", b"", kept["_rels/.rels"])
    kept["[Content_Types].xml"] = re.sub(rb"<Override [^>]*docProps[^>]*/>", b"", kept["[Content_Types].xml"])
    with zipfile.ZipFile(template, "w") as package:
        for name, data in kept.items():
            package.writestr(name, data)
    for name in ("a.docx", "b.docx"):
        render(sample(), template, tmp_path / name)
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
    assert Document(str(tmp_path / "a.docx")).core_properties.title == ""


def test_a_cell_whose_paragraphs_all_vanish_keeps_one(tmp_path: Path) -> None:
    template = with_parts(small_template(tmp_path, "x"), cell="{%p if not agency %}")
    document = Document(str(template))
    document.tables[0].cell(0, 0).add_paragraph("a")
    document.tables[0].cell(0, 0).add_paragraph("{%p endif %}")
    document.save(str(template))
    render(sample(), template, tmp_path / "ra.docx")
    assert [len(cell._tc.p_lst) for cell in Document(str(tmp_path / "ra.docx")).tables[0].rows[0].cells] == [1]


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("{{ index.percnt }}", "“index.percent”"),
        ("{{ percent }}", "“index.percent”"),
        ("{{ agncy }}", "“agency”"),
        ("{% for row in gap_rows %}{{ row.nam }}{% endfor %}", "“row.name”"),
        ("{{ index.percent|percent_v }}", "“percent_vi”"),
    ],
)
def test_what_was_probably_meant_is_asked(tmp_path: Path, wrong: str, meant: str) -> None:
    from cchc_xl.text.catalogue import fix

    remedies = [fix(item) for item in lint_template(small_template(tmp_path, wrong), "report")]
    assert remedies[0].startswith("Có phải là ")
    assert meant in remedies[0].partition("?")[0]


def with_parts(template: Path, **places: str) -> Path:
    """The template with a text in the named part."""
    document = Document(str(template))
    for place, text in places.items():
        if place == "header":
            document.sections[0].header.paragraphs[0].text = text
        elif place == "footer":
            document.sections[0].footer.paragraphs[0].text = text
        elif place == "cell":
            document.add_table(1, 1).cell(0, 0).text = text
        elif place == "box":
            box = f'<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>'
            document.paragraphs[0]._p.append(parse_xml(box))
        elif place == "comment":
            document.add_comment(document.paragraphs[0].runs, text)
        else:
            setattr(document.core_properties, place, text)
    document.save(str(template))
    return template


@pytest.mark.parametrize(
    ("place", "code", "where"),
    [
        ("header", "W102", "đầu trang"),
        ("footer", "W102", "chân trang"),
        ("cell", "W102", "thân văn bản"),
        ("box", "W102", "thân văn bản"),
        ("title", "W102", "thuộc tính"),
        ("subject", "W102", "thuộc tính"),
        ("keywords", "W108", "thuộc tính"),
        ("comment", "W108", "ý kiến"),
    ],
)
def test_tags_are_found_in_every_part(tmp_path: Path, place: str, code: str, where: str) -> None:
    template = with_parts(small_template(tmp_path, "x"), **{place: "{{ nobody }}"})
    (found,) = [item for item in lint_template(template, "report") if item.code not in ("W206", "W301")]
    assert (found.code, found.at.sheet if found.at else "") == (code, where)


def runs(*texts: str) -> str:
    """A paragraph whose text Word keeps in these pieces, with a spelling mark between them."""
    return f"<w:p {nsdecls('w')}>" + '<w:proofErr w:type="spellStart"/>'.join(texts) + "</w:p>"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def changed(kind: str, text: str) -> str:
    letters = "delText" if kind == "del" else "t"
    return f'<w:{kind} w:id="9" w:author="A" w:date="2021-01-01T00:00:00Z"><w:r><w:{letters}>{text}</w:{letters}></w:r></w:{kind}>'


WRITTEN_BY_WORD = [
    # how Word keeps it, what comes out, what the look says
    ("split over runs", runs(run("[{"), run("{ agen"), run("cy "), run("}"), run("}]")), "[A]", []),
    ("curly quotes", runs(run("[{{ figure(“NV_GIAO”)|count_vi }}]")), "[39]", []),
    ("single curly quotes", runs(run("[{% if ‘x’ == ’x‘ and agency %}y{% endif %}]")), "[y]", []),
    ("low quotes, no-break space", runs(run("[{{\u00a0figure(„NV_GIAO”)|count_vi\u00a0}}]")), "[39]", []),
    ("inserted inside a tag", runs(run("[{{ ag"), changed("ins", "en"), run("cy }}]")), "[A]", ["W202"]),
    ("deleted inside a tag", runs(run("[{{ agen"), changed("del", "wrong"), run("cy }}]")), "[A]", ["W202"]),
    ("a tag inserted whole", runs(run("["), changed("ins", "{{ agency }}"), run("]")), "[A]", ["W202"]),
    ("a tag deleted whole", runs(run("[{{ agency }}"), changed("del", "{{ nobody }}"), run("]")), "[A]", ["W202"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("xml", "text", "codes"), [row[1:] for row in WRITTEN_BY_WORD], ids=[row[0] for row in WRITTEN_BY_WORD]
)
def test_what_word_does_to_tags_is_handled_or_named(tmp_path: Path, xml: str, text: str, codes: list[str]) -> None:
    template = small_template(tmp_path, "x")
    document = Document(str(template))
    document.element.body.insert(0, parse_xml(xml))
    document.save(str(template))
    assert [code for code, _, _ in looked(template)] == codes
    render(sample() | {"agency": "A"}, template, tmp_path / "ra.docx")
    assert Document(str(tmp_path / "ra.docx")).paragraphs[0].text == text


LOOP = "{% for i in range(999) %}{% for j in range(999) %}"
ENDS = "{% endfor %}{% endfor %}"
ATTACKS = [
    ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "__subclasses__"),
    ("{{ has.__globals__ }}", "__globals__"),
    ("{{ has.__self__ }}", "__self__"),
    ("{{ agency|attr('__class__') }}", "|attr"),
    ("{{ criteria|map(attribute='__class__')|join }}", "__class__"),
    ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", "cycler"),
    ("{{ index['__class__'] }}", "__class__"),
    ("{{ index.items() }}", "index.items"),
    ("{{ agency.format(1) }}", "agency.format"),
    ("{{ criteria.append(1) }}", "append"),
    ("{{ figure('NV_GIAO').as_tuple() }}", "as_tuple"),
    ("{{ lipsum(9) }}", "lipsum"),
    ("{{ self }}", "self"),
    ("{{ has }}", "hàm"),
    ("{{ criteria }}", "danh sách"),
    ("{{ agency|safe }}", "|safe"),
    ("{% import 'os' as os %}", "import"),
    ("{% from 'os' import path %}", "import"),
    ("{% include '/etc/passwd' %}", "include"),
    ("{% extends '/etc/passwd' %}", "extends"),
    ("{% macro m() %}{% endmacro %}", "macro"),
    ("{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}", "recursive"),
    (f"{{% for i in range({BIG}) %}}x{{% endfor %}}", f"range({BIG})"),
    ("{% for a in range(999) %}{% for b in range(999) %}{% for c in range(999) %}x{% endfor %}{% endfor %}{% endfor %}", "vòng lặp quá dài"),
    ("".join(f"{{% for {name} in units %}}" for name in "abcdefghijklmnopqrst") + "{% endfor %}" * 20, "vòng lặp quá dài"),
    (f"{{{{ 'a' * {BIG} }}}}", "phép *"),
    ("{{ 9 ** 9 ** 9 ** 9 }}", "**"),
    (f"{{{{ '%{BIG}d' % 1 }}}}", "phép %"),
    (f"{{{{ 'x'|center({BIG}) }}}}", "|center"),
    (f"{{{{ 1|round({BIG}, 'ceil') }}}}", "|round"),
    ("{% set a = agency %}" + "{% set a = a ~ a %}" * 60, "chuỗi hoặc danh sách quá dài"),
    ("{% set a = ['x', 'x'] %}" + "{% set a = [a, a] %}" * 40 + "{{ a|string }}", "chuỗi hoặc danh sách quá dài"),
    ("{% set a = agency %}" + "{% set a = a ~ a %}" * 13 + "{% for i in range(999) %}{% for j in range(999) %}{% if a|upper|lower == 'x' %}{% endif %}{% endfor %}{% endfor %}", "vòng lặp quá dài"),
    ("{% for z in units|_steps(-10000000000) %}{% endfor %}", "|_steps"),
    ("{% for a in range(999) %}{{ chart('fields') }}{% endfor %}", "biểu đồ"),
    ("{% set t %}{{ agency }}{% endset %}{{ t|sentence }}", "set … endset"),
    ("{{p agency }}", "{{p"),
    ("{{ agency -}}", "-}}"),
    ("{{" * 9000, "quá nhiều thẻ"),
    ("{{ agency " + "x" * 6000, "thẻ không đóng hoặc quá dài"),
    ("{{ agency" + ".a" * 3000 + " }}", "quá sâu"),
    ("{% set a = 99 %}" + "{% set a = a * a %}" * 60, "số quá lớn"),
    ("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "lồng quá sâu"),
    # Work given back, and work that was not counted: by the name of a filter, in filters, tests, comparisons and copies.
    ("{% for a in ([range(999)|list]|map('_steps', -10**12)|first) %}{% endfor %}", "**"),
    ("{% for a in ([range(999)|list]|map('_steps', -1000000000000)|first) %}{% endfor %}", "|_steps"),
    ("{{ [1]|map('_paid')|list|length }}", "|_paid"),
    ("{{ [1]|map('center', 9)|first }}", "|center"),
    ("{{ [[1], [2]]|sum(start=[])|length }}", "|sum"),
    ("{{ ['a', 'b']|sum(start='') }}", "|sum"),
    ("{{ [1, 2]|upper }}", "|upper"),
    ("{{ criteria|string }}", "|string"),
    (f"{{% set a = range(999)|list %}}{LOOP}{{% if a == a %}}{{% endif %}}{ENDS}", "vòng lặp quá dài"),
    (f"{{% set a = range(999)|list %}}{LOOP}{{% if 9999 in a %}}{{% endif %}}{ENDS}", "vòng lặp quá dài"),
    (f"{{% set a = range(999)|list %}}{LOOP}{{% if 9999 is in(a) %}}{{% endif %}}{ENDS}", "vòng lặp quá dài"),
    (f"{{% set a = range(999)|list %}}{LOOP}{{% if a[0:998] %}}{{% endif %}}{ENDS}", "vòng lặp quá dài"),
    (f"{{% set a = range(999)|list %}}{LOOP}{{% if a|sort|first %}}{{% endif %}}{ENDS}", "vòng lặp quá dài"),
    (f"{{% set a = range(999)|list %}}{LOOP}{{% if a|select('in', a)|list %}}{{% endif %}}{ENDS}", "vòng lặp quá dài"),
    (f"{{% set a = 'x' %}}{LOOP}{{% if [{', '.join(['a'] * 900)}] %}}{{% endif %}}{ENDS}", "vòng lặp quá dài"),
    ("{{ " + "9" * 4900 + " }}", "quá dài"),
    ("{{ " + "9" * 400 + " }}", "số quá lớn"),
    ("{{ 0x" + "f" * 4900 + " }}", "quá lớn"),
]  # fmt: skip


@pytest.mark.parametrize(("attack", "named"), ATTACKS, ids=[attack[:40] for attack, _ in ATTACKS])
def test_attacks_are_refused_by_name_in_bounded_time(
    tmp_path: Path, attack: str, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not WHOLE:  # a tenth of the work that a template may take
        monkeypatch.setattr(sandbox, "MAX_LETTERS", sandbox.MAX_LETTERS // 10)
    before = time.process_time()
    with pytest.raises(TemplateError) as refused:
        render(sample(), small_template(tmp_path, attack), tmp_path / "ra.docx")
    took = time.process_time() - before
    assert named in str(refused.value)
    assert not (tmp_path / "ra.docx").exists()
    assert took < (20 if WHOLE else 2)
    assert any(named in text for _, _, text in looked(small_template(tmp_path, attack)))
    PRINTED.append(f"attack  {took:5.2f} s  {attack[:50]:50s}  {str(refused.value)[36:110]}")


@pytest.mark.parametrize("part", ["header", "footer", "title", "keywords", "category", "comment", "cell", "box"])
@pytest.mark.parametrize(("attack", "named"), [ATTACKS[0], ATTACKS[18], ATTACKS[22]], ids=["chain", "include", "loop"])
def test_attacks_are_refused_in_every_part(tmp_path: Path, part: str, attack: str, named: str) -> None:
    template = with_parts(small_template(tmp_path, "x"), **{part: attack})
    with pytest.raises(TemplateError, match=re.escape(named)):
        render(sample(), template, tmp_path / "ra.docx")
    assert not (tmp_path / "ra.docx").exists()


def replaced(template: Path, name: str, content: bytes | None, **more: bytes) -> bytes:
    """The template's bytes with one part other than it was, and parts added."""
    buffer = BytesIO()
    with zipfile.ZipFile(template) as read, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
        for item in read.namelist():
            written.writestr(item, read.read(item) if item != name or content is None else content)
        for item, data in more.items():
            written.writestr(item, data)
    return buffer.getvalue()


def with_text(template: Path, xml: str) -> bytes:
    body = zipfile.ZipFile(template).read("word/document.xml").replace(b"</w:body>", xml.encode() + b"</w:body>")
    return replaced(template, "word/document.xml", body)


def with_field(template: Path, code: str) -> bytes:
    document = Document(str(template))
    paragraph = document.paragraphs[0]
    for piece in (code[:4], code[4:]):
        text = OxmlElement("w:instrText")
        text.text = piece
        paragraph.add_run()._r.append(text)
    document.save(str(template))
    return template.read_bytes()


def with_relation(template: Path, kind: str, target: str) -> bytes:
    document = Document(str(template))
    document.part.relate_to(
        target, f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}", is_external=True
    )
    document.save(str(template))
    return template.read_bytes()


def with_doctype(template: Path) -> bytes:
    with zipfile.ZipFile(template) as package:
        body = package.read("word/document.xml")
    start = body.index(b"?>") + 2
    doctype = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return replaced(template, "word/document.xml", body[:start] + doctype + body[start:])


def with_run_field(template: Path, *pieces: str) -> bytes:
    """Fields as Word writes them: "[" begins one, "]" ends it, other pieces are its code."""
    document = Document(str(template))
    for piece in pieces:
        run = document.paragraphs[0].add_run()._r
        if piece in "[]":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), "begin" if piece == "[" else "end")
        else:
            mark = OxmlElement("w:instrText")
            mark.text = piece
        run.append(mark)
    document.save(str(template))
    return template.read_bytes()


def decoy(template: Path) -> bytes:
    """Word opens the part that the package's relationships name, whatever stands at the usual place."""
    with zipfile.ZipFile(template) as package:
        relations = package.read("_rels/.rels").replace(b'Target="word/document.xml"', b"Target='evil/document.xml'")
        body = package.read("word/document.xml")
    return replaced(template, "_rels/.rels", relations, **{"evil/document.xml": body})


def renamed_object(template: Path, kind: str) -> bytes:
    """An embedded object under a harmless name."""
    document = Document(str(template))
    part = Part(PackURI("/word/media/a.bin"), "application/octet-stream", b"x", document.part.package)
    document.part.relate_to(part, f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}")
    document.save(str(template))
    return template.read_bytes()


def flipped(template: Path) -> bytes:
    """Bytes flipped inside the compressed body."""
    data = bytearray(template.read_bytes())
    with zipfile.ZipFile(template) as package:
        start = package.getinfo("word/document.xml").header_offset + 60
    for position in range(start, start + 40):
        data[position] ^= 0xFF
    return bytes(data)


DANGERS = [
    (
        "second field, in pieces",
        lambda path: with_run_field(path, "[", " PAGE ", "]", "[", " INCL", 'UDETEXT "x"', "]"),
        "INCLUDETEXT",
    ),
    (
        "field in a field",
        lambda path: with_run_field(path, "[", " IF 1=1 ", "[", " INCL", 'UDETEXT "x"', "]", "]"),
        "INCLUDETEXT",
    ),
    (
        "field written by a tag",
        lambda path: with_run_field(path, "[", "{{ 'INCLUDE' }}{{ 'TEXT' }} x", "]"),
        "thẻ trong mã trường",
    ),
    ("decoy main part", decoy, "phần chính đặt ở chỗ lạ"),
    ("object renamed", lambda path: renamed_object(path, "oleObject"), "đối tượng nhúng"),
    ("control renamed", lambda path: renamed_object(path, "control"), "ActiveX"),
    ("damaged bytes", flipped, "không phải là tệp Word"),
    ("reads a file", lambda path: with_field(path, 'INCLUDETEXT "/etc/passwd"'), "INCLUDETEXT"),
    ("fetches a picture", lambda path: with_field(path, 'INCLUDEPICTURE "http://x/y.png"'), "INCLUDEPICTURE"),
    ("asks a program", lambda path: with_field(path, 'DDEAUTO c:\\\\cmd.exe "/k calc"'), "DDEAUTO"),
    ("attached template", lambda path: with_relation(path, "attachedTemplate", "http://x/t.dotm"), "http://x/t.dotm"),
    ("linked picture", lambda path: with_relation(path, "image", "http://x/y.png"), "http://x/y.png"),
    ("macros", lambda path: replaced(path, "", None, **{"word/vbaProject.bin": b"x"}), "macro"),
    ("embedded object", lambda path: replaced(path, "", None, **{"word/embeddings/oleObject1.bin": b"x"}), "đối tượng"),
    ("document type", with_doctype, "DOCTYPE"),
    ("broken part", lambda path: replaced(path, "word/document.xml", b"<w:document>"), "hỏng"),
    ("zip bomb", lambda path: replaced(path, "", None, **{"word/media/a.bin": bytes(MAX_INFLATED)}), "quá lớn"),
    ("old .doc", lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "mật khẩu"),
    ("no zip", lambda _: b"hello", "không phải là tệp Word"),
]


@pytest.mark.parametrize(("make", "named"), [row[1:] for row in DANGERS], ids=[row[0] for row in DANGERS])
def test_dangerous_parts_are_refused_by_name(tmp_path: Path, make, named: str) -> None:
    data = make(small_template(tmp_path, "x"))
    with pytest.raises(TemplateError, match=re.escape(named)):
        render(sample(), data, tmp_path / "ra.docx")
    (tmp_path / "mau.docx").write_bytes(data)
    found = looked(tmp_path / "mau.docx")
    assert found[0][0] in ("W101", "W110")
    assert named in found[0][2]


def old_template(tmp_path: Path) -> Path:
    """Ours as it may have been years ago: one field it shows is gone today, one field of today it does not show."""
    document = Document(str(template_path("report.docx")))
    for node in document.element.body.iter(qn("w:t")):
        node.text = (node.text or "").replace("{{ co_quan }}", "{{ co_quan_cu }}")
    document.save(str(tmp_path / "report.docx"))
    return tmp_path / "report.docx"


def test_an_old_template_is_told_apart_with_both_fields_and_their_paragraphs(tmp_path: Path) -> None:
    template = old_template(tmp_path)
    found = {code: (paragraph, text) for code, paragraph, text in looked(template)}
    PRINTED.extend(f"old template  {code}  đoạn {paragraph}: {text}" for code, (paragraph, text) in found.items())
    assert found.keys() == {"W102", "W201"}
    assert "“co_quan_cu”" in found["W102"][1]
    assert "“co_quan”" in found["W201"][1]
    assert 0 < found["W201"][0] < found["W102"][0]


def test_run_says_so_before_any_work(tmp_path: Path) -> None:
    started: list[str] = []
    with pytest.raises(cchc_xl.CannotRunError, match=r"thân văn bản, đoạn \d+: Dùng tên .*“co_quan_cu”"):
        cchc_xl.run(
            EXAMPLE / "ke-hoach.xlsx",
            EXAMPLE / "don-vi",
            period="2020-N",
            out=tmp_path / "ra",
            template=old_template(tmp_path),
            progress=started.append,
        )
    assert started == []
    assert not (tmp_path / "ra").exists()


def test_a_block_twice_and_one_left_out_are_warnings_of_the_run_and_of_the_note(tmp_path: Path) -> None:
    document = Document(str(template_path("report.docx")))
    places = {item.text: item._p for item in document.paragraphs}
    places["{{ khoi.chi_so }}"].addnext(copy.deepcopy(places["{{ khoi.chi_so }}"]))
    places["{{ khoi.nhiem_vu }}"].getparent().remove(places["{{ khoi.nhiem_vu }}"])
    document.save(str(tmp_path / "mau.docx"))
    result = cchc_xl.run(
        EXAMPLE / "ke-hoach.xlsx",
        EXAMPLE / "don-vi",
        period="2020-N",
        out=tmp_path / "ra",
        template=tmp_path / "mau.docx",
    )
    told = {item.code: (item.severity, message(item)) for item in result.findings if item.code.startswith("W2")}
    assert {code: severity for code, (severity, _) in told.items()} == {"W211": "warning", "W212": "warning"}
    assert "“chi_so”" in told["W211"][1]
    assert "“nhiem_vu”" in told["W212"][1]
    note = Document(str(tmp_path / "ra/2020-N/phieu-kiem-tra.docx"))
    rows = [[cell.text for cell in row.cells] for row in note.tables[0].rows]
    assert [row[1] for row in rows].count("Mẫu báo cáo") == 2
    report = Document(str(tmp_path / "ra/2020-N/bao-cao.docx"))
    assert sum(item.text.startswith("Theo kết quả tự đánh giá") for item in report.paragraphs) == 2  # it is made


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        (["{{ agency }}"], []),  # a template of fields, as offices made them, lacks no block
        (["{{ khoi.mo_dau }}", "{{ khoi.mo_dau }}"], ["W211"]),
    ],
)
def test_blocks_are_counted_only_where_there_are_any(tmp_path: Path, lines: list[str], codes: list[str]) -> None:
    found = lint_template(small_template(tmp_path, *lines), "report", fill=False)
    assert [item.code for item in found if item.code == "W211"] == codes
    assert any(item.code == "W212" for item in found) == bool(codes)


def test_an_own_template_beside_the_plan_is_used_and_kept(tmp_path: Path) -> None:
    for name in ("ke-hoach.xlsx",):
        (tmp_path / name).write_bytes((EXAMPLE / name).read_bytes())
    document = Document(str(template_path("report.docx")))
    document.paragraphs[0].insert_paragraph_before("Mẫu riêng của {{ agency }}")
    document.save(str(tmp_path / "report.docx"))
    Document().save(str(tmp_path / "reminder.docx"))  # not a template: it has no tag
    cchc_xl.run(tmp_path / "ke-hoach.xlsx", EXAMPLE / "don-vi", period="2020-N", out=tmp_path / "ra")
    made = tmp_path / "ra" / "2020-N"
    assert any("Mẫu riêng của Sở" in paragraph.text for paragraph in Document(str(made / "bao-cao.docx")).paragraphs)
    kept = {name: (made / "nguon" / name).read_bytes() for name in WORD_TEMPLATES}
    assert kept["report.docx"] == (tmp_path / "report.docx").read_bytes()
    assert kept["reminder.docx"] == template_path("reminder.docx").read_bytes()


def test_the_command_prints_findings_or_that_there_are_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = small_template(tmp_path, "{{ agncy }}")
    told = []
    for arguments in ([str(template_path("plan.docx"))], [str(wrong), "--kind", "report"], ["--json", str(wrong)]):
        with pytest.raises(SystemExit) as left:
            cli(["lint-template", *arguments], prog_name="cchc-xl")
        told.append((left.value.code, capsys.readouterr().out))
    assert told[0] == (0, "plan.docx: không có lỗi; đã điền thử được bằng số liệu mẫu.\n")
    assert told[1][0] == 1
    assert "mau.docx › thân văn bản › đoạn 1" in told[1][1]
    assert json.loads(told[2][1])["findings"][0]["code"] == "W102"


TEXTS = {
    "angle and ampersand": "tỷ lệ <20% & \"kép\" 'đơn' </w:t>",
    "newlines": "dòng một\ndòng hai\n\ndòng bốn",
    "5,000 letters": "Báo cáo dài. " * 384 + "hết bài",
    "right to left": "שלום עולם، مرحبا",
    "emoji": "đạt 👍🏽 👨‍👩‍👧 ✅",
    "braces": "{{ agency }} {% if x %} {# #} {_%",
    "decomposed": "Ti\u0323nh Đo\u0302\u0300ng",
}


@pytest.mark.parametrize("name", TEXTS)
def test_units_texts_arrive_unchanged_in_the_whole_report(tmp_path: Path, name: str) -> None:
    document = copy.deepcopy(sample())
    leaf = next(item for item in document["criteria"] if item["code"] == "1.1")
    leaf["rule"]["figures"] = ""  # a sentence that tells its figures would stand for what the unit wrote
    leaf["reports"][0]["result"] = TEXTS[name]
    leaf["evidence"][0]["text"] = TEXTS[name]
    render(document, template_path("report.docx"), tmp_path / "ra.docx")
    word_file = Document(str(tmp_path / "ra.docx"))
    shown = [cell.text for table in word_file.tables for row in table.rows for cell in row.cells]
    text = as_prose(TEXTS[name])  # in one paragraph; its words are those of the cell
    assert text.split() == TEXTS[name].split()
    assert shown.count(shortened(text, LONGEST_CELL)) == 1
    begins = lower_first(shortened(text, 20)).removesuffix("…")
    assert any(begins in paragraph.text for paragraph in word_file.paragraphs)


def test_a_tag_in_an_attribute_and_a_text_beyond_measure_are_refused_unread(tmp_path: Path) -> None:
    plain = small_template(tmp_path, "{{ agency }}")
    hidden = '<w:p w:rsidR="{%"><w:r><w:t>x</w:t></w:r></w:p>' * 50
    long = f"<w:p><w:r><w:t>{'y' * 100_000}</w:t></w:r></w:p>" * 65
    for xml, named in ((hidden, "thuộc tính"), (long, "dài hơn mọi mẫu")):
        template = tmp_path / "la.docx"
        template.write_bytes(with_text(plain, xml))
        before = time.process_time()
        with pytest.raises(TemplateError, match=named):
            render(sample(), template, tmp_path / "ra.docx")
        assert any(named in text for _, _, text in looked(template))
        assert time.process_time() - before < 5
