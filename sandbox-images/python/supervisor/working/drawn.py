"""Notes what plotting calls drew while they draw it: artists alone do not say which line is a whisker, which polygon a
histogram, or which dates stood behind the numbers on an axis.

What is noted stands on the artists themselves, so that it goes where they go.
"""

import sys
from collections.abc import Callable
from typing import Any

from working.wrapping import put_around

# Functions of seaborn whose lines and points are parts of something else: error bars, the insides of violins.
_PARTS_OF = {
    'seaborn.categorical': frozenset(('plot_errorbars', 'plot_violins', 'plot_boxens')),
    'seaborn.regression': frozenset(('scatterplot',)),
    'seaborn.distributions': frozenset(('plot_univariate_density_rug',)),
}
_SPREAD = frozenset(('plot_strips', 'plot_swarms'))


def attach() -> None:
    """Makes the plotting functions take notes. Call once, before user code runs."""
    axes = sys.modules['matplotlib.axes'].Axes
    _follow(axes, 'bxp', _note_boxes)
    _follow(axes, 'pie', _note_pie)
    _follow(axes, 'bar', _note_bar_kind)
    _follow(axes, 'hist', _note_histogram)
    _follow(axes, 'plot', _note_lines)
    _follow(axes, 'scatter', _note_points)
    legend = sys.modules['matplotlib.legend'].Legend
    _follow(legend, '_init_legend_box', _note_legend)
    plotting = sys.modules.get('pandas.plotting._core')
    if plotting is not None and hasattr(plotting, '_get_plot_backend'):
        _follow_pandas(plotting)


def is_part(artist: Any) -> bool:
    """Is it a piece of something that is read as a whole, or a mark beside the data?"""
    return getattr(artist, '_sallyport_part', False)


def is_spread(artist: Any) -> bool:
    """Were its points moved aside within their category, to be seen?"""
    return getattr(artist, '_sallyport_spread', False)


def notes(holder: Any, kind: str) -> list:
    """What was noted for axes, an axis or a legend, oldest first."""
    return getattr(holder, f'_sallyport_{kind}', [])


def own_series(line: Any) -> tuple | None:
    """(label, values) of a line that was drawn on top of others."""
    return getattr(line, '_sallyport_series', None)


def was_missing(patch: Any) -> bool:
    """Does the bar, or the wedge, stand for a value that is not there?"""
    return getattr(patch, '_sallyport_missing', False)


def as_given(artist: Any, raw: Any) -> Any:
    """A bar's length with the digits that it was given with: matplotlib makes doubles of shorter numbers."""
    kind = getattr(artist, '_sallyport_kinds', (None,))[0]
    if kind is None:
        return raw
    short = sys.modules['numpy'].dtype(kind).type(raw)
    return short if float(short) == raw else raw


def column_as_given(artist: Any, offsets: Any, place: int) -> Any:
    """The same of one coordinate of points, where none was changed since."""
    column, kind = offsets[:, place], getattr(artist, '_sallyport_kinds', (None, None))[place]
    if kind is None:
        return column
    short = column.astype(kind)
    return short if (short == column).all() else column


def _note(holder: Any, kind: str, note: Any) -> None:
    name = f'_sallyport_{kind}'
    if not hasattr(holder, name):
        setattr(holder, name, [])
    getattr(holder, name).append(note)


def _follow(owner: Any, name: str, note: Callable[..., None]) -> None:
    """After each call of a method, `note(self, result, arguments, options)`; a note that fails changes nothing."""

    def around(plain: Any) -> Any:
        def noting(self: Any, *arguments: Any, **options: Any) -> Any:
            result = plain(self, *arguments, **options)
            try:
                note(self, result, arguments, options)
            except Exception:
                return result
            return result

        return noting

    put_around(owner, name, around)


def _caller() -> tuple[str, str]:
    """Module and function that called the noted method: above the note, and above the method that notes."""
    frame = sys._getframe(3)
    return str(frame.f_globals.get('__name__')), frame.f_code.co_name


def _note_boxes(axes: Any, artists: dict, _: tuple, options: dict) -> None:
    flat = options.get('vert') is False or options.get('orientation') == 'horizontal'
    for group in artists.values():
        for artist in group:
            artist._sallyport_part = True
    _note(axes, 'boxes', {'artists': dict(artists), 'flat': flat})


def _note_pie(axes: Any, container: Any, *_: Any) -> None:
    _note(axes, 'pies', container)


def _note_bar_kind(_: Any, container: Any, arguments: tuple, options: dict) -> None:
    if options.get('orientation') == 'horizontal':
        lengths = options.get('width')
    else:
        lengths = arguments[1] if len(arguments) > 1 else options.get('height')
    kind = _short_kind(lengths)
    for patch in container.patches if kind is not None else ():
        patch._sallyport_kinds = (kind, kind)


def _short_kind(values: Any) -> str | None:
    name = str(getattr(values, 'dtype', ''))
    return name if name in ('float32', 'float16') else None


def _note_histogram(axes: Any, result: tuple, _: tuple, options: dict) -> None:
    """Outlines of histograms: bars are noted as bars."""
    if not str(options.get('histtype', 'bar')).startswith('step'):
        return
    tops, edges, outlines = result
    many = type(outlines[0]).__name__ != 'Polygon'
    if not many:
        tops, outlines = [tops], [outlines]
    below = None
    for top, outline in zip(tops, outlines, strict=True):
        values = top - below if options.get('stacked') and below is not None else top
        below = top
        flat = options.get('orientation') == 'horizontal'
        _note(axes, 'outlines', {'artist': outline[0], 'values': values, 'edges': edges, 'flat': flat})


def _note_lines(_: Any, lines: list, *__: Any) -> None:
    module, function = _caller()
    is_part = function in _PARTS_OF.get(module, ())
    is_spread = module == 'seaborn.categorical' and function == 'plot_points'
    for line in lines if is_part or is_spread else ():
        line._sallyport_part, line._sallyport_spread = is_part, is_spread


def _note_points(_: Any, points: Any, arguments: tuple, options: dict) -> None:
    module, function = _caller()
    given = dict(zip(('x', 'y'), arguments, strict=False)) | options
    points._sallyport_kinds = (_short_kind(given.get('x')), _short_kind(given.get('y')))
    if function in _PARTS_OF.get(module, ()):
        points._sallyport_part = module != 'seaborn.regression'
    elif module == 'seaborn.categorical' and function in _SPREAD:
        points._sallyport_spread = True


def _note_legend(legend: Any, _: Any, arguments: tuple, __: dict) -> None:
    handles, labels = arguments[:2]
    legend._sallyport_entries = list(zip(handles, labels, strict=False))


def _follow_pandas(plotting: Any) -> None:
    """pandas brings its drawing with its first plot."""

    def around(plain: Any) -> Any:
        def get_plot_backend(*arguments: Any) -> Any:
            found = plain(*arguments)
            core = sys.modules.get('pandas.plotting._matplotlib.core')
            if core is not None and not hasattr(core, '_sallyport_followed'):
                core._sallyport_followed = True
                _follow_core(core)
            return found

        return get_plot_backend

    put_around(plotting, '_get_plot_backend', around)


def _follow_core(core: Any) -> None:
    _follow(core.LinePlot, '_make_plot', _note_index)
    _follow(core.BarPlot, '_make_plot', _note_bars)
    _follow(core.PiePlot, '__init__', _note_missing)
    _follow(core.PiePlot, '_make_plot', _note_pie_gaps)
    for kind in (core.AreaPlot, core.LinePlot):
        _follow(kind, '__init__', _note_missing)
        _follow_stack(kind)


def _follow_stack(kind: Any) -> None:
    """The values of each area or line before they were put on top of others."""

    def around(plain: Any) -> Any:
        def noting(axes: Any, x: Any, y: Any, *arguments: Any, **options: Any) -> Any:
            before = len(axes.lines)
            result = plain(axes, x, y, *arguments, **options)
            if options.get('stacking_id') is not None or kind.__name__ == 'AreaPlot':
                for line in axes.lines[before:]:
                    line._sallyport_series = (str(options.get('label') or ''), list(y))
            return result

        return noting

    put_around(kind, '_plot', around)


def _note_missing(plot: Any, _: Any, arguments: tuple, options: dict) -> None:
    """pandas draws missing values as 0 where it stacks, and in pies."""
    plot._sallyport_data = arguments[0] if arguments else options['data']


def _note_index(plot: Any, *_: Any) -> None:
    """Which values of the index stand at which places of the x axis, where pandas counts instead of showing them."""
    _note_gaps(plot)
    core = sys.modules['pandas.plotting._matplotlib.core']
    for axes in {id(axes): axes for axes in plot.axes}.values():
        if plot._is_ts_plot():
            converted, alias = core.maybe_convert_index(axes, plot.data)
            index = converted.index
            _note(axes.xaxis, 'places', (alias, getattr(index, 'asi8', index.values), plot.data.index))
        elif getattr(plot, '_need_to_set_index', False):
            _note(axes.xaxis, 'places', (None, range(len(plot.data.index)), plot.data.index))


def _note_bars(plot: Any, *_: Any) -> None:
    """As for lines; and the bars that stand for missing values, which pandas draws as 0."""
    axes_of = [plot._get_ax(position) for position in range(plot.nseries)]
    for axes in {id(axes): axes for axes in axes_of}.values():
        axis = axes.yaxis if plot.orientation == 'horizontal' else axes.xaxis
        if plot._is_ts_plot():
            converted, alias = sys.modules['pandas.plotting._matplotlib.core'].maybe_convert_index(axes, plot.data)
            _note(axis, 'places', (alias, plot.tick_pos, plot.data.index))
    containers: dict[int, list] = {}
    columns = [series for _, series in plot.data.items()]
    for position, (axes, series) in enumerate(zip(axes_of, columns, strict=True)):
        drawn = containers.setdefault(id(axes), [part for part in axes.containers if hasattr(part, 'patches')])
        here = [other for other in range(plot.nseries) if axes_of[other] is axes]
        container = drawn[here.index(position) - len(here)]
        for patch, missing in zip(container.patches, series.isna(), strict=True):
            if missing:
                patch._sallyport_missing = True


def _note_pie_gaps(plot: Any, *_: Any) -> None:
    before = plot._sallyport_data
    columns = [before] if before.ndim == 1 else [series for _, series in before.items()]
    for position, series in enumerate(columns):
        wedges = notes(plot._get_ax(position), 'pies')[-1].wedges
        for wedge, missing in zip(wedges, series.isna(), strict=True):
            if missing:
                wedge._sallyport_missing = True


def _note_gaps(plot: Any) -> None:
    """Takes out of stacked lines what pandas put in for missing values."""
    before = plot._sallyport_data
    columns = [before] if before.ndim == 1 else [series for _, series in before.items()]
    if len(columns) != plot.nseries or not any(series.isna().any() for series in columns):
        return
    axes_of = [plot._get_ax(position) for position in range(plot.nseries)]
    for position, (axes, series) in enumerate(zip(axes_of, columns, strict=True)):
        here = [other for other in range(plot.nseries) if axes_of[other] is axes]
        stacked = [line for line in axes.lines if own_series(line) is not None]
        if len(stacked) < len(here):
            return
        line = stacked[here.index(position) - len(here)]
        label, values = own_series(line)
        gaps = series.isna()
        line._sallyport_series = (label, [None if gap else value for value, gap in zip(values, gaps, strict=True)])
