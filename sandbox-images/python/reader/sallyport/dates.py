"""How dates are written that are not ISO: the candidates, and which of them a column leaves."""

import dataclasses
import re

_TIMES = [
    ('', ''),
    (' %H:%M', r' \d{1,2}:\d{2}'),
    (' %H:%M:%S', r' \d{1,2}:\d{2}:\d{2}'),
    (' %I:%M %p', r' \d{1,2}:\d{2} [AaPp][Mm]'),
    (' %I:%M:%S %p', r' \d{1,2}:\d{2}:\d{2} [AaPp][Mm]'),
]


@dataclasses.dataclass(frozen=True)
class DateFormat:
    strptime: str
    #: Of the whole cell; the year has four digits.
    pattern: str
    #: As people write it: DD/MM/YYYY.
    shown: str

    @property
    def has_time(self):
        return re.search('%[HIMSf]', self.strptime) is not None

    @property
    def type(self):
        return 'TIMESTAMP' if self.has_time else 'DATE'


def _numeric(order, mark):
    part = {'d': r'\d{1,2}', 'm': r'\d{1,2}', 'Y': r'\d{4}'}
    shown = {'d': 'DD', 'm': 'MM', 'Y': 'YYYY'}
    between = re.escape(mark)
    return (
        mark.join('%' + letter for letter in order),
        between.join(part[letter] for letter in order),
        mark.join(shown[letter] for letter in order),
    )


def _named():
    word = r'[A-Za-z]{3}'
    long = r'[A-Za-z]{3,9}'
    for mark in ' -/':
        yield f'%d{mark}%b{mark}%Y', rf'\d{{1,2}}{mark}{word}{mark}\d{{4}}', f'DD{mark}Mon{mark}YYYY'
    yield '%d %B %Y', rf'\d{{1,2}} {long} \d{{4}}', 'DD Month YYYY'
    yield '%b %d, %Y', rf'{word} \d{{1,2}}, \d{{4}}', 'Mon DD, YYYY'
    yield '%B %d, %Y', rf'{long} \d{{1,2}}, \d{{4}}', 'Month DD, YYYY'


def _all():
    numeric = [_numeric(order, mark) for order in ('dmY', 'mdY', 'Ymd') for mark in '/.-']
    for strptime, pattern, shown in [*numeric, *_named()]:
        for clock, clock_pattern in _TIMES:
            if strptime == '%Y-%m-%d' and clock in (' %H:%M', ' %H:%M:%S'):
                continue
            yield DateFormat(strptime + clock, pattern + clock_pattern, shown)


CANDIDATES = list(_all())


def given(strptime):
    """A format that somebody said: nothing but itself is a candidate, and the year may have two digits."""
    return DateFormat(strptime, '.+', strptime)


def candidates(values):
    """Formats whose shape all of these cells have."""
    return [form for form in CANDIDATES if all(re.fullmatch(form.pattern, value) for value in values)]


def unlike(forms):
    """Formats that read a cell differently: `%b` and `%B` both read May."""
    seen = {}
    for form in forms:
        seen.setdefault(form.strptime.replace('%B', '%b'), form)
    return list(seen.values())
