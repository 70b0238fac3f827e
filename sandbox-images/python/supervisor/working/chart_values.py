"""Places and values of a chart as JSON: dates ISO 8601, missing ones null, never more digits than were given."""

import math
import sys
from typing import Any

from working import drawn

_LONGEST = 200
_MANY = 100_000
_SAFE_INTEGER = 1 << 53
_LARGEST = float(1 << 1023)


def value(raw: Any, axis: Any) -> Any:
    """A coordinate as JSON: what was given where it is known, else what stands on the axis at its place."""
    if raw is None or _is_masked(raw) or type(raw).__name__ in ('NaTType', 'NAType'):
        return None
    if type(raw).__name__ in ('datetime64', 'timedelta64', 'timedelta'):
        return _text_of_index(raw)
    if hasattr(raw, 'item') and type(raw).__name__ not in ('float32', 'float16'):
        raw = raw.item()
    if isinstance(raw, str):
        return raw[:_LONGEST]
    if type(raw).__name__ == 'Period':
        return _period(raw.ordinal, axis, raw)
    if hasattr(raw, 'isoformat'):
        return _text_of_index(raw)
    return _number_on(raw, axis)


def _number_on(raw: Any, axis: Any) -> Any:
    if isinstance(raw, (int, float)) and math.isfinite(raw):
        if is_date_axis(axis):
            return _date(float(raw), axis)
        if _is_period_axis(axis):
            return _period(raw, axis)
        if (noted := _noted_places(axis, None)) and raw in noted:
            return _text_of_index(noted[raw])
    return number(raw)


def values(column: Any, axis: Any) -> list:
    """`value` of each; quickly where they are numbers on an axis of numbers."""
    is_array = type(column).__name__ in ('ndarray', 'MaskedArray')
    if not is_array or column.dtype.name not in ('float64', 'int64', 'int32') or column.ndim != 1 or not _is_plain(axis):
        return [value(raw, axis) for raw in column]
    return [number(found) if found is not None else None for found in column.tolist()]


def _is_plain(axis: Any) -> bool:
    return axis.get_converter() is None and not drawn.notes(axis, 'places')


def number(raw: Any) -> float | int | None:
    """A finite number, or None."""
    if _is_masked(raw):
        return None
    try:
        if type(raw).__name__ in ('float32', 'float16'):
            # The digits that it has, not those of the double it becomes.
            raw = float(str(raw))
        found = raw.item() if hasattr(raw, 'item') else raw
        if isinstance(found, bool) or not isinstance(found, (int, float)):
            found = float(found)
        if isinstance(found, int) and abs(found) > _SAFE_INTEGER:
            # It is drawn as the double next to it.
            found = float(found)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and abs(found) < _LARGEST else None


def place_text(raw: Any, axis: Any) -> str:
    """A place on an axis in words: a date, or a number without an exponent. Bars of a group stand beside their period."""
    found = value(round(raw) if _is_period_axis(axis) else float(raw), axis)
    if not isinstance(found, (int, float)):
        return str(found)
    rounded = float(f'{found:.12g}')
    if rounded == int(rounded) and abs(rounded) < 1e15:
        return str(int(rounded))
    if 1e-6 <= abs(rounded) < 1e15:
        return str(sys.modules['numpy'].format_float_positional(rounded, trim='-'))
    return repr(rounded)


def scale(axis: Any) -> str:
    if category_names(axis):
        return 'categorical'
    return 'datetime' if is_date_axis(axis) or _is_period_axis(axis) else axis.get_scale()


def is_category_axis(axis: Any) -> bool:
    return type(axis.get_converter()).__name__ == 'StrCategoryConverter'


def category_names(axis: Any) -> dict:
    """The categories at the places of an axis. Axes that share one know it by its formatter."""
    formatter = axis.get_major_formatter()
    if is_category_axis(axis):
        mapping = getattr(axis.units, '_mapping', {})
    elif type(formatter).__name__ == 'StrCategoryFormatter':
        mapping = getattr(formatter, '_units', {})
    else:
        return {}
    return {place: str(name)[:_LONGEST] for name, place in mapping.items()}


def is_date_axis(axis: Any) -> bool:
    return 'Date' in type(axis.get_converter()).__name__


def _is_period_axis(axis: Any) -> bool:
    """pandas plots a regular time index as numbers of periods."""
    return type(axis.get_converter()).__name__ == 'PeriodConverter' and getattr(axis, 'freq', None) is not None


def _period(ordinal: Any, axis: Any, period: Any = None) -> str | None:
    """The date that was given for a period; the period itself where periods were given."""
    alias = _alias(axis)
    noted = _noted_places(axis, alias)
    if ordinal in noted:
        return _text_of_index(noted[ordinal])
    if ordinal != int(ordinal):
        return None
    try:
        if alias == 'B':
            return f'{sys.modules["numpy"].busday_offset("1970-01-01", int(ordinal), roll="forward")}T00:00:00'
        found = period if period is not None else sys.modules['pandas'].Period(ordinal=int(ordinal), freq=axis.freq)
        gave_dates = any(type(index).__name__ == 'DatetimeIndex' for _, _, index in drawn.notes(axis, 'places'))
        return found.start_time.isoformat() if gave_dates else str(found)
    except (ValueError, OverflowError, TypeError, KeyError):
        return None


def _alias(axis: Any) -> str | None:
    """The name that pandas gives the axis' frequency where it counts periods."""
    freq = getattr(axis, 'freq', None)
    module = sys.modules.get('pandas.plotting._matplotlib.timeseries')
    if freq is None or module is None:
        return None
    return module._get_period_alias(freq)


def _noted_places(axis: Any, alias: str | None) -> dict:
    """What the index held at each place, by frequency; kept, since every point of a line asks."""
    found = drawn.notes(axis, 'places')
    kept = getattr(axis, '_sallyport_known', None)
    if kept is None or kept[0] != len(found) or kept[1] != alias:
        known: dict = {}
        for frequency, places, index in found:
            if frequency == alias:
                known |= dict(zip([_plain(place) for place in places[:_MANY]], index[:_MANY], strict=False))
        kept = axis._sallyport_known = (len(found), alias, known)
    return kept[2]


def _plain(place: Any) -> Any:
    return place.item() if hasattr(place, 'item') else place


def _text_of_index(raw: Any) -> Any:
    """A value of an index: dates ISO 8601, anything else as it prints (`1 days 02:00:00`)."""
    if type(raw).__name__ in ('NaTType', 'NAType'):
        return None
    if type(raw).__name__ == 'datetime64':
        return _text_of_datetime64(raw)
    if type(raw).__name__ in ('timedelta64', 'timedelta'):
        raw = sys.modules['pandas'].Timedelta(raw) if 'pandas' in sys.modules else raw
        if type(raw).__name__ == 'NaTType':
            return None
    if type(raw).__name__ in ('Timedelta', 'timedelta', 'Period') or not hasattr(raw, 'isoformat'):
        if isinstance(raw, tuple):
            return ', '.join(str(part) for part in raw)[:_LONGEST]
        return str(raw)[:_LONGEST]
    return raw.isoformat()


def _text_of_datetime64(raw: Any) -> str | None:
    text = str(raw.astype('datetime64[ns]')) if str(raw) != 'NaT' else 'NaT'
    if text == 'NaT':
        return None
    day, _, rest = text.partition('.')
    digits = rest.rstrip('0')
    return f'{day}.{digits}' if digits else day


def _date(raw: float, axis: Any) -> str | None:
    """In the axis' time zone, with its distance from UTC, where dates of one were given."""
    zone = axis.units if hasattr(axis.units, 'utcoffset') else None
    try:
        found = _module('matplotlib.dates').num2date(raw, tz=zone)
        return (found if zone is not None else found.replace(tzinfo=None)).isoformat()
    except (ValueError, OverflowError):
        return None


def _is_masked(raw: Any) -> bool:
    return raw is not None and raw is getattr(sys.modules.get('numpy.ma'), 'masked', None)


def _module(name: str) -> Any:
    return sys.modules[name]
