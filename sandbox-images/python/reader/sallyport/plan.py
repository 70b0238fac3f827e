"""One file, one reading: what format it has and how its table is selected."""

import contextlib

import duckdb

from .csv_file import read_csv
from .json_file import read_json
from .names import joined, literal, quoted
from .reading import Reading
from .unreadable import Unreadable
from .workbook import read_workbook

#: Digits of the widest decimal of DuckDB.
_LONGEST = 38


@contextlib.contextmanager
def planned(connection, path, settings, name=None):
    """The `Reading` of a file, on this connection, as long as the context lasts. Raises Unreadable."""
    format_ = settings.format_of(name or path)
    with contextlib.ExitStack() as resources:
        if format_ == 'csv':
            reading = read_csv(connection, path, settings, resources)
        elif format_ == 'json':
            reading = read_json(connection, path, settings, resources)
        elif format_ == 'xlsx':
            reading = read_workbook(connection, path, settings)
        elif format_ == 'parquet':
            reading = _read_parquet(connection, path, settings)
        else:
            raise Unreadable('its format has to be csv, json, parquet or xlsx')
        for relation in reading.registered:
            resources.callback(connection.unregister, relation)
        yield reading


def _read_parquet(connection, path, settings):
    if settings.types:
        raise Unreadable('types is for texts and workbooks: a Parquet file says the types of its columns itself')
    source = f'read_parquet({literal(path)})'
    try:
        columns = [(row[0], row[1]) for row in connection.execute(f'DESCRIBE SELECT * FROM {source}').fetchall()]
        rows = connection.execute(f'SELECT count(*) FROM {source}').fetchall()[0][0]
        parts = connection.execute(f"SELECT name, type, precision FROM parquet_schema({literal(path)}) WHERE name <> '' LIMIT 100000").fetchall()
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        raise Unreadable('it cannot be read as Parquet') from None
    own = {name for name, _, _ in parts}
    notes = {name: f'column {place} has a name in the file that is there already, with or without capitals' for place, (name, _) in enumerate(columns, start=1) if name not in own}
    rough = {name for name, kind, _ in parts if kind == 'INT96'}
    notes = joined(notes, {name: 'times are kept to the microsecond' for name, _ in columns if name in rough})
    if any(precision is not None and precision > _LONGEST for _, _, precision in parts):
        return _with_wide_decimals(connection, path, Reading(f'SELECT * FROM {source}', columns, rows, [], notes))
    return Reading(f'SELECT * FROM {source}', columns, rows, [], notes)


def _with_wide_decimals(connection, path, reading):
    """DuckDB takes a decimal of more than 38 digits for a double: such columns are texts instead."""
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(path) as file:
        fields = list(file.schema_arrow)
        wide = {place: field for place, field in enumerate(fields) if pyarrow.types.is_decimal256(field.type)}
        names = [field.name for field in fields]
        if any(names.count(field.name) > 1 for field in wide.values()) or any('decimal256' in str(field.type) and place not in wide for place, field in enumerate(fields)):
            raise Unreadable(f'it holds decimals of more than {_LONGEST} digits within lists, objects or columns of the same name')
        texts = [file.read(columns=[field.name]).column(0).cast('string') for field in wide.values()]
    relation = f'wide_{id(reading)}'
    connection.register(relation, pyarrow.table(texts, names=[f'c{place}' for place in wide]))
    chosen = ', '.join(f'w.c{place} AS {quoted(name)}' if place in wide else f't.{quoted(name)}' for place, (name, _) in enumerate(reading.columns))
    # Both sides keep the order of the file.
    return Reading(
        f'SELECT {chosen} FROM read_parquet({literal(path)}) t POSITIONAL JOIN {relation} w',
        [(name, 'VARCHAR' if place in wide else type_) for place, (name, type_) in enumerate(reading.columns)],
        reading.rows,
        reading.notes,
        joined(reading.column_notes, {reading.columns[place][0]: f'is text: no type holds the {field.type.precision} digits of its numbers' for place, field in wide.items()}),
        [relation],
    )
