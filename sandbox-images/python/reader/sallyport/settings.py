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
    #: Mark before the fraction of a number in a text.
    decimal: str = '.'
    #: Mark between the thousands of a number in a text; by default none.
    thousands: str | None = None
    #: Words that stand for a missing value, beside the empty cell.
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
            given['null_values'] = tuple(given['null_values'])
        return cls(**given)

    def format_of(self, path):
        if self.format is not None:
            return self.format
        found = _FORMATS.get(os.path.splitext(path)[1].lower())
        if found is None:
            raise Unreadable('its name does not say what it is: set format to csv, json, parquet or xlsx')
        return found
