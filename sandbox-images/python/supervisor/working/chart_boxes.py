"""Boxes as `boxplot` drew them: read from the artists it gave back, whichever of them it was asked for."""

from typing import Any

from working import drawn
from working.chart_names import PlaceNames, SeriesNames
from working.chart_values import number

MAXIMUM_OUTLIERS = 5_000
MAXIMUM_BOXES = 500


def boxes(axes: Any, names: SeriesNames) -> list[dict]:
    """One element per box: label, group where boxes stand in groups, minimum to maximum, outliers, mean if shown."""
    found = []
    for note in drawn.notes(axes, 'boxes'):
        artists, flat = note['artists'], note['flat']
        first = [artist for artist in artists['medians'] if artist.axes is axes and artist.get_visible()]
        if not first or hasattr(axes, 'get_zlim'):
            continue
        read = [_box(artists, index, flat) for index in range(len(artists['medians']))]
        # The colour of a group is that of its boxes; a legend may name the box or the median.
        shown = [part for kind in ('boxes', 'medians') for part in artists[kind]]
        found.append({'flat': flat, 'boxes': read, 'artists': shown})
    if not found:
        return []
    names.give(found, 'group', 'group')
    elements: list[dict] = []
    for flat in (False, True):
        same = [group for group in found if group['flat'] is flat]
        labels = PlaceNames(axes, flat).of([[span for span, _ in group['boxes']] for group in same]) if same else []
        for group, own in zip(same, labels, strict=True):
            for (_, values), label in zip(group['boxes'], own, strict=True):
                elements.append({'label': label, 'group': group['group'], **values})
    if len({element['label'] for element in elements}) == len(elements) and not _are_named(found):
        elements = [{key: value for key, value in element.items() if key != 'group'} for element in elements]
    return elements[: MAXIMUM_BOXES + 1]


def _are_named(groups: list[dict]) -> bool:
    return any(group['group'] != f'group {index + 1}' for index, group in enumerate(groups))


def _box(artists: dict, index: int, flat: bool) -> tuple[tuple[float, float], dict]:
    """Its span along the axis of places, and its values."""
    low, high = (_along(artists['whiskers'][2 * index + side], flat) for side in (0, 1))
    places = _along(artists['medians'][index], not flat)
    whisker = _along(artists['whiskers'][2 * index], not flat)[0]
    half = abs(places[1] - places[0]) / 2 if None not in places else 0.25
    values = {
        'minimum': low[1],
        'first_quartile': low[0],
        'median': _along(artists['medians'][index], flat)[0],
        'third_quartile': high[0],
        'maximum': high[1],
        'outliers': [v for v in _along(artists['fliers'][index], flat) if v is not None][: MAXIMUM_OUTLIERS + 1]
        if artists['fliers']
        else [],
    }
    if artists['means']:
        values['mean'] = _along(artists['means'][index], flat)[0]
    return (whisker - half, whisker + half), values


def _along(line: Any, flat: bool) -> list:
    """The line's values along x where `flat`, else along y."""
    return [number(raw) for raw in (line.get_xdata(orig=False) if flat else line.get_ydata(orig=False))]
