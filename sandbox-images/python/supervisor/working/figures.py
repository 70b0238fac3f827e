"""matplotlib figures and PIL pictures as items. Figures are captured without `show()`: open ones at the cell's end."""

import base64
import io
import sys
from typing import TYPE_CHECKING, Any

from working import charts
from working.caps import Caps

if TYPE_CHECKING:
    from working.presenter import Presenter

_PNG = b'\x89PNG\r\n\x1a\n'

# Beyond it a value is somebody's own, and may hold itself.
_MAXIMUM_DEPTH = 4
# What stands for a drawing and is no artist.
_DRAWINGS = frozenset(
    ('Colorbar', 'ErrorbarContainer', 'PieContainer', 'FacetGrid', 'PairGrid', 'JointGrid', 'ClusterGrid')
)


def is_figure(value: Any) -> bool:
    module = sys.modules.get('matplotlib.figure')
    return module is not None and isinstance(value, module.Figure)


def is_drawing(value: Any, depth: int = 0) -> bool:
    """What plotting functions return: artists, axes, or a collection of them. The figure says all they could."""
    module = sys.modules.get('matplotlib.artist')
    if module is None or is_figure(value) or depth > _MAXIMUM_DEPTH:
        return False
    if isinstance(value, module.Artist) or type(value).__name__ in _DRAWINGS:
        return True
    if type(value).__name__ == 'ndarray' and value.dtype == object and value.size:
        value = list(value.flat)
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, (list, tuple)):
        return False
    # Beside artists there may be numbers, and lists of artists that were not asked for.
    parts = [part for part in value if part is not None and type(part).__name__ != 'ndarray' and not _is_nothing(part)]
    return bool(parts) and all(is_drawing(part, depth + 1) for part in parts)


def _is_nothing(part: Any) -> bool:
    return isinstance(part, (list, tuple)) and not part


def item_of(figure: Any, caps: Caps) -> dict:
    """A figure as png and as data; one with more pixels than allowed is not drawn."""
    item: dict = {'text': f'Figure with {len(figure.axes)} axes'}
    try:
        chart = charts.chart_of(figure, caps)
        if chart is not None:
            item['chart'] = chart
    except Exception as error:
        print(f'The chart could not be read as data: {type(error).__name__}', file=sys.stderr)
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


def _draw(figure: Any, caps: Caps) -> bytes:
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
    """Width times height as the header says; 0 for what is no PNG."""
    if len(data) < 24 or not data.startswith(_PNG):
        return 0
    return int.from_bytes(data[16:20], 'big') * int.from_bytes(data[20:24], 'big')


class Figures:
    """What pyplot holds open. `attach` makes `show` emit at once instead of doing nothing."""

    def __init__(self, presenter: 'Presenter') -> None:
        self._presenter = presenter

    def attach(self) -> None:
        pyplot = sys.modules.get('matplotlib.pyplot')
        if pyplot is None:
            return

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
        if is_drawing(value) and pyplot.get_fignums():
            self.emit_open(True)
            return True
        return False

    def emit_open(self, main: bool = False) -> None:
        """Shows every figure pyplot holds, in order, and closes it; the last one may be the cell's main result."""
        pyplot = sys.modules.get('matplotlib.pyplot')
        if pyplot is None:
            return
        numbers = pyplot.get_fignums()
        for number in numbers:
            self._emit(pyplot.figure(number), main and number == numbers[-1])

    def drop_open(self) -> None:
        """Closes what a cell that failed left open, so that the next one does not show it."""
        pyplot = sys.modules.get('matplotlib.pyplot')
        if pyplot is not None:
            try:
                pyplot.close('all')
            except Exception as error:
                print(f'Figures could not be closed: {type(error).__name__}', file=sys.stderr)

    def _emit(self, figure: Any, main: bool = False) -> None:
        if not self._presenter.is_full and figure.axes:
            self._presenter.show_item(item_of(figure, self._presenter.caps), main)
        sys.modules['matplotlib.pyplot'].close(figure)
