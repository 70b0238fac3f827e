"""Tables as pandas frames that hold the same values."""

import datetime

import duckdb

from .names import quoted
from .plan import planned
from .settings import Settings

_FOLDER = '/mnt/data/'


def read_table(path, **settings):
    """A file as a pandas frame, with the values and types that SQL over the same file has. Settings, all by keyword:
    format, header, skip_rows, delimiter, encoding, sheet, hidden, decimal, thousands, null_values, date_format, types.
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

    beyond = _beyond(connection, reading)
    chosen = ', '.join(f'{beyond.get(name, "{}").format(quoted(name))} AS {quoted(name)}' for name, _ in reading.columns)
    table = connection.sql(f'SELECT {chosen} FROM ({reading.select})').to_arrow_table()
    columns = [_column(table.column(index), type_) for index, (_, type_) in enumerate(reading.columns)]
    frame = pandas.concat(columns, axis=1) if columns else pandas.DataFrame()
    frame.columns = [name for name, _ in reading.columns]
    return frame


#: By type, which values pandas and Python have none for: an endless date, 24 o'clock, months.
_TESTS = {'DATE': 'NOT isfinite({})', 'TIMESTAMP': 'NOT isfinite({})', 'TIMESTAMP WITH TIME ZONE': 'NOT isfinite({})', 'TIME': "{} = TIME '24:00:00'", 'INTERVAL': 'extract(year FROM {0}) <> 0 OR extract(month FROM {0}) <> 0'}
_TEXT = 'CAST({} AS VARCHAR)'


def _beyond(connection, reading):
    """How columns are selected that are not as they are, by name: texts, as SQL shows them, and durations in microseconds."""
    found = {name: _TEXT for name, type_ in reading.columns if type_ == 'VARIANT'}
    asked = {name: _TESTS[type_].format(quoted(name)) for name, type_ in reading.columns if type_ in _TESTS}
    if asked:
        facts = ', '.join(f'coalesce(bool_or({test}), false)' for test in asked.values())
        [answers] = connection.execute(f'SELECT {facts} FROM ({reading.select})').fetchall()
        found |= {name: _TEXT for name, answer in zip(asked, answers) if answer and dict(reading.columns)[name] != 'INTERVAL'}
        found |= {name: 'epoch_us({})' for name, answer in zip(asked, answers) if not answer and dict(reading.columns)[name] == 'INTERVAL'}
    return found


def _column(values, type_):
    import pandas
    import pyarrow

    if pyarrow.types.is_string(values.type):
        return values.to_pandas()

    if type_ in ('TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT') and values.null_count:
        # A missing value makes no number a float.
        kind = str(values.type)
        return values.to_pandas(types_mapper={values.type: getattr(pandas, f'{kind.replace("uint", "UInt").replace("int", "Int") if "u" in kind else kind.title()}Dtype')()}.get)
    if type_ == 'BOOLEAN' and values.null_count:
        return values.to_pandas(types_mapper={values.type: pandas.BooleanDtype()}.get)
    if type_ in ('HUGEINT', 'UHUGEINT'):
        return pandas.Series([None if value is None else int(value) for value in values.to_pylist()], dtype='object')
    if type_ == 'DATE':
        return values.cast(pyarrow.timestamp('s')).to_pandas()
    if type_ == 'INTERVAL':
        # With months, pandas' own spans of days cannot hold them.
        return values.cast(pyarrow.duration('us')).to_pandas() if pyarrow.types.is_int64(values.type) else pandas.Series(values.to_pylist(), dtype='object')
    if type_ == 'TIME WITH TIME ZONE':
        return pandas.Series([None if value is None else value.replace(tzinfo=datetime.timezone.utc) for value in values.to_pylist()], dtype='object')
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
