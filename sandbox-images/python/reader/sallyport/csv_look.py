"""What the first lines of a CSV tell: what stands above its table, and which mark between its values."""

import dataclasses
import re

from .ruled_table import is_ruled
from .unreadable import Unreadable

_MARKS = '\t;|,'
_HEAD = 1024 * 1024
_ON_OTHER_MARK = 'it is read as one column; every line holds {0} {1}: set delimiter to {0} if it stands between values, to none if not'


@dataclasses.dataclass(frozen=True)
class Look:
    #: Lines above the table.
    above: int
    #: Marks to try; None for one column.
    marks: list
    notes: list
    #: Is it a table written for people, of Markdown for one?
    is_ruled: bool = False
    #: Stands a line of nothing but dashes below the header, as sqlcmd writes it?
    has_dashes: bool = False


def look(text, settings):
    """What stands in the first lines. Raises where the first of them cannot be the header of what follows."""
    with text.text() as file:
        head = file.read(_HEAD)
    lines = re.split('\r\n|\r|\n', head)
    if settings.skip_rows is not None:
        if len(lines) <= settings.skip_rows:
            raise Unreadable(f'it has fewer lines than skip_rows ({settings.skip_rows})')
        lines = [''] * settings.skip_rows + lines[settings.skip_rows :]
    skip = next((number for number, line in enumerate(lines) if line.strip(' \x00') not in ('', '\ufeff')), None)
    if skip is None:
        raise Unreadable('it has no header line')
    said = re.fullmatch('"?[sS][eE][pP]=([^A-Za-z0-9]*?)"? *', lines[skip].lstrip('\ufeff'))
    if said is not None and settings.skip_rows is None:
        mark = settings.delimiter or said.group(1)
        if len(mark) != 1 and mark not in ('none', 'tab', '\\t'):
            raise Unreadable(f'line {skip + 1} begins with "sep=" and names no single mark; set delimiter to the mark, or skip_rows to {skip} if it is the header')
        return Look(skip + 1, [_mark(mark)], [f'line {skip + 1} says which mark stands between the values'])
    first = _first_record(lines[skip:])
    below = [line for line in lines[skip + 1 : skip + 1000] if line.strip() != '']
    if settings.header and settings.delimiter in (None, '|') and is_ruled(lines[skip], below[0] if below else ''):
        return Look(skip, ['|'], [], is_ruled=True)
    if settings.delimiter is not None:
        mark = _mark(settings.delimiter)
        return Look(skip, [mark], [], has_dashes=settings.header and mark is not None and _is_dashes(lines[skip], below, mark))
    if settings.header and settings.skip_rows is None and re.match('#[# ]', first):
        raise Unreadable(f'line {skip + 1} begins with "#" as a comment does; set skip_rows to the lines above the header, or to {skip} if it is the header')
    outside = re.sub('"[^"]*"', '', first)
    found = sorted((mark for mark in _MARKS if mark in outside), key=lambda mark: -outside.count(mark))
    if not found and settings.skip_rows is None:
        _refuse_title(lines[skip + first.count('\n') :], skip + 1)
    if not found:
        return Look(skip, [None], _on_other_marks(lines[skip], below))
    return Look(skip, found, [], has_dashes=settings.header and _is_dashes(lines[skip], below, found[0]))


def _is_dashes(header, below, mark):
    cells = below[0].split(mark) if below else []
    return len(cells) > 1 and len(cells) == len(header.split(mark)) and all(re.fullmatch(' *-{2,} *', cell) for cell in cells)


def _on_other_marks(first, below):
    """What may stand between the values of a file that is read as one column: the header has it as often as every line."""
    lines = [first, *below]
    if not below:
        return []
    if ' ' in first.strip():
        gaps = [re.findall(' +', line.strip()) for line in lines]
        if all(len(each) == len(gaps[0]) for each in gaps):
            if any(len(gap) > 1 for each in gaps for gap in each):
                return ['it is read as one column; every line has as many gaps of spaces, and columns that spaces align are not read: write a mark between the values']
            return [_ON_OTHER_MARK.format('a space', _times(len(gaps[0])))]
    for mark in dict.fromkeys(first[:200]):
        if mark not in ' "\'_.-()' and not mark.isalnum() and all(line.count(mark) == first.count(mark) for line in below):
            shown = mark if mark.isprintable() else f'the character U+{ord(mark):04X}'
            return [_ON_OTHER_MARK.format(shown, _times(first.count(mark)))]
    return []


def _times(number):
    return 'once' if number == 1 else f'{number} times'


def _first_record(lines):
    """A name may hold line ends between quotes."""
    record = ''
    for line in lines[:1000]:
        record += line + '\n'
        if record.count('"') % 2 == 0:
            return record
    return lines[0]


def _refuse_title(rest, line):
    """One column, or a title above a table? Where most lines would have as many values, nobody can tell."""
    rest = [re.sub('"[^"]*"', '', text) for text in rest[:1000] if text.strip() != '']
    for mark in _MARKS:
        rows = [text.split(mark) for text in rest]
        width = max({len(row) for row in rows}, key=[len(row) for row in rows].count, default=1)
        even = [row for row in rows if len(row) == width]
        if width == 1 or len(even) * 2 <= len(rows):
            continue
        # Commas of sentences have a space behind them; a table has it seldom, or numbers.
        is_close = sum(not any(cell.startswith(' ') for cell in row[1:]) for row in even) * 2 > len(even)
        has_numbers = any(sum(re.fullmatch(' *-?[0-9][0-9.,]*', row[index]) is not None for row in even) * 3 > len(even) for index in range(width))
        if is_close or has_numbers:
            shown = 'tab' if mark == '\t' else mark
            raise Unreadable(
                f'line {line} has 1 value, most lines below have {width}: if it is a title, set skip_rows to the number of lines above the header; '
                f'if there is one column, set delimiter to none; else set delimiter to {shown}'
            )


def _mark(delimiter):
    mark = {'none': None, 'tab': '\t', '\\t': '\t'}.get(delimiter, delimiter)
    if mark is not None and (len(mark) > 1 or mark in '"\r\n'):
        raise Unreadable('delimiter has to be one character, tab or none')
    return mark
