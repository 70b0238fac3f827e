"""Days, times and durations of a workbook. They are numbers there, and the format of a cell says which they are."""

import datetime
import re

_DAY = 86_400_000
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ELAPSED = re.compile(r'\[(h+|m+|s+)\]', re.IGNORECASE)
_LAST = 2_958_465
_EPOCH_1904 = datetime.datetime(1904, 1, 1)


def kind_of_format(format_):
    """'span' ([h]:mm), 'time' (h:mm), 'day' (anything with a day, a month or a year), or None for a number."""
    letters = _LITERAL.sub('', (format_ or '').split(';')[0])
    if _ELAPSED.search(letters):
        return 'span'
    letters = set(re.sub('am/pm|a/p|general', '', letters.lower()))
    if letters & set('yd') or ('m' in letters and not letters & set('hs')):
        return 'day'
    return 'time' if letters & set('hs') else None


def moment(number, kind, is_1904):
    """A date, time, datetime or timedelta, to the millisecond. Times of a day or more are durations, as are times before the
    first. A day that no calendar has is the text that a workbook shows: 1900-01-00 for 0, 1900-02-29 for 60, which workbooks
    count though that year had no such day, and the number itself before the first day and after the last.
    """
    if not abs(number) <= 1e8:
        return _number(number)
    ticks = round(number * _DAY)
    if kind == 'span' or (kind == 'time' and not 0 <= ticks < _DAY):
        return datetime.timedelta(milliseconds=ticks)
    days, rest = divmod(ticks, _DAY)
    clock = datetime.timedelta(milliseconds=rest)
    if kind == 'time':
        return (datetime.datetime.min + clock).time()
    if days < 0 or days > _LAST - (1462 if is_1904 else 0):
        return _number(number)
    if is_1904:
        return _EPOCH_1904 + datetime.timedelta(days) + clock
    if days in (0, 60):
        day = '1900-01-00' if days == 0 else '1900-02-29'
        return day if rest == 0 else f'{day} {(datetime.datetime.min + clock).time().isoformat()}'
    return datetime.datetime(1899, 12, 30 if days > 60 else 31) + datetime.timedelta(days) + clock


def _number(number):
    return str(int(number)) if float(number).is_integer() else repr(number)
