"""Tables as pandas frames that hold the same values."""

import duckdb

from .plan import planned
from .settings import Settings

_FOLDER = '/mnt/data/'


def read_table(path, **settings):
    """A file as a pandas frame, with the values and types that SQL over the same file has. Settings, all by keyword:
    format, header, skip_rows, delimiter, encoding, sheet, decimal, thousands, null_values, date_format, types.
    How it was read stands in `frame.attrs['notes']`. Raises Unreadable.
    """
    path = str(path)
    if not path.startswith('/'):
        import os

        path = path if os.path.exists(path) else _FOLDER + path
    with duckdb.connect(':memory:') as connection:
        connection.execute("SET TimeZone = 'UTC'")
        with planned(connection, path, Settings.of(settings)) as reading:
            frame = _frame(connection, reading)
    frame.attrs['notes'] = reading.sentences()
    return frame


def _frame(connection, reading):
    import pandas

    table = connection.sql(reading.select).to_arrow_table()
    columns = [_column(table.column(index), type_) for index, (_, type_) in enumerate(reading.columns)]
    frame = pandas.concat(columns, axis=1) if columns else pandas.DataFrame()
    frame.columns = [name for name, _ in reading.columns]
    return frame


def _column(values, type_):
    import pandas

    if type_ in ('TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT') and values.null_count:
        # A missing value makes no number a float.
        kind = str(values.type)
        return values.to_pandas(types_mapper={values.type: getattr(pandas, f'{kind.replace("uint", "UInt").replace("int", "Int") if "u" in kind else kind.title()}Dtype')()}.get)
    if type_ == 'BOOLEAN' and values.null_count:
        return values.to_pandas(types_mapper={values.type: pandas.BooleanDtype()}.get)
    if type_ in ('HUGEINT', 'UHUGEINT'):
        return pandas.Series([None if value is None else int(value) for value in values.to_pylist()], dtype='object')
    if type_ == 'DATE':
        import pyarrow

        return values.cast(pyarrow.timestamp('s')).to_pandas()
    if type_ == 'INTERVAL':
        return _intervals(values)
    if _is_nested(values.type) or (type_ == 'TIME_NS' and _has_nanoseconds(values)):
        # In pandas' own way a missing value makes the integers beside it, within lists and structs, floats.
        texts = type_ == 'TIME_NS'
        return pandas.Series((values.cast('string') if texts else values).to_pylist(), dtype='object')
    return values.to_pandas()


def _is_nested(type_):
    import pyarrow

    return pyarrow.types.is_nested(type_)


def _has_nanoseconds(values):
    """More digits than a time of Python has?"""
    return any(value is not None and value % 1000 for value in values.cast('int64').to_pylist())


def _intervals(values):
    import pandas

    found = values.to_pylist()
    if any(value is not None and value.months for value in found):
        return pandas.Series(found, dtype='object')
    return pandas.Series([None if value is None else pandas.Timedelta(days=value.days) + pandas.Timedelta(value.nanoseconds, 'ns') for value in found], dtype='timedelta64[us]')
