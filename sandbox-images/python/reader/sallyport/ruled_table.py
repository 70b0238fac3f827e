"""Tables that are written for people: of Markdown, and of psql and mysql, whose header stands above a line of dashes."""

import csv
import re
import shutil

from .unreadable import Unreadable

#: Above, below and between the rows of a box, and below the header of psql.
_BOX = re.compile(r'\+-+(\+-+)*\+')
_CROSSED = re.compile(r'-+(\+-+)+')
_COUNT = re.compile(r'\([0-9]+ rows?\)')


def is_ruled(first, second):
    """Are these the first lines of such a table? A row of single dashes may be one of missing values."""
    first, second = first.strip(), second.strip()
    if '|' not in first:
        return '|' in second and _BOX.fullmatch(first) is not None
    if _CROSSED.fullmatch(second):
        return second.count('+') == first.count('|')
    dashes = ':?-+:?' if first.startswith('|') and second.startswith('|') else ':?-{2,}:?|:-+:?|-+:'
    header, ruling = _cells(first, first.startswith('|'), True), _cells(second, second.startswith('|'), True)
    return '|' in second and len(header) == len(ruling) and all(re.fullmatch(dashes, cell) for cell in ruling)


def without_rulings(text):
    """From here on the file is a CSV with the mark `|`. Returns a sentence. Raises Unreadable for a row of another width than
    the header's.
    """
    with text.text() as file, text.rewritten() as even:
        lines = ((number, line.strip()) for number, line in enumerate(file, start=1))
        lines = (numbered for numbered in lines if numbered[1] != '')
        number, header = next(lines)
        is_box = _BOX.fullmatch(header) is not None
        number, header = next(lines) if is_box else (number, header)
        is_markdown = not is_box and _CROSSED.fullmatch(next(lines)[1]) is None
        if is_box:
            next(lines, None)
        writer = csv.writer(even, delimiter='|', quoting=csv.QUOTE_ALL, lineterminator='\n')
        names = _cells(header, header.startswith('|'), is_markdown)
        writer.writerow(names)
        for line, row in lines:
            if (is_box and _BOX.fullmatch(row)) or (not is_markdown and _COUNT.fullmatch(row)):
                continue
            cells = _cells(row, header.startswith('|'), is_markdown)
            if len(cells) != len(names):
                raise Unreadable(f'line {text.left_out + line} has {len(cells)} {"value" if len(cells) == 1 else "values"}, the header of its table {len(names)}')
            writer.writerow(cells)
    # The header and the ruling below it are one line there.
    text.left_out += number
    return 'read as a table written for people: lines of dashes are no rows, and spaces around values are left out'


def without_dashes(text):
    """From here on the line below the header is left out. Returns a sentence."""
    with text.text() as file, text.rewritten() as rest:
        rest.write(file.readline())
        while file.readline().strip() == '':
            text.left_out += 1
        shutil.copyfileobj(file, rest)
    text.left_out += 1
    return 'the line of dashes below the header is no row'


def _cells(line, is_outside, is_markdown):
    if is_outside:
        line = line.removeprefix('|')
        line = line[:-1] if line.endswith('|') and not (is_markdown and line.endswith('\\|')) else line
    cells = re.split(r'(?<!\\)\|' if is_markdown else r'\|', line)
    return [cell.strip().replace('\\|', '|') if is_markdown else cell.strip() for cell in cells]
