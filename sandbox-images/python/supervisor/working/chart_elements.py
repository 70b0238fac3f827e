"""Lines, points and pies of one pair of axes, from their artists. Each gives an empty list where there are none."""

import sys
from itertools import islice
from typing import Any

from working import drawn
from working.chart_names import SeriesNames
from working.chart_values import category_names, number, values

MAXIMUM_POINTS = 5_000
MAXIMUM_ELEMENTS = 500

# Pixels by which something may be moved from its data and still stand at them.
_NUDGE = 6


def line(axes: Any, names: SeriesNames) -> list[dict]:
    """One element per line with data; reference lines across the whole axes (`axhline`) do not hold data."""
    owners, aside = _containers(axes)
    found = []
    for artist in axes.lines:
        if artist in aside or drawn.is_part(artist) or not _is_drawn_line(artist, axes):
            continue
        data, label = _line_data(artist)
        points = _points(axes, *data, spread=drawn.is_spread(artist))
        if any(None not in point for point in points):
            found.append({'artists': [artist, *owners.get(artist, ()), *label], 'points': points})
    found = found[: MAXIMUM_ELEMENTS + 1]
    return [_label_first(element) for element in names.give(found, 'label', 'line')]


def scatter(axes: Any, names: SeriesNames) -> list[dict]:
    """One element per collection of points; a point without a place is not drawn and left out."""
    collection = sys.modules['matplotlib.collections'].PathCollection
    found = []
    for artist in axes.collections:
        if not isinstance(artist, collection) or drawn.is_part(artist) or not _is_shown(artist, axes):
            continue
        offsets = artist.get_offsets()
        data = getattr(artist, '_offsets3d', None) or [drawn.column_as_given(artist, offsets, at) for at in (0, 1)]
        if not _is_at_data(artist.get_offset_transform(), axes, offsets):
            continue
        points = [point for point in _points(axes, *data, spread=drawn.is_spread(artist)) if None not in point]
        if points:
            found.append({'artists': [artist], 'points': points})
    found = found[: MAXIMUM_ELEMENTS + 1]
    return [_label_first(element) for element in names.give(found, 'label', 'points')]


def pie(axes: Any, names: SeriesNames) -> list[dict]:
    found = []
    for container in drawn.notes(axes, 'pies'):
        texts = _pie_labels(container)
        for index, (patch, share) in enumerate(zip(container.wedges, container.values, strict=True)):
            if _is_shown(patch, axes) and not drawn.was_missing(patch):
                angle, radius = round(abs(float(patch.theta2 - patch.theta1)), 6), number(patch.r)
                text = [_Named(texts[index])] if index < len(texts) else []
                found.append({'artists': [patch, *text], 'angle': angle, 'radius': radius, 'value': number(share)})
    return [_label_first(element) for element in names.give(found[: MAXIMUM_ELEMENTS + 1], 'label', 'part')]


class _Named:
    """A name that stands somewhere else than on the artist."""

    def __init__(self, label: str) -> None:
        self._label = label

    def get_label(self) -> str:
        return self._label


def _label_first(element: dict) -> dict:
    return {'label': element.pop('label'), **element}


def _pie_labels(container: Any) -> list[str]:
    """Texts beside the wedges that are names: not shares or amounts."""
    for texts in container.texts:
        words = [text.get_text() for text in texts]
        if any(words) and not all(_is_amount(word) for word in words):
            return words
    return []


def _is_amount(word: str) -> bool:
    bare = word.strip().rstrip('%').replace(',', '').replace(' ', '')
    return not bare or not any(letter.isalpha() for letter in bare)


def _is_shown(artist: Any, axes: Any) -> bool:
    return artist.axes is axes and artist.get_visible() and not _is_clear(artist.get_alpha())


def _is_clear(alpha: Any) -> bool:
    return isinstance(alpha, (int, float)) and alpha == 0


def _is_drawn_line(artist: Any, axes: Any) -> bool:
    """Does it leave a trace, and at its data both ways?"""
    nothing = ('None', 'none', '', ' ', None)
    if not _is_shown(artist, axes) or (artist.get_linestyle() in nothing and artist.get_marker() in nothing):
        return False
    if type(artist).__name__ == 'AxLine':
        return False
    if hasattr(artist, 'get_data_3d'):
        return True
    return _is_at_data(artist.get_transform(), axes, artist.get_xydata())


def _is_at_data(transform: Any, axes: Any, data: Any) -> bool:
    """Do the numbers stand where the axes say? A line in parts of the axes (`axhline`), or turned, does not."""
    if transform is axes.transData:
        return True
    # Limits that were not asked for yet are not yet those of the data.
    axes.get_xlim()
    if hasattr(axes, 'get_zlim'):
        return transform.contains_branch(axes.transData)
    if transform.contains_branch_seperately(axes.transData) != (True, True):
        return False
    some = data[:: max(1, len(data) // 8)]
    moved = abs(transform.transform(some) - axes.transData.transform(some))
    return bool((moved[~sys.modules['numpy'].isnan(moved)] <= _NUDGE).all())


def _containers(axes: Any) -> tuple[dict, set]:
    """Containers whose name and legend entry stand for their line, and those of its lines that do not hold data: caps,
    base lines."""
    owners: dict = {}
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
            owners[main] = (part,)
    return owners, aside


def _line_data(artist: Any) -> tuple[tuple, list]:
    """Coordinates and, where pandas gave the name to the area below the line, a name."""
    if hasattr(artist, 'get_data_3d'):
        return artist.get_data_3d(), []
    xs, ys = artist.get_xdata(orig=True), artist.get_ydata(orig=True)
    own = drawn.own_series(artist)
    if own is not None and len(own[1]) == len(ys):
        return (xs, own[1]), [_Named(own[0])]
    return (xs, ys), []


def _points(axes: Any, *data: Any, spread: bool = False) -> list[list]:
    """One more than may be shown, so that what is cut is seen; of axes in space each has three values."""
    axles = (axes.xaxis, axes.yaxis, getattr(axes, 'zaxis', None))[: len(data)]
    columns = [
        _column(column, axis, category_names(axis), spread) for column, axis in zip(data, axles, strict=True)
    ]
    return [list(row) for row in zip(*columns, strict=False)]


def _column(data: Any, axis: Any, names: dict, spread: bool) -> list:
    some = data[: MAXIMUM_POINTS + 1] if hasattr(data, 'dtype') else list(islice(data, MAXIMUM_POINTS + 1))
    found = values(some, axis)
    return [_place(one, names, spread) for one in found] if names else found


def _place(found: Any, names: dict, spread: bool) -> Any:
    if not isinstance(found, (int, float)):
        return found
    return names.get(round(found) if spread else found, found)
