"""One file, one reading: what format it has and how its table is selected."""

import contextlib

import duckdb

from .csv_file import read_csv
from .json_file import read_json
from .names import literal
from .reading import Reading
from .unreadable import Unreadable
from .workbook import read_workbook


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
        own = [row[0] for row in connection.execute(f"SELECT name FROM parquet_schema({literal(path)}) WHERE name <> '' LIMIT 100000").fetchall()]
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        raise Unreadable('it cannot be read as Parquet') from None
    notes = {name: f'column {place} has a name in the file that is there already, with or without capitals' for place, (name, _) in enumerate(columns, start=1) if name not in own}
    return Reading(f'SELECT * FROM {source}', columns, rows, [], notes)
