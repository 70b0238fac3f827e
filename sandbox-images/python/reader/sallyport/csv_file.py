"""CSV: which mark, which header, and that every row has as many values as it."""

import csv
import itertools
import re

import duckdb

from .backslashes import double_quotes
from .csv_look import look
from .guess import Guesser
from .names import column_names, joined, literal, quoted
from .reading import Reading
from .ruled_table import without_dashes, without_rulings
from .text_file import TextFile
from .unreadable import Unreadable


def read_csv(connection, path, settings, resources):
    text = resources.enter_context(TextFile(path, settings.encoding))
    found = look(text, settings)
    notes = found.notes + text.notes
    text.leave_out(found.above)
    if found.is_ruled:
        notes.append(without_rulings(text))
    if found.has_dashes:
        notes.append(without_dashes(text))
    marks = [text.unused_mark() if mark is None else mark for mark in found.marks]
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


def _read_evenly(connection, text, marks, settings):
    """(header, source, rows, guesses) by the first mark that gives every row as many values as the first."""
    failure = odd = None
    for mark in marks:
        try:
            return _read(connection, text, mark, settings)
        except duckdb.OutOfMemoryException:
            raise
        except (duckdb.Error, csv.Error) as error:
            failure = failure or error
        original = text.path
        if _odd_row(text, mark) is None or (note := double_quotes(text, mark)) is None:
            continue
        odd = odd or _odd_row(text, mark)
        if _odd_row(text, mark) is None:
            return _read(connection, text, mark, settings, '\\n', note)
        text.path = original
    # DuckDB is also strict about line ends of two kinds and quotes inside values, and lenient it takes the second kind for
    # a row or a part of a value: it gets the records that stand in the file, written in one way.
    odd = odd or _odd_row(text, marks[0])
    if odd is not None:
        raise Unreadable(odd)
    lines = text.path
    text.straighten(marks[0], len(_header(text, marks[0], settings)[0]))
    try:
        return _read(connection, text, marks[0], settings, '\\n', lines=lines)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        raise Unreadable(f'it cannot be read as CSV{_line_of(failure)}') from None


def _read(connection, text, mark, settings, line_end=None, note=None, lines=None):
    """(header, source, rows, guesses); `lines` is the path where the lines have their numbers, if not the text's own."""
    names, name_notes, notes = _header(text, mark, settings)
    if note is not None:
        notes.append(note)
    if len(names) == 1:
        text.leave_out_blank_end()
    if text.blank_end:
        notes.append(f'{"the blank line at its end is no row" if text.blank_end == 1 else f"the {text.blank_end} blank lines at its end are no rows"}')
    source = _source(text.path, names, mark, settings, line_end)

    def place(record):
        """The line where a row begins, the header left out. A blank line is a row only where there is one column."""
        records = (line for line, row in text.records(mark, lines) if row or len(names) == 1)
        return f'line {next(itertools.islice(records, record - (not settings.header), None))}'

    return (names, name_notes, notes), source, *Guesser(connection, source, names, settings, place).run()


def _header(text, mark, settings):
    """(names, notes by name, notes on the whole). Raises csv.Error."""
    cells = next((row for _, row in text.records(mark) if row), None)
    if cells is None:
        raise Unreadable('it has no header line')
    if not settings.header:
        return [f'column_{index + 1}' for index in range(len(cells))], {}, []
    names, notes = column_names([cell if cell.strip() else None for cell in cells])
    if any(re.fullmatch('[-+]?[0-9][0-9.,:/-]*', cell.strip()) for cell in cells):
        return names, notes, ['the first line, which holds numbers, is taken for the names of the columns; set header to false if it is a row']
    return names, notes, []


def _source(path, names, mark, settings, line_end):
    columns = ', '.join(f"{literal(name)}: 'VARCHAR'" for name in names)
    said_end = '' if line_end is None else f', new_line = {literal(line_end)}'
    source = (
        f'read_csv({literal(path)}, auto_detect = false, header = {str(settings.header).lower()}, columns = {{{columns}}}, delim = {literal(mark)}, '
        f"quote = '\"', escape = '\"', comment = '', nullstr = [''], null_padding = false, strict_mode = true{said_end})"
    )
    if not settings.null_values:
        return source
    # Spaces around a cell do not count, as they do not where types are guessed.
    words = ', '.join(map(literal, settings.null_values))
    return f'(SELECT {", ".join(f"CASE WHEN trim({name}) NOT IN ({words}) THEN {name} END AS {name}" for name in map(quoted, names))} FROM {source})'


def _odd_row(text, mark):
    """What is wrong with the first row that is not like the first."""
    expected, line = None, text.left_out
    try:
        for line, row in text.records(mark):
            expected = expected or len(row)
            if row and len(row) != expected:
                return f'line {line} has {len(row)} {"value" if len(row) == 1 else "values"}, the first line {expected}'
    except csv.Error:
        return f'a quote in line {line + 1} is not closed or stands in the wrong place'
    return None


def _line_of(error):
    if 'maximum line size' in str(error).lower():
        return ': a line is longer than 2 MB; a quote may not be closed'
    found = re.search('[Ll]ine:? ([0-9]{1,12})', str(error))
    return f' (line {found.group(1)})' if found else ''
