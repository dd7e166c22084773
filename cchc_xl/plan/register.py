"""The register of units: the text of a unit cell comes in, unit codes go out.

A unit answers to its code, its name and its other names, a group to its own text (``Các phòng chuyên môn`` for the
group ``Phòng chuyên môn``). Names are never guessed: what is not known, or belongs to two units, is handed back with
suggestions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cchc_xl.records import Unit
from cchc_xl.text.words import closest, key, tidy, unmarked

_JOINED = re.compile(r"[,:+&]| và | với ")
_MOST_PARTS = 20
# As like as a name with a slip in it is to the name; "Văn phòng Sở Nội vụ" is less like "Văn phòng Sở".
_NEARLY = 0.8
_MOST_SUGGESTED = 3
_MOST_COMMAS = 20  # in a name


@dataclass(frozen=True, slots=True)
class Resolved:
    """Unit codes in the order of the text, each once, and the pieces of the text that name nobody."""

    codes: tuple[str, ...]
    unknown: tuple[str, ...] = ()


class Register:
    """Looks units up by any name they answer to."""

    __slots__ = ("_called", "_commas", "_groups", "_names", "_owners", "_shown", "_unmarked", "units")

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units = tuple(units)
        self._owners: dict[str, dict[str, None]] = {}
        owners = self._owners
        self._groups: dict[str, dict[str, None]] = {}
        for unit in self.units:
            for name in (unit.name, *unit.aliases):
                owners.setdefault(key(name), {})[unit.code] = None
            for variant in _group_keys(unit.group) if unit.group else ():
                self._groups.setdefault(variant, {})[unit.code] = None
        self._names = {name: next(iter(codes)) for name, codes in owners.items() if len(codes) == 1}
        self._called = {
            unit.code: unit.name if len(owners[key(unit.name)]) == 1 else f"{unit.name} ({unit.code})"
            for unit in self.units
        }
        self._names |= {key(name): code for code, name in self._called.items()}
        self._names |= {key(unit.code): unit.code for unit in self.units}
        called = [(name, unit.name) for unit in self.units for name in (unit.name, *unit.aliases)]
        called += [(unit.group, unit.group) for unit in self.units if unit.group]
        self._shown = {key(name): shown for name, shown in called}
        self._unmarked = {_plain(name): shown for name, shown in called}
        # Only names with so many commas stand among others that are parted by commas; a longer one stands alone.
        commas = {name.count(",") for name in (*self._names, *self._groups)}
        self._commas = max((count for count in commas if count <= _MOST_COMMAS), default=0)

    def unit(self, text: str) -> str | None:
        """The code of the unit that answers to exactly this name, or None."""
        return self._names.get(key(text))

    def owners(self, text: str) -> tuple[str, ...]:
        """The codes of all units that have this name, of which none answers to it where they are several."""
        return tuple(self._owners.get(key(text), ()))

    def called(self, code: str) -> str:
        """What a unit is called where it must be known again: its name, of a name that several have with its code.

        >>> register = Register((Unit("A1", "Đội số 1"), Unit("A2", "Đội số 1"), Unit("VP", "Văn phòng")))
        >>> register.called("A2"), register.unit("Đội số 1 (A2)"), register.unit("Đội số 1"), register.called("VP")
        ('Đội số 1 (A2)', 'A2', None, 'Văn phòng')
        """
        return self._called[code]

    def suggestions(self, text: str, *, nearly: bool = False) -> tuple[str, ...]:
        """Names of units and groups that look alike, for a person to choose from; never used to decide.

        They are what the text, or a part of it, is but for a slip or the marks, and what begins with its words; unless
        ``nearly``, also what is only somewhat like it.

        >>> units = Unit("TE", "Phòng Trẻ em và Bình đẳng giới", group="Phòng chuyên môn"), Unit("VP", "Văn phòng Sở")
        >>> register = Register(units)
        >>> register.suggestions("Phòng Tre em", nearly=True), register.suggestions("Sở Nội vụ và Văn phòng Sở")
        (('Phòng Trẻ em và Bình đẳng giới',), ('Văn phòng Sở',))
        >>> register.suggestions("Văn phòng UBND tỉnh"), register.suggestions("Văn phòng UBND tỉnh", nearly=True)
        (('Văn phòng Sở',), ())
        """
        found: list[str] = []
        for part in dict.fromkeys(map(tidy, (text, *_JOINED.split(text, _MOST_PARTS)[:_MOST_PARTS]))):
            typed = _plain(part)
            found += [self._shown[name] for name in _group_keys(part) if name in self._shown]
            found += [self._unmarked[name] for name in closest(typed, self._unmarked, likeness=_NEARLY)]
            if " " in typed:
                found += [
                    shown for name, shown in self._unmarked.items() if name.startswith((f"{typed} ", f"{typed}-"))
                ]
        if not nearly:
            found += [self._shown[name] for name in closest(key(text), self._shown)]
        return tuple(dict.fromkeys(found))[:_MOST_SUGGESTED]

    def resolve(self, text: str) -> Resolved:
        """The units named by the text of a cell.

        >>> vp, gd = Unit("VP", "Văn phòng Sở"), Unit("GDNN", "Phòng Giáo dục nghề nghiệp", group="Phòng chuyên môn")
        >>> Register((vp, gd)).resolve("Các phòng chuyên môn, Văn phòng Sở").codes
        ('GDNN', 'VP')
        >>> Register((vp, gd)).resolve("Các phòng chuyên môn: Giáo dục nghề nghiệp; Phòng Lạ")
        Resolved(codes=('GDNN',), unknown=('Phòng Lạ',))
        >>> Register((vp, gd)).resolve("Sở Nội vụ, UBND các huyện, Văn phòng Sở")
        Resolved(codes=('VP',), unknown=('Sở Nội vụ, UBND các huyện',))

        Before a colon that is in no name stands a group: where it is none, that alone names nobody, not its list too.
        """
        codes: list[str] = []
        unknown: list[str] = []
        prefix, colon, rest = text.partition(":")
        if not tidy(rest):
            text, colon = prefix, ""
        listed = bool(colon) and not self._named(text.partition(";")[0])
        if listed and self._group(prefix) is None:
            unknown.append(tidy(prefix))
        for piece in filter(None, map(tidy, (rest if listed else text).split(";"))):
            members, strangers = self._split(piece, listed=listed)
            codes += members
            unknown += strangers
        return Resolved(tuple(dict.fromkeys(codes)), tuple(dict.fromkeys(filter(None, unknown))))

    def _named(self, piece: str) -> bool:
        return not self._split(tidy(piece), listed=False)[1]

    def _split(self, piece: str, *, listed: bool) -> tuple[list[str], list[str]]:
        """A piece cut at commas into known names, with as little as can be left over; its codes, and what is left."""
        parts = piece.split(",")
        if len(parts) > self._commas and (whole := self._known(piece, listed=listed)):
            return list(whole), []
        # From the end, so that every place is looked at once: who is named there, where it ends, what is left behind.
        best: list[tuple[tuple[str, ...], int, int]] = [((), len(parts), 0)]
        known: dict[str, tuple[str, ...] | None] = {}
        for start in reversed(range(len(parts))):
            choice: tuple[tuple[str, ...], int, int] = (), start + 1, best[-1][2] + 1
            for end in reversed(range(start + 1, min(start + self._commas + 1, len(parts)) + 1)):
                left = best[len(parts) - end][2]
                if left < choice[2]:
                    text = ",".join(parts[start:end])
                    if text not in known:
                        known[text] = self._known(text, listed=listed)
                    choice = (head, end, left) if (head := known[text]) is not None else choice
            best.append(choice)
        codes: list[str] = []
        strangers: list[list[str]] = []
        place, apart = 0, True
        while place < len(parts):
            head, end, _ = best[len(parts) - place]
            codes += head
            if not head:
                strangers += [[]] if apart else []
                strangers[-1].append(parts[place])
            place, apart = end, bool(head)
        return codes, [text for text in (tidy(",".join(left)) for left in strangers) if text]

    def _known(self, text: str, *, listed: bool) -> tuple[str, ...] | None:
        code = self.unit(text) or (self.unit(f"Phòng {tidy(text)}") if listed else None)
        return (code,) if code else self._group(text)

    def _group(self, text: str) -> tuple[str, ...] | None:
        members = {code for variant in _group_keys(text) for code in self._groups.get(variant, ())}
        return tuple(unit.code for unit in self.units if unit.code in members) or None


def _group_keys(text: str) -> tuple[str, ...]:
    """The keys a group answers to: a leading "Các", a trailing "Sở" or "thuộc Sở" do not count."""
    name = key(text).removeprefix(f"{key('các')} ")
    endings = (f" {key('sở')}", f" {key('thuộc sở')}")
    return (name, *(name.removesuffix(ending) for ending in endings if name.endswith(ending)))


def _plain(name: str) -> str:
    """The key of a name as typed without marks."""
    return key(unmarked(name))


def bare(name: str) -> str:
    """The key of a name without the words that may be absent from it; for telling one wrong name once.

    >>> bare("Các đơn vị trực thuộc Sở") == bare("đơn vị trực thuộc"), bare("Phòng Lạ") == bare("lạ")
    (True, True)
    """
    text = key(name)
    for ending in ("sở", "thuộc"):
        text = text.removesuffix(f" {key(ending)}")
    return text.removeprefix(f"{key('các')} ").removeprefix(f"{key('phòng')} ")
