"""Workbooks: the type of a cell is the one it has, so a text that looks like a number is a text. Only an empty cell and an
error are missing."""

import datetime
import re
import warnings
import xml.etree.ElementTree
import zipfile
import zlib

from . import cells
from .names import column_names, joined
from .reading import Reading
from .unreadable import Unreadable
from .workbook_dates import kind_of_format, moment
from .workbook_parts import Archive, look_into

#: What a workbook may unpack to: beyond it, reading takes longer than anybody waits.
_UNPACKED = 1024 * 1024 * 1024

def read_workbook(connection, path, settings):
    import openpyxl.reader.excel
    from openpyxl.utils.exceptions import InvalidFileException

    _refuse_bomb(path)
    try:
        with warnings.catch_warnings(), open(path, 'rb') as file:
            warnings.simplefilter('ignore')
            reader = openpyxl.reader.excel.ExcelReader(file, read_only=True, data_only=True, keep_links=False)
            reader.archive = Archive(file)
            reader.read()
            book = reader.wb
            try:
                sheet, notes = _choose(book, settings.sheet)
                sheet.reset_dimensions()
                value = _reader_of_cells(book)
                rows = [[value(cell) for cell in row] for row in sheet.iter_rows()]
            finally:
                book.close()
        parts = look_into(path, sheet._worksheet_path)
    except (zipfile.BadZipFile, KeyError, IndexError, ValueError, OSError, TypeError, EOFError, zlib.error, InvalidFileException, xml.etree.ElementTree.ParseError) as error:
        raise Unreadable(f'it cannot be read as a workbook ({type(error).__name__})') from None
    rows = _without_hidden(rows, parts, settings.hidden, notes)
    if parts.merged:
        notes.append(f'{_shown(parts.merged)} {"is" if len(parts.merged) == 1 else "are"} merged: the value stands in the first cell, the others are empty')
    if parts.unsaved:
        notes.append(f'{parts.unsaved} {"formula has" if parts.unsaved == 1 else "formulas have"} no saved value and {"is" if parts.unsaved == 1 else "are"} empty')
    notes.extend(f'the table {range_} ends with a row of totals, which is read as a row' for range_ in parts.totals)
    header, body, left = _table(rows, settings)
    errors = sum(cell is _ERROR for row in body for cell in row)
    if errors:
        notes.append(f'{errors} {"cell holds an error and is" if errors == 1 else "cells hold errors and are"} empty')
    missing = set(settings.null_values)
    width = range(left, max(len(row) for row in [header, *body]))
    columns = [[_present(row[index] if index < len(row) else None, missing) for row in body] for index in width]
    names = [header[index] if index < len(header) else None for index in width]
    kept = [index for index, column in enumerate(columns) if names[index] is not None or any(cell is not None for cell in column)]
    names, name_notes = column_names([names[index] for index in kept]) if settings.header else ([f'column_{index + 1}' for index in range(len(kept))], {})
    select, types, column_notes, relation = cells.register(connection, [columns[index] for index in kept], names, settings)
    return Reading(select, types, len(body), notes, joined(name_notes, column_notes), [relation])


class _Error:
    def __str__(self):
        return ''


_ERROR = _Error()


def _reader_of_cells(book):
    """A function that gives the value of a cell. openpyxl hands over numbers, so this function decides which of them
    are days and times."""
    from openpyxl.utils.datetime import WINDOWS_EPOCH

    is_1904 = book.epoch != WINDOWS_EPOCH
    book._date_formats, book._timedelta_formats = set(), set()
    kinds = {}

    def value_of(cell):
        value = cell.value
        if value is None:
            return None
        if cell.data_type == 'e':
            return _ERROR
        if isinstance(value, str):
            # A cell whose text is empty looks as an empty one does.
            return _unescaped(value) or None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            style = cell._style_id
            if style not in kinds:
                kinds[style] = kind_of_format(cell.number_format)
            return value if kinds[style] is None else moment(value, kinds[style], is_1904)
        if isinstance(value, (bool, datetime.date, datetime.time, datetime.timedelta)):
            return value
        return str(value)

    return value_of


def _unescaped(text):
    """Characters that XML cannot hold are written as _x000D_, those beyond 16 bits as two; half of one is not a
    character."""
    text = re.sub('_x([dD][89abAB][0-9A-Fa-f]{2})__x([dD][c-fC-F][0-9A-Fa-f]{2})_', lambda found: bytes.fromhex(found.group(1) + found.group(2)).decode('utf-16-be'), text)
    return re.sub('_x(?![dD][89a-fA-F])([0-9A-Fa-f]{4})_', lambda found: chr(int(found.group(1), 16)), text)


def _without_hidden(rows, parts, is_read, notes):
    """The rows, without those and the columns that are hidden where they are not wanted; says of both that there are any."""
    from openpyxl.utils import get_column_letter

    filled = {number for number, row in enumerate(rows, start=1) if any(cell is not None for cell in row)}
    hidden = sorted(parts.hidden_rows & filled)
    columns = sorted(number for number in parts.hidden_columns if any(len(row) >= number and row[number - 1] is not None for row in rows))
    if not hidden and not columns:
        return rows
    counted = [f'{len(hidden)} {"row" if len(hidden) == 1 else "rows"}{" (a filter is set)" if parts.is_filtered else ""}'] if hidden else []
    counted += [f'the {"column" if len(columns) == 1 else "columns"} {", ".join(map(get_column_letter, columns[:5]))}{" and more" if len(columns) > 5 else ""}'] if columns else []
    verb = 'is' if len(hidden) + len(columns) == 1 else 'are'
    if is_read:
        notes.append(f'{" and ".join(counted)} {verb} hidden and read; set hidden to false to leave out what is hidden')
        return rows
    notes.append(f'{" and ".join(counted)} {verb} hidden and left out')
    gone = set(columns)
    return [[] if number in parts.hidden_rows else [None if place in gone else cell for place, cell in enumerate(row, start=1)] for number, row in enumerate(rows, start=1)]


def _present(cell, missing):
    return None if cell is _ERROR or (isinstance(cell, str) and cell.strip(' ') in missing) else cell


def _refuse_bomb(path):
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
    except (zipfile.BadZipFile, OSError):
        raise Unreadable('it cannot be read as a workbook') from None
    if size > _UNPACKED:
        raise Unreadable(f'it unpacks to {size // 2**20} MiB, the most is {_UNPACKED // 2**20} MiB')


def _choose(book, wanted):
    """The sheet to read, and a sentence on the others."""
    sheets = book.worksheets
    if not sheets:
        raise Unreadable('it has no sheet with cells')
    named = [f'"{sheet.title}"{"" if sheet.sheet_state == "visible" else " (hidden)"}' for sheet in sheets]
    if wanted is not None:
        chosen = next((sheet for sheet in sheets if sheet.title == wanted), None)
        chosen = chosen or next((sheet for sheet in sheets if sheet.title.casefold() == wanted.casefold()), None)
        if chosen is None:
            raise Unreadable(f'it has no sheet "{wanted}"; its sheets are {", ".join(named)}')
        return chosen, []
    chosen = next((sheet for sheet in sheets if sheet.sheet_state == 'visible'), sheets[0])
    if len(sheets) == 1:
        return chosen, []
    return chosen, [f'this is the sheet "{chosen.title}"; its sheets are {", ".join(named)}: FILE#SHEET or the setting sheet reads another']


def _table(rows, settings):
    """(header cells, rows below, first column). Raises where the first row cannot be the header of what follows."""
    numbered = [(number, _trimmed(row)) for number, row in enumerate(rows, start=1)]
    if settings.skip_rows is not None:
        numbered = [(number, row) for number, row in numbered if number > settings.skip_rows]
    numbered = [(number, row) for number, row in numbered if row]
    if not numbered:
        raise Unreadable('its sheet is empty')
    left = min(next(index for index, cell in enumerate(row) if cell is not None) for _, row in numbered)
    if not settings.header:
        return [], [row for _, row in numbered], left
    number, header = numbered[0]
    body = [row for _, row in numbered[1:]]
    if settings.skip_rows is None:
        _refuse_title(number, header, body, left)
    return [None if cell is None else str(_named(cell)) for cell in header], body, left


def _named(cell):
    """A header cell that is a date or a whole number, as people see it."""
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date()
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _refuse_title(number, header, body, left):
    used = {index for row in body for index, cell in enumerate(row) if cell is not None}
    unnamed = [index for index in sorted(used) if index >= len(header) or header[index] is None]
    # A table written by a program may leave its first column, the index, without a name.
    if not unnamed or (unnamed == [left] and len(used) > 1 and len([cell for cell in header if cell is not None]) == len(used) - 1):
        return
    named = len([cell for cell in header if cell is not None])
    raise Unreadable(
        f'row {number} has {named} {"name" if named == 1 else "names"}, the rows below have values in {len(used)} columns: '
        f'if it is a title, set skip_rows to the number of rows above the header; if it is the header, set skip_rows to {number - 1}'
    )


def _trimmed(row):
    length = len(row)
    while length > 0 and row[length - 1] is None:
        length -= 1
    return row[:length]


def _shown(ranges):
    return ', '.join(ranges[:5]) + (f' and {len(ranges) - 5} more' if len(ranges) > 5 else '')
