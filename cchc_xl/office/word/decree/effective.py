"""What Word finally shows of a run or a paragraph: the parts that style a document come in, their sum goes out.

Document defaults, table style, paragraph style, character style and what is set on the spot are laid over one
another, each style after those it is based on (ECMA-376 part 1, 17.7.2). Bold, italic, capitals and hidden text are
toggles: set in two kinds of style they cancel out (17.7.3).

Lengths are in twentieths of a point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from cchc_xl.office.word.file import W, child, is_on, local_name, said

_ALIGNED = {"": "left", "start": "left", "end": "right", "distribute": "both"}
_INDENTS = (("start", "left"), ("left", "left"), ("end", "right"), ("right", "right"))
# Measures in hundredths of a letter, which Word obeys first; WPS and Word's East Asian settings write them.
_LETTERS = (
    ("firstLineChars", "first_letters"), ("startChars", "left_letters"), ("leftChars", "left_letters"),
    ("endChars", "right_letters"), ("rightChars", "right_letters"),
)  # fmt: skip
_NUMBERED = {"ilvl": "level", "numId": "list"}
_SIGNS = {"upperRoman": "I", "decimal": "1", "lowerLetter": "a", "bullet": "-"}  # the first number of a level

Properties = dict[str, Any]


def _spelled(element: Any) -> bytes:
    """All that stands in an element, letter by letter."""
    from lxml import etree

    return b"" if element is None else bytes(etree.tostring(element, with_tail=False))


def paragraph_properties(properties: Any) -> Properties:
    """What a ``w:pPr`` says, under the names of ``Layout`` and its own for what more there is; nothing without one."""
    told: Properties = {}
    for item in () if properties is None else properties:
        attributes = {str(key).rpartition("}")[2]: str(value) for key, value in item.attrib.items()}
        lengths = {name: number(value, 0.0) for name, value in attributes.items()}
        value = attributes.get("val", "")
        match local_name(item):
            case "pStyle":
                told["style"] = value
            case "jc":
                told["align"] = _ALIGNED.get(value, value)
            case "ind":
                told |= _indents(lengths)
            case "spacing":
                told |= _spacing(attributes, lengths)
            case "contextualSpacing":
                told["joins_same_style"] = is_on(value)
            case "pBdr":
                edges = [edge for edge in item if local_name(edge) in {"bottom", "between"}]
                told["ruled"] = any(edge.get(f"{W}val", "none") not in {"none", "nil"} for edge in edges)
            case "framePr":
                told["placed_centre"] = attributes.get("xAlign") == "center"
            case "tabs":
                stops = item.iter(f"{W}tab")
                told["tabs"] = {number(stop.get(f"{W}pos"), 0.0): str(stop.get(f"{W}val")) for stop in stops}
            case "numPr":
                parts = {local_name(part): str(part.get(f"{W}val", "0")) for part in item}
                told |= {_NUMBERED[part]: value for part, value in parts.items() if part in _NUMBERED}
    return told


def _indents(lengths: Mapping[str, float]) -> Properties:
    told: Properties = {side: lengths[name] for name, side in _INDENTS if name in lengths}
    if lengths.get("hanging") or ("hanging" in lengths and "firstLine" not in lengths):
        told["first"] = -lengths["hanging"]
    elif "firstLine" in lengths:
        told["first"] = lengths["firstLine"]
    told |= {name: lengths[said] / 100 for said, name in _LETTERS if said in lengths}
    if "hangingChars" in lengths:
        told["first_letters"] = -lengths["hangingChars"] / 100
    return told


def _spacing(attributes: Mapping[str, str], lengths: Mapping[str, float]) -> Properties:
    told: Properties = {name: lengths[name] for name in ("before", "after", "line") if name in lengths}
    told |= {f"{side} lines": lengths[f"{side}Lines"] for side in ("before", "after") if f"{side}Lines" in lengths}
    if "lineRule" in attributes or "line" in attributes:
        told["line_rule"] = attributes.get("lineRule", "auto")
    switches = {side: attributes.get(f"{side}Autospacing") for side in ("before", "after")}
    return told | {f"{side} auto": is_on(switch) for side, switch in switches.items() if switch is not None}


def number(value: Any, otherwise: float, most: float = 1_000_000) -> float:
    """A length as it is written in a document, twentieths of a point or with a unit.

    ``otherwise`` stands for nonsense and for what is not below ``most``.

    >>> number("720", 0.0), number("36pt", 0.0), number("x", 1.0)
    (720.0, 720.0, 1.0)
    """
    text = str(value)
    units = {"pt": 20.0, "in": 1440.0, "cm": 567.0, "mm": 56.7}
    factor = units.get(text[-2:], 0.0)
    try:
        made = float(text[:-2]) * factor if factor else float(text)
    except ValueError:
        return otherwise
    return made if abs(made) < most else otherwise


def _levels(numbering: Any) -> dict[tuple[str, str], Any]:
    """The levels of automatic numbers, by list and level."""
    if numbering is None:
        return {}
    lists = {str(item.get(f"{W}abstractNumId")): item for item in numbering.iterchildren(f"{W}abstractNum")}
    levels = {}
    for item in numbering.iterchildren(f"{W}num"):
        shared = lists.get(said(item, "abstractNumId"))
        for level in (*(() if shared is None else shared.iter(f"{W}lvl")), *item.iter(f"{W}lvl")):
            levels[str(item.get(f"{W}numId")), str(level.get(f"{W}ilvl"))] = level
    return levels


_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_TOGGLES = {"b": "bold", "i": "italic", "caps": "capitals", "vanish": "hidden", "strike": "struck", "dstrike": "struck"}
_FONTS = {"ascii": "plain_font", "hAnsi": "accented_font"}
_HALF_POINTS = 20.0  # where a size is nonsense
_LINE = 240.0  # in which a space in lines is counted, in a document without a grid
_TWENTIETHS = 20
_AUTOMATIC_SPACE = 280.0  # twentieths of a point, for "spacing auto"


@dataclass(frozen=True, slots=True)
class RunForm:
    """How letters look: size in points, fonts of plain and accented letters, colour as ``RRGGBB`` or ``auto``.

    Here and in ``Layout`` a default is what Word shows where nothing at all is said.
    """

    size: float = _HALF_POINTS / 2
    bold: bool = False
    italic: bool = False
    capitals: bool = False
    hidden: bool = False
    struck: bool = False
    underlined: bool = False
    highlighted: bool = False
    plain_font: str = "Times New Roman"
    accented_font: str = "Times New Roman"
    colour: str = "auto"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a paragraph stands: lengths in twentieths of a point; ``line`` in 240ths of a line if ``auto`` rules it."""

    align: str = "left"
    left: float = 0.0
    right: float = 0.0
    first: float = 0.0
    first_letters: float = 0.0
    left_letters: float = 0.0
    right_letters: float = 0.0
    before: float = 0.0
    after: float = 0.0
    line: float = 240.0
    line_rule: str = "auto"
    joins_same_style: bool = False
    ruled: bool = False
    placed_centre: bool = False
    tabs: tuple[tuple[float, str], ...] = ()
    style: str = ""
    style_name: str = ""
    label: str = ""  # the kind of its automatic number, as "I.", "1.", "a)" or "-"

    def for_letters(self, size: float) -> Layout:
        """The layout where letters are ``size`` points wide: measures in letters become lengths."""
        sides = {side: getattr(self, f"{side}_letters") for side in ("first", "left", "right")}
        lengths = {side: letters * size * _TWENTIETHS for side, letters in sides.items() if letters}
        return replace(self, **lengths) if lengths else self


class Styles:
    """The styles of a document by their identifiers; ``default`` is that of a paragraph that names none."""

    def __init__(self, root: Any) -> None:
        self.named: dict[str, Any] = {}
        self.default = ""
        self._chains: dict[str, list[Any]] = {}
        for style in () if root is None else root.iterchildren(f"{W}style"):
            self.named.setdefault(str(style.get(f"{W}styleId")), style)
            if style.get(f"{W}type") == "paragraph" and is_on(style.get(f"{W}default", "0")):
                self.default = str(style.get(f"{W}styleId"))

    def of(self, name: str) -> str:
        """The style of a paragraph that names this one, which may not be there."""
        return name if name in self.named else self.default

    def chain(self, name: str) -> list[Any]:
        """A style and those it is based on, the lowest first; empty where there is none of the name."""
        if name not in self._chains:
            order: list[Any] = []
            current = self.named.get(name)
            while current is not None and current not in order and len(order) < _MOST_BASED:
                order.append(current)
                current = self.named.get(said(current, "basedOn"))
            self._chains[name] = order[::-1]
        return self._chains[name]


_MOST_BASED = 50
_LAYOUT = frozenset(field.name for field in fields(Layout))
_MOST_KEPT = 1_000  # forms of runs, and layouts of paragraphs, that are kept for those set alike


class Formats:
    """The styles, theme and numbering of a document, ready to be asked for effective forms."""

    def __init__(self, styles: Any, theme: Any, numbering: Any) -> None:
        kinds = () if theme is None else ("major", "minor")
        fonts = {kind: theme.find(f".//{_A}{kind}Font/{_A}latin") for kind in kinds}
        self._fonts = {kind: str(font.get("typeface", "")) for kind, font in fonts.items() if font is not None}
        self._levels = _levels(numbering)
        self._styles = Styles(styles)
        self._run_defaults = self._run_properties(child(styles, "docDefaults/rPrDefault/rPr"))
        self._paragraph_defaults = paragraph_properties(child(styles, "docDefaults/pPrDefault/pPr"))
        self._chains: dict[tuple[str, bool], Properties] = {}
        # What was asked before: most runs and paragraphs of a document are set like another one.
        self._runs: dict[tuple[bytes, str, tuple[tuple[str, Any], ...]], RunForm] = {}
        self._paragraphs: dict[tuple[bytes, str], Layout] = {}

    def run(self, properties: Any, style: str, table: Properties) -> RunForm:
        """The form of a run by its ``w:rPr``, its paragraph's style and what its table's style says."""
        asked = _spelled(properties), style, tuple(table.items())
        found = self._runs.get(asked)
        if found is None:
            found = self._run(properties, style, table)
            if len(self._runs) < _MOST_KEPT:
                self._runs[asked] = found
        return found

    def _run(self, properties: Any, style: str, table: Properties) -> RunForm:
        direct = self._run_properties(properties)
        layers = (table, self._chain(style, of_runs=True), self._chain(direct.get("style", ""), of_runs=True))
        told = self._run_defaults | layers[0] | layers[1] | layers[2] | direct
        for name in _TOGGLES.values() - direct.keys():
            odd = sum(layer.get(name, False) for layer in layers) % 2 == 1
            told[name] = odd or self._run_defaults.get(name, False)
        told.pop("style", None)
        return RunForm(**told)

    def table(self, style: str, *, first_row: bool) -> Properties:
        """What a table's style says of the runs in it; of the heading row too if it is marked as one."""
        told = dict(self._chain(style, of_runs=True))
        element = self._styles.named.get(style)
        if first_row and element is not None:
            for part in element.iterchildren(f"{W}tblStylePr"):
                if part.get(f"{W}type") == "firstRow":
                    told |= self._run_properties(part.find(f"{W}rPr"))
        return told

    def _run_properties(self, properties: Any) -> Properties:
        """What a ``w:rPr`` says, under the names of ``RunForm``, and the ``style`` of the letters."""
        told: Properties = {}
        for item in () if properties is None else properties:
            value = item.get(f"{W}val", "")
            match local_name(item):
                case "b" | "i" | "caps" | "vanish" | "strike" | "dstrike" as name:
                    told[_TOGGLES[name]] = is_on(value)
                case "sz":
                    told["size"] = number(value, _HALF_POINTS) / 2
                case "color":
                    told["colour"] = value.upper() if len(value) == 6 else "auto"
                case "u":
                    told["underlined"] = value != "none"
                case "highlight":
                    told["highlighted"] = value != "none"
                case "shd" if str(item.get(f"{W}fill", "auto")).upper() not in ("AUTO", "FFFFFF"):
                    told["highlighted"] = True  # white, as texts from the Web have it, nobody sees
                case "rStyle":
                    told["style"] = value
                case "rFonts":
                    for script, field in _FONTS.items():
                        # A theme's font is known by the first letters of its name, "major" and "minor".
                        theme = self._fonts.get(str(item.get(f"{W}{script}Theme", ""))[:5])
                        font = theme or item.get(f"{W}{script}")
                        told |= {field: str(font)} if font else {}
        return told

    def paragraph(self, properties: Any, table_style: str) -> Layout:
        """The layout of a paragraph by its ``w:pPr`` and the style of its table."""
        asked = _spelled(properties), table_style
        found = self._paragraphs.get(asked)
        if found is None:
            found = self._paragraph(properties, table_style)
            if len(self._paragraphs) < _MOST_KEPT:
                self._paragraphs[asked] = found
        return found

    def _paragraph(self, properties: Any, table_style: str) -> Layout:
        direct = paragraph_properties(properties)
        style = self._styles.of(direct.get("style", ""))
        numbered = self._of_level(direct) if "list" in direct else {}
        of_style = self._chain(style, of_runs=False)
        told = self._paragraph_defaults | self._chain(table_style, of_runs=False) | of_style | numbered | direct
        in_lines = {name: told.get(f"{name} lines", 0.0) for name in ("before", "after")}
        told |= {name: value / 100 * _LINE for name, value in in_lines.items() if value}
        told |= {name: _AUTOMATIC_SPACE for name in ("before", "after") if told.get(f"{name} auto")}
        tabs = of_style.get("tabs", {}) | direct.get("tabs", {})
        told["tabs"] = tuple(sorted((place, kind) for place, kind in tabs.items() if kind != "clear"))
        level = self._level(of_style | direct)
        sign = _SIGNS.get(said(level, "numFmt", otherwise="decimal"), "")
        shown = (sign if letter.isdigit() else letter for letter in said(level, "lvlText").replace("%", ""))
        told |= {"style": style, "style_name": said(self._styles.named.get(style), "name")}
        told["label"] = "-" if sign == "-" else "".join(shown)
        return Layout(**{name: value for name, value in told.items() if name in _LAYOUT})

    def _level(self, told: Properties) -> Any:
        return self._levels.get((told.get("list", "0"), told.get("level", "0")))

    def _chain(self, style: str, *, of_runs: bool) -> Properties:
        """What a style says together with those it is based on."""
        if (style, of_runs) in self._chains:
            return self._chains[style, of_runs]
        told: Properties = {}
        for element in self._styles.chain(style):
            if of_runs:
                told |= self._run_properties(child(element, "rPr"))
                continue
            own = paragraph_properties(child(element, "pPr"))
            own["tabs"] = told.get("tabs", {}) | own.get("tabs", {})
            told |= (self._of_level(told | own) if "list" in own else {}) | own
        told.pop("style", None)
        self._chains[style, of_runs] = told
        return told

    def _of_level(self, told: Properties) -> Properties:
        return paragraph_properties(child(self._level(told), "pPr"))
