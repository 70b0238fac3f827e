"""A matplotlib figure as data: `{type, title, x_label, y_label, elements}`, so that a reader need not look at pixels."""

from typing import Any

from working import chart_elements as elements
from working.caps import Caps

_MAXIMUM_AXES = 16


def chart_of(figure: Any, caps: Caps) -> dict | None:
    """The chart of a figure, a `superchart` of several, or None when it has no axes with anything in them."""
    shown = [axes for axes in figure.axes if not _is_colorbar(axes)]
    charts = [chart for axes in shown[:_MAXIMUM_AXES] for chart in axes_charts(axes)]
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


def axes_charts(axes: Any) -> list[dict]:
    """What one pair of axes shows, by its artists: more than one chart where lines run through bars or points."""
    chart = _axes_chart(axes)
    if chart is None:
        return []
    charts = [chart]
    if chart['type'] == 'bar':
        lines = [element for element in elements.line(axes) if not elements.is_reference(element)]
        others = (('line', lines), ('scatter', elements.scatter(axes)))
    elif chart['type'] == 'line':
        others = (('scatter', elements.scatter(axes)),)
    else:
        others = ()
    charts += [{**chart, 'type': kind, 'elements': found, **_scales(axes)} for kind, found in others if found]
    if len(charts) == 2 and chart['type'] == 'line':
        chart['elements'] = [element for element in chart['elements'] if not elements.is_reference(element)]
        charts = charts if chart['elements'] else charts[1:]
    return charts


def _axes_chart(axes: Any) -> dict | None:
    """Its first kind; `unknown` for pictures, contours, polygons and the like."""
    chart = {
        'type': 'unknown',
        'title': axes.get_title() or axes.get_title('left') or axes.get_title('right') or None,
        'x_label': axes.get_xlabel() or None,
        'y_label': axes.get_ylabel() or None,
        'elements': [],
    }
    if hasattr(axes, 'get_zlabel'):
        chart['z_label'] = axes.get_zlabel() or None
    kinds = (
        ('pie', elements.pie),
        ('box', elements.box),
        ('bar', elements.bar),
        ('line', elements.line),
        ('scatter', elements.scatter),
    )
    for kind, read in kinds:
        found = read(axes)
        if found:
            chart['type'] = kind
            chart['elements'] = found
            break
    if chart['type'] in ('line', 'scatter'):
        chart |= _scales(axes)
    if chart['type'] == 'unknown' and not axes.has_data():
        return None
    return chart


def _scales(axes: Any) -> dict:
    facts: dict = {}
    for name, axis in (('x', axes.xaxis), ('y', axes.yaxis)):
        labels = [label.get_text() for label in axis.get_ticklabels()][:200]
        facts[f'{name}_unit'] = _unit(axis.get_label_text())
        facts[f'{name}_ticks'] = [elements.value(tick, axis) for tick in axis.get_ticklocs()[:200]]
        facts[f'{name}_tick_labels'] = labels
        facts[f'{name}_scale'] = elements.scale(axis)
    return facts


def _unit(label: str) -> str | None:
    """What stands in brackets at the end of an axis label: `Speed (km/h)`."""
    start, end = label.rfind('('), label.rfind(')')
    return label[start + 1 : end] if 0 <= start < end else None


def _is_colorbar(axes: Any) -> bool:
    return hasattr(axes, '_colorbar') or axes.get_label() == '<colorbar>'

