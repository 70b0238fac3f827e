"""How a file is to be read, where that cannot be known from the file. Every setting has a default that is stated."""

import dataclasses
import os

from .unreadable import Unreadable

_FORMATS = {
    '.csv': 'csv',
    '.tsv': 'csv',
    '.tab': 'csv',
    '.txt': 'csv',
    '.json': 'json',
    '.jsonl': 'json',
    '.ndjson': 'json',
    '.parquet': 'parquet',
    '.pq': 'parquet',
    '.xlsx': 'xlsx',
    '.xlsm': 'xlsx',
}


#: Values a setting may have, where they are few. `src/databases/reading/options.ts` has the same, which a test holds.
ALLOWED = {
    'format': ('csv', 'json', 'parquet', 'xlsx'),
    'decimal': ('.', ','),
    'thousands': (',', '.', ' ', "'", '_', '\u00a0', '\u202f', '\u2019'),
}

#: Settings that only some formats know.
_ONLY = {
    'header': ('csv', 'xlsx'),
    'skip_rows': ('csv', 'xlsx'),
    'delimiter': ('csv',),
    'encoding': ('csv', 'json'),
    'sheet': ('xlsx',),
    'hidden': ('xlsx',),
    'decimal': ('csv', 'xlsx', 'json'),
    'thousands': ('csv', 'xlsx', 'json'),
    'date_format': ('csv', 'xlsx', 'json'),
    'null_values': ('csv', 'xlsx', 'json'),
}

#: What a name ends with, of files that are of no format read here.
_OTHERS = {
    '.xls': 'workbooks of the old kind are not read: save it as .xlsx',
    '.xlsb': 'binary workbooks are not read: save it as .xlsx',
    '.ods': 'OpenDocument sheets are not read: save it as .xlsx',
    '.gz': 'compressed files are not read: unpack it first',
    '.zip': 'compressed files are not read: unpack it first',
    '.feather': 'Feather files are not read: save it as .parquet',
    '.arrow': 'Arrow files are not read: save it as .parquet',
}


@dataclasses.dataclass(frozen=True)
class Settings:
    """None stands for the default that is said."""

    #: 'csv', 'json', 'parquet' or 'xlsx'; by default the ending of the name says it.
    format: str | None = None
    #: The first line of the table names its columns.
    header: bool = True
    #: Lines above the table, blank ones counted; by default blank lines and a `sep=` line.
    skip_rows: int | None = None
    #: Between the values of a CSV, or 'none' for one column; by default the mark that stands most often in the first line.
    delimiter: str | None = None
    #: Of a text; by default UTF-8, or what its byte order mark says.
    encoding: str | None = None
    #: Name of the sheet of a workbook; by default the first that is not hidden.
    sheet: str | None = None
    #: Are the hidden rows and columns of a workbook read too?
    hidden: bool = True
    #: Mark before the fraction of a number in a text.
    decimal: str = '.'
    #: Mark between the thousands of a number in a text, a space also for those that do not break; by default none.
    thousands: str | None = None
    #: Words that stand for a missing value, beside the empty cell. Spaces around a word and around a cell do not count.
    null_values: tuple[str, ...] = ()
    #: How dates in a text are written, in the letters of strftime; by default ISO, or the only reading of the whole column.
    date_format: str | None = None
    #: Types by column, which are then not guessed.
    types: dict[str, str] = dataclasses.field(default_factory=dict)

    @classmethod
    def of(cls, given):
        known = {field.name for field in dataclasses.fields(cls)}
        unknown = sorted(set(given) - known)
        if unknown:
            raise Unreadable(f'there is no setting "{unknown[0]}"; there are {", ".join(sorted(known))}')
        given = {name: value for name, value in given.items() if value is not None}
        if 'null_values' in given:
            if isinstance(given['null_values'], str):
                raise Unreadable('null_values has to be a list of words')
            given['null_values'] = tuple(word.strip(' ') for word in given['null_values'])
        for name, values in ALLOWED.items():
            if name in given and given[name] not in values:
                raise Unreadable(f'{name} has to be one of {" ".join(values)}')
        made = cls(**given)
        if made.decimal == made.thousands:
            raise Unreadable('decimal and thousands cannot be the same mark')
        if made.date_format is not None and '%Y' not in made.date_format and '%y' not in made.date_format:
            raise Unreadable('date_format has to hold the year, %Y or %y')
        return made

    def without_use(self, format_):
        """Names of settings that were given and that this format does not know."""
        default = Settings()
        return [name for name, formats in _ONLY.items() if format_ not in formats and getattr(self, name) != getattr(default, name)]

    def format_of(self, path):
        if self.format is not None:
            return self.format
        ending = os.path.splitext(path)[1].lower()
        found = _FORMATS.get(ending)
        if found is None and ending in _OTHERS:
            raise Unreadable(_OTHERS[ending])
        if found is None:
            raise Unreadable('its name does not say what it is: set format to csv, json, parquet or xlsx')
        return found
