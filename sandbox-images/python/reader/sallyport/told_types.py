"""Columns whose type somebody said: read so, or refused with the first row that does not fit."""

import re

from .names import literal
from .numbers_as_text import plain_number_sql
from .unreadable import Unreadable

#: Names of types a setting may give a column, beside decimal(width,scale).
TYPES = {
    'text': 'VARCHAR',
    'integer': 'BIGINT',
    'hugeint': 'HUGEINT',
    'double': 'DOUBLE',
    'boolean': 'BOOLEAN',
    'date': 'DATE',
    'time': 'TIME',
    'timestamp': 'TIMESTAMP',
    'timestamptz': 'TIMESTAMP WITH TIME ZONE',
}


def told_value(name, told, raw, settings):
    """(DuckDB type, SQL of the value, SQL of the cell it is read from); the value is null where it does not fit."""
    is_decimal = re.fullmatch('decimal[(][0-9]{1,2}, ?[0-9]{1,2}[)]', told) is not None
    type_ = told.upper() if is_decimal else TYPES.get(told)
    if type_ is None:
        raise Unreadable(f'types gives the column "{name}" a type that is not known; there are {", ".join(TYPES)} and decimal(width,scale)')
    if type_ == 'VARCHAR':
        return type_, raw, raw
    cell = f"nullif(trim({raw}), '')"
    number = plain_number_sql(cell, settings)
    if type_ in ('BIGINT', 'HUGEINT'):
        return type_, f"CASE WHEN regexp_full_match({number}, '[+-]?[0-9]+') THEN TRY_CAST({number} AS {type_}) END", cell
    if type_ == 'DOUBLE' or is_decimal:
        return type_, f'TRY_CAST({number} AS {type_})', cell
    if type_ in ('DATE', 'TIMESTAMP') and settings.date_format is not None:
        return type_, f'CAST(try_strptime({cell}, {literal(settings.date_format)}) AS {type_})', cell
    return type_, f'TRY_CAST({cell} AS {type_})', cell


def refuse_unfit(connection, source, name, told, cell, value):
    """Raises with the first row whose value does not fit what was said."""
    bad = connection.execute(
        f'SELECT record FROM (SELECT {cell} AS cell, {value} AS value, row_number() OVER () AS record FROM {source}) '
        'WHERE cell IS NOT NULL AND value IS NULL ORDER BY record LIMIT 1'
    ).fetchall()
    if bad:
        raise Unreadable(f'the column "{name}" is said to be {told}, and its value in row {bad[0][0]} is not')


def refuse_unknown(names, settings):
    unknown = sorted(set(settings.types) - set(names))
    if unknown:
        raise Unreadable(f'types names the column "{unknown[0]}", which is not there')
