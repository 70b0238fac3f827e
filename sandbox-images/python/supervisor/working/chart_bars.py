"""Bars, histograms and stairs of one pair of axes: each with its place or category, its series and its length."""

import itertools
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from working import drawn
from working.chart_names import PlaceNames, SeriesNames, label_of
from working.chart_values import is_date_axis, number, place_text, value

MAXIMUM_BARS = 500


@dataclass
class _Series:
    """Bars that belong together. `spans` are from and to along the axis of places, in the order of `values`."""

    artists: list
    flat: bool
    spans: list[tuple[float, float]]
    values: list


def bars(axes: Any, names: SeriesNames) -> list[dict]:
    """One element per bar, which says where it lies down. Empty in space, where a bar's place is not in its patch."""
    if hasattr(axes, 'get_zlim'):
        return []
    found = _first(itertools.chain(_containers(axes, names), _outlines(axes), _stairs(axes)))
    if not found:
        return []
    groups = names.give([{'artists': series.artists} for series in found], 'group', 'series')
    elements: list[dict] = []
    for flat in (False, True):
        same = [(series, group) for series, group in zip(found, groups, strict=True) if series.flat is flat]
        axis = axes.yaxis if flat else axes.xaxis
        labels = PlaceNames(axes, flat).of([series.spans for series, _ in same]) if same else []
        for (series, group), own in zip(same, labels, strict=True):
            lying = {'orientation': 'horizontal'} if flat else {}
            elements += _elements(series, {**group, **lying}, own, axis)
    return elements


def _first(all_series: Iterator[_Series]) -> list[_Series]:
    """As many as may be shown, and one bar more, so that what is cut is seen."""
    found: list[_Series] = []
    room = MAXIMUM_BARS + 1
    for series in all_series:
        found.append(_Series(series.artists, series.flat, series.spans[:room], series.values[:room]))
        room -= len(found[-1].spans)
        if room <= 0:
            break
    return found


def _elements(series: _Series, group: dict, labels: list[str], axis: Any) -> Iterator[dict]:
    """The element of bars that touch each other on an axis of numbers, as in a histogram; it has their edges."""
    touching = len(series.spans) > 1 and all(
        abs(right[0] - left[1]) <= 1e-6 * abs(left[1] - left[0]) for left, right in itertools.pairwise(series.spans)
    )
    for (low, high), length, label in zip(series.spans, series.values, labels, strict=True):
        element = {'label': label, **group, 'value': length}
        if touching and label == place_text((low + high) / 2, axis):
            element |= {'start': value(_even(low, high - low), axis), 'end': value(_even(high, high - low), axis)}
        yield element


def _even(edge: float, width: float) -> float:
    """Without the last digits, which come from adding widths."""
    return round(edge, 12 - math.floor(math.log10(width))) if width > 0 else edge


def _containers(axes: Any, names: SeriesNames) -> Iterator[_Series]:
    for container in axes.containers:
        if type(container).__name__ != 'BarContainer':
            continue
        patches = [patch for patch in container.patches[: MAXIMUM_BARS + 1] if _is_bar(patch, axes)]
        if not patches:
            continue
        flat = getattr(container, 'orientation', 'vertical') == 'horizontal'
        spans = [_span(patch, flat) for patch in patches]
        kept = [(span, patch) for span, patch in zip(spans, patches, strict=True) if span is not None]
        # A histogram puts the name of the series on its first bar; the name of a single bar does not name the series.
        labelled = [patch for patch in patches if label_of(patch) or names.is_named(patch)]
        artists = [container, patches[0]] if labelled == patches[:1] else [container]
        if kept:
            lengths = [_length(patch, flat, axes) for _, patch in kept]
            yield _Series(artists, flat, [span for span, _ in kept], lengths)


def _is_bar(patch: Any, axes: Any) -> bool:
    return patch.axes is axes and patch.get_visible() and patch.get_alpha() != 0 and hasattr(patch, 'get_width')


def _span(patch: Any, flat: bool) -> tuple[float, float] | None:
    start = number(patch.get_y() if flat else patch.get_x())
    size = number(patch.get_height() if flat else patch.get_width())
    if start is None or size is None:
        return None
    return (start, start + size) if size >= 0 else (start + size, start)


def _length(patch: Any, flat: bool, axes: Any) -> Any:
    """The bar's length; on an axis of dates the date that it reaches from the axis' origin, else days."""
    if drawn.was_missing(patch):
        return None
    length = number(drawn.as_given(patch, patch.get_width() if flat else patch.get_height()))
    axis = axes.xaxis if flat else axes.yaxis
    if is_date_axis(axis) and length is not None and number(patch.get_x() if flat else patch.get_y()) == 0:
        return value(length, axis)
    return length


def _outlines(axes: Any) -> Iterator[_Series]:
    """Histograms that were drawn as one outline."""
    for note in drawn.notes(axes, 'outlines'):
        artist = note['artist']
        if artist.axes is axes and artist.get_visible():
            edges = [number(edge) for edge in note['edges']]
            yield _Series([artist], note['flat'], list(itertools.pairwise(edges)), [number(v) for v in note['values']])


def _stairs(axes: Any) -> Iterator[_Series]:
    kind = sys.modules['matplotlib.patches'].StepPatch
    for patch in axes.patches:
        if not isinstance(patch, kind) or not patch.get_visible():
            continue
        values, edges, baseline = patch.get_data()
        if baseline is not None and any(number(base) != 0 for base in sys.modules['numpy'].ravel(baseline)):
            continue
        yield _Series(
            [patch],
            patch.orientation == 'horizontal',
            list(itertools.pairwise([number(edge) for edge in edges])),
            [number(one) for one in values],
        )

