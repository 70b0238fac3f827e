"""What a file is by its first bytes, where it is not what it is to be read as."""

import re
import zipfile

from .unreadable import Unreadable

_BINARY = [
    (b'\x1f\x8b', 'it is compressed with gzip: unpack it first'),
    (b'\x28\xb5\x2f\xfd', 'it is compressed with Zstandard: unpack it first'),
    (b'\xfd7zXZ\0', 'it is compressed with xz: unpack it first'),
    (b'BZh', 'it is compressed with bzip2: unpack it first'),
    (b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'it is a workbook of the old kind (.xls) or one with a password: save it as .xlsx without a password'),
    (b'PAR1', 'it is Parquet: set format to parquet'),
    (b'ARROW1', 'it is an Arrow or Feather file: save it as Parquet'),
    (b'SQLite format 3\0', 'it is an SQLite database: save its table as CSV'),
    (b'%PDF-', 'it is a PDF'),
]
_MARKUP = re.compile(rb'(?:\xef\xbb\xbf)*\s*(?:<!doctype html|<html|<table|<\?xml)', re.IGNORECASE)
_JSON = re.compile(rb'(?:\xef\xbb\xbf)*\s*(?:\[\s*)?\{\s*"[^"\n]*"\s*:')


def refuse_other_kinds(path, format_, is_mark_told):
    """Raises where the first bytes say that the file is of another kind than the one it is to be read as."""
    with open(path, 'rb') as file:
        head = file.read(4096)
    if head.startswith(b'PK\x03\x04'):
        what = _of_archive(path)
        if what is not None and (format_ != 'xlsx' or 'set format' not in what):
            raise Unreadable(what)
        return
    if format_ == 'parquet':
        return
    for mark, what in _BINARY:
        # A text may begin with such letters, and holds no NUL.
        if head.startswith(mark) and (b'\0' in head or not mark.isalnum()):
            raise Unreadable(what)
    if _MARKUP.match(head):
        raise Unreadable('it is HTML or XML, whatever its name says: open it and save it as .xlsx or .csv')
    if format_ == 'xlsx':
        raise Unreadable('it cannot be read as a workbook: it is no zip archive, as every .xlsx is; set format to csv if it is a text')
    if format_ == 'csv' and not is_mark_told and _JSON.match(head):
        raise Unreadable('it begins as JSON does: set format to json, or delimiter if it is a table')


def _of_archive(path):
    """What a zip archive is; None where its entries do not say."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if 'xl/workbook.bin' in names:
                return 'it is a binary workbook (.xlsb): save it as .xlsx'
            if 'content.xml' in names and 'mimetype' in names:
                return 'it is an OpenDocument file (.ods): save it as .xlsx'
            if '[Content_Types].xml' in names:
                return 'it is a workbook: set format to xlsx' if any(name.startswith('xl/') for name in names) else 'it is a document without sheets'
            return 'it is a zip archive: unpack it first'
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
