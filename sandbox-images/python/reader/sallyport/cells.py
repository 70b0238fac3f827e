"""Columns of cells that have types of their own: the cells decide, nothing is guessed from texts."""

import datetime
import decimal
import json
import math

import pyarrow

from .names import quoted
from .told_types import NOTES, refuse_unfit, refuse_unknown, told_value

_LONGEST = 38
_EXACT = decimal.Context(prec=2 * _LONGEST)
_MIDNIGHT = datetime.time()
#: What a workbook shows for the numbers 0 and 60 as dates.
NO_DAYS = ('1900-01-00', '1900-02-29')


class Written(float):
    """A number with a fraction or an exponent, and how it was written."""

    __slots__ = ('text',)

    def __new__(cls, text):
        made = super().__new__(cls, text)
        made.text = text
        return made


def settle(values):
    """(DuckDB type, arrow array, SQL of the value, note) for the cells of a column; None is a missing cell."""
    kinds = _kinds(values)
    if not kinds:
        return 'VARCHAR', pyarrow.array(values, pyarrow.string()), '{}', None
    if kinds == {'boolean'}:
        return 'BOOLEAN', pyarrow.array(values, pyarrow.bool_()), '{}', None
    if kinds <= {'integer', 'number'}:
        settled = _numbers(values, kinds)
        if settled is not None:
            return settled
    if kinds == {'moment'}:
        return _moments(values)
    if kinds == {'zoned'}:
        return 'TIMESTAMP WITH TIME ZONE', pyarrow.array(values, pyarrow.timestamp('us', 'UTC')), '{}', None
    if kinds == {'time'}:
        return 'TIME', pyarrow.array(values, pyarrow.time64('us')), '{}', None
    if kinds <= {'span', 'time'}:
        values = [_span(value) if isinstance(value, datetime.time) else value for value in values]
        micros = [None if value is None else value // datetime.timedelta(microseconds=1) for value in values]
        return 'INTERVAL', pyarrow.array(micros, pyarrow.int64()), 'to_microseconds({})', None
    if kinds == {'json'}:
        return 'JSON', pyarrow.array([None if value is None else _text(value) for value in values], pyarrow.string()), '{}::JSON', None
    texts = pyarrow.array([None if value is None else _text(value) for value in values], pyarrow.string())
    note = None if kinds == {'text'} else f'is text, since its cells hold {_listed(kinds)}{_days_to_leave_out(values) if "moment" in kinds else ""}'
    return 'VARCHAR', texts, '{}', note


_KINDS = {
    bool: 'boolean',
    str: 'text',
    int: 'integer',
    float: 'number',
    Written: 'number',
    datetime.date: 'moment',
    datetime.time: 'time',
    datetime.timedelta: 'span',
}


def _kinds(values):
    types = set(map(type, values)) - {type(None)}
    kinds = {_KINDS.get(type_, 'json') for type_ in types if type_ is not datetime.datetime}
    if datetime.datetime in types:
        moments = (value for value in values if isinstance(value, datetime.datetime))
        kinds |= {'moment' if value.tzinfo is None else 'zoned' for value in moments}
    return kinds


def _numbers(values, kinds):
    present = [value for value in values if value is not None]
    if kinds == {'integer'}:
        if all(-(2**63) <= value < 2**63 for value in present):
            return 'BIGINT', pyarrow.array(values, pyarrow.int64()), '{}', None
        if all(len(str(abs(value))) <= _LONGEST for value in present):
            exact = [None if value is None else decimal.Decimal(value) for value in values]
            return 'HUGEINT', pyarrow.array(exact, pyarrow.decimal128(_LONGEST, 0)), 'CAST({} AS HUGEINT)', None
        return None
    if all(_is_double(value) for value in present):
        return 'DOUBLE', pyarrow.array([None if value is None else float(value) for value in values], pyarrow.float64()), '{}', None
    exact = [None if value is None else _plain(value) for value in values]
    scale = max(0, *(-value.as_tuple().exponent for value in exact if value is not None))
    whole = max(len(value.as_tuple().digits) + value.as_tuple().exponent for value in exact if value is not None)
    width = max(whole, 0) + scale
    if width > _LONGEST:
        return None
    type_ = f'DECIMAL({max(width, 1)},{scale})'
    return type_, pyarrow.array(exact, pyarrow.decimal128(max(width, 1), scale)), '{}', None


def _plain(value):
    """With the digits it has and an exponent of at most nothing."""
    exact = decimal.Decimal(value.text if isinstance(value, Written) else repr(value) if isinstance(value, float) else value)
    return exact.quantize(1, context=_EXACT) if exact.is_finite() and exact.as_tuple().exponent > 0 and exact.adjusted() < _LONGEST else exact


def _is_double(value):
    """Does a double hold every digit? It holds fifteen of any number, and two to the power of 53."""
    if isinstance(value, Written):
        if len(value.text) <= 16 and 'e' not in value.text and 'E' not in value.text:
            return True
        return math.isfinite(value) and decimal.Decimal(repr(float(value))) == decimal.Decimal(value.text)
    if isinstance(value, float) or abs(value) <= 2**53:
        return True
    try:
        near = float(value)
    except OverflowError:
        return False
    return decimal.Decimal(repr(near)) == decimal.Decimal(value)


def _moments(values):
    whole = all(value is None or not isinstance(value, datetime.datetime) or value.time() == _MIDNIGHT for value in values)
    if whole:
        days = [value.date() if isinstance(value, datetime.datetime) else value for value in values]
        return 'DATE', pyarrow.array(days, pyarrow.date32()), '{}', None
    values = [value if value is None or isinstance(value, datetime.datetime) else datetime.datetime.combine(value, _MIDNIGHT) for value in values]
    return 'TIMESTAMP', pyarrow.array(values, pyarrow.timestamp('us')), '{}', None


def _span(time):
    return datetime.datetime.combine(datetime.date.min, time) - datetime.datetime.min


def _days_to_leave_out(values):
    """The days that workbooks count and no calendar has (29 February 1900), where no other text is among the values."""
    texts = {value for value in values if isinstance(value, str)}
    if not texts or not texts <= set(NO_DAYS):
        return ''
    return f'; {" and ".join(sorted(texts))} {"is a day" if len(texts) == 1 else "are days"} that no calendar has: set null_values to {",".join(sorted(texts))} if nothing is meant'


def _text(value):
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return 'true' if value else 'false'
    if isinstance(value, datetime.datetime):
        return value.isoformat(' ') if value.time() != _MIDNIGHT else value.date().isoformat()
    if isinstance(value, Written):
        return value.text
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, (dict, list)):
        return _json(value)
    return str(value)


def _told_text(value, said, settings):
    """A cell as a text that is read as the type somebody said. Only numbers in texts are written as the settings say."""
    if value is None:
        return None
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return _text(value).replace('.', settings.decimal) if is_number and said != 'text' else _text(value)


def _json(value):
    """With every digit of its numbers. Raises RecursionError where it is nested too deeply."""
    if isinstance(value, dict):
        return '{' + ','.join(f'{json.dumps(name, ensure_ascii=False)}:{_json(item)}' for name, item in value.items()) + '}'
    if isinstance(value, list):
        return '[' + ','.join(_json(item) for item in value) + ']'
    return value.text if isinstance(value, Written) else json.dumps(value, ensure_ascii=False)


def _listed(kinds):
    words = {
        'boolean': 'true and false',
        'text': 'texts',
        'integer': 'numbers',
        'number': 'numbers',
        'moment': 'dates',
        'zoned': 'dates',
        'time': 'times',
        'span': 'durations',
        'json': 'lists or objects',
    }
    found = sorted({words[kind] for kind in kinds})
    return ' and '.join(found) if len(found) > 1 else f'{found[0]} that no type holds exactly'


def register(connection, columns, names, settings):
    """Registers columns of cells as one relation. Returns (select, [(name, type)], notes by column, relation)."""
    refuse_unknown(names, settings)
    relation = f'cells_{id(columns)}'
    arrays, chosen, types, notes, told = [], [], [], {}, []
    for index, (name, values) in enumerate(zip(names, columns)):
        said = settings.types.get(name)
        if said is None:
            type_, array, expression, note = settle(values)
            if note is not None:
                notes[name] = note
        else:
            array = pyarrow.array([_told_text(value, said, settings) for value in values], pyarrow.string())
            type_, expression, cell = told_value(name, said, f'c{index}', settings)
            notes |= {name: NOTES[said]} if said in NOTES else {}
            told.append((name, said, cell, expression))
        arrays.append(array)
        chosen.append(f'{expression.format(f"c{index}") if said is None else expression} AS {quoted(name)}')
        types.append((name, type_))
    connection.register(relation, pyarrow.table(arrays, names=[f'c{index}' for index in range(len(arrays))]))
    for name, said, cell, expression in told:
        refuse_unfit(connection, relation, name, said, cell, expression)
    return f'SELECT {", ".join(chosen)} FROM {relation}', types, notes, relation
