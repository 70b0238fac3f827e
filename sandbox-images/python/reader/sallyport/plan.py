"""One file, one reading: what format it has and how its table is selected."""

import contextlib

from .kinds import refuse_other_kinds
from .unreadable import Unreadable


@contextlib.contextmanager
def planned(connection, path, settings, name=None):
    """The `Reading` of a file, on this connection, as long as the context lasts. Raises Unreadable."""
    format_ = settings.format_of(name or path)
    with contextlib.ExitStack() as resources:
        refuse_other_kinds(path, format_, settings.delimiter is not None)
        # Each reader brings libraries of its own, which take longer to load than a small file takes to read.
        if format_ == 'csv':
            from .csv_file import read_csv

            reading = read_csv(connection, path, settings, resources)
        elif format_ == 'json':
            from .json_file import read_json

            reading = read_json(connection, path, settings, resources)
        elif format_ == 'xlsx':
            from .workbook import read_workbook

            reading = read_workbook(connection, path, settings)
        elif format_ == 'parquet':
            from .parquet_file import read_parquet

            reading = read_parquet(connection, path, settings)
        else:
            raise Unreadable('its format has to be csv, json, parquet or xlsx')
        for relation in reading.registered:
            resources.callback(connection.unregister, relation)
        reading.notes.extend(f'the setting {unused} changes nothing here: it is not for {format_}' for unused in settings.without_use(format_))
        yield reading
