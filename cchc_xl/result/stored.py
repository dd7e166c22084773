"""A result handed back: the folder of a finished result comes in, its :class:`Contents` go out, or why not.

Whoever hands a result back may have damaged it on the way, or altered it. What ``manifest.json`` says it is not, what
is no result, and what contradicts itself so that nobody could count on it, is told by its key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from cchc_xl.result import manifest
from cchc_xl.result.contents import Contents
from cchc_xl.result.manifest import bounded, parsed
from cchc_xl.result.objects import ContentsError, from_object

RESULT = "result.json"
MAX_RESULT = 256 * 1024 * 1024
_MOST_PLACES, _DEEPEST = 10, 50
_LARGEST_PERCENT = 1_000


def load(folder: Path) -> Contents:
    """The contents of the result in this folder.

    Raises ``OSError`` where there is none or it cannot be read, :class:`ContentsError` where it cannot be relied on.
    """
    data = bounded(folder / RESULT, MAX_RESULT)
    known = manifest.load(folder)
    sealed = known.files.get(RESULT) if known else None
    if sealed is not None and sealed != hashlib.sha256(data).hexdigest():
        raise ContentsError("", f"không còn như khi lập (mã SHA-256 khác mã ghi trong {manifest.MANIFEST})")
    contents = from_object(parsed(data))
    contradiction = next(_contradictions(contents), None)
    if contradiction is not None:
        raise ContentsError(*contradiction)
    return contents


def _contradictions(contents: Contents) -> Iterator[tuple[str, str]]:
    """The key and what is wrong with it, where what is told cannot be true of any result."""
    unclear = "có giá trị không hiểu được"
    if not 0 <= contents.settings.places <= _MOST_PLACES:
        yield "settings.places", unclear
    if contents.settings.year is not None and not 0 <= contents.settings.year <= 9999:
        yield "settings.year", unclear
    for name in ("percent", "percent_if_missing_full"):
        value = getattr(contents.index, name)
        if value is not None and abs(value) > _LARGEST_PERCENT:
            yield f"index.{name}", "không thể là tỷ lệ phần trăm của một chỉ số"
    parents = {item.code: item.parent for item in contents.criteria}
    for number, item in enumerate(contents.criteria):
        above, steps = item.parent, 0
        while above is not None and steps <= _DEEPEST:
            above, steps = parents.get(above), steps + 1
        if steps > _DEEPEST:
            yield f"criteria[{number}].parent", "dẫn vòng về chính tiêu chí đó"
