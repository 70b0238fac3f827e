"""Parquet: the file says the types of its columns. DuckDB reads it; durations and decimals of more than 38 digits, which it
takes for whole numbers and doubles, are put right."""

import duckdb

from .names import column_names, joined, literal, quoted
from .reading import Reading
from .unreadable import Unreadable

#: Digits of the widest decimal of DuckDB.
_LONGEST = 38
_MICROSECONDS = {'s': 1_000_000, 'ms': 1_000, 'us': 1}
_UNITS = {'s': 'seconds', 'ms': 'milliseconds', 'us': 'microseconds', 'ns': 'nanoseconds'}


def read_parquet(connection, path, settings):
    if settings.types:
        raise Unreadable('types is for texts and workbooks: a Parquet file says the types of its columns itself')
    source = f'read_parquet({literal(path)})'
    try:
        described = [(row[0], row[1]) for row in connection.execute(f'DESCRIBE SELECT * FROM {source}').fetchall()]
        rows = connection.execute(f'SELECT count(*) FROM {source}').fetchall()[0][0]
        parts = connection.execute(f'SELECT name, type, precision FROM parquet_schema({literal(path)}) LIMIT 100000').fetchall()
        is_of_arrow = connection.execute(f"SELECT count(*) FROM parquet_kv_metadata({literal(path)}) WHERE key = 'ARROW:schema'").fetchall()[0][0] > 0
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        raise Unreadable('it cannot be read as Parquet') from None
    names, notes = column_names([name for name, _ in described])
    own = {name for name, _, _ in parts}
    renamed = {names[place]: f'column {place + 1} has {"no name in the file" if "" in own else "a name in the file that is there already, with or without capitals"}' for place, (name, _) in enumerate(described) if name not in own}
    rough = {name for name, kind, _ in parts if kind == 'INT96'}
    micro = {names[place]: 'times are kept to the microsecond' for place, (name, _) in enumerate(described) if name in rough}
    zoned = {name: 'times with a zone are shown in UTC' for name, (_, type_) in zip(names, described) if type_.startswith('TIMESTAMP WITH TIME ZONE') or type_ == 'TIMESTAMPTZ_NS'}
    reading = Reading(
        _select([quoted(name) for name, _ in described], names, source),
        list(zip(names, (type_ for _, type_ in described))),
        rows,
        [],
        joined(notes, renamed, micro, zoned),
    )
    is_wide = any(precision is not None and precision > _LONGEST for _, _, precision in parts)
    return _as_arrow_says(connection, path, reading, [name for name, _ in described]) if is_of_arrow or is_wide else reading


def _select(values, names, source):
    return f'SELECT {", ".join(f"{value} AS {quoted(name)}" for value, name in zip(values, names))} FROM {source}'


def _as_arrow_says(connection, path, reading, own):
    """With durations as such, and wide decimals as texts."""
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(path) as file:
        fields = list(file.schema_arrow)
        wide = {place: field for place, field in enumerate(fields) if pyarrow.types.is_decimal256(field.type) and field.type.precision > _LONGEST}
        durations = {place: field.type.unit for place, field in enumerate(fields) if pyarrow.types.is_duration(field.type)}
        if len(fields) != len(own) or (not wide and not durations and not any(_holds(field.type, 'duration', 'decimal256') for field in fields)):
            return reading
        names = [field.name for field in fields]
        if any(names.count(field.name) > 1 for field in wide.values()) or any(_holds(field.type, 'decimal256') and place not in wide for place, field in enumerate(fields) if not pyarrow.types.is_decimal256(field.type)):
            raise Unreadable(f'it holds decimals of more than {_LONGEST} digits within lists, objects or columns of the same name')
        # Both sides keep the order of the file.
        texts = [_texts(file.read(columns=[field.name]).column(0)) for field in wide.values()]
    source = f'read_parquet({literal(path)}) t'
    relations = []
    if wide:
        relations = [f'wide_{id(reading)}']
        connection.register(relations[0], pyarrow.table(texts, names=[f'c{place}' for place in wide]))
        source += f' POSITIONAL JOIN {relations[0]} w'
    notes = {}
    values, types = [], []
    for place, (name, type_) in enumerate(reading.columns):
        value, note = f't.{quoted(own[place])}', None
        if place in wide:
            value, type_, note = f'w.c{place}', 'VARCHAR', f'is text: no type holds the {fields[place].type.precision} digits of its numbers'
        elif place in durations:
            value, type_, note = _duration(connection, path, own[place], value, durations[place])
        elif _holds(fields[place].type, 'duration'):
            note = f'holds durations as whole numbers: {fields[place].type}'
        values.append(value)
        types.append((name, type_))
        if note is not None:
            notes[name] = note
    return Reading(_select(values, [name for name, _ in types], source), types, reading.rows, reading.notes, joined(reading.column_notes, notes), relations)


def _holds(type_, *kinds):
    return any(kind in str(type_) for kind in kinds)


def _duration(connection, path, name, value, unit):
    """(SQL of the value, type, note): an interval where it holds every digit, else the whole number, with a note of its
    unit."""
    factor = _MICROSECONDS.get(unit)
    column = quoted(name)
    fits = f'{column} % 1000 = 0' if factor is None else f'abs({column}::HUGEINT) * {factor} < {2**63}'
    [[is_exact]] = connection.execute(f'SELECT coalesce(bool_and({fits}), true) FROM read_parquet({literal(path)})').fetchall()
    if not is_exact:
        return value, 'BIGINT', f'is a duration in {_UNITS[unit]}, which no interval holds exactly'
    return f'to_microseconds({value} // 1000)' if factor is None else f'to_microseconds({value} * {factor})', 'INTERVAL', None


def _texts(values):
    """Without an exponent."""
    import pyarrow

    return pyarrow.array([None if value is None else format(value, 'f') for value in values.to_pylist()], pyarrow.string())
