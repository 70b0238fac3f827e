"""Reads each kind of chart from the artists of one pair of axes. Every function gives an empty list for another kind."""

import math
import sys
from itertools import islice
from typing import Any

MAXIMUM_POINTS = 5_000
MAXIMUM_ELEMENTS = 500


def line(axes: Any) -> list[dict]:
    """One element per line with data; reference lines across the whole axes (`axhline`) are no data."""
    labels, aside = _containers(axes)
    found = []
    for artist in _lines(axes):
        points = [] if artist in aside else _points(axes, *_line_data(artist))
        if points:
            found.append({'label': _label(artist, labels.get(artist, '')), 'points': points})
    return _named(axes, found, 'label', 'line')[: MAXIMUM_ELEMENTS + 1]


def scatter(axes: Any) -> list[dict]:
    collection = _module('matplotlib.collections').PathCollection
    found = []
    for artist in axes.collections:
        if not isinstance(artist, collection):
            continue
        offsets = artist.get_offsets()
        data = getattr(artist, '_offsets3d', None) or (offsets[:, 0], offsets[:, 1])
        points = _points(axes, *data)
        if points:
            found.append({'label': _label(artist, ''), 'points': points})
    return _named(axes, found, 'label', 'points')[: MAXIMUM_ELEMENTS + 1]


def bar(axes: Any) -> list[dict]:
    """One element per bar: its tick label or place, the name of its series, its length."""
    containers = [part for part in axes.containers if type(part).__name__ == 'BarContainer' and part.patches]
    groups = [{'group': _label(container, '')} for container in containers]
    _named(axes, groups, 'group', 'series')
    found = []
    for container, group in zip(containers, groups, strict=True):
        flat = getattr(container, 'orientation', 'vertical') == 'horizontal'
        axis = axes.yaxis if flat else axes.xaxis
        names = _tick_names(axis)
        for patch in container.patches:
            place = patch.get_y() + patch.get_height() / 2 if flat else patch.get_x() + patch.get_width() / 2
            length = patch.get_width() if flat else patch.get_height()
            found.append({'label': _nearest(names, place, axis), **group, 'value': number(length)})
    return found[: MAXIMUM_ELEMENTS + 1]


def pie(axes: Any) -> list[dict]:
    wedge = _module('matplotlib.patches').Wedge
    wedges = [patch for patch in axes.patches if isinstance(patch, wedge)]
    texts = [text.get_text() for text in axes.texts]
    found = []
    for index, patch in enumerate(wedges):
        label = _label(patch, texts[index] if index < len(texts) else '')
        angle = abs(patch.theta2 - patch.theta1)
        found.append({'label': label, 'angle': number(angle), 'radius': number(patch.r)})
    return _named(axes, found, 'label', 'part')[: MAXIMUM_ELEMENTS + 1]


def box(axes: Any) -> list[dict]:
    """Boxes that `boxplot` drew, whether as lines or as patches: read from their corners, whiskers and fliers."""
    patch = _module('matplotlib.patches').PathPatch
    boxes = [artist.get_path().vertices for artist in axes.patches if isinstance(artist, patch)]
    boxes = [vertices for vertices in boxes if len(vertices) in (5, 6, 11, 12)]
    lines = [(list(artist.get_xdata()), list(artist.get_ydata())) for artist in axes.lines]
    if not boxes:
        corners = [(xs, ys) for xs, ys in lines if len(xs) in (5, 11) and xs[0] == xs[-1] and ys[0] == ys[-1]]
        boxes = [list(zip(xs, ys, strict=True)) for xs, ys in corners]
    if not boxes or len(lines) < len(boxes) * 3:
        return []
    flat = _is_flat(boxes, lines)
    names = _tick_names(axes.yaxis if flat else axes.xaxis)
    return [_one_box(axes, corners, lines, names, flat) for corners in boxes[: MAXIMUM_ELEMENTS + 1]]


def _is_flat(boxes: list, lines: list) -> bool:
    """Horizontal boxes have whiskers along x: a line in the box's middle from its edge outward."""
    for corners in boxes:
        left, right = min(float(p[0]) for p in corners), max(float(p[0]) for p in corners)
        middle = (min(float(p[1]) for p in corners) + max(float(p[1]) for p in corners)) / 2
        for xs, ys in lines:
            if len(xs) != 2 or xs[0] == xs[1] or float(ys[0]) != float(ys[1]) or abs(float(ys[0]) - middle) > 1e-9:
                continue
            low, high = sorted((float(xs[0]), float(xs[1])))
            if (abs(high - left) < 1e-9 and low < left) or (abs(low - right) < 1e-9 and high > right):
                return True
    return False


def _one_box(axes: Any, corners: Any, lines: list, names: dict, flat: bool) -> dict:
    """`lines` are (xs, ys); what counts is where they run beside (place) and along (value) the box."""
    place, along = (1, 0) if flat else (0, 1)
    low, high = min(float(p[along]) for p in corners), max(float(p[along]) for p in corners)
    left, right = min(float(p[place]) for p in corners), max(float(p[place]) for p in corners)
    medians: list[float] = []
    ends = [low, high]
    rest: list[float] = []
    for line in lines:
        places, values = [float(v) for v in line[place]], [float(v) for v in line[along]]
        if not places or min(places) < left - 1e-9 or max(places) > right + 1e-9:
            continue
        if len(places) == 2 and values[0] == values[1] and low <= values[0] <= high and places[0] != places[1]:
            # Caps are narrower than the median; only the median runs the whole width of the box.
            if abs(abs(places[1] - places[0]) - (right - left)) < 1e-9:
                medians.append(values[0])
        elif len(places) == 2 and places[0] == places[1] and not low < min(values) < max(values) < high:
            ends += values if low in values or high in values else []
            rest += [] if low in values or high in values else values
        elif len(set(places)) == 1:
            rest += values
    minimum, maximum = min(ends), max(ends)
    return {
        'label': _nearest(names, (left + right) / 2, axes.yaxis if flat else axes.xaxis),
        'minimum': number(minimum),
        'first_quartile': number(low),
        'median': number(medians[0]) if medians else None,
        'third_quartile': number(high),
        'maximum': number(maximum),
        'outliers': [number(v) for v in rest if not minimum <= v <= maximum][: MAXIMUM_POINTS + 1],
    }


def _lines(axes: Any) -> list:
    """Lines in data coordinates both ways; a reference line (`axhline`) is in data coordinates one way only."""
    return [line for line in axes.lines if line.get_transform().contains_branch_seperately(axes.transData) == (True, True)]


def is_reference(element: dict) -> bool:
    """A straight line along one axis: a mark or an error bar beside other data, no series of its own."""
    points = element['points']
    if any(point[0] is None and point[1] is None for point in points):
        return True
    return len(points) <= 2 and (len({str(p[0]) for p in points}) == 1 or len({str(p[1]) for p in points}) == 1)


def _containers(axes: Any) -> tuple[dict, set]:
    """Names that stand on a container instead of its line, and the lines of one that are no data: caps, base lines."""
    labels: dict = {}
    aside: set = set()
    for part in axes.containers:
        kind = type(part).__name__
        if kind == 'ErrorbarContainer':
            main, caps = part[0], part[1]
            aside.update(caps)
        elif kind == 'StemContainer':
            main = part.markerline
            aside.add(part.baseline)
        else:
            continue
        if main is not None:
            labels[main] = _label(part, '')
    return labels, aside


def _named(axes: Any, found: list[dict], key: str, fallback: str) -> list[dict]:
    """Gives those without a name the one that the legend has for them, or a number."""
    legend = axes.get_legend()
    texts = [text.get_text()[:200] for text in legend.get_texts()] if legend is not None else []
    told = len(texts) == len(found) and not any(element[key] for element in found)
    for index, element in enumerate(found):
        element[key] = element[key] or (texts[index] if told else '') or f'{fallback} {index + 1}'
    return found


def _line_data(artist: Any) -> tuple:
    if hasattr(artist, 'get_data_3d'):
        return artist.get_data_3d()
    return artist.get_xdata(orig=True), artist.get_ydata(orig=True)


def _points(axes: Any, *data: Any) -> list[list]:
    """One more than may be shown, so that what is cut is seen; of axes in space each has three values."""
    axles = (axes.xaxis, axes.yaxis, getattr(axes, 'zaxis', None))[: len(data)]
    names = [_category_names(axis) for axis in axles]
    rows = islice(zip(*data, strict=False), MAXIMUM_POINTS + 1)
    return [[_place(raw, axis, known) for raw, axis, known in zip(row, axles, names, strict=True)] for row in rows]


def _place(raw: Any, axis: Any, names: dict) -> Any:
    found = value(raw, axis)
    return names.get(found, found) if names and isinstance(found, (int, float)) else found


def _category_names(axis: Any) -> dict:
    """Of an axis of categories: what stands at its places."""
    if not is_category_axis(axis):
        return {}
    return {place: str(name)[:200] for name, place in getattr(axis.units, '_mapping', {}).items()}


def value(raw: Any, axis: Any) -> Any:
    """A coordinate as JSON: dates ISO 8601 where the axis has dates."""
    if hasattr(raw, 'item') and type(raw).__name__ != 'datetime64':
        raw = raw.item()
    if isinstance(raw, str):
        return raw[:200]
    if hasattr(raw, 'isoformat'):
        return raw.isoformat()
    if type(raw).__name__ == 'datetime64':
        return str(raw)
    if is_date_axis(axis) and isinstance(raw, (int, float)):
        return _date(float(raw))
    if _is_period_axis(axis) and isinstance(raw, (int, float)):
        return _period(raw, axis)
    return number(raw)


def scale(axis: Any) -> str:
    if is_category_axis(axis):
        return 'categorical'
    return 'datetime' if is_date_axis(axis) or _is_period_axis(axis) else axis.get_scale()


def is_category_axis(axis: Any) -> bool:
    return type(axis.get_converter()).__name__ == 'StrCategoryConverter'


def is_date_axis(axis: Any) -> bool:
    return 'Date' in type(axis.get_converter()).__name__


def _is_period_axis(axis: Any) -> bool:
    """pandas plots a regular time index as numbers of periods."""
    return type(axis.get_converter()).__name__ == 'PeriodConverter' and getattr(axis, 'freq', None) is not None


def _period(raw: float, axis: Any) -> str | None:
    try:
        return _module('pandas').Period(ordinal=int(raw), freq=axis.freq).start_time.isoformat()
    except (ValueError, OverflowError, TypeError):
        return None


def _date(raw: float) -> str | None:
    try:
        return _module('matplotlib.dates').num2date(raw).replace(tzinfo=None).isoformat()
    except (ValueError, OverflowError):
        return None


def number(raw: Any) -> float | int | None:
    """A finite number, or None."""
    try:
        found = raw.item() if hasattr(raw, 'item') else raw
        if isinstance(found, bool) or not isinstance(found, (int, float)):
            found = float(found)
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) and abs(found) < 1 << 1023 else None


def _tick_names(axis: Any) -> dict[float, str]:
    places = [float(place) for place in axis.get_ticklocs()]
    labels = [label.get_text() for label in axis.get_ticklabels()]
    return {place: label for place, label in zip(places, labels, strict=False) if label}


def _nearest(names: dict[float, str], place: float, axis: Any) -> str:
    """The tick label at a place; grouped bars stand up to half a step beside theirs."""
    if is_date_axis(axis) or _is_period_axis(axis):
        return str(value(float(place), axis))
    near = min(names, key=lambda tick: abs(tick - place), default=None)
    if near is not None and abs(near - place) < 0.5 and _is_categorical(axis, names):
        return names[near][:200]
    if near is not None and abs(near - place) < 1e-6:
        return names[near][:200]
    return f'{float(place):.10g}'


def _is_categorical(axis: Any, names: dict[float, str]) -> bool:
    kind = type(axis.get_major_formatter()).__name__
    return kind in ('StrCategoryFormatter', 'FixedFormatter', 'FuncFormatter') and len(names) > 0


def _label(artist: Any, fallback: str) -> str:
    label = artist.get_label()
    return label[:200] if isinstance(label, str) and label and not label.startswith('_') else fallback


def _module(name: str) -> Any:
    return sys.modules[name]
