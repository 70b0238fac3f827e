"""Types of the columns of a text. One rule: a type is taken only where every value of the column prints back as its cell;
otherwise the column stays text. So `007`, `+1`, `0xFF`, `1E5`, `NaN` and `12-05-001` are texts, a number of twenty digits
keeps them all, and two cells that differ never become equal.
"""

import dataclasses
import datetime
import re

from . import dates
from .names import literal, quoted
from .numbers_as_text import plain_number, plain_number_sql
from .told_types import NOTES, refuse_unfit, refuse_unknown, told_value
from .unreadable import Unreadable

_SAMPLE = 1000
_PLAIN = '-?(0|[1-9][0-9]*)([.][0-9]+)?'
_ISO_TIME = '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?'
_ZONE = '(Z|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)'
#: In UTC: what no calendar of a program shows as four digits of a year stays text.
_FIRST_MOMENT, _LAST_MOMENT = "TIMESTAMPTZ '0001-01-01 00:00:00+00'", "TIMESTAMPTZ '9999-12-31 23:59:59.999999+00'"
_CLOCK = '([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}([.][0-9]+)?'

#: Words that often stand for a missing value. They are read as one only where a setting says so; the answer names a
#: column that would have another type without them.
MISSING_WORDS = ['NA', 'N/A', '#N/A', 'NaN', 'nan', 'null', 'NULL', 'Null', 'None', 'none', '-', '--', '.', '?', 'n/a', 'na', 'missing']

@dataclasses.dataclass(frozen=True)
class Guess:
    type: str
    #: SQL of the value, over the column's raw text.
    value: str
    note: str | None = None


TEXT = 'text'


class Guesser:
    """Looks at a sample of each column for what it may be, and at every row for whether it is."""

    def __init__(self, connection, source, names, settings, place):
        self._connection = connection
        self._source = source
        self._names = names
        self._settings = settings
        #: Says where the row of a number stands.
        self._place = place

    def run(self):
        """(rows, guesses in the order of the columns)."""
        refuse_unknown(self._names, self._settings)
        guesses = {name: self._told(name, self._settings.types[name]) for name in self._names if name in self._settings.types}
        classes = self._classes([name for name in self._names if name not in guesses])
        rows, facts = self._ask({name: kind for name, kind in classes.items() if kind != TEXT})
        second = {}
        for name, kind in classes.items():
            guess = self._settle(name, kind, facts.get(name, {}))
            if guess is None and (kind == 'integer' or kind == 'number' and facts[name]['decimal'] and not facts[name]['double']):
                second[name] = 'long number'
            else:
                guesses[name] = guess or self._text(name)
        if second:
            _, facts = self._ask(second)
            for name in second:
                guesses[name] = self._settle(name, 'long number', facts[name]) or self._text(name)
        if self._settings.date_format is not None and not any(guess.note == _AS_TOLD for guess in guesses.values()):
            if not any(self._is_date_by_type(name) for name in self._names):
                raise Unreadable('no column is written as date_format says')
        return rows, [guesses[name] for name in self._names]

    def _is_date_by_type(self, name):
        return self._settings.types.get(name) in ('date', 'timestamp')

    # What a sample leaves.

    def _classes(self, names):
        if not names:
            return {}
        chosen = ', '.join(quoted(name) for name in names)
        sample = self._connection.execute(f'SELECT {chosen} FROM {self._source} LIMIT {_SAMPLE}').fetchall()
        classes = {}
        for index, name in enumerate(names):
            values = _filled(row[index] for row in sample)
            if not values and len(sample) == _SAMPLE:
                values = _filled(self._values(name))
            classes[name] = self._class(values)
        return classes

    def _values(self, name):
        column = quoted(name)
        found = self._connection.execute(f'SELECT {column} FROM {self._source} WHERE trim({column}) <> \'\' LIMIT {_SAMPLE}')
        return [row[0] for row in found.fetchall()]

    def _class(self, values):
        if not values:
            return TEXT
        told = self._settings.date_format
        if told is not None and all(_is_written(value, told) for value in values):
            return (dates.given(told),)
        numbers = [plain_number(value, self._settings) for value in values]
        if all(number is not None and re.fullmatch('-?(0|[1-9][0-9]*)', number) for number in numbers):
            return 'integer'
        if all(number is not None and re.fullmatch(_PLAIN + '|-?[1-9]([.][0-9]+)?e[+-][0-9]{2,3}', number) for number in numbers):
            return 'number'
        if all(value.lower() in ('true', 'false') for value in values):
            return 'boolean'
        shapes = {'date': '[0-9]{4}-[0-9]{2}-[0-9]{2}', 'timestamp': _ISO_TIME, 'timestamptz': _ISO_TIME + _ZONE, 'time': _CLOCK}
        for kind, shape in shapes.items():
            if all(re.fullmatch(shape, value) for value in values):
                return kind
        return tuple(dates.candidates(values)) or TEXT if told is None else TEXT

    # What every row says.

    def _ask(self, classes):
        """(rows, facts by column), in one pass over the file."""
        cells, facts, keys = [], ['count(*)'], []
        for index, (name, kind) in enumerate(classes.items()):
            cell = _cell(name)
            cells.append(f'{plain_number_sql(cell, self._settings) if kind in _NUMBERS else cell} AS c{index}')
            cells.append(f'{cell} IS NOT NULL AS p{index}')
            for key, expression in self._questions(kind, f'c{index}').items():
                keys.append((name, key))
                facts.append(expression if key in _MEASURES else f'coalesce(bool_and(coalesce({expression}, false)) FILTER (p{index}), true)')
        inner = f'SELECT {", ".join(cells) or "1"} FROM {self._source}'
        [answer] = self._connection.execute(f'SELECT {", ".join(facts)} FROM ({inner})').fetchall()
        found = {}
        for (name, key), value in zip(keys, answer[1:]):
            found.setdefault(name, {})[key] = value
        return answer[0], found

    def _questions(self, kind, c):
        if kind == 'integer':
            return {'bigint': f'CAST(TRY_CAST({c} AS BIGINT) AS VARCHAR) = {c}'}
        if kind == 'number':
            return _number_questions(c)
        if kind == 'long number':
            return _number_questions(c) | _long_number_questions(c)
        if kind == 'boolean':
            return {'boolean': f"lower({c}) IN ('true', 'false')"}
        if kind == 'date':
            return {'date': f'length({c}) = 10 AND CAST(TRY_CAST({c} AS DATE) AS VARCHAR) = {c}'}
        if kind == 'timestamp':
            return {'timestamp': _is_timestamp(c)}
        if kind == 'timestamptz':
            local = f"regexp_replace({c}, '{_ZONE}$', '')"
            return {'timestamptz': f"regexp_full_match({c}, '{_ISO_TIME}{_ZONE}') AND TRY_CAST({c} AS TIMESTAMPTZ) BETWEEN {_FIRST_MOMENT} AND {_LAST_MOMENT} AND {_is_timestamp(local)}"}
        if kind == 'time':
            return {'time': f"regexp_full_match({c}, '{_CLOCK}') AND CAST(TRY_CAST({c} AS TIME) AS VARCHAR) = {_short(c)}"}
        return {form.strptime: _is_date(form, c) for form in kind}

    def _settle(self, name, kind, facts):
        """The guess that the facts of every row leave; None for text."""
        if kind == TEXT:
            return None
        cell = _cell(name)
        if kind in _NUMBERS:
            type_ = 'BIGINT' if facts.get('bigint') else _number_type(facts)
            return None if type_ is None else Guess(type_, f'CAST({plain_number_sql(cell, self._settings)} AS {type_})')
        if isinstance(kind, str):
            if not facts[kind]:
                return None
            note = 'times with a zone are shown in UTC' if kind == 'timestamptz' else None
            return Guess(_TYPES[kind], f'CAST({cell} AS {_TYPES[kind]})', note)
        return self._settle_date(name, cell, [form for form in kind if facts[form.strptime]])

    def _settle_date(self, name, cell, forms):
        forms = dates.unlike(forms)
        if len(forms) > 1:
            told = ' or '.join(sorted(f'{form.shown} (date_format {form.strptime})' for form in forms))
            return Guess('VARCHAR', quoted(name), f'stays text: {told} cannot be known; set date_format')
        if not forms:
            return None
        [form] = forms
        value = f'CAST(strptime({cell}, {literal(form.strptime)}) AS {form.type})'
        note = _AS_TOLD if self._settings.date_format is not None else f'read as {form.shown}, the only reading of every value'
        return Guess(form.type, value, note)

    def _told(self, name, told):
        type_, value, cell = told_value(name, told, quoted(name), self._settings)
        refuse_unfit(self._connection, self._source, name, told, cell, value, self._place)
        return Guess(type_, value, NOTES.get(told))

    def _text(self, name):
        return Guess('VARCHAR', quoted(name), self._why_text(name))

    def _why_text(self, name):
        """What would make another type of a text column, where one setting does."""
        values = _filled(self._distinct(name))
        words = [word for word in MISSING_WORDS if word in values]
        others = [value for value in values if value not in words]
        if not others or any(re.search('[A-Za-z]{4}', value) for value in others):
            return None
        if not words and all(re.fullmatch(_PLAIN, value) for value in others) and any(re.search('[.][0-9]*0$', value) for value in others):
            return 'stays text: its fractions are written with different numbers of digits, as 1.9 and 1.10 are; set types to double if they are numbers'
        if self._class(others) != TEXT:
            return f'stays text for its {_listed(words)}; if {"that means" if len(words) == 1 else "these mean"} missing, set null_values' if words else None
        has_commas = any(',' in value for value in others)
        if self._settings.decimal == '.' and has_commas and all(re.fullmatch('-?([0-9]{1,3}([. ][0-9]{3})*|[0-9]+)(,[0-9]+)?', value) for value in others):
            return 'stays text: its commas may mark fractions or thousands; set decimal or thousands'
        has_marks = any(re.search("[,' ]", value) for value in others)
        if self._settings.thousands is None and has_marks and all(re.fullmatch("-?[0-9]{1,3}([,' ][0-9]{3})+([.][0-9]+)?|-?[0-9]+([.][0-9]+)?", value) for value in others):
            return 'stays text: its marks may stand between thousands; set thousands'
        return None

    def _distinct(self, name):
        column = quoted(name)
        found = self._connection.execute(f'SELECT DISTINCT {column} FROM (SELECT {column} FROM {self._source} WHERE {column} IS NOT NULL LIMIT 20000) LIMIT 2000')
        return [row[0] for row in found.fetchall()]


_TYPES = {'boolean': 'BOOLEAN', 'date': 'DATE', 'time': 'TIME', 'timestamp': 'TIMESTAMP', 'timestamptz': 'TIMESTAMP WITH TIME ZONE'}
_AS_TOLD = 'read as date_format says'
_NUMBERS = ('integer', 'number', 'long number')
_MEASURES = ('least_scale', 'greatest_scale', 'digits')


def _cell(name):
    """SQL: the cell without spaces around it; blank is missing, as empty is."""
    return f"nullif(trim({quoted(name)}), '')"


def _filled(cells):
    return [cell.strip(' ') for cell in cells if cell is not None and cell.strip(' ') != '']


def _is_written(value, told):
    try:
        return datetime.datetime.strptime(value, told) is not None
    except ValueError:
        return False


def _short(c):
    """A time without the zeros its fraction ends with."""
    return f"CASE WHEN contains({c}, '.') THEN rtrim(rtrim({c}, '0'), '.') ELSE {c} END"


def _is_timestamp(c):
    whole = f"CASE WHEN length({c}) = 16 THEN {c} || ':00' ELSE {_short(c)} END"
    return f"regexp_full_match({c}, '{_ISO_TIME}') AND CAST(TRY_CAST({c} AS TIMESTAMP) AS VARCHAR) = replace({whole}, 'T', ' ')"


def _is_date(form, c):
    year = f"year(try_strptime({c}, {literal(form.strptime)})) >= 1000"
    shape = '' if form.pattern == '.+' else f'regexp_full_match({c}, {literal(form.pattern)}) AND '
    return shape + year


def _number_questions(c):
    """A double is exact where its shortest text has the cell's digits; fifteen digits always have it."""
    printed = f'CAST(TRY_CAST({c} AS DOUBLE) AS VARCHAR)'
    plain = f"regexp_full_match({c}, '{_PLAIN}')"
    few = f"length(ltrim(replace(replace({c}, '-', ''), '.', ''), '0')) <= 15 AND length({c}) < 300"
    same = f"({c} = {printed} AND isfinite(TRY_CAST({c} AS DOUBLE)))"
    scale = f"length({c}) - position('.' IN {c})"
    fraction = f"contains({c}, '.') AND {plain}"
    return {
        # A CASE prints the number only of cells with many digits: printing takes longer than all other questions.
        'double': f"CASE WHEN {plain} AND {few} THEN true ELSE {same} OR ({plain} AND {_short(c)} = {_short(printed)}) END",
        'decimal': plain,
        # A column writes fractions in one of two ways: each number as its shortest text, or all with the same number of
        # digits.
        'shortest': f"NOT contains({c}, '.') OR right({c}, 1) <> '0' OR right({c}, 2) = '.0'",
        'least_scale': f'min({scale}) FILTER ({fraction})',
        'greatest_scale': f'max({scale}) FILTER ({fraction})',
    }


def _long_number_questions(c):
    """What else is asked where neither BIGINT nor DOUBLE has every digit."""
    return {
        'hugeint': f"CAST(TRY_CAST({c} AS HUGEINT) AS VARCHAR) = {c} AND length(ltrim({c}, '-')) <= 38",
        'digits': f"max(length(split_part(ltrim({c}, '-'), '.', 1))) FILTER (regexp_full_match({c}, '{_PLAIN}'))",
    }


def _number_type(facts):
    if facts.get('hugeint'):
        return 'HUGEINT'
    scale = facts.get('greatest_scale')
    if scale is None or not (facts['shortest'] or facts['least_scale'] == scale):
        # Whole numbers alone that are too long, or fractions written in two ways: with `1.9` and `1.10` in one column,
        # both are texts.
        return 'DOUBLE' if scale is None and facts.get('double') and not facts.get('decimal') else None
    if facts['double']:
        return 'DOUBLE'
    if 'digits' not in facts:
        return None
    width = facts['digits'] + scale
    return f'DECIMAL({width},{scale})' if facts['decimal'] and width <= 38 else None


def _listed(words):
    return ', '.join(f'"{word}"' for word in words)
