"""Values of DuckDB as JSON in which each number has all of its digits."""

import base64
import decimal
import json
import re

_string = json.encoder.encode_basestring
_STRANGE = {'nan': '"NaN"', '-nan': '"NaN"', 'inf': '"Infinity"', '-inf': '"-Infinity"'}


# A number leaves with every digit it has: what of it fits a number of JSON is for the host to say.
def _number(text):
    return _STRANGE.get(text.lower(), text)


def _json(value):
    if isinstance(value, str):
        return _string(value)
    if value is None:
        return 'null'
    if isinstance(value, bool):
        return 'true' if value else 'false'
    if isinstance(value, int):
        return str(value)
    if isinstance(value, decimal.Decimal):
        return format(value, 'f') if -100 < value.as_tuple().exponent <= 0 else str(value)
    if isinstance(value, float):
        return _number(repr(value))
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _string(base64.b64encode(bytes(value)).decode())
    if isinstance(value, (list, tuple)):
        return '[' + ','.join(map(_json, value)) + ']'
    if isinstance(value, dict):
        return '{' + ','.join([_string(str(key)) + ':' + _json(item) for key, item in value.items()]) + '}'
    return _string(str(value))


def _document(text):
    return _json(json.loads(text, parse_float=decimal.Decimal, parse_int=decimal.Decimal))


# Types whose values Python would round, shift or not hold are read in DuckDB's own text.
_AS_TEXT = re.compile('DATE|TIME|INTERVAL|UUID|BIT$')
_NESTED = re.compile('(STRUCT|MAP|UNION)[(]|.*[]]$|VARIANT')
_FLOATS = re.compile("('(?:[^']|'')*'|" + '"(?:[^"]|"")*")|FLOAT(?=[],)[]|$)')


# By way of its text a FLOAT becomes the DOUBLE of the same digits: as it is, it would become the nearest one.
def _document_of(kind):
    chain = '#{}'
    for other in ('VARCHAR', 'DOUBLE') if any(not quoted for quoted in _FLOATS.findall(kind)) else ():
        chain = 'CAST(' + chain + ' AS ' + _FLOATS.sub(lambda match: match.group(1) or other, kind) + ')'
    return 'to_json(' + chain + ')'


# Before year 1 DuckDB writes (BC) between the day and the time: that stays its own text.
def _moment(text):
    return re.sub('^([0-9-]+) (?=[0-9])', r'\1T', text)


def reader_of(kind):
    """How a column of this type is read: the expression that selects it, and what makes JSON of a value."""
    if _NESTED.match(kind):
        return _document_of(kind), _document
    if kind == 'JSON':
        return '#{}', _document
    if kind in ('FLOAT', 'BIGNUM'):
        return 'CAST(#{} AS VARCHAR)', _number
    if kind.startswith('TIMESTAMP WITH'):
        return 'CAST(#{} AS VARCHAR)', lambda value: _string(re.sub('[+]00$', 'Z', _moment(value)))
    if kind.startswith('TIMESTAMP'):
        return 'CAST(#{} AS VARCHAR)', lambda value: _string(_moment(value))
    if _AS_TEXT.match(kind):
        return 'CAST(#{} AS VARCHAR)', _string
    return '#{}', _json
