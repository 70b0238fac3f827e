"""Frames and series as data. Libraries are recognized only once user code or the worker imported them."""

import datetime
import decimal
import math
import sys
from typing import Any

from working.caps import Caps
from working.exact_json import SAFE_INTEGER, shortest

_MAXIMUM_COLUMNS = 500
_MAXIMUM_CELL = 4_096


def table_of(value: Any, caps: Caps) -> dict | None:
    """The protocol's `data`, or None for a value that is not a table."""
    name = type(value).__module__.partition('.')[0]
    if name == 'pandas' and 'pandas' in sys.modules:
        return _pandas_table(value, caps)
    if name == 'polars' and 'polars' in sys.modules:
        return _polars_table(value, caps)
    if name == 'pyarrow' and type(value).__name__ == 'Table':
        return _arrow_table(value, caps)
    return None


def frame_of_style(value: Any) -> Any:
    """The frame behind a pandas `Styler`, whose own text is the address of an object; None for anything else."""
    kind = type(value)
    if kind.__name__ != 'Styler' or kind.__module__ != 'pandas.io.formats.style':
        return None
    return getattr(value, 'data', None)


def _pandas_table(value: Any, caps: Caps) -> dict | None:
    pandas = sys.modules['pandas']
    if isinstance(value, pandas.Series):
        value = value.to_frame(name=value.name if value.name is not None else 'value')
    if not isinstance(value, pandas.DataFrame):
        return None
    total = len(value)
    frame = value.iloc[: caps.rows, :_MAXIMUM_COLUMNS]
    columns = [{'name': _label(name), 'type': str(kind)} for name, kind in zip(frame.columns, frame.dtypes, strict=True)]
    series = [frame.iloc[:, position].tolist() for position in range(frame.shape[1])]
    if not isinstance(frame.index, pandas.RangeIndex):
        levels = range(frame.index.nlevels)
        names = [frame.index.names[level] for level in levels]
        kinds = [str(frame.index.get_level_values(level).dtype) for level in levels]
        columns = [
            {'name': _label('index' if name is None else name), 'type': kind}
            for name, kind in zip(names, kinds, strict=True)
        ] + columns
        series = [frame.index.get_level_values(level).tolist() for level in levels] + series
    return _table(columns, series, total, value.shape[1], caps)


def _polars_table(value: Any, caps: Caps) -> dict | None:
    polars = sys.modules['polars']
    if isinstance(value, polars.Series):
        value = value.to_frame()
    if not isinstance(value, polars.DataFrame):
        return None
    frame = value.head(caps.rows)
    names = frame.columns[:_MAXIMUM_COLUMNS]
    columns = [{'name': _label(name), 'type': str(frame.schema[name])} for name in names]
    return _table(columns, [frame[name].to_list() for name in names], value.height, value.width, caps)


def _arrow_table(value: Any, caps: Caps) -> dict:
    part = value.slice(0, caps.rows)
    fields = list(part.schema)[:_MAXIMUM_COLUMNS]
    columns = [{'name': _label(field.name), 'type': str(field.type)} for field in fields]
    series = [part.column(position).to_pylist() for position in range(len(fields))]
    return _table(columns, series, value.num_rows, value.num_columns, caps)


# What the libraries call a column of numbers with fewer bits than Python's: pandas, its nullable types, polars, Arrow.
_NARROW = {
    'float32': 'float32',
    'float16': 'float16',
    'float': 'float32',
    'halffloat': 'float16',
    'float[pyarrow]': 'float32',
    'halffloat[pyarrow]': 'float16',
}


def _narrow(cells: list, kind: str) -> list:
    """Columns of float32 as the numbers people wrote: 0.1 and not the double nearest to its 24 bits."""
    name = _NARROW.get(kind.lower())
    if name is None:
        return cells
    numpy = sys.modules.get('numpy')
    if numpy is None:
        return cells
    make = getattr(numpy, name)
    return [shortest(make(cell)) if isinstance(cell, float) else cell for cell in cells]


def _table(columns: list[dict], series: list[list], total: int, width: int, caps: Caps) -> dict:
    if total > caps.rows or width > _MAXIMUM_COLUMNS:
        caps.cut.add('rows')
    series = [_narrow(cells, column['type']) for cells, column in zip(series, columns, strict=True)]
    rows = [[plain(cell, caps) for cell in row] for row in zip(*series, strict=True)] if series else []
    return {'columns': columns, 'rows': rows, 'total_rows': total}


def _label(name: Any) -> str:
    if isinstance(name, tuple):
        return ' / '.join(str(part) for part in name)[:200]
    return str(name)[:200]


def plain(cell: Any, caps: Caps, depth: int = 0) -> Any:
    """One cell as JSON: missing values are null, dates ISO 8601, infinities, large integers and decimals strings."""
    if cell is None or isinstance(cell, (bool, str)):
        return caps.text(cell, _MAXIMUM_CELL) if isinstance(cell, str) else cell
    if isinstance(cell, int):
        return int(cell) if -SAFE_INTEGER <= cell <= SAFE_INTEGER else caps.text(str(cell), _MAXIMUM_CELL)
    if isinstance(cell, float):
        return float(cell) if math.isfinite(cell) else _beyond(cell)
    if isinstance(cell, decimal.Decimal):
        return str(cell) if cell.is_finite() else _beyond(cell)
    if isinstance(cell, (list, tuple)) and depth < 3:
        return [plain(part, caps, depth + 1) for part in cell[:100]]
    if isinstance(cell, dict) and depth < 3:
        return {str(key)[:200]: plain(part, caps, depth + 1) for key, part in list(cell.items())[:100]}
    return _other(cell, caps, depth)


def _beyond(cell: float | decimal.Decimal) -> str | None:
    """Infinities by their names; not-a-number is a missing value."""
    return None if cell != cell else 'Infinity' if cell > 0 else '-Infinity'


def _other(cell: Any, caps: Caps, depth: int) -> Any:
    if type(cell).__name__ in ('NaTType', 'NAType'):
        return None
    if isinstance(cell, (datetime.date, datetime.time)):
        return cell.isoformat()
    if type(cell).__module__ == 'numpy' and hasattr(cell, 'tolist') and depth < 3:
        if cell.dtype.name in ('float16', 'float32') and cell.ndim <= 1:
            return plain([shortest(part) for part in cell[:100]] if cell.ndim else shortest(cell), caps, depth + 1)
        return plain(cell.tolist(), caps, depth + 1)
    if isinstance(cell, bytes):
        return caps.text(cell[:_MAXIMUM_CELL].hex(), _MAXIMUM_CELL)
    return caps.text(str(cell), _MAXIMUM_CELL)
