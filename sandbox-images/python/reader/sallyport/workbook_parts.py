"""What openpyxl does not tell of a sheet while it streams, read from the parts of the archive."""

import dataclasses
import posixpath
import re
import zipfile

_PIECE = 4 * 1024 * 1024
#: A program writes the elements of a sheet with or without a prefix of their namespace, and an empty one in several ways.
_P = rb'(?:[A-Za-z]{1,20}:)?'
_TRUE = rb'\s[^>]*\bhidden="(?:1|true)"'


def _pattern(text):
    return re.compile(text.replace(b'P?', _P))


# A formula whose value is the empty text (t="str") has a value.
_UNSAVED = _pattern(rb'<P?c(?=\s)(?![^>]*\st="str")[^>]*>\s{0,20}<P?f(?:\s[^>]*)?(?:/>|>[^<]*</P?f>)\s{0,20}(?:<P?v\s?/>|<P?v></P?v>)?\s{0,20}</P?c>')
_MERGED = _pattern(rb'<P?mergeCell ref="([A-Z0-9:]{1,40})"')
_ROW = _pattern(rb'<P?row(?:\s[^>]*)?>')
_NUMBER = re.compile(rb'\sr="([0-9]{1,7})"')
_HIDDEN = re.compile(_TRUE)
_NO_HEIGHT = re.compile(rb'\sht="0(?:[.]0*)?"')
_COLUMNS = _pattern(rb'<P?col' + _TRUE + rb'[^>]*>')
_FROM = re.compile(rb'\smin="([0-9]{1,5})"')
_TO = re.compile(rb'\smax="([0-9]{1,5})"')
_FILTERED = _pattern(rb'<P?filterColumn\b')


@dataclasses.dataclass
class Parts:
    merged: list = dataclasses.field(default_factory=list)
    #: Number of formulas without a saved value.
    unsaved: int = 0
    #: Numbers of rows and columns from 1.
    hidden_rows: set = dataclasses.field(default_factory=set)
    hidden_columns: set = dataclasses.field(default_factory=set)
    is_filtered: bool = False
    #: Ranges of tables that end with a row of totals.
    totals: list = dataclasses.field(default_factory=list)


class Archive(zipfile.ZipFile):
    """An archive whose styles openpyxl takes: some programs write a fill without what fills it."""

    def read(self, name, pwd=None):
        content = super().read(name, pwd)
        return re.sub(rb'<((?:[A-Za-z]{1,20}:)?)fill\s?/>', rb'<\1fill><\1patternFill/></\1fill>', content) if name == 'xl/styles.xml' else content


def look_into(path, part):
    found, row, rest = Parts(), 0, b''
    part = part.lstrip('/')
    with zipfile.ZipFile(path) as archive:
        with archive.open(part) as xml_file:
            while True:
                piece = xml_file.read(_PIECE)
                text = rest + piece
                # A piece ends before a row, where there is one.
                cut = max(text.rfind(b'<row'), text.rfind(b':row')) if piece else -1
                cut = text.rfind(b'<', 0, cut + 1) if cut > 0 and len(text) - cut < _PIECE else len(text)
                done, rest = text[:cut], text[cut:]
                row = _look_at(done, found, row)
                if not piece:
                    break
        found.totals = _totals(archive, part)
    return found


def _look_at(text, found, row):
    found.unsaved += len(_UNSAVED.findall(text))
    found.merged += [name.decode() for name in _MERGED.findall(text)]
    found.is_filtered = found.is_filtered or _FILTERED.search(text) is not None
    for tag in _COLUMNS.findall(text):
        first, last = _FROM.search(tag), _TO.search(tag)
        if first and last:
            found.hidden_columns |= set(range(int(first.group(1)), min(int(last.group(1)), 16_384) + 1))
    for match in _ROW.finditer(text):
        tag = match.group()
        number = _NUMBER.search(tag)
        row = int(number.group(1)) if number else row + 1
        if _HIDDEN.search(tag) or _NO_HEIGHT.search(tag):
            found.hidden_rows.add(row)
    return row


def _totals(archive, part):
    folder, name = posixpath.split(part)
    try:
        relations = archive.read(f'{folder}/_rels/{name}.rels')
    except KeyError:
        return []
    totals = []
    for target in re.findall(rb'Target="([^"]{1,200}/tables/[^"/]{1,100})"', relations):
        path = target.decode('utf-8', 'replace')
        try:
            table = archive.read(path.lstrip('/') if path.startswith('/') else posixpath.normpath(posixpath.join(folder, path)))
        except KeyError:
            continue
        range_ = re.search(rb'\sref="([A-Z0-9:]{1,40})"', table)
        if range_ and re.search(rb'\stotalsRowCount="[1-9]', table):
            totals.append(range_.group(1).decode())
    return totals
