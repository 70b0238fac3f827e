"""Text files as UTF-8, whatever they are written in."""

import codecs
import contextlib
import csv
import os
import re
import shutil
import tempfile

from .unreadable import Unreadable

_MARKS = [
    (codecs.BOM_UTF8, 'utf-8-sig'),
    (codecs.BOM_UTF32_LE, 'utf-32'),
    (codecs.BOM_UTF32_BE, 'utf-32'),
    (codecs.BOM_UTF16_LE, 'utf-16'),
    (codecs.BOM_UTF16_BE, 'utf-16'),
]
#: Those that no text holds, from the one that is least often there.
_CONTROLS = '\x01\x02\x03\x04\x1c\x1d\x1e\x1f'
_PIECE = 4 * 1024 * 1024
_HELP = 'set encoding (windows-1252, latin-1, utf-16-le, gb18030, shift_jis, …)'
_MORE_MARKS = 'more than one byte order mark stands at its beginning; they are left out'

csv.field_size_limit(2**30)


class TextFile:
    """A file whose `path` holds UTF-8. Use it in `with`: a file that had to be decoded is removed at the end."""

    def __init__(self, path, encoding):
        self.path = path
        #: What it was decoded from; None for UTF-8.
        self.decoded_from = None
        #: Lines above its beginning.
        self.left_out = 0
        #: Sentences on how it was decoded.
        self.notes = []
        #: Blank lines that were left out at its end.
        self.blank_end = 0
        self._copies = contextlib.ExitStack()
        marked = _marked(path)
        is_told = encoding is not None
        if not is_told:
            encoding = marked or 'utf-8'
        name = _known(encoding)
        if marked is not None and _family(marked) != _family(name):
            raise Unreadable(f'it begins with the byte order mark of {_family(marked)}, while its encoding is said to be {name}')
        if name in ('utf-8', 'utf-8-sig', 'ascii'):
            _check(path, name)
            self._leave_out_marks()
        else:
            self._decode(marked or name)
        if self.decoded_from is not None and not is_told:
            self.notes.append(f'read as {self.decoded_from}, as its byte order mark says')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._copies.close()

    def text(self):
        return open(self.path, encoding='utf-8-sig', newline='')

    @contextlib.contextmanager
    def rewritten(self):
        """A file to write to, which this one is when the context ends."""
        with tempfile.NamedTemporaryFile('w', encoding='utf-8', newline='', suffix='.utf-8', delete=False) as copy:
            self._copies.callback(os.unlink, copy.name)
            yield copy
        self.path = copy.name

    def leave_out(self, lines):
        """From here on the file begins below these lines."""
        if lines == 0:
            return
        with self.text() as file, self.rewritten() as rest:
            for _ in range(lines):
                file.readline()
            shutil.copyfileobj(file, rest)
        self.left_out = lines

    def straighten(self, delimiter, width):
        """From here on the file holds the same records with every value between quotes and one kind of line end."""
        before = last = ''

        def lines(file):
            nonlocal before, last
            for line in file:
                before, last = last, line
                yield line

        with self.text() as file, self.rewritten() as even:
            writer = csv.writer(even, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator='\n')
            for row in csv.reader(lines(file), delimiter=delimiter, strict=True):
                # A blank line is a missing value where there is one column; the line end CR CR LF does not make one.
                is_line_end = before.endswith('\r') and last == '\r\n'
                if row or (width == 1 and not is_line_end):
                    writer.writerow(row or [''])

    def leave_out_blank_end(self):
        """From here on the file ends with its last line that is not blank."""
        with open(self.path, 'rb') as file:
            size = start = os.path.getsize(self.path)
            end, is_blank = b'', True
            while is_blank and start > 0:
                before = max(0, start - _PIECE)
                file.seek(before)
                piece = file.read(start - before)
                kept = piece.rstrip(b'\r\n ')
                end, start, is_blank = piece[len(kept) :] + end, before, kept == b''
            # Spaces before the line end belong to the last value.
            end = end.lstrip(b' ')
            if end in (b'', b'\n', b'\r', b'\r\n', b'\r\r\n'):
                return
            file.seek(0)
            size -= len(end)
            with self.rewritten() as copy:
                while size > 0:
                    size -= copy.buffer.write(file.read(min(size, _PIECE)))
        self.blank_end += (end.count(b'\n') or end.count(b'\r')) - end.endswith((b'\n', b'\r'))

    def records(self, delimiter, path=None):
        """(line, values) of every record; those of blank lines are empty. Raises csv.Error."""
        with open(path or self.path, encoding='utf-8-sig', newline='') as file:
            rows = csv.reader(file, delimiter=delimiter, strict=True)
            line = 1
            for row in rows:
                yield self.left_out + line, row
                line = rows.line_num + 1

    def holds(self, text):
        """Does it hold this text, which is short?"""
        last = b''
        with open(self.path, 'rb') as file:
            while piece := file.read(_PIECE):
                if text.encode() in last + piece:
                    return True
                last = piece[-8:]
        return False

    def unused_mark(self):
        """A control character that the file does not hold."""
        unused = set(_CONTROLS)
        with open(self.path, 'rb') as file:
            while piece := file.read(_PIECE):
                unused -= {mark for mark in unused if mark.encode() in piece}
        if not unused:
            raise Unreadable('it holds every control character, so that none can stand for the end of a value; set delimiter')
        return max(unused)

    def _leave_out_marks(self):
        mark, marks = codecs.BOM_UTF8, 0
        with open(self.path, 'rb') as file:
            while file.read(len(mark)) == mark:
                marks += 1
            if marks < 2:
                return
            file.seek(len(mark) * marks)
            with self.rewritten() as copy:
                shutil.copyfileobj(file, copy.buffer)
        self.notes.append(_MORE_MARKS)

    def _decode(self, encoding):
        copy = self._copies.enter_context(tempfile.NamedTemporaryFile(suffix='.utf-8'))
        decoder = codecs.getincrementaldecoder(encoding)('strict')
        line = 1
        with open(self.path, 'rb') as file:
            while True:
                piece = file.read(_PIECE)
                try:
                    text = decoder.decode(piece, not piece)
                except UnicodeDecodeError as error:
                    raise Unreadable(f'line {line + _lines_before(error, encoding)} cannot be read as {encoding}') from None
                if '\0' in text:
                    line += text[: text.index('\0')].count('\n')
                    raise Unreadable(f'line {line} holds NUL when it is read as {encoding}; {_HELP}')
                line += text.count('\n')
                if copy.tell() == 0 and text.startswith('\ufeff'):
                    text = text.lstrip('\ufeff')
                    self.notes.append(_MORE_MARKS)
                copy.write(text.encode('utf-8', 'strict'))
                if not piece:
                    break
        copy.flush()
        self.path, self.decoded_from = copy.name, encoding


def _family(encoding):
    return next((family for family in ('utf-8', 'utf-16', 'utf-32') if encoding.startswith(family)), encoding)


def _lines_before(error, encoding):
    return error.object[: error.start].decode(encoding, 'replace').count('\n')


def _marked(path):
    with open(path, 'rb') as file:
        head = file.read(4)
    return next((name for mark, name in _MARKS if head.startswith(mark)), None)


def _known(encoding):
    try:
        info = codecs.lookup(encoding)
        if info._is_text_encoding:
            return info.name
    except LookupError:
        pass
    raise Unreadable(f'"{encoding}" is no encoding that is known here')


def _check(path, encoding):
    """Every byte is checked: the first that is not UTF-8 may stand anywhere."""
    decoder = codecs.getincrementaldecoder('utf-8')('strict')
    line = 1
    with open(path, 'rb') as file:
        while True:
            piece = file.read(_PIECE)
            if b'\0' in piece:
                line += piece[: piece.index(b'\0')].count(b'\n')
                raise Unreadable(f'line {line} holds NUL, as UTF-16 without a byte order mark does; {_HELP}')
            try:
                decoder.decode(piece, not piece)
            except UnicodeDecodeError as error:
                line += error.object[: error.start].count(b'\n')
                raise Unreadable(f'line {line} is not UTF-8; {_HELP}') from None
            line += piece.count(b'\n')
            if not piece:
                return
