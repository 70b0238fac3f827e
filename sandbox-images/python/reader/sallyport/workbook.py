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

#: What a workbook may unpack to: beyond it, reading takes longer than anybody waits.
_UNPACKED = 1024 * 1024 * 1024
_PIECE = 4 * 1024 * 1024
#: A program writes the elements of a sheet with or without a prefix of their namespace, and an empty one in several ways.
_P = rb'(?:[A-Za-z]{1,20}:)?'
_UNSAVED = re.compile(rb'<P?f(?:\s[^>]*)?(?:/>|>[^<]*</P?f>)\s{0,20}(?:<P?v\s?/>|<P?v></P?v>)?\s{0,20}</P?c>'.replace(b'P?', _P))
_MERGED = re.compile(rb'<P?mergeCell ref="([A-Z0-9:]{1,40})"'.replace(b'P?', _P))


def read_workbook(connection, path, settings):
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    _refuse_bomb(path)
    try:
        with warnings.catch_warnings(), open(path, 'rb') as file:
            warnings.simplefilter('ignore')
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            try:
                sheet, notes = _choose(book, settings.sheet)
                sheet.reset_dimensions()
                rows = [[_value(cell) for cell in row] for row in sheet.iter_rows()]
                part = sheet._worksheet_path
            finally:
                book.close()
        merged, unsaved = _look_into(path, part)
    except (zipfile.BadZipFile, KeyError, IndexError, ValueError, OSError, TypeError, EOFError, zlib.error, InvalidFileException, xml.etree.ElementTree.ParseError) as error:
        raise Unreadable(f'it cannot be read as a workbook ({type(error).__name__})') from None
    if merged:
        notes.append(f'{_shown(merged)} {"is" if len(merged) == 1 else "are"} merged: the value stands in the first cell, the others are empty')
    if unsaved:
        notes.append(f'{unsaved} {"formula has" if unsaved == 1 else "formulas have"} no saved value and {"is" if unsaved == 1 else "are"} empty')
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


def _value(cell):
    value = cell.value
    if value is None:
        return None
    if cell.data_type == 'e':
        return _ERROR
    if isinstance(value, str):
        # Characters that XML cannot hold are written as _x000D_.
        return re.sub('_x([0-9A-Fa-f]{4})_', lambda found: chr(int(found.group(1), 16)), value)
    if isinstance(value, (bool, int, float, datetime.date, datetime.time, datetime.timedelta)):
        return value
    return str(value)


def _present(cell, missing):
    return None if cell is _ERROR or (isinstance(cell, str) and cell in missing) else cell


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


def _look_into(path, part):
    """(merged ranges, number of formulas without a saved value): openpyxl does not tell while it streams."""
    merged, unsaved, rest = [], 0, b''
    with zipfile.ZipFile(path) as archive, archive.open(part.lstrip('/')) as xml_file:
        while piece := xml_file.read(_PIECE):
            text = rest + piece
            cut = max(text.rfind(b'<c '), text.rfind(b':c '))
            done, rest = (text[:cut], text[cut:]) if 0 < cut and len(text) - cut < _PIECE else (text, b'')
            unsaved += len(_UNSAVED.findall(done))
            merged += _MERGED.findall(done)
    unsaved += len(_UNSAVED.findall(rest))
    merged += _MERGED.findall(rest)
    return [name.decode() for name in merged], unsaved


def _shown(ranges):
    return ', '.join(ranges[:5]) + (f' and {len(ranges) - 5} more' if len(ranges) > 5 else '')
