"""CSV: which mark, which header, and that every row has as many values as it."""

import csv
import re

import duckdb

from .guess import Guesser
from .names import column_names, joined, literal, quoted
from .reading import Reading
from .text_file import TextFile
from .unreadable import Unreadable

_MARKS = '\t;|,'
#: One column: a mark that no text holds.
_NONE = '\x1f'
_HEAD = 1024 * 1024


def read_csv(connection, path, settings, resources):
    text = resources.enter_context(TextFile(path, settings.encoding))
    above, marks, notes = _look(text, settings)
    text.leave_out(above)
    if text.decoded_from is not None and settings.encoding is None:
        notes.append(f'read as {text.decoded_from}, as its byte order mark says')
    header, source, rows, guesses = _read_evenly(connection, text, marks, settings)
    names, name_notes, header_notes = header
    chosen = ', '.join(f'{guess.value} AS {quoted(name)}' for name, guess in zip(names, guesses))
    return Reading(
        select=f'SELECT {chosen} FROM {source}',
        columns=[(name, guess.type) for name, guess in zip(names, guesses)],
        rows=rows,
        notes=notes + header_notes,
        column_notes=joined(name_notes, {name: guess.note for name, guess in zip(names, guesses) if guess.note is not None}),
    )


def _look(text, settings):
    """(lines above the table, marks to try, notes). Raises where the first line cannot be the header of what follows."""
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
        return skip + 1, [_mark(mark)], [f'line {skip + 1} says which mark stands between the values']
    first = _first_record(lines[skip:])
    if settings.delimiter is not None:
        return skip, [_mark(settings.delimiter)], []
    if settings.header and settings.skip_rows is None and re.match('#[# ]', first):
        raise Unreadable(f'line {skip + 1} begins with "#" as a comment does; set skip_rows to the lines above the header, or to {skip} if it is the header')
    outside = re.sub('"[^"]*"', '', first)
    found = sorted((mark for mark in _MARKS if mark in outside), key=lambda mark: -outside.count(mark))
    if not found and settings.skip_rows is None:
        _refuse_title(lines[skip + first.count('\n') :], skip + 1)
    return skip, found or [_NONE], []


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
    mark = {'none': _NONE, 'tab': '\t', '\\t': '\t'}.get(delimiter, delimiter)
    if len(mark) > 1 or mark in '"\r\n':
        raise Unreadable('delimiter has to be one character, tab or none')
    return mark


def _read_evenly(connection, text, marks, settings):
    """(header, source, rows, guesses) by the first mark that gives every row as many values as the first."""
    failure = None
    for mark in marks:
        header = _header(text, mark, settings)
        for escape in '"\\':
            source = _source(text.path, header[0], mark, settings, escape=escape)
            try:
                return header, source, *Guesser(connection, source, header[0], settings).run()
            except duckdb.OutOfMemoryException:
                raise
            except duckdb.Error as error:
                failure = failure or error
    # DuckDB is also strict about line ends of two kinds and quotes inside values, and lenient it takes the second kind for
    # a row or a part of a value: it gets the records that stand in the file, written in one way.
    odd = _odd_row(text, marks[0])
    if odd is not None:
        raise Unreadable(odd)
    header = _header(text, marks[0], settings)
    text.straighten(marks[0], len(header[0]))
    source = _source(text.path, header[0], marks[0], settings, line_end='\\n')
    try:
        return header, source, *Guesser(connection, source, header[0], settings).run()
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        raise Unreadable(f'it cannot be read as CSV{_line_of(failure)}') from None


def _header(text, mark, settings):
    """(names, notes by name, notes on the whole)."""
    try:
        _, cells = next(text.records(mark))
    except csv.Error:
        raise Unreadable(f'a quote in line {text.left_out + 1} is not closed or stands in the wrong place') from None
    except StopIteration:
        raise Unreadable('it has no header line') from None
    if not settings.header:
        return [f'column_{index + 1}' for index in range(len(cells))], {}, []
    names, notes = column_names([cell if cell.strip() else None for cell in cells])
    if any(re.fullmatch('[-+]?[0-9][0-9.,:/-]*', cell.strip()) for cell in cells):
        return names, notes, ['the first line, which holds numbers, is taken for the names of the columns; set header to false if it is a row']
    return names, notes, []


def _source(path, names, mark, settings, escape='"', line_end=None):
    nulls = ', '.join(literal(word) for word in ('', *settings.null_values))
    columns = ', '.join(f"{literal(name)}: 'VARCHAR'" for name in names)
    said_end = '' if line_end is None else f', new_line = {literal(line_end)}'
    return (
        f'read_csv({literal(path)}, auto_detect = false, header = {str(settings.header).lower()}, columns = {{{columns}}}, delim = {literal(mark)}, '
        f"quote = '\"', escape = {literal(escape)}, comment = '', nullstr = [{nulls}], null_padding = false, strict_mode = true{said_end})"
    )


def _odd_row(text, mark):
    """What is wrong with the first row that is not like the first."""
    expected, line = None, text.left_out
    try:
        for line, row in text.records(mark):
            expected = expected or len(row)
            if len(row) != expected:
                return f'line {line} has {len(row)} {"value" if len(row) == 1 else "values"}, the first line {expected}'
    except csv.Error:
        return f'a quote in line {line + 1} is not closed or stands in the wrong place'
    return None


def _line_of(error):
    if 'maximum line size' in str(error).lower():
        return ': a line is longer than 2 MB; a quote may not be closed'
    found = re.search('[Ll]ine:? ([0-9]{1,12})', str(error))
    return f' (line {found.group(1)})' if found else ''
