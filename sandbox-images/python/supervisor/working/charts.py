"""A matplotlib figure as data: `{type, title, x_label, y_label, elements}`, so that a reader need not look at pixels.

Says what is drawn, or `unknown`: what no reader knows is left out, never guessed.
"""

from collections.abc import Iterator
from typing import Any

from working import chart_elements as elements
from working.caps import Caps
from working.chart_bars import bars
from working.chart_boxes import boxes
from working.chart_names import SeriesNames
from working.chart_values import scale, value

_MAXIMUM_AXES = 16

_KINDS = (
    ('pie', elements.pie),
    ('box', boxes),
    ('bar', bars),
    ('line', elements.line),
    ('scatter', elements.scatter),
)


def chart_of(figure: Any, caps: Caps) -> dict | None:
    """The chart of a figure, a `superchart` of several, or None when it has no axes with anything in them."""
    shown = list(_shown_axes(figure.axes))
    names = SeriesNames(figure, shown)
    charts = [chart for axes in shown[:_MAXIMUM_AXES] for chart in axes_charts(axes, names)]
    # Each is cut: none may be passed over.
    if any([_cut(chart) for chart in charts]) or len(shown) > _MAXIMUM_AXES:
        caps.cut.add('item')
    if not charts:
        return None
    if len(charts) == 1:
        return charts[0]
    title = figure._suptitle.get_text() if getattr(figure, '_suptitle', None) is not None else None
    if title is None and len({chart['title'] for chart in charts}) == 1:
        title = charts[0]['title']
    return {'type': 'superchart', 'title': title, 'x_label': None, 'y_label': None, 'elements': charts}


def _shown_axes(found: Any) -> Iterator[Any]:
    """Axes and those set into them, in order, each once; no colour bars, second scales and hidden ones."""
    seen: set[int] = set()
    waiting = list(found)
    while waiting:
        axes = waiting.pop(0)
        if id(axes) in seen:
            continue
        seen.add(id(axes))
        if axes.get_visible() and not _is_scale(axes):
            yield axes
            waiting = [*getattr(axes, 'child_axes', ()), *waiting]


def _cut(chart: dict) -> bool:
    """Takes away what is more than may be shown; True where there was something."""
    parts = chart['elements']
    was_cut = len(parts) > elements.MAXIMUM_ELEMENTS
    del parts[elements.MAXIMUM_ELEMENTS :]
    for part in parts:
        for key in ('points', 'outliers'):
            was_cut |= len(part.get(key, ())) > elements.MAXIMUM_POINTS
            if key in part:
                del part[key][elements.MAXIMUM_POINTS :]
    return was_cut


def axes_charts(axes: Any, names: SeriesNames) -> list[dict]:
    """What one pair of axes shows: a chart for each kind in it; `unknown` for pictures, contours, polygons alone."""
    facts = {
        'title': axes.get_title() or axes.get_title('left') or axes.get_title('right') or None,
        'x_label': axes.get_xlabel() or None,
        'y_label': axes.get_ylabel() or None,
    }
    if hasattr(axes, 'get_zlabel'):
        facts['z_label'] = axes.get_zlabel() or None
    charts = []
    for kind, read in _KINDS:
        found = read(axes, names)
        if found:
            scales = _scales(axes) if kind in ('line', 'scatter') else {}
            charts.append({'type': kind, **facts, 'elements': found, **scales, **_inverted(axes)})
    if not charts and axes.has_data():
        charts.append({'type': 'unknown', **facts, 'elements': []})
    return charts


def _inverted(axes: Any) -> dict:
    """Which axes go down or to the left, of those that do."""
    found = (('x_inverted', axes.xaxis_inverted()), ('y_inverted', axes.yaxis_inverted()))
    return {name: True for name, inverted in found if inverted}


def _scales(axes: Any) -> dict:
    facts: dict = {}
    for name, axis in (('x', axes.xaxis), ('y', axes.yaxis)):
        labels = [label.get_text() for label in axis.get_ticklabels()][:200]
        facts[f'{name}_unit'] = _unit(axis.get_label_text())
        facts[f'{name}_ticks'] = [value(tick, axis) for tick in axis.get_ticklocs()[:200]]
        facts[f'{name}_tick_labels'] = labels
        facts[f'{name}_scale'] = scale(axis)
    return facts


def _unit(label: str) -> str | None:
    """What stands in brackets at the end of an axis label: `Speed (km/h)`."""
    start, end = label.rfind('('), label.rfind(')')
    return label[start + 1 : end] if 0 <= start < end else None


def _is_scale(axes: Any) -> bool:
    """A colour bar, or a second scale beside the axes."""
    return (
        hasattr(axes, '_colorbar') or axes.get_label() == '<colorbar>' or type(axes).__name__ == 'SecondaryAxis'
    )
