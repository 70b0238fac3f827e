"""Values as JSON that says exactly what they say, or not at all: readers of JSON take a number for a double."""

import math
from typing import Any

SAFE_INTEGER = 1 << 53
_MAXIMUM_DEPTH = 50
_MAXIMUM_PARTS = 1 << 16
_NARROW = frozenset(('float16', 'float32'))


class Inexact(Exception):
    """JSON has no word for it."""


def exact_json(value: Any) -> Any:
    """The value made of what JSON has. Integers beyond 2^53 become strings of their digits.

    Raises Inexact for not-numbers and infinities, keys that are not text, and whatever is neither text, number, truth
    value, list nor dictionary; whatever the value's own code raises as well.
    """
    return _Converter().convert(value, 0)


class _Converter:
    def __init__(self) -> None:
        self._parts = 0

    def convert(self, value: Any, depth: int) -> Any:
        self._parts += 1
        if depth > _MAXIMUM_DEPTH or self._parts > _MAXIMUM_PARTS:
            raise Inexact('it is too large or too deep')
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str):
            return str(value)
        if type(value).__module__ == 'numpy' and getattr(value, 'shape', None) == ():
            return _numpy_scalar(value)
        if isinstance(value, (int, float)):
            return number(value)
        if isinstance(value, dict):
            if not all(isinstance(key, str) for key in value):
                raise Inexact('a key is no text')
            return {str(key): self.convert(part, depth + 1) for key, part in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.convert(part, depth + 1) for part in value]
        raise Inexact(f'{type(value).__name__} is no JSON')


def number(value: int | float) -> int | float | str:
    """Raises Inexact for what is not a finite number, and ValueError for more digits than Python writes."""
    if isinstance(value, int):
        return int(value) if -SAFE_INTEGER <= value <= SAFE_INTEGER else str(int(value))
    if not math.isfinite(value):
        raise Inexact('not a finite number')
    return float(value)


def shortest(value: Any) -> float:
    """A numpy number of fewer bits than Python's as the double whose text is the shortest that means it."""
    return float(str(value))


def _numpy_scalar(value: Any) -> Any:
    kind = value.dtype.kind
    if kind == 'b':
        return bool(value)
    if kind in 'iu':
        return number(int(value))
    if kind == 'f' and value.dtype.name in (*_NARROW, 'float64'):
        return number(shortest(value))
    raise Inexact(f'numpy.{value.dtype.name} is no JSON')
