"""The DuckDB behind a source of files: answers one request at a time, in a sandbox that holds nothing else.

`/mnt/data/request.json` is read and `/mnt/data/answer.jsonl` is written, a JSON text per line. `load` reads the files
into tables and seals the connection, which leaves it nothing but them. The host believes what is written here no more
than anything else that comes out of a sandbox.
"""

import json
import os

import duckdb

from ..plan import planned
from ..settings import Settings
from ..unreadable import Unreadable
from .exact_values import reader_of

_FOLDER = '/mnt/data/'
_connection = duckdb.connect(':memory:')

# Wall behind the gate: no file, no network, no extension, no setting, whatever statement gets here.
_SEAL = [
    "SET threads = 1",
    "SET max_expression_depth = 250",
    "SET python_enable_replacements = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
    "SET allow_unsigned_extensions = false",
    "SET allow_persistent_secrets = false",
    "SET temp_directory = ''",
    "SET enable_external_access = false",
    "SET disabled_filesystems = 'LocalFileSystem'",
    "SET schema = 'nowhere'",
    "SET lock_configuration = true",
]

# What has to fail once sealed, by the sentence the host has for it.
_ATTEMPTS = {
    'read-file': ["SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM '/etc/passwd'", "SELECT * FROM read_text('/etc/hostname')", "SELECT * FROM glob('/*')"],
    'write-file': ["COPY (SELECT 1) TO '/tmp/sealed.csv'", "EXPORT DATABASE '/tmp/sealed'"],
    'attach': ["ATTACH '/tmp/sealed.db'"],
    'extension': ["INSTALL httpfs", "LOAD httpfs"],
    'setting': ["SET threads = 2", "SET enable_external_access = true", "RESET lock_configuration", "SET temp_directory = '/tmp'"],
    'write': ["CREATE TABLE public.sealed (a integer)", "CREATE SCHEMA sealed", "WITH gone AS (DELETE FROM sealing.probe RETURNING 1) SELECT * FROM gone"],
}

_REASONS = [
    ('memory', duckdb.OutOfMemoryException, ''),
    ('read-only', duckdb.TransactionException, ''),
    ('forbidden', duckdb.PermissionException, ''),
    ('syntax', duckdb.ParserException, ''),
    ('ambiguous', duckdb.BinderException, 'mbiguous'),
    ('grouping', duckdb.BinderException, 'GROUP BY'),
    ('grouping', duckdb.BinderException, 'aggregate'),
    ('types', duckdb.BinderException, 'No function matches'),
    ('types', duckdb.BinderException, 'cast'),
    ('types', duckdb.BinderException, 'of type'),
    ('missing', duckdb.BinderException, ''),
    ('missing', duckdb.CatalogException, ''),
    ('value', duckdb.ConversionException, ''),
    ('value', duckdb.OutOfRangeException, ''),
    ('value', duckdb.InvalidInputException, ''),
]


def _reason(error):
    text = str(error)
    return next((name for name, kind, words in _REASONS if isinstance(error, kind) and words in text), 'other')


def _quoted(name):
    return '"' + name.replace('"', '""') + '"'


def _load_table(table):
    path, notes = _FOLDER + table['file'], {}
    try:
        with planned(_connection, path, Settings.of(table['settings'])) as reading:
            notes = {'table': reading.notes, 'columns': reading.column_notes}
            _connection.execute('CREATE TABLE public.' + _quoted(table['name']) + ' AS ' + reading.select)
    except Unreadable as error:
        return {'fault': 'unreadable', 'table': table['name'], 'reason': str(error)}, notes
    except (duckdb.OutOfMemoryException, MemoryError):
        return {'fault': 'memory', 'table': table['name']}, notes
    except Exception as error:
        if table['settings']['format'] == 'parquet' and isinstance(error, duckdb.Error):
            return {'fault': 'unreadable', 'table': table['name'], 'reason': 'it cannot be read as Parquet'}, notes
        return {'fault': 'reader', 'table': table['name'], 'kind': type(error).__name__}, notes
    os.unlink(path)
    return None, notes


def _note(notes):
    return ' '.join(note[:1].upper() + note[1:] + '.' for note in notes)[:2000] or None


def _describe(notes):
    rows = _connection.execute("SELECT table_name, estimated_size, sql FROM duckdb_tables() WHERE schema_name = 'public' ORDER BY table_name").fetchall()
    columns = _connection.execute("SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns() WHERE schema_name = 'public' ORDER BY table_name, column_index").fetchall()
    return [{'name': name, 'rows': size, 'definition': sql, 'comment': _note(notes[name]['table']), 'columns': [{'name': column, 'type': kind, 'nullable': nullable, 'comment': _note([note for note in [notes[name]['columns'].get(column)] if note])} for owner, column, kind, nullable in columns if owner == name]} for name, size, sql in rows]


def _load(request):
    _connection.execute("SET memory_limit = '" + str(int(request['memory_megabytes'])) + "MB'")
    _connection.execute("SET TimeZone = 'UTC'")
    _connection.execute('CREATE SCHEMA public')
    _connection.execute('CREATE SCHEMA nowhere')
    notes = {}
    for table in request['tables']:
        fault, notes[table['name']] = _load_table(table)
        if fault is not None:
            yield fault
            return
    _connection.execute('CREATE SCHEMA sealing')
    _connection.execute('CREATE TABLE sealing.probe (a integer)')
    for statement in _SEAL:
        _connection.execute(statement)
    yield {'version': duckdb.__version__, 'tables': _describe(notes)}


def _parse(text):
    return json.loads(_connection.execute('SELECT json_serialize_sql(?)', [text]).fetchone()[0])


def _tree(request):
    yield _parse(request['sql'])


def _bind(request):
    text = _connection.execute('SELECT json_deserialize_sql(?::JSON)', [json.dumps(request['tree'])]).fetchone()[0]
    again = _parse(text)
    _connection.execute('DESCRIBE ' + text)
    yield {'text': text, 'tree': again}


def _select(request):
    statements = duckdb.extract_statements(request['text'])
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        yield {'fault': 'not-select'}
        return
    columns = [(row[0], row[1]) for row in _connection.execute('DESCRIBE ' + request['text']).fetchall()]
    readers = [reader_of(kind) for _, kind in columns]
    text = request['text']
    if any(expression != '#{}' for expression, _ in readers):
        chosen = ', '.join(expression.format(index + 1) for index, (expression, _) in enumerate(readers))
        text = 'SELECT ' + chosen + ' FROM (' + text + ')'
    cursor = _connection.execute(text)
    yield {'columns': [{'name': name, 'type': kind} for name, kind in columns]}
    count, size = 0, 0
    while True:
        batch = cursor.fetchmany(500)
        if not batch:
            break
        for row in batch:
            if count == request['rows']:
                yield {'truncated': 'rows'}
                return
            line = '[' + ','.join(['null' if value is None else read(value) for value, (_, read) in zip(row, readers)]) + ']'
            size += len(line.encode('utf-8', 'replace'))
            if size > request['bytes']:
                yield {'truncated': 'bytes'}
                return
            count += 1
            yield line
    yield {'truncated': None}


def _prove(request):
    done = []
    for name, statements in _ATTEMPTS.items():
        for statement in statements:
            _connection.execute('BEGIN TRANSACTION READ ONLY')
            try:
                _connection.execute(statement).fetchall()
                done.append(name)
            except Exception:
                pass
            finally:
                _end()
    yield {'succeeded': done}


def _end():
    try:
        _connection.execute('ROLLBACK')
    except Exception:
        pass


_OPERATIONS = {'load': _load, 'tree': _tree, 'bind': _bind, 'select': _select, 'prove': _prove}


def answer():
    """Answers the request that was put beside it."""
    with open(_FOLDER + 'request.json', encoding='utf-8') as file:
        request = json.load(file)
    operation = request['operation']
    with open(_FOLDER + 'answer.jsonl', 'w', encoding='utf-8', errors='replace') as lines:
        try:
            _end()
            if operation in ('bind', 'select', 'tree'):
                _connection.execute('BEGIN TRANSACTION READ ONLY')
            for item in _OPERATIONS[operation](request):
                lines.write(item if isinstance(item, str) else json.dumps(item, ensure_ascii=False, separators=(',', ':')))
                lines.write(chr(10))
        except Exception as error:
            lines.write(json.dumps({'fault': _reason(error)}) + chr(10))
        finally:
            if operation != 'load':
                _end()
