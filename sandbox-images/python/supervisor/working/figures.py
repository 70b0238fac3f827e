"""matplotlib figures and PIL pictures as items. Figures are captured without `show()`: open ones at the cell's end."""

import base64
import hashlib
import io
import re
import sys
import warnings
from typing import TYPE_CHECKING, Any

from working import charts, drawn, fonts, saved
from working.caps import Caps

if TYPE_CHECKING:
    from working.presenter import Presenter

_PNG = b'\x89PNG\r\n\x1a\n'

_DATA = '/mnt/data/'
_MOST_FILES = 16
# Beyond it a value is somebody's own, and may hold itself.
_MAXIMUM_DEPTH = 4
# Objects that stand for a drawing without being an artist of matplotlib.
_DRAWINGS = frozenset(
    (
        'Colorbar ErrorbarContainer PieContainer _GroupedBarReturn StreamplotSet FacetGrid PairGrid JointGrid '
        'ClusterGrid'
    ).split()
)
# The text of an object that has none of its own, and ways to show it that are better.
_ADDRESS = re.compile(r' at 0x[0-9a-f]{6,}>')
_LONGEST_LOOK = 20_000
_SHOWN_BETTER = ('_repr_html_', '_repr_mimebundle_', '_repr_png_', '_repr_svg_', '_repr_markdown_', '_repr_latex_')


def is_figure(value: Any) -> bool:
    module = sys.modules.get('matplotlib.figure')
    return module is not None and isinstance(value, module.Figure)


def is_drawing(value: Any, depth: int = 0) -> bool:
    """What plotting functions return: artists, axes, or a collection of them. The figure says all they could."""
    module = sys.modules.get('matplotlib.artist')
    if module is None or depth > _MAXIMUM_DEPTH or (depth == 0 and is_figure(value)):
        return False
    if isinstance(value, module.Artist) or type(value).__name__ in _DRAWINGS:
        return True
    if type(value).__name__ in ('ndarray', 'Series') and value.dtype == object and value.size:
        value = list(value.to_numpy().flat if type(value).__name__ == 'Series' else value.flat)
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, (list, tuple)):
        return False
    # Beside artists there may be numbers, and lists of artists that were not asked for.
    parts = [part for part in value if not _is_beside(part)]
    return bool(parts) and all(is_drawing(part, depth + 1) for part in parts)


def _is_beside(part: Any) -> bool:
    """Nothing, arrays, or lists of only these."""
    if isinstance(part, (list, tuple)):
        return all(_is_beside(inner) for inner in part) if len(part) < 1000 else False
    return part is None or (type(part).__name__ == 'ndarray' and part.dtype != object)


def _says_nothing(value: Any) -> bool:
    """Would only an address be shown of it?"""
    try:
        if _ADDRESS.search(repr(value)[:_LONGEST_LOOK]) is None or isinstance(value, type):
            return False
        return all(not hasattr(type(value), method) or not getattr(value, method)() for method in _SHOWN_BETTER)
    except Exception:
        return False


def _has_content(figure: Any) -> bool:
    """Axes, or anything else to be seen: a title, texts, lines, pictures."""
    if figure.axes:
        return True
    if any(_has_content(part) for part in figure.subfigs):
        return True
    return any(child is not figure.patch and child not in figure.subfigs for child in figure.get_children())


def item_of(figure: Any, caps: Caps) -> dict:
    """A figure as png and as data; one with more pixels than allowed is not drawn."""
    item: dict = {'text': f'Figure with {len(figure.axes)} axes'}
    files = [path[len(_DATA) :] for path in saved.saved_files(figure) if path.startswith(_DATA)]
    if files:
        item['files'] = files[-_MOST_FILES:]
    chart = _chart_of(figure, caps)
    if chart is not None:
        item['chart'] = chart
    width, height = figure.get_size_inches() * figure.get_dpi()
    if not 0 < width * height <= caps.pixels:
        caps.cut.add('pixels')
        item['text'] = f'This figure has {width:.0f} × {height:.0f} pixels and was not drawn; {caps.pixels} are allowed'
        return item
    try:
        item['png'] = base64.b64encode(_draw(figure, caps)).decode('ascii')
    except Exception as error:
        item['text'] = f'The figure could not be drawn: {type(error).__name__}: {str(error)[:500]}'
    return item


def _chart_of(figure: Any, caps: Caps) -> dict | None:
    """The figure as data. Reading it is nothing that the code asked for, so that it neither warns nor fails."""
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        try:
            return charts.chart_of(figure, caps)
        except Exception:
            return {'type': 'unknown', 'title': None, 'x_label': None, 'y_label': None, 'elements': []}


def _draw(figure: Any, caps: Caps) -> bytes:
    """The figure as PNG. A warning of matplotlib is shown without the line of our own code that caused it, and stops
    nothing."""
    with warnings.catch_warnings(record=True) as warned:
        try:
            picture = _save(figure, caps)
        except Warning:
            warnings.simplefilter('ignore')
            picture = _save(figure, caps)
    for text in dict.fromkeys(f'{one.category.__name__}: {one.message}' for one in warned):
        print(text, file=sys.stderr)
    return picture


def _save(figure: Any, caps: Caps) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format='png', dpi=figure.get_dpi(), bbox_inches='tight')
    if png_pixels(buffer.getvalue()) > caps.pixels:
        # Something drawn far outside the axes makes the tight box huge; the figure's own frame is kept then.
        buffer = io.BytesIO()
        figure.savefig(buffer, format='png', dpi=figure.get_dpi())
    return buffer.getvalue()


def picture_item(value: Any, caps: Caps) -> dict | None:
    """A PIL image as png, or None for anything else."""
    module = sys.modules.get('PIL.Image')
    if module is None or not isinstance(value, module.Image):
        return None
    item = {'text': f'{value.mode} image of {value.width} × {value.height} pixels'}
    if value.width * value.height > caps.pixels:
        caps.cut.add('pixels')
        return item
    try:
        buffer = io.BytesIO()
        picture = value if value.mode in ('1', 'L', 'LA', 'I', 'P', 'RGB', 'RGBA') else value.convert('RGB')
        picture.save(buffer, format='PNG')
        item['png'] = base64.b64encode(buffer.getvalue()).decode('ascii')
    except Exception as error:
        item['text'] = f'The image could not be encoded: {type(error).__name__}'
    return item


def png_pixels(data: bytes) -> int:
    """Width times height as the header says; 0 for data that is not a PNG."""
    if len(data) < 24 or not data.startswith(_PNG):
        return 0
    return int.from_bytes(data[16:20], 'big') * int.from_bytes(data[20:24], 'big')


class Figures:
    """What pyplot holds open. `attach` makes `show` emit at once instead of doing nothing."""

    def __init__(self, presenter: 'Presenter') -> None:
        self._presenter = presenter
        # What this cell showed of figures that may be shown again: figures, and digests of their pictures.
        self._shown: dict[int, tuple[Any, bytes]] = {}
        presenter.show_drawing = self.show_displayed

    def attach(self) -> None:
        pyplot = sys.modules.get('matplotlib.pyplot')
        if pyplot is None:
            return
        fonts.attach()
        drawn.attach()
        saved.attach()

        def show(*_: Any, **__: Any) -> None:
            """Shows every open figure now and closes it."""
            self.emit_open()

        def show_figure(figure: Any, *_: Any, **__: Any) -> None:
            self._emit(figure)

        pyplot.show = show
        sys.modules['matplotlib.figure'].Figure.show = show_figure

    def show_result(self, value: Any) -> bool:
        """Takes a result that is a figure or part of one; False for anything else."""
        pyplot = sys.modules.get('matplotlib.pyplot')
        if pyplot is None:
            return False
        if is_figure(value):
            self._emit(value, True)
            return True
        if (plotter := _plotter_of(value)) is not None:
            with sys.modules['seaborn._core.plot'].theme_context(plotter._theme):
                self._emit(plotter._figure, True)
            return True
        if pyplot.get_fignums() and (is_drawing(value) or _says_nothing(value)):
            self.emit_open(True)
            return True
        return False

    def show_displayed(self, value: Any) -> bool:
        """Takes what `display` was given where it is a figure or part of some: they stay open and are not shown again."""
        if (plotter := _plotter_of(value)) is not None:
            with sys.modules['seaborn._core.plot'].theme_context(plotter._theme):
                self._show_and_keep(plotter._figure)
            return True
        figures = [value] if is_figure(value) else _figures_of(value) if is_drawing(value) else []
        for figure in figures:
            self._show_and_keep(figure)
        return bool(figures)

    def _show_and_keep(self, figure: Any) -> None:
        if not self._presenter.is_full:
            item = item_of(figure, self._presenter.caps)
            self._remember(figure, item)
            self._presenter.show_item(item)

    def emit_open(self, main: bool = False) -> None:
        """Shows every figure pyplot holds, in order, and closes it; the last one may be the cell's main result."""
        pyplot = sys.modules.get('matplotlib.pyplot')
        if pyplot is None:
            return
        numbers = pyplot.get_fignums()
        for number in numbers:
            self._emit(pyplot.figure(number), main and number == numbers[-1])

    @property
    def are_open(self) -> bool:
        pyplot = sys.modules.get('matplotlib.pyplot')
        return pyplot is not None and bool(pyplot.get_fignums())

    def drop_open(self) -> None:
        """Closes what is still open at the end of a cell, so that the next one does not show it."""
        self._shown.clear()
        pyplot = sys.modules.get('matplotlib.pyplot')
        if pyplot is not None:
            try:
                pyplot.close('all')
            except Exception:
                # The figure managers are the code's to change; what cannot be closed is shown with the next cell.
                return

    def _emit(self, figure: Any, main: bool = False) -> None:
        if not self._presenter.is_full and _has_content(figure):
            item = item_of(figure, self._presenter.caps)
            if not self._was_shown(figure, item):
                self._remember(figure, item)
                self._presenter.show_item(item, main)
        sys.modules['matplotlib.pyplot'].close(figure)

    def _remember(self, figure: Any, item: dict) -> None:
        self._shown[id(figure)] = (figure, _digest(item))

    def _was_shown(self, figure: Any, item: dict) -> bool:
        """The same picture of the same figure."""
        return id(figure) in self._shown and self._shown[id(figure)][1] == _digest(item)


def _plotter_of(value: Any) -> Any:
    """What draws a plot of seaborn's objects; None for anything else, and where it is not as it is known."""
    plot = getattr(sys.modules.get('seaborn._core.plot'), 'Plot', None)
    if plot is None or type(value) is not plot:
        return None
    plotter = value.plot()
    return plotter if is_figure(getattr(plotter, '_figure', None)) and hasattr(plotter, '_theme') else None


def _digest(item: dict) -> bytes:
    return hashlib.sha256(str(item.get('png', item['text'])).encode('utf-8', 'replace')).digest()


def _figures_of(value: Any) -> list:
    """The figures that a drawing belongs to, each once."""
    found: dict[int, Any] = {}
    waiting = [value]
    while waiting and len(found) < 100:
        part = waiting.pop(0)
        figure = getattr(part, 'figure', None)
        figure = getattr(figure, 'get_figure', lambda **_: None)(root=True) if figure is not None else None
        if is_figure(part) or is_figure(figure):
            found.setdefault(id(part if is_figure(part) else figure), part if is_figure(part) else figure)
        elif isinstance(part, (list, tuple)):
            waiting += part
        elif isinstance(part, dict):
            waiting += part.values()
        elif hasattr(part, 'flat'):
            waiting += part.flat
        elif type(part).__name__ in _DRAWINGS:
            waiting += [inner for inner in vars(part).values() if isinstance(inner, (list, tuple))]
    return list(found.values())
