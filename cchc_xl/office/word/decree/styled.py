"""Where the form of a text is said, and how to say it otherwise: elements and what they should look like come in.

What many texts have wrong is mended once, in the style or the defaults that say it; a text that such a change would
alter although nothing is wrong with it keeps its look by saying it itself. ECMA-376 part 1, 17.7.2.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from unicodedata import combining

from cchc_xl.office.word.decree.document import NOTES, Document, Paragraph, Run, runs_of
from cchc_xl.office.word.decree.effective import Styles
from cchc_xl.office.word.decree.pieces import lettered
from cchc_xl.office.word.file import WORDS, W, WordFile, child, local_name, paragraphs_in, said
from cchc_xl.text.words import composed

TIMES = "Times New Roman"
_ORDER = {parent: names.split() for parent, names in WORDS["order"].items()}
_FEWEST = 3  # texts for whose sake a style is changed
_SOFT = "\u00ad"
_OF_FEW = ("center", 0.0)  # what the next text that somebody types should not have
_FONTS = ("ascii", "hAnsi", "cs")
# Properties of letters, then of paragraphs: the element that says it, and by which attributes; any if none are named.
_OF_RUNS = {
    "size": ("sz", ()),
    "font": ("rFonts", ("ascii", "hAnsi", "asciiTheme", "hAnsiTheme")),
    "colour": ("color", ()),
}
_OF_PARAGRAPHS = {
    "align": ("jc", ()),
    "first": ("ind", ("firstLine", "hanging", "firstLineChars", "hangingChars")),
    "after": ("spacing", ("after", "afterLines", "afterAutospacing")),
    "line": ("spacing", ("line", "lineRule")),
}
_WEIGHT = dict.fromkeys(_OF_PARAGRAPHS, 2)  # so many more must be mended than kept for a style to change
_PROPERTIES = {**_OF_RUNS, **_OF_PARAGRAPHS}
_KEPT_BY_ITSELF = frozenset(("size", *_OF_PARAGRAPHS))  # what a text can go on saying for itself


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A paragraph, its element and the name of its part."""

    paragraph: Paragraph
    element: Any
    part: str


def places(word: WordFile, document: Document, roots: dict[str, Any]) -> Iterator[Place]:
    """Every paragraph of a document with its element; fills in the ``roots`` of the parts in which they stand."""
    relations = word.related()

    def within(name: str) -> Iterator[Any]:
        roots.setdefault(name, word.xml(name))
        root = roots[name]
        return paragraphs_in(root.find(f"{W}body") if name == word.main else root)

    for name, paragraphs in (
        (word.main, document.paragraphs),
        *((relations[relation][1], paragraphs) for relation, paragraphs in document.outside.items()),
    ):
        for paragraph, element in zip(paragraphs, within(name), strict=True):
            yield Place(paragraph, element, name)
    notes = [(element, name) for name in map(word.part, NOTES) if name for element in within(name)]
    for paragraph, (element, name) in zip(document.notes, notes, strict=True):
        yield Place(paragraph, element, name)


def part_of(parent: Any, name: str) -> Any:
    """The child of that name, put where the standard has it if there is none."""
    found = parent.find(f"{W}{name}")
    if found is not None:
        return found
    order = _ORDER[local_name(parent)]
    behind = order[order.index(name) + 1 :] if local_name(parent) not in {"p", "r"} else None
    made = parent.makeelement(f"{W}{name}", {})
    for turn, item in enumerate(parent):
        if behind is None or local_name(item) in behind:
            parent.insert(turn, made)
            return made
    parent.append(made)
    return made


def set_value(element: Any, **attributes: object) -> None:
    """Sets attributes; None takes one away."""
    for name, value in attributes.items():
        if value is None:
            element.attrib.pop(f"{W}{name}", None)
        else:
            element.set(f"{W}{name}", str(value))


def put(properties: Any, name: str, value: Any) -> None:
    """Says one property in a ``w:rPr`` or ``w:pPr``, in the place of what was said of it."""
    element = part_of(properties, _PROPERTIES[name][0])
    match name:
        case "size":
            set_value(element, val=f"{value * 2:g}")
            set_value(part_of(properties, "szCs"), val=f"{value * 2:g}")
        case "font":
            for script in _FONTS:
                set_value(element, **{script: value, f"{script}Theme": None, "cstheme": None})
        case "colour":
            set_value(element, val=value, themeColor=None, themeTint=None, themeShade=None)
        case "align":
            set_value(element, val=value)
        case "first":
            hangs = value < 0
            set_value(element, firstLineChars=None, hangingChars=None, firstLine=None if hangs else f"{value:g}")
            set_value(element, hanging=f"{-value:g}" if hangs else None)
        case "after":
            set_value(element, after=f"{value:g}", afterLines=None, afterAutospacing=None)
        case "line":
            set_value(element, line=f"{value[0]:g}", lineRule=value[1])


def switch(run: Any, name: str, *, on: bool) -> None:
    """Turns bold, italic or capitals of a run on or off."""
    set_value(part_of(part_of(run, "rPr"), name), val=None if on else "0")


@dataclass(slots=True)
class _Text:
    """A run or a paragraph: what says how it looks, lowest first, and how that is now."""

    element: Any
    layers: list[Any]
    now: dict[str, Any]
    own: str  # the name of the element with what it says itself


class Wanted:
    """What is to be said otherwise, by property and element; ``settle`` says it in the fewest places."""

    def __init__(self, places: Iterable[Place], styles: Any) -> None:
        """Learns every text and what says its form; ``styles`` is the root of the part with the styles, or None."""
        self._styles = Styles(styles)
        self._defaults = [item for item in (child(styles, "docDefaults"),) if item is not None]
        self._texts: dict[Any, _Text] = {}
        self._wants: dict[str, dict[Any, Any]] = defaultdict(dict)
        self._looks: dict[Any, str] = {}  # the style of a table: to ask the table from every cell takes long
        for place in places:
            self._learn(place)

    def want(self, element: Any, name: str, value: Any) -> None:
        """That a run or paragraph should have a property."""
        self._wants[name].setdefault(element, value)

    def settle(self) -> None:
        """Says all that is wanted."""
        for name in _PROPERTIES:
            wanted = self._wants.get(name, {})
            sources: dict[Any, list[Any]] = defaultdict(list)
            for element in wanted:
                sources[self._source(element, name)].append(element)
            for source, elements in sources.items():
                self._say(name, source, elements, wanted)

    def _say(self, name: str, source: Any, elements: list[Any], wanted: dict[Any, Any]) -> None:
        value = Counter(wanted[element] for element in elements).most_common(1)[0][0]
        if source is not None and value not in _OF_FEW:
            same = [element for element in elements if wanted[element] == value]
            rest = [element for element in self._ruled_by(source, name) if wanted.get(element) != value]
            pinned = [element for element in rest if wanted.get(element, self._texts[element].now[name]) != value]
            enough = len(same) >= _FEWEST and len(same) > _WEIGHT.get(name, 1) * len(pinned)
            if enough and (name in _KEPT_BY_ITSELF or not pinned):
                put(self._properties(source, "rPr" if name in _OF_RUNS else "pPr"), name, value)
                for element in pinned:
                    self._say_itself(element, name, wanted.get(element, self._texts[element].now[name]))
                return
        for element in elements:
            self._say_itself(element, name, wanted[element])

    @staticmethod
    def _say_itself(element: Any, name: str, value: Any) -> None:
        put(part_of(element, "rPr" if name in _OF_RUNS else "pPr"), name, value)

    def _source(self, element: Any, name: str) -> Any:
        """What says a property of a text, where a style may say it: None where the text itself or a list does."""
        text = self._texts.get(element)
        if text is None or _says(child(element, text.own), name) or not text.layers:
            return None
        own = "rPr" if name in _OF_RUNS else "pPr"
        for layer in reversed(text.layers):
            if _says(self._said_in(layer, own), name):
                return None if layer.get(f"{W}type") == "table" else layer
        return next((layer for layer in text.layers if layer.get(f"{W}styleId") == self._styles.default), None)

    def _ruled_by(self, source: Any, name: str) -> Iterator[Any]:
        """The texts that would look otherwise if ``source`` said otherwise."""
        own = "rPr" if name in _OF_RUNS else "pPr"
        for element, text in self._texts.items():
            if text.own == own and source in text.layers and not _says(child(element, own), name):
                above = text.layers[text.layers.index(source) + 1 :]
                if not any(_says(self._said_in(layer, own), name) for layer in above):
                    yield element

    @staticmethod
    def _said_in(layer: Any, own: str) -> Any:
        return child(layer, f"{own}Default/{own}" if local_name(layer) == "docDefaults" else own)

    @staticmethod
    def _properties(layer: Any, own: str) -> Any:
        if local_name(layer) != "docDefaults":
            return part_of(layer, own)
        holder = part_of(layer, f"{own}Default")
        return holder[0] if len(holder) else _made(holder, own)

    def _learn(self, place: Place) -> None:
        paragraph, element = place.paragraph, place.element
        style = self._styles.chain(self._styles.of(said(element, "pPr/pStyle")))
        base = [*self._defaults, *self._table_layers(element), *style]
        layout = paragraph.layout
        now = {
            "align": layout.align, "first": layout.first, "after": layout.after, "line": (layout.line, layout.line_rule)
        }  # fmt: skip
        # What a list says stands above the styles: such a paragraph says everything itself.
        self._texts[element] = _Text(element, [] if layout.label else base, now, "pPr")
        elements = [*runs_of(element)]
        for run in lettered(paragraph.runs):
            if run.turn >= 0:
                own = elements[run.turn]
                layers = [*base, *self._styles.chain(said(own, "rPr/rStyle"))]
                self._texts[own] = _Text(own, layers, _looks(run), "rPr")

    def _table_layers(self, element: Any) -> list[Any]:
        table = next(element.iterancestors(f"{W}tbl"), None)
        if table is None:
            return []
        if table not in self._looks:
            self._looks[table] = said(table, "tblPr/tblStyle")
        return self._styles.chain(self._looks[table])


def _made(parent: Any, name: str) -> Any:
    made = parent.makeelement(f"{W}{name}", {})
    parent.append(made)
    return made


def _looks(run: Run) -> dict[str, Any]:
    fonts = {run.form.plain_font, run.form.accented_font}
    return {
        "size": run.form.size,
        "font": TIMES if fonts == {TIMES} else "",
        "colour": "auto" if run.form.colour == "auto" else run.form.colour,
    }


def _says(properties: Any, name: str) -> bool:
    path, attributes = _PROPERTIES[name]
    found = child(properties, path)
    return found is not None and (not attributes or any(f"{W}{item}" in found.attrib for item in attributes))


def split(element: Any, cuts: Iterable[tuple[int, int]]) -> None:
    """Cuts runs of a paragraph in two, each at a number of letters: the text stays as it is."""
    runs = [*runs_of(element)]
    for turn, at in sorted(set(cuts), reverse=True):  # from the end, so that what stands before keeps its place
        _cut(runs[turn], at)


def _cut(run: Any, at: int) -> None:
    behind = run.makeelement(run.tag, dict(run.attrib))
    own = run.find(f"{W}rPr")
    if own is not None:
        behind.append(deepcopy(own))
    place = 0
    for item in [inside for inside in run if inside is not own]:
        text = item.text or "" if item.tag == f"{W}t" else ""
        long = _letters(text) if text else int(local_name(item) in {"tab", "ptab", "br", "cr", "noBreakHyphen"})
        if place >= at:
            behind.append(item)
        elif place + long > at:
            rest, stored = deepcopy(item), _stored(text, at - place)
            item.text, rest.text = text[:stored], text[stored:]
            for half in (item, rest):
                half.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            behind.append(rest)
        place += long
    run.addnext(behind)


def _stored(text: str, letters: int) -> int:
    r"""Where in a stored text so many letters end: hyphens that only may be shown are none, nor are marks on letters.

    >>> _stored("o\u0302\u0301n", 1), _stored("ốn", 1), _stored("a\u00adbc", 2)
    (3, 1, 3)
    """
    place = bisect_left(range(len(text)), letters, key=lambda end: _letters(text[:end]))
    return next((end for end in range(place, len(text)) if not combining(text[end])), len(text)) if letters else 0


def _letters(text: str) -> int:
    """How many letters of a stored text a reader of the document is given."""
    return len(composed(text.replace(_SOFT, "")))
