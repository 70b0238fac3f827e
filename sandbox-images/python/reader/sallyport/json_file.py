"""JSON: one object a line, or one list of objects. A value's own type decides; a text is never read as something else."""

import json

from . import cells
from .names import column_names, joined
from .reading import Reading
from .text_file import TextFile
from .unreadable import Unreadable


def read_json(connection, path, settings, resources):
    text = resources.enter_context(TextFile(path, settings.encoding))
    with text.text() as file:
        objects = list(_objects(file))
    keys = list(dict.fromkeys(key for item in objects for key in item))
    if not keys:
        raise Unreadable('it holds no object with a name in it')
    missing = set(settings.null_values)
    columns = [[_value(item.get(key), missing) for item in objects] for key in keys]
    try:
        ''.join(keys).encode()
        names, name_notes = column_names(keys)
        select, types, column_notes, relation = cells.register(connection, columns, names, settings)
    except RecursionError:
        raise Unreadable('it is nested too deeply') from None
    except UnicodeEncodeError:
        raise Unreadable('it holds half of a surrogate pair (\\ud800 to \\udfff), which is no character') from None
    return Reading(select, types, len(objects), text.notes + _on_one_object(objects), joined(name_notes, column_notes), [relation])


def _on_one_object(objects):
    """A list of rows may stand within an object of an interface."""
    lists = [name for name, value in objects[0].items() if isinstance(value, list)] if len(objects) == 1 else []
    return [f'the file is one object and therefore one row, with {"a list" if len(lists) == 1 else "lists"} in {", ".join(lists[:5])}'] if lists else []


def _value(value, missing):
    return None if isinstance(value, str) and value.strip(' ') in missing else value


def _objects(file):
    start = file.read(4096).lstrip()
    file.seek(0)
    if start.startswith('['):
        whole = _parse(file.read(), None)
        bad = next((number for number, item in enumerate(whole, start=1) if not isinstance(item, dict)), None)
        if bad is not None:
            raise Unreadable(f'item {bad} of its list is no object')
        yield from whole
        return
    if start == '':
        raise Unreadable('it holds nothing')
    try:
        number = 0
        for number, line in enumerate(file, start=1):
            if line.strip() == '':
                continue
            item = _parse(line, number)
            if not isinstance(item, dict):
                raise Unreadable(f'line {number} is no object')
            yield item
    except Unreadable:
        if number > 1:
            raise
        # One object over many lines is a table of one row.
        file.seek(0)
        item = _parse(file.read(), None)
        if not isinstance(item, dict):
            raise
        yield item


def _parse(text, line):
    try:
        return _decoder.decode(text)
    except json.JSONDecodeError as error:
        raise Unreadable(f'line {line or error.lineno} is not JSON') from None
    except _Refused as error:
        raise Unreadable(f'{f"line {line}" if line else "it"} {error}') from None
    except RecursionError:
        raise Unreadable(f'{f"line {line}" if line else "it"} is nested too deeply') from None


class _Refused(Exception):
    pass


def _constant(name):
    raise _Refused(f'holds {name}, which JSON does not have')


def _object(pairs):
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Refused('holds an object with the same name twice')
    return found


def _integer(text):
    """Python takes no integer of more than some thousand digits, and no type of a table has as many."""
    return int(text) if len(text) < 1000 else cells.Written(text)


_decoder = json.JSONDecoder(parse_float=cells.Written, parse_int=_integer, parse_constant=_constant, object_pairs_hook=_object)
