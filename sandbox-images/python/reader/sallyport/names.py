"""Names of columns: those of the file, made different from each other where they are not."""


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
        if name != own:
            what = 'has no name in the file' if own == '' else 'has a name in the file that is there already, with or without capitals'
            notes[name] = f'column {position} {what}'
        taken.add(name.casefold())
        names.append(name)
    return names, notes


def _plain(cell):
    return ' '.join(str(cell).split())


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
