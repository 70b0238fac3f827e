"""Columns whose type somebody said: read so, or refused with the first row that does not fit. A value fits where the type
holds all of it: every digit of a number, the time of a day, a zone.
"""

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

#: The note for a column that a setting says holds instants.
NOTES = {'timestamptz': 'times are shown in UTC, and those without a zone are taken for UTC'}

_NUMBER = '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?'
_NO_NUMBER = '[+-]?(nan|inf|infinity)'
_ENDLESS = '[+-]?infinity'
_DAY = '[0-9]{4}(-[0-9]{1,2}-[0-9]{1,2}|/[0-9]{1,2}/[0-9]{1,2})'
_CLOCK = '([01]?[0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}([.][0-9]{1,6}0*)?)?'
_MIDNIGHT = '00:00(:00([.]0+)?)?'
_ZONE = ' ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)'
#: How a cell has to be written, by type.
_SHAPES = {
    'DATE': f'{_DAY}([ T]{_MIDNIGHT})?|{_ENDLESS}',
    'TIME': _CLOCK,
    'TIMESTAMP': f'{_DAY}([ T]{_CLOCK})?|{_ENDLESS}',
    'TIMESTAMP WITH TIME ZONE': f'{_DAY}([ T]{_CLOCK}({_ZONE})?)?|{_ENDLESS}',
}


def told_value(name, told, raw, settings):
    """(DuckDB type, SQL of the value, SQL of the cell it is read from); the value is null where it does not fit."""
    decimal = re.fullmatch('decimal[(]([0-9]{1,2}), ?([0-9]{1,2})[)]', told)
    type_ = told.upper() if decimal is not None else TYPES.get(told)
    if type_ is None:
        raise Unreadable(f'types gives the column "{name}" a type that is not known; there are {", ".join(TYPES)} and decimal(width,scale)')
    if decimal is not None and not 1 <= int(decimal.group(1)) <= 38 or decimal is not None and int(decimal.group(2)) > int(decimal.group(1)):
        raise Unreadable(f'types gives the column "{name}" the type {told}: a width is 1 to 38, and a scale at most as much')
    if type_ == 'VARCHAR':
        return type_, raw, raw
    cell = f"nullif(trim({raw}), '')"
    number = plain_number_sql(cell, settings)
    if type_ in ('BIGINT', 'HUGEINT'):
        return type_, _where(number, '[+-]?[0-9]+', f'TRY_CAST({number} AS {type_})'), cell
    if decimal is not None:
        shape = f'[+-]?([0-9]+([.][0-9]{{0,{decimal.group(2)}}}0*)?|[.][0-9]{{1,{decimal.group(2)}}}0*)'
        return type_, _where(number, shape if decimal.group(2) != '0' else '[+-]?[0-9]+([.]0*)?', f'TRY_CAST({number} AS {type_})'), cell
    if type_ == 'DOUBLE':
        return type_, _double(number), cell
    if type_ in ('DATE', 'TIMESTAMP') and settings.date_format is not None:
        moment = f'try_strptime({cell}, {literal(settings.date_format)})'
        whole = f" AND {moment} = date_trunc('day', {moment})" if type_ == 'DATE' else ''
        return type_, f'CASE WHEN year({moment}) >= 1000{whole} THEN CAST({moment} AS {type_}) END', cell
    value = f'TRY_CAST({cell} AS {type_})'
    return type_, _where(cell, _SHAPES[type_], value) if type_ in _SHAPES else value, cell


def _where(cell, shape, value):
    return f"CASE WHEN regexp_full_match({cell}, {literal(shape)}, 'i') THEN {value} END"


def _double(number):
    """The double whose shortest text has the digits of the cell."""
    value = f'TRY_CAST({number} AS DOUBLE)'
    same = f'{_digits(number)} = {_digits(f"CAST({value} AS VARCHAR)")}'
    return f"CASE WHEN regexp_full_match({number}, '{_NO_NUMBER}', 'i') OR (regexp_full_match({number}, '{_NUMBER}') AND {same}) THEN {value} END"


def _digits(number):
    """SQL: those of a number from the first that is not 0 to the last, without sign, point and exponent."""
    return f"trim(replace(regexp_replace({number}, '^[+-]|[eE].*$', '', 'g'), '.', ''), '0')"


def refuse_unfit(connection, source, name, told, cell, value, place=lambda record: f'row {record} below the header'):
    """Raises with the first row whose value does not fit what was said; `place` says where the row of a number stands."""
    bad = connection.execute(
        f'SELECT record FROM (SELECT {cell} AS cell, {value} AS value, row_number() OVER () AS record FROM {source}) '
        'WHERE cell IS NOT NULL AND value IS NULL ORDER BY record LIMIT 1'
    ).fetchall()
    if bad:
        raise Unreadable(f'the column "{name}" is said to be {told}, and its value in {place(bad[0][0])} is not, or would lose a part of it')


def refuse_unknown(names, settings):
    unknown = sorted(set(settings.types) - set(names))
    if unknown:
        raise Unreadable(f'types names the column "{unknown[0]}", which is not there')
