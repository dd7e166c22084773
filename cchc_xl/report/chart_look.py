"""What a chart shows and how it looks: a ``Chart`` and its size come in, pieces of DrawingML go out as text.

It has to survive a black-and-white printer, has the font of the document and Vietnamese decimals, and leaves out
numbers that would cover each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Literal

# The relation of the chart to its workbook.
WORKBOOK = "rId1"
_POINT = 12700  # EMU
_TEXT, _SMALLEST_TEXT = 10, 7  # points
_AXIS, _LEGEND = 22, 24  # points below the bars
_THICKEST = {"bars": 18, "columns": 54}  # points
# Word writes decimals as the reader's machine does; LibreOffice as the format says: here as in Vietnam.
_VIETNAMESE = "[$-42A]"

# Told apart on a black-and-white printer as well: dark, light with an outline, hatched, middle grey, white.
_FILLS = (
    '<a:solidFill><a:srgbClr val="1F3864"/></a:solidFill>',
    '<a:solidFill><a:srgbClr val="D9D9D9"/></a:solidFill>',
    (
        '<a:pattFill prst="wdUpDiag"><a:fgClr><a:srgbClr val="262626"/></a:fgClr>'
        '<a:bgClr><a:srgbClr val="FFFFFF"/></a:bgClr></a:pattFill>'
    ),
    '<a:solidFill><a:srgbClr val="808080"/></a:solidFill>',
    '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>',
)


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one colour, one for each category; None is unknown: a gap, never 0."""

    name: str
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows; ``number_format`` is Excel's, ``description`` is for people who cannot see the chart.

    ``title`` opens the alternative text; in the picture it is not drawn, for the caption says the same. ``fills`` are
    for a chart of one series: which of the fills of series the bar of each category has.
    """

    title: str
    kind: Literal["columns", "bars"]
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    number_format: str
    description: str
    fills: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Every series has a value or a gap for every category."""
        if any(len(series.values) != len(self.categories) for series in self.series):
            raise ValueError("a series needs as many values as there are categories")


class Look:
    """The look of one chart at its size, as XML."""

    def __init__(self, chart: Chart, width: int, height: int) -> None:
        self.chart = chart
        self.bars = chart.kind == "bars"
        values = [
            value for series in chart.series for value in series.values if value is not None and value.is_finite()
        ]
        self.lowest, self.highest = min(values, default=Decimal(0)), max(values, default=Decimal(0))
        self.width, self.height = width / _POINT, height / _POINT
        self.below = _AXIS + (_LEGEND if len(chart.series) > 1 else 0)
        room = self.height - self.below if self.bars else self.width - 40
        self.category = room / max(1, len(chart.categories))
        self.bar = self.category / (len(chart.series) + 0.45)
        self.size = max(_SMALLEST_TEXT, min(_TEXT, int(self.bar)))

    def text(self, size: int, turned: str = "") -> str:
        """Text properties."""
        return (
            f"<c:txPr><a:bodyPr{turned}/><a:lstStyle/><a:p><a:pPr>"
            f'<a:defRPr sz="{size * 100}" b="0"><a:solidFill><a:srgbClr val="000000"/></a:solidFill>'
            '<a:latin typeface="Times New Roman"/><a:ea typeface="Times New Roman"/>'
            '<a:cs typeface="Times New Roman"/></a:defRPr></a:pPr><a:endParaRPr lang="vi-VN"/></a:p></c:txPr>'
        )

    def series(self, number: int) -> str:
        """Fill, outline and labels of a series."""
        points = "".join(
            f'<c:dPt><c:idx val="{place}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>{_fill(fill)}</c:dPt>'
            for place, fill in enumerate(self.chart.fills)
        )
        return f'{_fill(number)}<c:invertIfNegative val="0"/>{points}{self.labels()}'

    def gap(self) -> int:
        """The gap between categories in percent of a bar: a few bars are not drawn thicker than many."""
        thick = int((self.category / _THICKEST[self.chart.kind] - len(self.chart.series)) * 100)
        return max(45, min(500, thick))

    def room(self) -> float:
        """The width in points for a number above a column; in narrower ones it has to stand upright."""
        count = len(self.chart.series)
        return self.category if count == 1 else self.category / (count + self.gap() / 100)

    def longest(self) -> float:
        """The width in points of the longest number."""
        whole = max(len(f"{abs(int(value)):,}") + (value < 0) for value in (self.lowest, self.highest))
        decimals = self.chart.number_format.partition(".")[2].rstrip(";")
        return (whole + bool(decimals) + len(decimals.replace('"', ""))) * self.size * 0.52

    def layout(self) -> str:
        """Where the bars stand: Word and LibreOffice would both give more than half of the width to long names."""
        if not self.bars:
            return "<c:layout/>"
        longest = max(map(len, self.chart.categories), default=0)
        left = min(0.42, (longest * self.size * 0.55 + 16) / self.width)
        places = {"x": left, "y": 0.01, "w": 0.98 - left, "h": max(0.2, 0.98 - self.below / self.height)}
        modes = "".join(f'<c:{name}Mode val="edge"/>' for name in "xy")
        values = "".join(f'<c:{name} val="{value:.4f}"/>' for name, value in places.items())
        return f'<c:layout><c:manualLayout><c:layoutTarget val="inner"/>{modes}{values}</c:manualLayout></c:layout>'

    def labels(self) -> str:
        """The numbers at the bars; where they would cover each other there are none, and the table has them."""
        if self.bar < _SMALLEST_TEXT - 0.5:
            return '<c:dLbls><c:delete val="1"/></c:dLbls>'
        turned = "" if self.bars or self.room() >= self.longest() else ' rot="-5400000" vert="horz"'
        return (
            f'<c:dLbls><c:numFmt formatCode="{_VIETNAMESE}{escape(self.chart.number_format)}" sourceLinked="0"/>'
            f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{self.text(self.size, turned)}"
            '<c:dLblPos val="outEnd"/><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
            '<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
        )

    def axes(self) -> str:
        """Both axes. In bars the first category stands at the top and the numbers below the last one."""
        every = '<c:tickLblSkip val="1"/>' if self.category >= _SMALLEST_TEXT + 1 else ""
        size = max(_SMALLEST_TEXT, min(_TEXT, int(self.category * 0.75)))
        line = '<c:spPr><a:ln w="9525"><a:solidFill><a:srgbClr val="{}"/></a:solidFill></a:ln></c:spPr>'
        return (
            f'<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="{"maxMin" if self.bars else "minMax"}"/>'
            f'</c:scaling><c:delete val="0"/><c:axPos val="{"l" if self.bars else "b"}"/>'
            '<c:numFmt formatCode="General" sourceLinked="0"/>'
            '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
            f"{line.format('404040')}{self.text(size)}"
            '<c:crossAx val="2"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
            f'<c:lblOffset val="100"/>{every}<c:noMultiLvlLbl val="1"/></c:catAx>'
            f'<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/>{self.limits()}</c:scaling>'
            f'<c:delete val="0"/><c:axPos val="{"b" if self.bars else "l"}"/>'
            f"<c:majorGridlines>{line.format('E3E3E3')}</c:majorGridlines>"
            f'<c:numFmt formatCode="{_VIETNAMESE}{escape(self.axis_format())}" sourceLinked="0"/>'
            '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
            f"<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{self.text(_TEXT)}"
            f'<c:crossAx val="1"/><c:crosses val="{"max" if self.bars else "autoZero"}"/>'
            f'<c:crossBetween val="between"/>{self.steps()}</c:valAx>'
        )

    def shares(self) -> bool:
        """Whether the axis is one of percent up to a hundred; less than that can be read better on its own scale."""
        return "%" in self.chart.number_format and self.lowest >= 0 and 50 < self.highest <= 100

    def limits(self) -> str:
        """The axis begins at 0; one of percent leaves room for the number of a full bar but shows no "120%"."""
        top = '<c:max val="112"/>' if self.shares() and '"' in self.chart.number_format else ""
        return top + ('<c:min val="0"/>' if self.lowest >= 0 else "")

    def steps(self) -> str:
        """The distance of the grid lines, where it is not left to Word."""
        return '<c:majorUnit val="20"/>' if "max" in self.limits() else ""

    def axis_format(self) -> str:
        """Numbers of the axis: without decimals where its steps are whole."""
        if "%" in self.chart.number_format and '"' not in self.chart.number_format:
            return "0%"
        whole = max(abs(self.lowest), abs(self.highest)) >= 10
        return ("#,##0" if whole else "General") + ('"%"' if "%" in self.chart.number_format else "")

    def legend(self) -> str:
        """The legend, below, where there is something to tell apart."""
        if len(self.chart.series) < 2:
            return ""
        return f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{self.text(_TEXT)}</c:legend>'

    def frame(self) -> str:
        """The whole chart: white, no frame, and the workbook behind it."""
        return (
            '<c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>'
            f'{self.text(_TEXT)}<c:externalData r:id="{WORKBOOK}"><c:autoUpdate val="0"/></c:externalData>'
        )


def _fill(number: int) -> str:
    outline = '<a:ln w="9525"><a:solidFill><a:srgbClr val="262626"/></a:solidFill></a:ln>'
    return f"<c:spPr>{_FILLS[number % len(_FILLS)]}{outline}</c:spPr>"
