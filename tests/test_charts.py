"""Native charts in a Word file: charts go in, and the parts of the saved package are read back, by LibreOffice too."""

from __future__ import annotations

import re
import subprocess
import time
import zipfile
from decimal import Decimal
from io import BytesIO

import openpyxl
import openpyxl.chart.reader
import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from lxml import etree
from openpyxl.chart.chartspace import ChartSpace

from cchc_xl.office.word.charts import Chart, Series, fitting_height, place
from cchc_xl.papers.chart_data import changes_chart, charts, fields_chart, index_chart
from cchc_xl.papers.criteria import FieldRow
from tests.office import convert
from tests.results import completed

C = {
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
}
LONG = "Xây dựng và nâng cao chất lượng đội ngũ cán bộ, công chức, viên chức trong các cơ quan nhà nước của tỉnh "


def row(code, name, maximum, points, missing=0):
    points = Decimal(points) if points not in (None, "not_applicable") else points
    percent = points * 100 / Decimal(maximum) if isinstance(points, Decimal) and Decimal(maximum) else points
    return FieldRow(code, name, 3, 1, 1, missing, 0, Decimal(maximum), points, percent, ())


ROWS = [
    row("1", "Công tác chỉ đạo điều hành CCHC", "9.5", "8.25"),
    row("2", "Cải cách thể chế", "6", "6"),
    row("3", "Cải cách thủ tục hành chính", "15", None, missing=4),
    row("4", "Cải cách tổ chức bộ máy", "10", "7.5", missing=1),
    row("5", LONG * 2, "13", "12.125"),
    row("6", "Cải cách tài chính công", "0", "not_applicable"),
    row("7", "Hiện đại hóa hành chính", "14", "0"),
]
INDEX = {
    "points": "74.12",
    "applicable_max": "100",
    "percent": "74.12",
    "percent_if_missing_full": "78.24",
    "complete": False,
    "target": "80",
    "previous": "74.92",
}
PREVIOUS = {"1": Decimal("80.5"), "2": Decimal(100), "5": Decimal(200) / 3}


def index(changes):
    return completed({"index": INDEX | changes}).index


def simple(categories=("A", "B", "C"), kind="bars", number_format="#,##0.00", fills=(), **series):
    named = tuple(
        Series(name, tuple(None if value is None else Decimal(value) for value in values))
        for name, values in series.items()
    )
    return Chart("Biểu đồ thử", kind, tuple(categories), named, number_format, "Mô tả.", fills)


EDGES = {
    "fields": fields_chart(ROWS),
    "index": index_chart(index({}), "năm 2020"),
    "changes": changes_chart(ROWS, PREVIOUS),
    "long names": simple([LONG * 2, "B" * 200, "C"], x=(1, 2, 3)),
    "31 columns": simple([f"{day}/01" for day in range(1, 32)], kind="columns", number_format="#,##0", x=range(31)),
    "60 bars": simple([f"Đơn vị số {number}" for number in range(60)], x=range(60), y=range(60)),
    "one": simple(["Một"], kind="columns", x=(5,)),
    "negative": simple(x=(-5, "3.5", None), y=(5, "-3.5", 0)),
    "all zero": simple(["A", "B"], x=(0, 0)),
    "gaps only": simple(["A", "B"], x=(None, None), y=(None, 1)),
    "no numbers": simple(["A"], x=(None,)),
    "marks": simple(["A <b> & \"c\" 'd'", "=1+1", "http://example.org/", "{{ x }}"], **{"x & <y> \"'": (1, 2, 3, 4)}),
    "seven series": simple(["A", "B"], kind="columns", **{f"Chuỗi {n}": (1234 + n, None) for n in range(7)}),
    "format": simple(["A"], number_format='[<0]"<&";0.0', x=(1,)),
    "true percent": simple(["A"], number_format="0.00%", x=("0.5",)),
    "not finite": simple(["A", "B"], x=("NaN", "1E+2")),
    "third": simple(["A", "B"], x=(Decimal(2) / 3, Decimal("-0"))),
}  # fmt: skip


def filled(*several, where=None):
    document = Document()
    for chart in several:
        place(document, (where or document).add_paragraph("thay")._p, chart, Cm(16), fitting_height(chart))
    return document


def saved(document):
    buffer = BytesIO()
    document.save(buffer)
    return zipfile.ZipFile(buffer)


def chart_root(package, number=1):
    return etree.fromstring(package.read(f"word/charts/chart{number}.xml"))


def cached(root):
    """Categories and the values by series, as the chart itself stores them."""
    read = {}
    for series in root.iter(qn("c:ser")):
        (name,) = series.xpath("c:tx//c:v/text()", namespaces=C)
        points = {int(point.get("idx")): point[0].text for point in series.xpath("c:val//c:pt", namespaces=C)}
        (count,) = series.xpath("c:val//c:ptCount/@val", namespaces=C)
        read[name] = [points.get(number) for number in range(int(count))]
    return root.xpath("(//c:ser)[1]/c:cat//c:v/text()", namespaces=C), read


@pytest.mark.parametrize(
    ("chart", "categories", "values"),
    [
        (
            fields_chart(ROWS[:4]),
            ["1. Công tác chỉ đạo điều hành CCHC", "2. Cải cách thể chế", "3. Cải cách thủ tục hành chính (chưa có)", "4. Cải cách tổ chức bộ máy (tạm tính)"],
            {"Điểm đạt được": ["8.25", "6", None, "7.5"], "Điểm tối đa": ["9.5", "6", "15", "10"]},
        ),
        (
            fields_chart(ROWS[5:]),
            ["6. Cải cách tài chính công (không phát sinh)", "7. Hiện đại hóa hành chính"],
            {"Điểm đạt được": [None, "0"], "Điểm tối đa": [None, "14"]},
        ),
        (
            index_chart(index({}), "năm 2020"),
            ["Năm trước", "Kỳ này (tạm tính)", "Nếu đủ điểm các tiêu chí còn thiếu", "Mục tiêu"],
            {"Chỉ số (%)": ["74.92", "74.12", "78.24", "80"]},
        ),
        (
            index_chart(index({"complete": True, "previous": None}), "năm 2020"),
            ["Kỳ này", "Mục tiêu"],
            {"Chỉ số (%)": ["74.12", "80"]},
        ),
        (
            changes_chart(ROWS[:3], PREVIOUS),
            ["1. Công tác chỉ đạo điều hành CCHC", "2. Cải cách thể chế", "3. Cải cách thủ tục hành chính (chưa có)"],
            {"Kỳ này": ["86.8421052631579", "100", None], "Kỳ trước": ["80.5", "100", None]},
        ),
        (EDGES["not finite"], ["A", "B"], {"x": [None, "100"]}),
        (EDGES["third"], ["A", "B"], {"x": ["0.666666666666667", "0"]}),
        (EDGES["negative"], ["A", "B", "C"], {"x": ["-5", "3.5", None], "y": ["5", "-3.5", "0"]}),
        (EDGES["marks"], list(EDGES["marks"].categories), {"x & <y> \"'": ["1", "2", "3", "4"]}),
    ],
)  # fmt: skip
def test_the_chart_stores_what_it_was_given(chart, categories, values):
    names, read = cached(chart_root(saved(filled(chart))))
    assert [name.replace("\u00a0", " ") for name in names] == categories
    assert read == values


@pytest.mark.parametrize("name", EDGES)
def test_the_workbook_behind_a_chart_says_the_same_where_the_chart_points(name):
    package = saved(filled(EDGES[name]))
    book = openpyxl.load_workbook(BytesIO(package.read("word/embeddings/Microsoft_Excel_Sheet1.xlsx")))
    root = chart_root(package)
    for reference in root.iter(qn("c:strRef"), qn("c:numRef")):
        sheet, _, cells = reference[0].text.partition("!")
        area = book[sheet][cells.replace("$", "")]
        column = [cell for line in area for cell in line] if isinstance(area, tuple) else [area]
        stored = {int(point.get("idx")): point[0].text for point in reference.iter(qn("c:pt"))}
        assert len(column) == int(reference[1].find(qn("c:ptCount")).get("val"))
        for number, cell in enumerate(column):
            assert cell.data_type != "f"
            assert cell.hyperlink is None
            if reference.tag == qn("c:numRef") and cell.value is not None:
                assert float(stored[number]) == cell.value
                assert cell.number_format == EDGES[name].number_format == reference[1].findtext(qn("c:formatCode"))
            else:
                assert stored.get(number) == cell.value
    assert len(book.sheetnames) == 1


def test_every_part_has_its_type_and_nothing_leads_outside():
    package = saved(filled(*EDGES.values()))
    types = etree.fromstring(package.read("[Content_Types].xml"))
    named = {item.get("PartName"): item.get("ContentType") for item in types}
    for number in range(1, len(EDGES) + 1):
        assert (
            named[f"/word/charts/chart{number}.xml"]
            == "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
        )
        (relation,) = etree.fromstring(package.read(f"word/charts/_rels/chart{number}.xml.rels"))
        assert relation.get("Target") == f"../embeddings/Microsoft_Excel_Sheet{number}.xlsx"
        assert relation.get("Type").endswith("/package")
        data = chart_root(package, number).find(qn("c:externalData"))
        assert data.get(qn("r:id")) == relation.get("Id")
        assert data[0].get("val") == "0"
        book = f"/word/embeddings/Microsoft_Excel_Sheet{number}.xlsx"
        extensions = {item.get("Extension"): item.get("ContentType") for item in types}
        assert (named.get(book) or extensions["xlsx"]).endswith("spreadsheetml.sheet")
        inner = zipfile.ZipFile(BytesIO(package.read(book[1:])))
        assert not any(b"External" in inner.read(item) for item in inner.namelist())
    assert not any(b'TargetMode="External"' in package.read(item) for item in package.namelist())


def test_drawings_have_numbers_of_their_own_also_beside_others_and_in_a_header():
    document = filled(*EDGES.values())
    again = BytesIO()
    document.save(again)
    document = Document(again)
    header = document.sections[0].header
    place(document, header.add_paragraph()._p, EDGES["one"], Cm(5), Cm(4))
    place(document, document.add_paragraph()._p, EDGES["one"], Cm(5), Cm(4))
    package = saved(document)
    found = [
        number
        for item in package.namelist()
        if item.startswith("word/") and item.endswith(".xml")
        for number in re.findall(rb'<wp:docPr id="(\d+)"', package.read(item))
    ]
    assert len(found) == len(set(found)) == len(EDGES) + 2
    assert b"charts/chart" in package.read("word/_rels/header1.xml.rels")
    parts = package.namelist()
    assert len(parts) == len(set(parts))
    assert sum(item.startswith("word/charts/chart") for item in parts) == len(EDGES) + 2
    assert sum(item.startswith("word/embeddings/") for item in parts) == len(EDGES) + 2


def test_a_paragraph_of_another_document_is_refused():
    with pytest.raises(ValueError, match="not part"):
        place(Document(), Document().add_paragraph()._p, EDGES["one"], Cm(5), Cm(4))


def test_a_series_with_too_few_values_is_refused():
    with pytest.raises(ValueError, match="as many values"):
        simple(["A", "B"], x=(1,))


def test_the_paragraph_keeps_its_properties_and_bookmarks_but_for_an_exact_line_height():
    document = Document()
    paragraph = document.add_paragraph(style="Caption")
    paragraph.alignment, paragraph.paragraph_format.space_before = WD_ALIGN_PARAGRAPH.CENTER, Pt(6)
    paragraph.paragraph_format.line_spacing = Pt(18)
    paragraph._p.append(paragraph._p.makeelement(qn("w:bookmarkStart"), {qn("w:id"): "1", qn("w:name"): "b"}))
    paragraph.add_run("chữ")
    place(document, paragraph._p, EDGES["one"], Cm(8), Cm(5))
    assert (paragraph.style.name, paragraph.alignment) == ("Caption", WD_ALIGN_PARAGRAPH.CENTER)
    assert paragraph.paragraph_format.space_before == Pt(6)
    assert paragraph.paragraph_format.line_spacing_rule == WD_LINE_SPACING.SINGLE
    assert paragraph.text == ""
    assert [child.tag for child in paragraph._p] == [qn("w:pPr"), qn("w:bookmarkStart"), qn("w:r")]
    extent = next(paragraph._p.iter(qn("wp:extent")))
    assert (int(extent.get("cx")), int(extent.get("cy"))) == (Cm(8), Cm(5))


def test_the_alternative_text_is_the_title_and_the_description():
    marks = Chart('A <b> & "c".', "bars", ("x",), (Series("s", (Decimal(1),)),), "0", "Tăng > 'hơn' & \"nữa\"\nhết")
    (drawing,) = filled(marks).element.body.iter(qn("wp:docPr"))
    assert drawing.get("descr").split() == 'A <b> & "c". Tăng > \'hơn\' & "nữa" hết'.split()
    assert fields_chart(ROWS).description.startswith("1. Công tác chỉ đạo điều hành CCHC: 8,25 trên 9,5 điểm; ")
    assert index_chart(index({}), "x").description.endswith("còn thiếu: 78,24%; Mục tiêu: 80%.")


def test_braces_that_the_report_keeps_aside_are_back_in_the_workbook():
    package = saved(filled(simple(["\ufdd0a\ufdd1"], **{"\ufdd0b": (1,)})))
    sheet = openpyxl.load_workbook(BytesIO(package.read("word/embeddings/Microsoft_Excel_Sheet1.xlsx"))).active
    assert (sheet["A2"].value, sheet["B1"].value) == ("{a}", "{b")


def test_the_same_charts_give_the_same_bytes():
    def parts():
        package = saved(filled(*EDGES.values()))
        return {name: package.read(name) for name in package.namelist()}

    before = parts()
    time.sleep(2.1)  # the time of a file in a package counts in steps of two seconds
    assert parts() == before


def test_three_charts_take_no_time():
    three = [EDGES["fields"], EDGES["index"], EDGES["changes"]]
    filled(*three)
    best = min(_seconds(three) for _ in range(5))
    assert best < 0.06


def _seconds(several):
    document = Document()
    paragraphs = [document.add_paragraph() for _ in several]
    start = time.process_time()
    for paragraph, chart in zip(paragraphs, several, strict=True):
        place(document, paragraph._p, chart, Cm(16), Cm(9))
    return time.process_time() - start


# The order that the schema asks for (ECMA-376, part 1, chapter 21.2): Word refuses a chart in another.
ORDER = {
    "chartSpace": "date1904 lang roundedCorners chart spPr txPr externalData",
    "chart": "autoTitleDeleted plotArea legend plotVisOnly dispBlanksAs",
    "plotArea": "layout barChart catAx valAx spPr",
    "barChart": "barDir grouping varyColors ser gapWidth overlap axId",
    "ser": "idx order tx spPr invertIfNegative dPt dLbls cat val",
    "dPt": "idx invertIfNegative bubble3D spPr",
    "dLbl": "idx numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent showBubbleSize",
    "dLbls": "dLbl delete numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent showBubbleSize",
    "catAx": "axId scaling delete axPos numFmt majorTickMark minorTickMark tickLblPos spPr txPr crossAx crosses auto lblAlgn lblOffset tickLblSkip noMultiLvlLbl",
    "valAx": "axId scaling delete axPos majorGridlines numFmt majorTickMark minorTickMark tickLblPos spPr txPr crossAx crosses crossBetween majorUnit",
    "scaling": "orientation max min",
    "legend": "legendPos overlay txPr",
    "manualLayout": "layoutTarget xMode yMode x y w h",
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_the_parts_of_a_chart_stand_in_the_order_of_the_schema(name):
    root = chart_root(saved(filled(EDGES[name])))
    for kind, order in ORDER.items():
        for item in root.iter(qn(f"c:{kind}")):
            places = [order.split().index(etree.QName(child).localname) for child in item]
            assert places == sorted(places), kind


@pytest.mark.parametrize("name", EDGES)
def test_another_reader_of_charts_understands_it(name):
    root = chart_root(saved(filled(EDGES[name])))
    root.remove(root.find(qn("c:externalData")))  # openpyxl looks for its id without the namespace
    read = openpyxl.chart.reader.read_chart(ChartSpace.from_tree(root))
    assert len(read.series) == len(EDGES[name].series)
    assert read.barDir == ("bar" if EDGES[name].kind == "bars" else "col")


def values(root, path):
    return root.xpath(f"//c:{path}/@val", namespaces=C)


def test_the_look_of_a_chart():
    root = chart_root(saved(filled(EDGES["fields"])))
    assert values(root, "lang") == ["vi-VN"]
    assert (values(root, "roundedCorners"), values(root, "date1904"), values(root, "autoTitleDeleted")) == (
        ["0"],
        ["0"],
        ["1"],
    )
    assert values(root, "catAx/c:scaling/c:orientation") == ["maxMin"]
    assert values(root, "valAx/c:crosses") == ["max"]
    assert values(root, "valAx/c:scaling/c:min") == ["0"]
    assert values(root, "legendPos") == ["b"]
    assert values(root, "dispBlanksAs") == ["gap"]
    assert set(root.xpath("//a:latin/@typeface", namespaces=C)) == {"Times New Roman"}
    assert set(root.xpath("//a:defRPr/@sz", namespaces=C)) == {"1000"}
    assert set(root.xpath("//c:numFmt/@sourceLinked", namespaces=C)) == {"0"}
    assert root.xpath("//c:dLbls/c:numFmt/@formatCode", namespaces=C) == ["[$-42A]#,##0.00"] * 2


def test_the_look_follows_what_is_shown():
    roots = {name: chart_root(saved(filled(chart))) for name, chart in EDGES.items()}
    assert values(roots["negative"], "valAx/c:scaling/c:min") == []
    assert values(roots["index"], "valAx/c:scaling/c:max") == ["112"]
    assert values(roots["true percent"], "valAx/c:scaling/c:max") == []
    assert values(roots["one"], "legendPos") == []
    assert values(roots["60 bars"], "dLbls/c:delete") == ["1", "1"]  # two numbers every 9 points cover each other
    assert values(roots["31 columns"], "dLbls/c:showVal") == ["1"]
    assert roots["seven series"].xpath("//c:dLbls/c:txPr/a:bodyPr/@rot", namespaces=C) == ["-5400000"] * 7
    assert roots["31 columns"].xpath("//c:dLbls//a:bodyPr/@rot", namespaces=C) == []
    assert roots["index"].xpath("//c:dLbls//a:bodyPr/@rot", namespaces=C) == []
    assert values(roots["index"], "dPt/c:idx") == ["0", "1", "2", "3"]
    axes = {name: root.xpath("string(//c:valAx/c:numFmt/@formatCode)", namespaces=C) for name, root in roots.items()}
    assert (axes["fields"], axes["index"]) == ("[$-42A]#,##0", '[$-42A]#,##0"%"')
    assert (axes["one"], axes["true percent"]) == ("[$-42A]General", "[$-42A]0%")
    # Fills of five series can be told apart on a black-and-white printer.
    fills = [etree.tostring(item[0]) for item in roots["seven series"].xpath("//c:ser/c:spPr", namespaces=C)]
    assert len(set(fills[:5])) == 5


def test_long_names_are_shortened_at_a_word():
    name = fields_chart(ROWS).categories[4]
    assert len(name) <= 91
    assert name.endswith("viên chức trong các cơ quan…")
    assert len(fields_chart([row("1", "x" * 300, "1", "1")]).categories[0]) <= 91


@pytest.mark.parametrize(
    "nothing",
    [
        fields_chart([]),
        fields_chart([ROWS[2], ROWS[5]]),
        index_chart(index({"percent": None, "percent_if_missing_full": None}), "năm 2020"),
        changes_chart(ROWS, {}),
        changes_chart([ROWS[2]], {"3": Decimal(5)}),
        changes_chart([], PREVIOUS),
    ],
)
def test_where_nothing_can_be_drawn_there_is_no_chart(nothing):
    assert nothing is None


def test_all_charts_by_name_with_the_decimals_of_the_plan():
    every = charts(ROWS, index({}), "năm 2020", PREVIOUS, places=3)
    assert list(every) == ["fields", "index", "changes"]
    assert [chart.number_format for chart in every.values()] == ["#,##0.000", '#,##0.000"%"', '#,##0.000"%"']
    assert "kỳ này 86,842%, kỳ trước 80,5%" in every["changes"].description
    assert charts(ROWS, index({}), "năm 2020", {}, places=0)["fields"].number_format == "#,##0"
    assert list(charts([], index({"percent": None}), "", {})) == []


def test_python_docx_opens_and_saves_the_file_again():
    first = BytesIO()
    filled(*EDGES.values()).save(first)
    second = saved(Document(first))
    before = zipfile.ZipFile(first)
    for name in before.namelist():
        if name.startswith(("word/charts/", "word/embeddings/")):
            assert second.read(name) == before.read(name)


def test_libreoffice_draws_all_of_them(tmp_path):
    path = tmp_path / "charts.docx"
    filled(*EDGES.values()).save(path)
    pdf = convert(path, "pdf", tmp_path)
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    said = "".join(text.split())  # kerning leaves gaps inside Vietnamese words
    for words in (
        *("1. Công tác chỉ đạo điều hành CCHC", "3. Cải cách thủ tục hành chính (chưa có)", "Điểm đạt được", "Điểm tối đa"),
        *("8,25", "12,13", "74,92%", "78,24%", "Năm trước", "Mục tiêu", "86,84%", "66,67%", "Kỳ trước"),
        *("A <b> & \"c\" 'd'", "=1+1", "-3,5", "Đơn vị số 59", "1.234", "50,00%"),
    ):  # fmt: skip
        assert words.replace(" ", "") in said, words
