"""CSV whose quotes within quotes have a backslash before them (`"he said \\"hi\\""`), as some programs write it, rewritten
with quotes that are doubled. Other backslashes are what they are: `\\n` is a backslash and an n. Only where every backslash
within quotes is doubled, two stand for one.
"""

import csv
import re

from .unreadable import Unreadable

_INSIDE = re.compile(r'(?:[^"\\]|\\.)*+', re.DOTALL)
_RUN = re.compile(r'(\\+)(.|$)', re.DOTALL)


def double_quotes(text, delimiter):
    """From here on the file is written with doubled quotes. Returns a sentence, or None where the file is not written
    like that. Raises Unreadable where a backslash has two readings.
    """
    if not text.holds('\\"'):
        return None
    escaped, singles, before_quotes, doubled = 0, 0, [], 0
    try:
        with text.text() as file:
            for line, row in _rows(file, delimiter):
                for run, after in (found for cell, is_quoted in row if is_quoted for found in _RUN.findall(cell)):
                    is_odd = len(run) % 2 == 1
                    escaped += after == '"' and is_odd
                    singles += after not in ('"', '') and is_odd
                    doubled += len(run) > 1
                    if len(run) > 1 and after in ('"', ''):
                        before_quotes.append(text.left_out + line)
    except csv.Error:
        return None
    if not escaped:
        return None
    if singles and before_quotes:
        raise Unreadable(f'line {before_quotes[0]} has several backslashes before a quote, which can be read in two ways; write quotes within quotes twice')
    is_doubled = not singles
    with text.text() as file, text.rewritten() as even:
        writer = csv.writer(even, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator='\n')
        for _, row in _rows(file, delimiter):
            if row == [('', False)]:
                even.write('\n')
                continue
            writer.writerow([_plain(cell, is_doubled) if is_quoted else cell for cell, is_quoted in row])
    return 'a backslash before a quote makes it a part of the value' + (', two backslashes stand for one' if is_doubled and doubled else '')


def _plain(cell, is_doubled):
    return re.sub(r'\\(["\\])' if is_doubled else r'\\(")', r'\1', cell)


def _rows(file, delimiter):
    """(line, [(text between the marks, is between quotes)]) of every record, from line 1. Raises csv.Error."""
    row, parts, number = [], None, 0
    for number, line in enumerate(file, start=1):
        place, body = 0, line.rstrip('\r\n')
        while True:
            if parts is None and not line.startswith('"', place):
                stop = body.find(delimiter, place)
                row.append((body[place:] if stop < 0 else body[place:stop], False))
                if stop < 0:
                    yield number, row
                    row = []
                    break
                place = stop + 1
                continue
            if parts is None:
                parts, place = [], place + 1
            inside = _INSIDE.match(line, place)
            parts.append(inside.group())
            place = inside.end()
            if not line.startswith('"', place):
                # The value goes on in the next line.
                break
            row.append((''.join(parts), True))
            parts, place = None, place + 1
            if place >= len(body):
                yield number, row
                row = []
                break
            if not line.startswith(delimiter, place):
                raise csv.Error
            place += 1
    if parts is not None:
        raise csv.Error
