"""Where a chart goes: its name comes in, a mark for the text goes out, and back again when the template is filled in.

The characters of the mark are none of a text: units' texts cannot hold them (``render.clean``).
"""

from __future__ import annotations

import re

_OPEN, _CLOSE = "\ufdd2", "\ufdd3"
MARK = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")


def marker(name: str) -> str:
    """The mark of a chart, as ``{{ chart('fields') }}`` writes it.

    >>> MARK.search(marker("fields"))[1]
    'fields'
    """
    return f"{_OPEN}{name}{_CLOSE}"
