"""The register of units: the text of a unit cell comes in, unit codes go out.

A unit answers to its code, its name and its other names, a group to its own text (``Các phòng chuyên môn`` for the
group ``Phòng chuyên môn``). Names are never guessed: what is not known, or belongs to two units, is handed back with
suggestions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cchc_xl.records import Unit
from cchc_xl.text.words import closest, key, tidy


@dataclass(frozen=True, slots=True)
class Resolved:
    """Unit codes in the order of the text, each once, and the pieces of the text that name nobody."""

    codes: tuple[str, ...]
    unknown: tuple[str, ...] = ()


class Register:
    """Looks units up by any name they answer to."""

    __slots__ = ("_commas", "_groups", "_names", "units")

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units = tuple(units)
        owners: dict[str, dict[str, None]] = {}
        self._groups: dict[str, dict[str, None]] = {}
        for unit in self.units:
            for name in (unit.name, *unit.aliases):
                owners.setdefault(key(name), {})[unit.code] = None
            for variant in _group_keys(unit.group) if unit.group else ():
                self._groups.setdefault(variant, {})[unit.code] = None
        self._names = {name: next(iter(codes)) for name, codes in owners.items() if len(codes) == 1}
        self._names |= {key(unit.code): unit.code for unit in self.units}
        self._commas = max((name.count(",") for name in (*self._names, *self._groups)), default=0)

    def unit(self, text: str) -> str | None:
        """The code of the unit that answers to exactly this name, or None."""
        return self._names.get(key(text))

    def suggestions(self, text: str) -> tuple[str, ...]:
        """Names of units that look alike, for a person to choose from; never used to decide."""
        wanted = key(text)
        names = {name: unit.name for unit in self.units for name in (key(unit.name), *map(key, unit.aliases))}
        return tuple(dict.fromkeys(names[name] for name in closest(wanted, names)))

    def resolve(self, text: str) -> Resolved:
        """The units named by the text of a cell.

        >>> vp, gd = Unit("VP", "Văn phòng Sở"), Unit("GDNN", "Phòng Giáo dục nghề nghiệp", group="Phòng chuyên môn")
        >>> Register((vp, gd)).resolve("Các phòng chuyên môn, Văn phòng Sở").codes
        ('GDNN', 'VP')
        >>> Register((vp, gd)).resolve("Các phòng chuyên môn: Giáo dục nghề nghiệp; Phòng Lạ")
        Resolved(codes=('GDNN',), unknown=('Phòng Lạ',))
        """
        codes: list[str] = []
        unknown: list[str] = []
        prefix, colon, rest = text.partition(":")
        listed = bool(colon) and self._group(prefix) is not None
        for piece in filter(None, map(tidy, (rest if listed else text).split(";"))):
            members = self._split(piece, listed=listed)
            if members is None:
                unknown.append(piece)
            else:
                codes.extend(members)
        return Resolved(tuple(dict.fromkeys(codes)), tuple(unknown))

    def _split(self, piece: str, *, listed: bool) -> tuple[str, ...] | None:
        """A piece as one name, else cut at commas so that every part is a known name; None if that cannot be."""
        parts = piece.split(",")
        # From the end, so that every place is looked at once: what is named there, and where the next name begins.
        named: dict[int, tuple[tuple[str, ...], int]] = {len(parts): ((), 0)}
        for start in reversed(range(len(parts))):
            for end in reversed(range(start + 1, min(start + self._commas + 1, len(parts)) + 1)):
                head = self._known(",".join(parts[start:end]), listed=listed) if end in named else None
                if head is not None:
                    named[start] = head, end
                    break
        codes: list[str] = []
        place = 0
        while place in named and place < len(parts):
            head, place = named[place]
            codes += head
        return tuple(codes) if place == len(parts) else None

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
