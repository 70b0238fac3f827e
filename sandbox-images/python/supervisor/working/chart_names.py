"""What the things of a chart are called: series by the legend's own entries, bars and boxes by the ticks they stand at."""

import bisect
import functools
import math
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from working import drawn
from working.chart_values import category_names, is_category_axis, place_text

_LONGEST = 200
_MANY = 500


class SeriesNames:
    """Names by the legends of a figure: by the artist that an entry stands for, else by a colour only the two have."""

    def __init__(self, figure: Any, shown: list) -> None:
        entries = [entry for legend in _legends(figure, shown) for entry in drawn.notes(legend, 'entries')]
        self._by_artist: dict[int, str] = {}
        self._by_colour: dict[tuple, str] = {}
        self._keep = entries
        proxies: list[tuple[tuple, str]] = []
        for handle, text in entries:
            text = str(text)[:_LONGEST]
            parts = list(_flatten(handle))
            for part in parts:
                self._by_artist.setdefault(id(part), text)
            if parts and all(map(_is_sample, parts)):
                colours = {colour for part in parts if (colour := colour_of(part)) is not None}
                proxies += [(colour, text) for colour in colours] if len(colours) == 1 else []
        counted = Counter(colour for colour, _ in dict.fromkeys(proxies))
        self._by_colour = {colour: text for colour, text in proxies if counted[colour] == 1}

    def give(self, found: list[dict], key: str, fallback: str) -> list[dict]:
        """Replaces each element's `artists` by a name: the legend's, the label of its own, or a number."""
        asked = found if self._by_colour else []
        colours = Counter(colour_of(element['artists'][0]) for element in asked)
        for index, element in enumerate(found):
            artists = element.pop('artists')
            name = next((self._by_artist[id(part)] for part in artists if id(part) in self._by_artist), '')
            name = name or next(filter(None, map(label_of, artists)), '')
            colour = colour_of(artists[0]) if self._by_colour and not name else None
            if colour is not None and colours[colour] == 1:
                name = self._by_colour.get(colour, '')
            element[key] = name[:_LONGEST] or f'{fallback} {index + 1}'
        return found

    def is_named(self, artist: Any) -> bool:
        return id(artist) in self._by_artist


def label_of(artist: Any) -> str:
    label = artist.get_label() if hasattr(artist, 'get_label') else None
    return label[:_LONGEST] if isinstance(label, str) and label and not label.startswith('_') else ''


def colour_of(artist: Any) -> tuple | None:
    """Red, green and blue of what is drawn in one colour."""
    try:
        return _colour_of(artist)
    except Exception:
        return None


def _colour_of(artist: Any) -> tuple | None:
    colours = sys.modules['matplotlib.colors']
    if hasattr(artist, 'patches') and len(artist):
        found = {_colour_of(part) for part in artist.patches[:_MANY]}
        return found.pop() if len(found) == 1 else None
    if artist.get_alpha() == 0 or not artist.get_visible():
        return None
    if hasattr(artist, 'get_markerfacecolor'):
        has_line = artist.get_linestyle() not in ('None', '', ' ')
        raw = artist.get_color() if has_line else artist.get_markerfacecolor()
    elif hasattr(artist, 'get_facecolors'):
        faces = artist.get_facecolors()
        raw = faces if len(faces) else artist.get_edgecolors()
        if len({tuple(one) for one in raw}) != 1:
            return None
        raw = raw[0]
    elif hasattr(artist, 'get_facecolor'):
        face = artist.get_facecolor()
        raw = face if artist.get_fill() and face[3] > 0 else artist.get_edgecolor()
    else:
        return None
    return tuple(round(part, 3) for part in colours.to_rgb(raw))


def _legends(figure: Any, shown: list) -> Iterator[Any]:
    """The titles of the figure and of each pair of axes, including earlier ones that were kept."""
    kind = sys.modules['matplotlib.legend'].Legend
    for holder in (*shown, figure):
        for child in holder.get_children():
            if isinstance(child, kind) and child.get_visible():
                yield child


def _is_sample(artist: Any) -> bool:
    """Was it made for the legend, and draws nothing in the axes?"""
    axes = getattr(artist, 'axes', None)
    if axes is None or not any(child is artist for child in axes.get_children()):
        return True
    if hasattr(artist, 'get_xdata'):
        return len(artist.get_xdata(orig=True)) == 0
    if hasattr(artist, 'get_offsets'):
        return len(artist.get_offsets()) == 0
    return hasattr(artist, 'get_width') and artist.get_width() == 0 and artist.get_height() == 0


def _flatten(handle: Any) -> Iterator[Any]:
    """A handle, and what it holds: containers, tuples of artists, patches of bars."""
    yield handle
    if isinstance(handle, (list, tuple)):
        for part in handle:
            if part is not None:
                yield from _flatten(part)


class PlaceNames:
    """What bars or boxes along an axis are called: by the category they stand at, else by their place."""

    def __init__(self, axes: Any, flat: bool) -> None:
        self._axis = axes.yaxis if flat else axes.xaxis
        shared = axes.get_shared_y_axes() if flat else axes.get_shared_x_axes()
        # Where axes share their labels, only the outermost may show them.
        others = [other.yaxis if flat else other.xaxis for other in shared.get_siblings(axes) if other is not axes]
        self._fixed, self._names = _tick_names(self._axis)
        for other in others if not self._names else ():
            fixed, names = _tick_names(other)
            if fixed and names:
                self._fixed, self._names = fixed, names
        self._places = sorted(self._names)

    def of(self, series: list[list[tuple[float, float]]]) -> list[list[str]]:
        """For each series the names of its spans (from, to)."""
        names = self._grouped(series) if self._fixed else None
        if names is None:
            names = [[self._exact(low, high) for low, high in spans] for spans in series]
        given = [name for part in names for name in part if name is not None]
        if not self._fixed and len(given) < sum(map(len, series)):
            # A formatter rounds: its words are names only where every bar has one.
            names = [[None] * len(spans) for spans in series]
        elif not self._fixed and any(len(set(part)) < len(part) for part in names):
            names = [[None] * len(spans) for spans in series]
        return [
            [
                place_text((low + high) / 2, self._axis) if name is None else name
                for name, (low, high) in zip(part, spans, strict=True)
            ]
            for part, spans in zip(names, series, strict=True)
        ]

    def _exact(self, low: float, high: float) -> str | None:
        middle, tolerance = (low + high) / 2, 1e-6 * max(abs(high - low), 1e-9)
        near = self._nearest(middle)
        return self._names[near] if near is not None and abs(near - middle) <= tolerance else None

    def _grouped(self, series: list[list[tuple[float, float]]]) -> list[list[str]] | None:
        """Bars beside their tick: every bar of a series at a tick of its own, each at the same distance from it, and
        the tick within the group. None where that is not so."""
        spans = [span for part in series for span in part]
        if len(self._names) == 0 or not spans:
            return None
        # From the tick to the nearest and the farthest edge of its group; a group may lack a bar that others have.
        near, far = math.inf, -math.inf
        result: list[list[str]] = []
        for part in series:
            ticks = [self._nearest((low + high) / 2) for low, high in part]
            if None in ticks or len(set(ticks)) < len(ticks):
                return None
            offsets = [(low + high) / 2 - tick for (low, high), tick in zip(part, ticks, strict=True)]
            size = max((high - low for low, high in part), default=0)
            if offsets and max(offsets) - min(offsets) > 0.02 * size:
                return None
            near = min([near, *(low - tick for (low, _), tick in zip(part, ticks, strict=True))])
            far = max([far, *(high - tick for (_, high), tick in zip(part, ticks, strict=True))])
            result.append([self._names[tick] for tick in ticks])
        slack = 1e-6
        return result if near <= slack and far >= -slack else None

    def _nearest(self, place: float) -> float | None:
        position = bisect.bisect(self._places, place)
        return min(self._places[max(0, position - 1) : position + 1], key=lambda tick: abs(tick - place), default=None)


def _tick_names(axis: Any) -> tuple[bool, dict[float, str]]:
    """Names by their places, and whether somebody gave them one by one; none where the ticks only tell the place."""
    formatter = axis.get_major_formatter()
    kind = type(formatter).__name__
    if kind == 'StrCategoryFormatter':
        return True, {float(place): name for place, name in category_names(axis).items() if name.strip()}
    if kind == 'FuncFormatter':
        inner = getattr(formatter.func, 'func', None) if isinstance(formatter.func, functools.partial) else None
        fixed = getattr(inner, '__name__', '') == '_format_with_dict'
    elif kind == 'FixedFormatter':
        fixed = True
    else:
        return is_category_axis(axis), {}
    labels = [label.get_text() for label in axis.get_ticklabels()]
    pairs = zip(axis.get_ticklocs(), labels, strict=False)
    names = {float(place): label[:_LONGEST] for place, label in pairs if label.strip()}
    # Digits that a formatter made of a place are the place, rounded.
    return fixed, names if fixed else {place: name for place, name in names.items() if not _has_digits(name)}


def _has_digits(name: str) -> bool:
    return any(letter.isdigit() for letter in name)
