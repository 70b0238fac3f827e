"""What a file holds, in a few facts: the start of what a model is told of it. A request is a file of JSON, its answer one
line of JSON per file."""

import json

import duckdb

from .plan import planned
from .settings import Settings
from .unreadable import Unreadable

_FOLDER = '/mnt/data/'
_CELL = 60


def previews(request):
    """One answer per file of the request: {files: [{name, settings}], rows}."""
    for file in request['files']:
        try:
            yield {'name': file['name'], **_preview(file, request['rows'])}
        except Unreadable as error:
            yield {'name': file['name'], 'unreadable': str(error)}
        except (duckdb.OutOfMemoryException, MemoryError):
            yield {'name': file['name'], 'unreadable': 'it needs more memory than there is'}


def _preview(file, rows):
    with duckdb.connect(':memory:') as connection:
        connection.execute("SET TimeZone = 'UTC'")
        with planned(connection, _FOLDER + file['name'], Settings.of(file['settings'])) as reading:
            found = connection.execute(f'SELECT * FROM (SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({reading.select})) LIMIT {int(rows)}').fetchall()
    return {
        'rows': reading.rows,
        'columns': [{'name': name, 'type': type_, 'note': reading.column_notes.get(name)} for name, type_ in reading.columns],
        'first': [[None if cell is None else _short(cell) for cell in row] for row in found],
        'notes': reading.notes,
    }


def _short(cell):
    flat = ' '.join(cell.split())
    return flat if len(flat) <= _CELL else flat[:_CELL] + '…'


def answer(request_path, answer_path):
    with open(request_path, encoding='utf-8') as file:
        request = json.load(file)
    with open(answer_path, 'w', encoding='utf-8') as file:
        for item in previews(request):
            file.write(json.dumps(item, ensure_ascii=True, separators=(',', ':')) + '\n')
