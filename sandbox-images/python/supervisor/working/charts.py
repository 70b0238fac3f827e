"""A matplotlib figure as data: `{type, title, x_label, y_label, elements}`, so that a reader need not look at pixels."""

from typing import Any

from working import chart_elements as elements

_MAXIMUM_AXES = 16


def chart_of(figure: Any) -> dict | None:
    """The chart of a figure, a `superchart` of several, or None when it has no axes with anything in them."""
    charts = [axes_chart(axes) for axes in figure.axes[:_MAXIMUM_AXES] if not _is_colorbar(axes)]
    charts = [chart for chart in charts if chart is not None]
    if not charts:
        return None
    if len(charts) == 1:
        return charts[0]
    suptitle = figure._suptitle.get_text() if getattr(figure, '_suptitle', None) is not None else None
    return {'type': 'superchart', 'title': suptitle, 'x_label': None, 'y_label': None, 'elements': charts}


def axes_chart(axes: Any) -> dict | None:
    """What one pair of axes shows, by its artists; `unknown` for pictures, contours, polygons and the like."""
    chart = {
        'type': 'unknown',
        'title': axes.get_title() or axes.get_title('left') or axes.get_title('right') or None,
        'x_label': axes.get_xlabel() or None,
        'y_label': axes.get_ylabel() or None,
        'elements': [],
    }
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

