"""Names of columns: those of the file without what is not seen, made different from each other where they are not."""

import re
import unicodedata

#: Joiners of scripts and emoji, which are seen between letters.
_JOINERS = '\u200c\u200d'


def column_names(cells):
    """Names for header cells (None where a cell is empty), and by name a sentence where it is not the file's own."""
    names, notes, taken = [], {}, set()
    written = {_plain(cell).casefold() for cell in cells if cell is not None}
    for position, cell in enumerate(cells, start=1):
        own = '' if cell is None else _plain(cell)
        name = own or f'column_{position}'
        number = 2
        while name.casefold() in taken or (name != own and name.casefold() in written):
            name = f'{own or f"column_{position}"}_{number}'
            number += 1
        if cell is not None and own != _spaced(str(cell)):
            notes[name] = f'the name of column {position} holds characters that are not seen, which are left out'
        if name != own:
            what = 'has no name in the file' if own == '' else 'has a name in the file that is there already, with or without capitals'
            notes[name] = f'column {position} {what}'
        taken.add(name.casefold())
        names.append(name)
    return names, notes


def _plain(cell):
    seen = ''.join(letter for letter in str(cell) if letter in _JOINERS or letter.isspace() or unicodedata.category(letter) not in ('Cc', 'Cf'))
    return unicodedata.normalize('NFC', _spaced(re.sub(f'(^|[ ])[{_JOINERS}]+|[{_JOINERS}]+($|[ ])', r'\1\2', _spaced(seen))))


def _spaced(text):
    return ' '.join(text.split())


def quoted(name):
    """A name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text):
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"


def joined(*notes):
    """Notes by column, those of one column in one."""
    names = dict.fromkeys(name for some in notes for name in some)
    return {name: '; '.join(some[name] for some in notes if name in some) for name in names}
