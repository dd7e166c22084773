"""What a template gets for a name that does not exist: nothing is printed, and the name is noted for the error."""

from __future__ import annotations

from typing import Any

from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError


class NotAllowedError(SecurityError):
    """A template asks for what it may not have; the text names it."""


class Noted(StrictUndefined):
    """A name that does not exist: noted instead of raised, so that all of them can be told at once."""

    __slots__ = ()
    names: list[str]

    def _note(self, *_args: object, **_kwargs: object) -> Noted:
        if issubclass(self._undefined_exception, SecurityError):
            raise NotAllowedError(f".{self._undefined_name}")
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
