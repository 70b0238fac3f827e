"""Makes the files of this folder and, beside each, what reading it must give. The expected tables are written out here by
hand: nothing is taken from what a reader says. Run it with the openpyxl, pyarrow and duckdb of the sandbox image:

    python make.py

A sidecar `NAME.json` holds {settings, columns: [[name, type]], rows: [[text or null]], notes: [part of a sentence]} or
{settings, error: part of a sentence}. Types and texts are DuckDB's: `CAST(value AS VARCHAR)`.
"""

import datetime
import decimal
import gzip
import io
import json
import pathlib
import re
import zipfile

import duckdb
import openpyxl
import pyarrow
import pyarrow.parquet
from openpyxl.utils.datetime import CALENDAR_MAC_1904

FOLDER = pathlib.Path(__file__).parent


def case(name, content, columns=None, rows=None, error=None, notes=(), **settings):
    data = content if isinstance(content, bytes) else content.encode()
    (FOLDER / name).write_bytes(data)
    expected = {'settings': settings} if settings else {}
    if error is not None:
        expected['error'] = error
    else:
        expected |= {'columns': [column.split(' ', 1) if isinstance(column, str) else column for column in columns], 'rows': rows}
        if notes:
            expected['notes'] = list(notes)
    (FOLDER / f'{name}.json').write_text(_sidecar(expected))


def _sidecar(expected):
    """JSON with one row a line."""
    members = []
    for name, value in expected.items():
        written = json.dumps(value, ensure_ascii=False)
        if name == 'rows' and value:
            written = '[\n  ' + ',\n  '.join(json.dumps(row, ensure_ascii=False) for row in value) + '\n ]'
        members.append(f' {json.dumps(name)}: {written}')
    return '{\n' + ',\n'.join(members) + '\n}\n'


def lines(*texts):
    return '\n'.join(texts) + '\n'


def one(name, cells, type_, values=None, **more):
    """A CSV of one column beside a column of row numbers."""
    values = cells if values is None else values
    text = lines('n,v', *(f'{index},{cell}' for index, cell in enumerate(cells, start=1)))
    case(name, text, ['n BIGINT', f'v {type_}'], [[str(index), value] for index, value in enumerate(values, start=1)], **more)


# Whole numbers.
one('int-small.csv', ['0', '-1', '42'], 'BIGINT')
one('int-largest.csv', ['9223372036854775807', '-9223372036854775808'], 'BIGINT')
one('int-twenty-digits.csv', ['12345678901234567890', '12345678901234567891'], 'HUGEINT')
one('int-iccid.csv', ['89440000000000000017', '89440000000000000018', '89440000000000000019'], 'HUGEINT')
one('int-38-digits.csv', ['9' * 38, '1'], 'HUGEINT')
one('int-39-digits.csv', ['1' + '0' * 38, '1'], 'VARCHAR')
one('int-leading-zeros.csv', ['007', '008', '9'], 'VARCHAR')
one('int-plus.csv', ['+1', '+2'], 'VARCHAR')
one('int-phone.csv', ['+14155550100', '+14155550101'], 'VARCHAR')
one('int-hex.csv', ['0xFF8800', '0x00AA00'], 'VARCHAR')
one('int-octal-binary.csv', ['0o17', '0b101'], 'VARCHAR')
one('int-underscore.csv', ['1_000', '2_000'], 'VARCHAR')
one('int-minus-zero.csv', ['-0', '1'], 'VARCHAR')
one('int-with-empty.csv', ['1', '', '3'], 'BIGINT', ['1', None, '3'])
one('int-spaces.csv', [' 1', '22 ', '  '], 'BIGINT', ['1', '22', None])
one('int-then-text.csv', ['1'] * 1200 + ['x'], 'VARCHAR')
one('int-then-fraction.csv', ['1'] * 1200 + ['0.5'], 'DOUBLE', ['1.0'] * 1200 + ['0.5'])
one('int-then-long.csv', ['1'] * 1200 + ['12345678901234567890'], 'HUGEINT')
one('int-late.csv', [''] * 1200 + ['7'], 'BIGINT', [None] * 1200 + ['7'])
one('int-and-word.csv', ['1', 'NA', '3'], 'VARCHAR', notes=['"NA"', 'null_values'])
one('int-and-word-told.csv', ['1', 'NA', '3', 'none'], 'BIGINT', ['1', None, '3', None], null_values=['NA', 'none'])
one('int-as-date.csv', ['20240131', '20240201'], 'BIGINT')
one('int-as-date-told.csv', ['20240131', '20240201'], 'DATE', ['2024-01-31', '2024-02-01'], date_format='%Y%m%d')
one('int-fraction-part-numbers.csv', ['12-05-001', '12-05-002'], 'VARCHAR')
one('int-ip.csv', ['10.0.0.1', '10.0.0.2'], 'VARCHAR')
one('int-card.csv', ['4111111111111111', '5500005555555559'], 'BIGINT')

# Fractions.
one('fraction-prices.csv', ['1.50', '22.75', '100.00'], 'DOUBLE', ['1.5', '22.75', '100.0'])
one('fraction-shortest.csv', ['1.5', '22', '0.125'], 'DOUBLE', ['1.5', '22.0', '0.125'])
one('fraction-python.csv', ['1.0', '2.25', '1e-05', '0.30000000000000004'], 'DOUBLE', ['1.0', '2.25', '1e-05', '0.30000000000000004'])
one('fraction-tiny.csv', ['0.00001', '0.5'], 'DOUBLE', ['1e-05', '0.5'])
one('fraction-versions.csv', ['1.9', '1.10', '1.11'], 'VARCHAR', notes=['different numbers of digits'])
one('fraction-prices-sloppy.csv', ['12.50', '7.5', '13'], 'VARCHAR', notes=['set types to double'])
one('fraction-prices-and-whole.csv', ['12.50', '13'], 'DOUBLE', ['12.5', '13.0'])
one('fraction-prices-sloppy-told.csv', ['12.50', '7.5', '13'], 'DOUBLE', ['12.5', '7.5', '13.0'], types={'v': 'double'})
one('fraction-18-digits.csv', ['1.123456789012345678', '2.123456789012345679'], 'DECIMAL(19,18)')
one('fraction-and-long.csv', ['12345678901234567', '0.5'], 'DECIMAL(18,1)', ['12345678901234567.0', '0.5'])
one('fraction-too-long.csv', ['1.' + '1' * 40, '2.5'], 'VARCHAR')
one('fraction-17-digits.csv', ['4503599627370497.75', '4503599627370498.25'], 'DECIMAL(18,2)')
one('fraction-exponent.csv', ['1E5', '2E5'], 'VARCHAR')
one('fraction-exponent-small.csv', ['1e5', '3e7'], 'VARCHAR')
one('fraction-no-zero.csv', ['.5', '.25'], 'VARCHAR')
one('fraction-no-zero-told.csv', ['.5', '.25'], 'DOUBLE', ['0.5', '0.25'], types={'v': 'double'})
one('fraction-point-at-end.csv', ['5.', '6.'], 'VARCHAR')
one('fraction-leading-zeros.csv', ['00.50', '01.25'], 'VARCHAR')
one('fraction-nan.csv', ['NaN', '1.5'], 'VARCHAR', notes=['"NaN"'])
one('fraction-infinity.csv', ['inf', '-inf', '1.5'], 'VARCHAR')
one('fraction-huge.csv', ['1e400', '1.5'], 'VARCHAR')
one('fraction-percent.csv', ['12%', '5.5%'], 'VARCHAR')
one('fraction-currency.csv', ['$1.50', '$22.75'], 'VARCHAR')
one('fraction-coordinates.csv', ['-73.98213999999999', '40.7678'], 'DOUBLE')
one('fraction-told-decimal.csv', ['1.5', '2.25'], 'DECIMAL(10,2)', ['1.50', '2.25'], types={'v': 'decimal(10,2)'})
one('fraction-minus.csv', ['-0.5', '-12.25'], 'DOUBLE')
case('comma-fraction.csv', lines('n;v', '1;1,5', '2;22,75'), ['n BIGINT', 'v VARCHAR'], [['1', '1,5'], ['2', '22,75']], notes=['decimal'])
case('comma-fraction-told.csv', lines('n;v', '1;1,5', '2;22,75'), ['n BIGINT', 'v DOUBLE'], [['1', '1.5'], ['2', '22.75']], decimal=',')
case('comma-thousands-told.csv', lines('n;v', '1;1.234,5', '2;22', '3;1.000.000,25'), ['n BIGINT', 'v DOUBLE'], [['1', '1234.5'], ['2', '22.0'], ['3', '1000000.25']], decimal=',', thousands='.')
case('thousands.csv', lines('n,v', '1,"1,234"', '2,"22,000"'), ['n BIGINT', 'v VARCHAR'], [['1', '1,234'], ['2', '22,000']], notes=['decimal or thousands'])
case('thousands-told.csv', lines('n,v', '1,"1,234"', '2,"22,000"', '3,5'), ['n BIGINT', 'v BIGINT'], [['1', '1234'], ['2', '22000'], ['3', '5']], thousands=',')
case('thousands-wrong-groups.csv', lines('n,v', '1,"1,23"', '2,"22,000"'), ['n BIGINT', 'v VARCHAR'], [['1', '1,23'], ['2', '22,000']], thousands=',')

# Days and times.
one('date-iso.csv', ['2024-02-29', '0999-01-01'], 'DATE')
one('date-iso-impossible.csv', ['2023-02-29', '2024-01-01'], 'VARCHAR')
one('date-iso-short.csv', ['2024-1-5', '2024-12-31'], 'DATE', ['2024-01-05', '2024-12-31'], notes=['YYYY-MM-DD'])
one('date-two-digits.csv', ['01/02/24', '31/12/24'], 'VARCHAR')
one('date-two-digits-told.csv', ['01/02/24', '31/12/24'], 'DATE', ['2024-02-01', '2024-12-31'], date_format='%d/%m/%y')
one('date-either.csv', ['01/02/2024', '03/04/2024', '05/06/2024'], 'VARCHAR', notes=['DD/MM/YYYY', 'MM/DD/YYYY', 'date_format'])
one('date-either-told.csv', ['01/02/2024', '03/04/2024'], 'DATE', ['2024-02-01', '2024-04-03'], date_format='%d/%m/%Y')
one('date-month-first-told.csv', ['01/02/2024', '03/04/2024'], 'DATE', ['2024-01-02', '2024-03-04'], date_format='%m/%d/%Y')
one('date-day-first.csv', ['01/02/2024', '31/12/2024'], 'DATE', ['2024-02-01', '2024-12-31'], notes=['DD/MM/YYYY, the only reading'])
one('date-month-first.csv', ['01/02/2024', '12/31/2024'], 'DATE', ['2024-01-02', '2024-12-31'], notes=['MM/DD/YYYY, the only reading'])
one('date-both-orders.csv', ['31/12/2024', '12/31/2024'], 'VARCHAR')
one('date-day-first-late.csv', ['01/02/2024'] * 1200 + ['31/12/2024'], 'DATE', ['2024-02-01'] * 1200 + ['2024-12-31'], notes=['DD/MM/YYYY'])
one('date-points.csv', ['01.02.2024', '31.12.2024'], 'DATE', ['2024-02-01', '2024-12-31'], notes=['DD.MM.YYYY'])
one('date-year-first.csv', ['2024/02/01', '2024/12/31'], 'DATE', ['2024-02-01', '2024-12-31'], notes=['YYYY/MM/DD'])
one('date-month-name.csv', ['05-Jan-2024', '17-May-2023'], 'DATE', ['2024-01-05', '2023-05-17'], notes=['DD-Mon-YYYY'])
case('date-month-name-long.csv', lines('n;v', '1;January 5, 2024', '2;May 17, 2023'), ['n BIGINT', 'v DATE'], [['1', '2024-01-05'], ['2', '2023-05-17']], notes=['Month DD, YYYY'])
one('date-three-numbers.csv', ['10-11-12', '10-11-13'], 'VARCHAR')
one('date-and-time.csv', ['2024-01-01', '2024-01-01 10:00:00'], 'VARCHAR')
one('date-told-typo.csv', ['01/02/2024', '31/02/2024'], 'DATE', error='the column "v" is said to be date, and its value in line 3', date_format='%d/%m/%Y', types={'v': 'date'})
one('date-told-nowhere.csv', ['a', 'b'], 'VARCHAR', error='no column is written as date_format says', date_format='%d/%m/%Y')
one('date-told-no-year.csv', ['31/12'], 'DATE', error='date_format has to hold the year', date_format='%d/%m')
one('time.csv', ['10:20:30', '23:59:59.5'], 'TIME')
one('time-short.csv', ['04:35', '03:10'], 'VARCHAR')
one('time-beyond.csv', ['24:30:00', '10:20:30'], 'VARCHAR')
one('moment.csv', ['2024-01-01 10:00:00', '2024-01-01 10:00:00.25'], 'TIMESTAMP')
one('moment-t.csv', ['2024-01-01T10:00:00', '2024-01-01T10:00:00.250'], 'TIMESTAMP', ['2024-01-01 10:00:00', '2024-01-01 10:00:00.25'])
one('moment-minutes.csv', ['2024-01-01 10:00', '2024-01-01 10:30'], 'TIMESTAMP', ['2024-01-01 10:00:00', '2024-01-01 10:30:00'])
one('moment-nanoseconds.csv', ['2024-01-01 10:00:00.123456789'], 'VARCHAR')
one('moment-24.csv', ['2024-01-01 24:00:00', '2024-01-01 10:00:00'], 'VARCHAR')
one('moment-zone.csv', ['2024-01-01T10:00:00Z', '2024-01-01T10:00:00+02:00'], 'TIMESTAMP WITH TIME ZONE', ['2024-01-01 10:00:00+00', '2024-01-01 08:00:00+00'], notes=['UTC'])
one('moment-zone-mixed.csv', ['2024-01-01T10:00:00Z', '2024-01-01T10:00:00'], 'VARCHAR')
one('moment-zone-beyond.csv', ['2024-01-01T10:00:00+25:00', '2024-01-01T10:00:00+05:99'], 'VARCHAR')
one('moment-zone-last-year.csv', ['9999-12-31T23:59:59-10:00', '2024-01-01T00:00:00Z'], 'VARCHAR')
one('moment-zone-first-year.csv', ['0001-01-01T00:00:00+10:00', '2024-01-01T00:00:00Z'], 'VARCHAR')
one('moment-day-first.csv', ['31/12/2024 10:00', '01/02/2024 23:30'], 'TIMESTAMP', ['2024-12-31 10:00:00', '2024-02-01 23:30:00'], notes=['DD/MM/YYYY'])
one('moment-afternoon.csv', ['12/31/2024 1:05 PM', '1/2/2024 11:00 AM'], 'TIMESTAMP', ['2024-12-31 13:05:00', '2024-01-02 11:00:00'], notes=['MM/DD/YYYY'])

# Other columns.
one('boolean.csv', ['true', 'false', ''], 'BOOLEAN', ['true', 'false', None])
one('boolean-capitals.csv', ['TRUE', 'False'], 'BOOLEAN', ['true', 'false'])
one('boolean-norway.csv', ['NO', 'SE'], 'VARCHAR')
one('boolean-yes.csv', ['yes', 'no'], 'VARCHAR')
one('boolean-one.csv', ['1', '0'], 'BIGINT')
one('text-missing-words.csv', ['NA', 'None', 'null', 'nan'], 'VARCHAR')
one('text-empty.csv', ['', ''], 'VARCHAR', [None, None])
one('text-told.csv', ['1', '2'], 'VARCHAR', types={'v': 'text'})
one('text-told-integer.csv', ['1', '+2', '03'], 'BIGINT', ['1', '2', '3'], types={'v': 'integer'})
one('text-told-wrong.csv', ['1', 'x'], 'BIGINT', error='said to be integer, and its value in line 3', types={'v': 'integer'})
one('text-told-nothing.csv', ['1'], 'BIGINT', error='types names the column "w"', types={'w': 'integer'})
one('text-uuid.csv', ['6fa459ea-ee8a-3ca4-894e-db77e160355e'], 'VARCHAR')
one('text-formula.csv', ['=1+1', '@x'], 'VARCHAR')

# Types that are told: a value that the type would not hold whole ends the reading with its line and column.
LOST = 'is said to be {}, and its value in line {} is not, or would lose a part of it'.format


def told(name, cells, type_, values=None, line=None, columns_type=None, **more):
    """A column that is said to be of a type; `line` is the first that does not fit."""
    error = None if line is None else f'the column "v" {LOST(type_, line)}'
    one(f'told-{name}.csv', cells, columns_type, values, error=error, types={'v': type_}, **more)


told('decimal-rounded', ['1.23', '1.239'], 'decimal(10,2)', line=3)
told('decimal-zeros', ['1.5', '1.2300', '+.5', '7.'], 'decimal(10,2)', ['1.50', '1.23', '0.50', '7.00'], columns_type='DECIMAL(10,2)')
told('decimal-exponent', ['1e2'], 'decimal(10,2)', line=2)
told('decimal-large', ['123456789.01'], 'decimal(10,2)', line=2)
told('decimal-whole', ['1.0', '2', '2.5'], 'decimal(4,0)', line=4)
told('date-with-time', ['2024-01-01', '2024-01-02 10:30:00'], 'date', line=3)
told('date-midnight', ['2024-01-01 00:00:00', '2024-1-2', '2024/01/03', 'infinity'], 'date', ['2024-01-01', '2024-01-02', '2024-01-03', 'infinity'], columns_type='DATE')
told('date-format-with-time', ['01.02.2024 00:00', '01.02.2024 10:30'], 'date', line=3, date_format='%d.%m.%Y %H:%M')
told('timestamp-zone', ['2024-01-01T10:00:00', '2024-01-01T10:00:00+02:00'], 'timestamp', line=3)
told('timestamp-utc', ['2024-01-01T10:00:00Z'], 'timestamp', line=2)
told('timestamp-nanoseconds', ['2024-01-01 10:00:00.123456', '2024-01-01 10:00:00.123456789'], 'timestamp', line=3)
told('timestamp-zeros', ['2024-01-01 10:00:00.123456000', '2024-01-01T10:00', '2024-01-01'], 'timestamp', ['2024-01-01 10:00:00.123456', '2024-01-01 10:00:00', '2024-01-01 00:00:00'], columns_type='TIMESTAMP')
told('timestamptz', ['2024-01-01T10:00:00+02:00', '2024-01-01 10:00:00'], 'timestamptz', ['2024-01-01 08:00:00+00', '2024-01-01 10:00:00+00'], columns_type='TIMESTAMP WITH TIME ZONE', notes=['those without a zone are taken for UTC'])
told('timestamptz-nanoseconds', ['2024-01-01T10:00:00.1234567Z'], 'timestamptz', line=2)
told('time', ['10:20', '9:05:07', '10:20:30.250'], 'time', ['10:20:00', '09:05:07', '10:20:30.25'], columns_type='TIME')
told('time-zone', ['10:20:30+02'], 'time', line=2)
told('time-nanoseconds', ['10:20:30.1234567'], 'time', line=2)
told('double-underscore', ['5', '1_000'], 'double', line=3)
told('double-20-digits', ['1.5', '1.2345678901234567891'], 'double', line=3)
told('double-long-integer', ['9007199254740993'], 'double', line=2)
told('double-beyond', ['1e400'], 'double', line=2)
told('double-below', ['1e-400'], 'double', line=2)
told('double-spellings', ['1E5', '.5', '+7.', '1.50', '1.000000000000000000e+00', '0.30000000000000004', '-0', 'NaN'], 'double', ['100000.0', '0.5', '7.0', '1.5', '1.0', '0.30000000000000004', '-0.0', 'nan'], columns_type='DOUBLE')
told('integer-fraction', ['1.5'], 'integer', line=2)
told('integer-underscore', ['1_000'], 'integer', line=2)
told('integer-beyond', ['9223372036854775808'], 'integer', line=2)
told('hugeint-beyond', ['9' * 40], 'hugeint', line=2)
told('boolean', ['yes', 'n', '1', 'FALSE'], 'boolean', ['true', 'false', 'true', 'false'], columns_type='BOOLEAN')
told('boolean-other', ['true', '2'], 'boolean', line=3)
case('told-line-blank.csv', lines('n,v', '', '1,"x', 'y"', '', '2,z'), error='the column "n" is said to be date, and its value in line 3', types={'n': 'date'})
case('told-line-title.csv', lines('Report', 'v', '1', '', 'x'), error=f'the column "v" {LOST("integer", 5)}', types={'v': 'integer'}, skip_rows=1, delimiter='none')
case('told-line-mixed.csv', 'a,b\n1,"x\r\ny"\r\n2,z\nq,z\r\n', error=f'the column "a" {LOST("integer", 5)}', types={'a': 'integer'})
case('told-width.csv', lines('v', '1'), error='a width is 1 to 38', types={'v': 'decimal(39,2)'})
case('told-decimal.jsonl', lines('{"v": 1.5}', '{"v": 1.239}'), error='said to be decimal(10,2), and its value in row 2', types={'v': 'decimal(10,2)'})
case('told-double.jsonl', lines('{"v": 9007199254740993}'), error='said to be double, and its value in row 1', types={'v': 'double'})
case('told-comma.jsonl', lines('{"v": 1.234}', '{"v": "1.234,5"}'), ['v DOUBLE'], [['1.234'], ['1234.5']], types={'v': 'double'}, decimal=',', thousands='.')

# Missing words: spaces around a cell are no part of it, as for types.
one('words-spaces-told.csv', ['1', ' NA ', 'NA', '3'], 'BIGINT', ['1', None, None, '3'], null_values=['NA'])
one('words-spaces-text-told.csv', [' x ', ' NA', 'NAM', '-'], 'VARCHAR', [' x ', None, 'NAM', None], null_values=[' NA', '-'])
case('words-spaces-told.jsonl', lines('{"v": 1}', '{"v": " NA "}'), ['v BIGINT'], [['1'], [None]], null_values=['NA'])

# How a CSV is written.
A = ['a BIGINT', 'b VARCHAR']
case('mark-at-end.csv', lines('a,b', '1,x,', '2,y,'), A, [['1', 'x'], ['2', 'y']])
case('mark-at-end-filled.csv', lines('a,b', '1,x,', '2,y,z'), error='line 2 has 3 values, the first line 2')
case('quotes-single.csv', lines('a,b', "1,'x, y'"), error='line 2 has 3 values, the first line 2')
case('quotes-then-more.csv', lines('a,b', '"1"x,2'), error='a quote in line 2')
case('mark-semicolon.csv', lines('a;b', '1;x'), A, [['1', 'x']])
case('mark-tab.tsv', lines('a\tb', '1\tx'), A, [['1', 'x']])
case('mark-pipe.txt', lines('a|b', '1|x'), A, [['1', 'x']])
case('mark-told.csv', lines('a~b', '1~x'), A, [['1', 'x']], delimiter='~')
case('mark-sep-line.csv', 'sep=;\r\na;b\r\n1;x\r\n', A, [['1', 'x']], notes=['line 1 says which mark'])
case('mark-sep-tab.csv', 'sep=\t\r\na\tb\r\n1\tx\r\n', A, [['1', 'x']], notes=['line 1 says which mark'])
case('mark-sep-two.csv', lines('sep=||', 'a||b', '1||x'), error='line 1 begins with "sep=" and names no single mark')
case('mark-in-name.csv', lines('Price, EUR;kind', '2,5;x'), [['Price, EUR', 'VARCHAR'], ['kind', 'VARCHAR']], [['2,5', 'x']])
case('mark-none.csv', lines('text', 'I came, I saw, I left', 'You came, you saw, you left'), ['text VARCHAR'], [['I came, I saw, I left'], ['You came, you saw, you left']])
case('mark-none-told.csv', lines('name', 'x,y', 'z,w'), ['name VARCHAR'], [['x,y'], ['z,w']], delimiter='none')
case('quotes.csv', lines('a,b', '1,"he said ""hi"", twice"'), A, [['1', 'he said "hi", twice']])
case('quotes-inside.csv', lines('a,b', '2,5" disk'), A, [['2', '5" disk']])
case('quotes-backslash.csv', lines('a,b', '1,"he said \\"hi\\", twice"'), A, [['1', 'he said "hi", twice']])
case('quotes-line-end.csv', lines('a,b', '1,"x', 'y"', '2,z'), A, [['1', 'x\ny'], ['2', 'z']])
case('quotes-in-header.csv', lines('"a', '1",b', '1,x'), [['a 1', 'BIGINT'], ['b', 'VARCHAR']], [['1', 'x']])
case('quotes-empty.csv', lines('a,b', '1,""'), A, [['1', None]])
case('quotes-open.csv', lines('a,b', '1,"open', '2,x'), error='a quote in line 2 is not closed')
case('ends-windows.csv', 'a,b\r\n1,x\r\n2,y\r\n', A, [['1', 'x'], ['2', 'y']])
case('ends-mac.csv', 'a,b\r1,x\r2,y\r', A, [['1', 'x'], ['2', 'y']])
case('ends-mixed.csv', 'a,b\r\n1,x\n2,y\r\n', A, [['1', 'x'], ['2', 'y']])
case('ends-doubled.csv', 'a,b\r\r\n1,x\r\r\n2,y\r\r\n', A, [['1', 'x'], ['2', 'y']])
case('ends-doubled-one.csv', 'a\r\r\n1\r\r\n2\r\r\n', ['a BIGINT'], [['1'], ['2']])
case('ends-mixed-one.csv', 'a\n1\n\n2\r\n', ['a BIGINT'], [['1'], [None], ['2']])
case('ends-mixed-quotes.csv', 'a,b\n1,"x\r\ny"\r\n2," z\n"\n', A, [['1', 'x\r\ny'], ['2', ' z\n']])
case('ends-none.csv', 'a,b\n1,x', A, [['1', 'x']])
case('hash-rows.csv', lines('colour,name', '#ff0000,red', '#00ff00,green'), ['colour VARCHAR', 'name VARCHAR'], [['#ff0000', 'red'], ['#00ff00', 'green']])
case('blank-above.csv', lines('', '', 'a,b', '1,x'), A, [['1', 'x']])
case('blank-between.csv', lines('a,b', '1,x', '', '2,y'), A, [['1', 'x'], ['2', 'y']])
case('title.csv', lines('Report 2024', '', 'id,amount', '1,2', '3,4'), error='line 1 has 1 value, most lines below have 2')
case('title-told.csv', lines('Report 2024', '', 'id,amount', '1,2', '3,4'), ['id BIGINT', 'amount BIGINT'], [['1', '2'], ['3', '4']], skip_rows=2)
case('title-two-values.csv', lines('Report, 2024', 'id,amount,city', '1,2,x'), error='line 2 has 3 values, the first line 2')
case('comment.csv', lines('# exported, today', 'id,amount', '1,2'), error='line 1 begins with "#"')
case('comment-told.csv', lines('# exported, today', 'id,amount', '1,2'), ['id BIGINT', 'amount BIGINT'], [['1', '2']], skip_rows=1)
case('hash-header.csv', lines('#chrom,start', 'chr1,100'), ['#chrom VARCHAR', 'start BIGINT'], [['chr1', '100']])
case('ragged-few.csv', lines('a,b,c', '1,x,y', '2,z'), error='line 3 has 2 values, the first line 3')
case('ragged-many.csv', lines('a,b', '1,x,y', '2,z,w'), error='line 2 has 3 values, the first line 2')
case('headless.csv', lines('1,x', '2,y'), ['1 BIGINT', 'x VARCHAR'], [['2', 'y']], notes=['set header to false'])
case('headless-told.csv', lines('1,x', '2,y'), ['column_1 BIGINT', 'column_2 VARCHAR'], [['1', 'x'], ['2', 'y']], header=False)
case('header-alone.csv', lines('a,b'), ['a VARCHAR', 'b VARCHAR'], [])
case('names-twice.csv', lines('a,A,,a', '1,2,3,4'), ['a BIGINT', 'A_2 BIGINT', 'column_3 BIGINT', 'a_3 BIGINT'], [['1', '2', '3', '4']], notes=['column 2', 'column 3 has no name'])
case('names-taken.csv', lines('a,a_2,a', '1,2,3'), ['a BIGINT', 'a_2 BIGINT', 'a_3 BIGINT'], [['1', '2', '3']])
case('names-spaces.csv', lines(' a , b b ,c', '1,x,y'), [['a', 'BIGINT'], ['b b', 'VARCHAR'], ['c', 'VARCHAR']], [['1', 'x', 'y']])
case('names-quotes.csv', lines('"a""b",select,ключ', '1,x,y'), [['a"b', 'BIGINT'], ['select', 'VARCHAR'], ['ключ', 'VARCHAR']], [['1', 'x', 'y']])

# A backslash before a quote within quotes; every other one stays.
case('backslash-others.csv', lines('n,v', '1,"a\\nb \\"c\\""', '2,"C:\\new"', '3,D:\\x'), ['n BIGINT', 'v VARCHAR'], [['1', 'a\\nb "c"'], ['2', 'C:\\new'], ['3', 'D:\\x']], notes=['a backslash before a quote'])
case('backslash-doubled.csv', lines('n,v', '1,"say \\"x\\""', '2,"C:\\\\new\\\\"'), ['n BIGINT', 'v VARCHAR'], [['1', 'say "x"'], ['2', 'C:\\new\\']], notes=['two backslashes stand for one'])
case('backslash-two-ways.csv', lines('n,v', '1,"say \\"x\\""', '2,"C:\\new\\\\"'), error='line 3 has several backslashes before a quote')
case('backslash-header.csv', lines('"a \\"b\\"",c', '1,2'), [['a "b"', 'BIGINT'], ['c', 'BIGINT']], [['1', '2']])
case('backslash-lines.csv', lines('n,v', '1,"x', '\\"y\\""', '', '2,z'), ['n BIGINT', 'v VARCHAR'], [['1', 'x\n"y"'], ['2', 'z']])
case('backslash-ragged.csv', lines('n,v', '1,"say \\"x\\""', '2,z,w'), error='line 3 has 3 values, the first line 2')
case('backslash-plain.csv', lines('n,v', '1,"C:\\new"', '2,"D:\\"'), ['n BIGINT', 'v VARCHAR'], [['1', 'C:\\new'], ['2', 'D:\\']])
case('backslash-plain-mixed.csv', 'n,v,w\r\n1,"C:\\","D:\\"\n2,x,y\r\n', ['n BIGINT', 'v VARCHAR', 'w VARCHAR'], [['1', 'C:\\', 'D:\\'], ['2', 'x', 'y']])

# One column, or another mark.
case('blank-end-one.csv', lines('a', '1', '', '2', '', ''), ['a BIGINT'], [['1'], [None], ['2']], notes=['the 2 blank lines at its end are no rows'])
case('blank-end-text.csv', 'a\r\nx \r\n  \r\n', ['a VARCHAR'], [['x ']], notes=['the blank line at its end is no row'])
case('blank-end-quoted.csv', lines('a', '1', '""'), ['a BIGINT'], [['1'], [None]])
case('blank-end-two.csv', lines('a,b', '1,x', '', ''), A, [['1', 'x']])
case('one-unit-separator.csv', lines('a', 'x\x1fy', 'z'), ['a VARCHAR'], [['x\x1fy'], ['z']])
case('one-controls.csv', lines('a', '\x01\x02\x03\x04\x1c\x1d\x1e\x1f'), error='it holds every control character')
case('one-tilde.csv', lines('a~b', '1~x', '2~y'), ['a~b VARCHAR'], [['1~x'], ['2~y']], notes=['set delimiter to ~'])
case('one-caret.csv', lines('a^b^c', '1^x^y'), ['a^b^c VARCHAR'], [['1^x^y']], notes=['set delimiter to ^'])
case('one-colon.csv', lines('a:b', '1:x', '2:y'), ['a:b VARCHAR'], [['1:x'], ['2:y']], notes=['set delimiter to :'])
case('one-space.csv', lines('a b', '1 x', '2 y'), [['a b', 'VARCHAR']], [['1 x'], ['2 y']], notes=['set delimiter to a space'])
case('one-space-told.csv', lines('a b', '1 x', '2 y'), A, [['1', 'x'], ['2', 'y']], delimiter=' ')
case('one-aligned.txt', lines('a   b', '1   x', '22  y'), [['a b', 'VARCHAR']], [['1   x'], ['22  y']], notes=['columns that spaces align are not read'])
case('one-separators.txt', lines('a\x1fb', '1\x1fx'), [['a b', 'VARCHAR']], [['1\x1fx']], notes=['U+001F'])

# Tables written for people.
case('ruled-markdown.txt', lines('| a | b |', '|---|:--:|', '| 1 | x \\| y |', '| 2 | "z" |'), A, [['1', 'x | y'], ['2', '"z"']], notes=['lines of dashes are no rows'])
case('ruled-markdown-bare.csv', lines('', 'a | b', '--- | ---', '1 | x', '2 |'), A, [['1', 'x'], ['2', None]], notes=['lines of dashes are no rows'])
case('ruled-markdown-one.txt', lines('| a |', '|---|', '| 1 |', '| 2 |'), ['a BIGINT'], [['1'], ['2']])
case('ruled-markdown-ragged.txt', lines('| a | b |', '|---|---|', '| 1 | x |', '| 2 |'), error='line 4 has 1 value, the header of its table 2')
case('ruled-psql.txt', lines(' a | b ', '---+---', ' 1 | x', ' 2 | ', '(2 rows)'), A, [['1', 'x'], ['2', None]], notes=['lines of dashes are no rows'])
case('ruled-mysql.txt', lines('+---+------+', '| a | b    |', '+---+------+', '| 1 | x    |', '| 2 | NULL |', '+---+------+'), A, [['1', 'x'], ['2', 'NULL']])
case('ruled-told.txt', lines('| a | b |', '|---|---|', '| 1 | x |', '| y | z |'), error=f'the column "a" {LOST("integer", 4)}', types={'a': 'integer'})
case('ruled-sqlcmd.csv', lines('a,b', '---,----', '1,x', '2,y'), A, [['1', 'x'], ['2', 'y']], notes=['the line of dashes below the header is no row'])
case('ruled-sqlcmd-told.csv', lines('a~b', '', '--~--', '1~x', 'y~z'), error=f'the column "a" {LOST("integer", 5)}', types={'a': 'integer'}, delimiter='~')
case('ruled-dashes.csv', lines('a|b', '-|-', '1|x'), ['a VARCHAR', 'b VARCHAR'], [['-', '-'], ['1', 'x']])

# What a text is written in.
WORDS = lines('n,v', '1,Oslø', '2,“x” €')
case('encoding-utf8-mark.csv', b'\xef\xbb\xbf' + WORDS.encode(), ['n BIGINT', 'v VARCHAR'], [['1', 'Oslø'], ['2', '“x” €']])
case('encoding-utf16-le.csv', b'\xff\xfe' + WORDS.encode('utf-16-le'), ['n BIGINT', 'v VARCHAR'], [['1', 'Oslø'], ['2', '“x” €']], notes=['utf-16'])
case('encoding-utf16-be.csv', b'\xfe\xff' + WORDS.encode('utf-16-be'), ['n BIGINT', 'v VARCHAR'], [['1', 'Oslø'], ['2', '“x” €']], notes=['utf-16'])
case('encoding-utf16-no-mark.csv', WORDS.encode('utf-16-le'), error='holds NUL')
case('encoding-utf16-told.csv', WORDS.encode('utf-16-le'), ['n BIGINT', 'v VARCHAR'], [['1', 'Oslø'], ['2', '“x” €']], encoding='utf-16-le')
case('encoding-windows.csv', WORDS.encode('windows-1252'), error='line 2 is not UTF-8; set encoding')
case('encoding-windows-told.csv', WORDS.encode('windows-1252'), ['n BIGINT', 'v VARCHAR'], [['1', 'Oslø'], ['2', '“x” €']], encoding='windows-1252')
case('encoding-latin-1-told.csv', lines('v', 'Oslø').encode('latin-1'), ['v VARCHAR'], [['Oslø']], encoding='latin-1')
case('encoding-late-byte.csv', (lines('v') + 'plain\n' * 12_000).encode() + b'Osl\xf8\n', error='line 12002 is not UTF-8')
case('encoding-gbk-told.csv', lines('n,v', '1,销售').encode('gbk'), ['n BIGINT', 'v VARCHAR'], [['1', '销售']], encoding='gbk')
case('encoding-shift-jis-told.csv', lines('n,v', '1,売上').encode('shift_jis'), ['n BIGINT', 'v VARCHAR'], [['1', '売上']], encoding='shift_jis')
case('encoding-unknown.csv', lines('a,b', '1,x'), error='"no-such" is no encoding', encoding='no-such')
case('encoding-wrong.csv', lines('v', 'Oslø').encode('latin-1'), error='line 2 cannot be read as gb18030', encoding='gb18030')
case('encoding-contradicts.csv', b'\xef\xbb\xbf' + WORDS.encode(), error='byte order mark of utf-8', encoding='latin-1')
case('encoding-nul.csv', b'a,b\n1,\0\n', error='line 2 holds NUL')
MARK = b'\xef\xbb\xbf'
case('encoding-two-marks.csv', MARK + MARK + lines('"n","v"', '1,x').encode(), ['n BIGINT', 'v VARCHAR'], [['1', 'x']], notes=['more than one byte order mark'])
case('encoding-two-marks-utf16.csv', b'\xff\xfe' + ('\ufeff' + lines('"n","v"', '1,x')).encode('utf-16-le'), ['n BIGINT', 'v VARCHAR'], [['1', 'x']], notes=['more than one byte order mark'])
case('encoding-two-marks.jsonl', MARK * 3 + lines('{"a": 1}').encode(), ['a BIGINT'], [['1']], notes=['more than one byte order mark'])

# JSON.
case('lines.jsonl', lines('{"id": 12345678901234567890, "x": 1E5, "s": "1E5", "b": true}', '{"id": 5, "x": 2.5, "late": "y", "b": null}'), ['id HUGEINT', 'x DOUBLE', 's VARCHAR', 'b BOOLEAN', 'late VARCHAR'], [['12345678901234567890', '100000.0', '1E5', 'true', None], ['5', '2.5', None, None, 'y']])
case('list.json', '[{"a": 1}, {"a": 2}]', ['a BIGINT'], [['1'], ['2']])
case('object.json', '{"a": 1,\n "b": "x"}', A, [['1', 'x']])
case('nested.jsonl', lines('{"id": 1, "n": {"k": [1.10, 12345678901234567890]}}'), ['id BIGINT', 'n JSON'], [['1', '{"k":[1.10,12345678901234567890]}']])
case('mixed.jsonl', lines('{"v": 1}', '{"v": "x"}', '{"v": 1.10}'), ['v VARCHAR'], [['1'], ['x'], ['1.10']], notes=['numbers and texts'])
case('dates-are-texts.jsonl', lines('{"v": "2024-01-01"}', '{"v": "NA"}'), ['v VARCHAR'], [['2024-01-01'], ['NA']])
case('exact.jsonl', lines('{"v": 1.123456789012345678}', '{"v": 2}'), ['v DECIMAL(19,18)'], [['1.123456789012345678'], ['2.000000000000000000']])
case('beyond.jsonl', lines('{"v": 1e400}', '{"v": 1}'), ['v VARCHAR'], [['1e400'], ['1']], notes=['numbers'])
case('beyond-alone.jsonl', lines('{"v": 1e400}'), ['v VARCHAR'], [['1e400']], notes=['numbers'])
case('exponent-and-long.jsonl', lines('{"v": 1e30}', '{"v": 12345678901234567890.5}'), ['v DECIMAL(32,1)'], [['1000000000000000000000000000000.0'], ['12345678901234567890.5']])
case('half-character.jsonl', lines('{"v": "\\ud800"}'), error='half of a surrogate pair')
case('half-character-name.jsonl', lines('{"\\udc00": 1}'), error='half of a surrogate pair')
case('names.jsonl', lines('{"a": 1, "A": 2}'), ['a BIGINT', 'A_2 BIGINT'], [['1', '2']], notes=['already'])
case('twice.jsonl', lines('{"a": 1}', '{"a": 1, "a": 2}'), error='line 2 holds an object with the same name twice')
case('broken.jsonl', lines('{"a": 1}', '{"a": '), error='line 2 is not JSON')
case('not-a-number.jsonl', lines('{"a": 1}', '{"a": NaN}'), error='line 2 holds NaN')
case('no-object.jsonl', lines('{"a": 1}', '5'), error='line 2 is no object')
case('no-objects.json', '[1, 2]', error='item 1 of its list is no object')


# Parquet.
def parquet(name, sql, columns, rows):
    path = FOLDER / name
    duckdb.sql("SET TimeZone = 'UTC'")
    duckdb.sql(f"COPY ({sql}) TO '{path}' (FORMAT parquet)")
    case(name, path.read_bytes(), columns, rows)


parquet('whole-numbers.parquet', 'SELECT 1::TINYINT AS a, 2::SMALLINT AS b, 3::INTEGER AS c, 9007199254740993::BIGINT AS d, 1::UTINYINT AS e, 2::USMALLINT AS f, 3::UINTEGER AS g, 18446744073709551615::UBIGINT AS h', ['a TINYINT', 'b SMALLINT', 'c INTEGER', 'd BIGINT', 'e UTINYINT', 'f USMALLINT', 'g UINTEGER', 'h UBIGINT'], [['1', '2', '3', '9007199254740993', '1', '2', '3', '18446744073709551615']])
parquet('missing.parquet', 'SELECT * FROM (VALUES (1, 1.5, true, DATE \'2024-02-29\'), (NULL, NULL, NULL, NULL)) AS t (a, b, c, d)', ['a INTEGER', 'b DECIMAL(2,1)', 'c BOOLEAN', 'd DATE'], [['1', '1.5', 'true', '2024-02-29'], [None, None, None, None]])
parquet('decimals.parquet', 'SELECT 1.123456789012345678::DECIMAL(38,18) AS a, 12345678901234567890.50::DECIMAL(30,2) AS b', ['a DECIMAL(38,18)', 'b DECIMAL(30,2)'], [['1.123456789012345678', '12345678901234567890.50']])
parquet('floats.parquet', "SELECT 0.1::FLOAT AS a, 0.1::DOUBLE AS b, 'NaN'::DOUBLE AS c, 'Infinity'::DOUBLE AS d", ['a FLOAT', 'b DOUBLE', 'c DOUBLE', 'd DOUBLE'], [['0.1', '0.1', 'nan', 'inf']])
parquet('moments.parquet', "SELECT DATE '2024-02-29' AS a, TIMESTAMP '2024-02-29 12:00:00.5' AS b, TIMESTAMPTZ '2024-02-29 12:00:00+02' AS c, TIME '10:20:30' AS d", ['a DATE', 'b TIMESTAMP', 'c TIMESTAMP WITH TIME ZONE', 'd TIME'], [['2024-02-29', '2024-02-29 12:00:00.5', '2024-02-29 10:00:00+00', '10:20:30']])
parquet('texts.parquet', "SELECT '1E5' AS a, 'NA' AS b, '' AS c, 'Oslø' AS d", ['a VARCHAR', 'b VARCHAR', 'c VARCHAR', 'd VARCHAR'], [['1E5', 'NA', '', 'Oslø']])
parquet('nested.parquet', "SELECT [1, NULL, 3] AS a, {'x': 1, 'y': 'z'} AS b", ['a INTEGER[]', 'b STRUCT(x INTEGER, y VARCHAR)'], [['[1, NULL, 3]', "{'x': 1, 'y': z}"]])
parquet('bytes.parquet', "SELECT '\\x01\\xFF'::BLOB AS a", ['a BLOB'], [['\\x01\\xFF']])
parquet('names.parquet', 'SELECT 1 AS "a b", 2 AS "select", 3 AS "ключ"', [['a b', 'INTEGER'], ['select', 'INTEGER'], ['ключ', 'INTEGER']], [['1', '2', '3']])
parquet('empty.parquet', 'SELECT 1 AS a WHERE false', ['a INTEGER'], [])
table = pyarrow.table([[1], [2]], names=['a', 'A'])
buffer = io.BytesIO()
pyarrow.parquet.write_table(table, buffer)
case('names-twice.parquet', buffer.getvalue(), ['a BIGINT', 'A_1 BIGINT'], [['1', '2']], notes=['already'])


def arrow(name, columns, rows, data, notes=(), error=None, **how):
    made = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(data), made, **how)
    case(name, made.getvalue(), columns, rows, notes=notes, error=error)


wide = pyarrow.decimal256(45, 2)
digits = [decimal.Decimal('1234567890123456789012345678901234567890.12'), None, decimal.Decimal('0.10')]
arrow('decimals-wide.parquet', ['n BIGINT', 'v VARCHAR'], [['1', '1234567890123456789012345678901234567890.12'], ['2', None], ['3', '0.10']], {'n': [1, 2, 3], 'v': pyarrow.array(digits, wide)}, notes=['45 digits'])
arrow('decimals-wide-nested.parquet', None, None, {'v': pyarrow.array([digits], pyarrow.list_(wide))}, error='decimals of more than 38 digits within lists')
arrow('moments-int96.parquet', ['v TIMESTAMP'], [['2024-01-01 00:00:00.123456']], {'v': pyarrow.array([1704067200123456789], pyarrow.timestamp('ns'))}, notes=['to the microsecond'], use_deprecated_int96_timestamps=True)
arrow('nested-long.parquet', ['v BIGINT[]', 's STRUCT(x BIGINT)'], [['[9007199254740993, NULL]', "{'x': 9007199254740993}"], [None, None]], {'v': pyarrow.array([[9007199254740993, None], None], pyarrow.list_(pyarrow.int64())), 's': pyarrow.array([{'x': 9007199254740993}, None])})

case('broken.parquet', b'PAR1' + b'\0' * 40 + b'PAR1', error='it cannot be read as Parquet')


# Workbooks.
def book(*sheets):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return made


def saved(made, **replaced):
    """The bytes; `replaced` texts of the sheets' XML stand for others, as other programs write them."""
    buffer = io.BytesIO()
    made.save(buffer)
    source, target = zipfile.ZipFile(buffer), io.BytesIO()
    with zipfile.ZipFile(target, 'w', zipfile.ZIP_DEFLATED) as archive:
        for item in source.infolist():
            content = source.read(item)
            if item.filename.startswith('xl/worksheets/'):
                for old, new in replaced.items():
                    content = content.replace(f'<v>{old[1:]}</v>'.encode(), f'<v>{new}</v>'.encode())
            archive.writestr(zipfile.ZipInfo(item.filename, (2024, 1, 1, 0, 0, 0)), re.sub(rb'20\d\d-\d\d-\d\dT[0-9:]+Z', b'2024-01-01T00:00:00Z', content) if item.filename.startswith('docProps/') else content)
    return target.getvalue()


def sheet(name, rows, columns=None, values=None, prepare=None, replaced=None, title='data', **more):
    made = book((title, rows))
    if prepare is not None:
        prepare(made, made[title])
    case(name, saved(made, **(replaced or {})), columns, values, **more)


D, T, S = datetime.datetime, datetime.time, datetime.timedelta
sheet('texts.xlsx', [['v', 'w'], ['1E5', 'NA'], ['1.10', 'None'], ['TRUE', 'N/A'], ['+14155550100', 'null'], ['007', 'nan'], ['2024-01-01', None]], ['v VARCHAR', 'w VARCHAR'], [['1E5', 'NA'], ['1.10', 'None'], ['TRUE', 'N/A'], ['+14155550100', 'null'], ['007', 'nan'], ['2024-01-01', None]])
sheet('booleans.xlsx', [['n', 'v'], [1, True], [2, None], [3, False]], ['n BIGINT', 'v BOOLEAN'], [['1', 'true'], ['2', None], ['3', 'false']])
sheet('numbers.xlsx', [['a', 'b', 'c'], [1, 1.5, 1], [2, 2, 0.1], [None, 3.25, 7001]], ['a BIGINT', 'b DOUBLE', 'c DOUBLE'], [['1', '1.5', '1.0'], ['2', '2.0', '0.1'], [None, '3.25', '0.30000000000000004']], replaced={'_7001': '0.30000000000000004'})
sheet('long-numbers.xlsx', [['v', 'w'], [7001, 8001], [7002, 8002]], ['v BIGINT', 'w HUGEINT'], [['9007199254740993', '12345678901234567890'], ['9007199254740995', '12345678901234567891']], replaced={'_7001': '9007199254740993', '_7002': '9007199254740995', '_8001': '12345678901234567890', '_8002': '12345678901234567891'})
sheet('errors.xlsx', [['n', 'v'], [1, '#N/A'], [2, 5], [3, '#DIV/0!']], ['n BIGINT', 'v BIGINT'], [['1', None], ['2', '5'], ['3', None]], notes=['2 cells hold errors'])
sheet('dates.xlsx', [['a', 'b', 'c', 'd'], [D(2024, 1, 2), D(2024, 1, 2, 3, 4, 5), T(10, 20, 30), S(hours=30)], [D(2024, 2, 29), D(2024, 1, 3), T(1, 2, 3), S(minutes=5)]], ['a DATE', 'b TIMESTAMP', 'c TIME', 'd INTERVAL'], [['2024-01-02', '2024-01-02 03:04:05', '10:20:30', '30:00:00'], ['2024-02-29', '2024-01-03 00:00:00', '01:02:03', '00:05:00']])
made = openpyxl.Workbook()
made.epoch = CALENDAR_MAC_1904
made.active.append(['v'])
made.active.append([D(2024, 1, 2)])
made.active.append([D(1999, 12, 31)])
case('dates-1904.xlsx', saved(made), ['v DATE'], [['2024-01-02'], ['1999-12-31']])


def formats(_, data):
    for row in (2, 3):
        data.cell(row, 1).number_format = '0%'
        data.cell(row, 2).number_format = '"$"#,##0.00'
        data.cell(row, 3).number_format = '00000'


sheet('formats.xlsx', [['a', 'b', 'c'], [0.25, 1234.5, 501], [1, 2, 90210]], ['a DOUBLE', 'b DOUBLE', 'c BIGINT'], [['0.25', '1234.5', '501'], ['1.0', '2.0', '90210']], prepare=formats)
sheet('mixed.xlsx', [['v'], [7], ['x'], [1.5], [True], [D(2024, 1, 2)]], ['v VARCHAR'], [['7'], ['x'], ['1.5'], ['true'], ['2024-01-02']], notes=['dates and numbers and texts and true and false'])
sheet('title.xlsx', [['Report 2024'], [], ['id', 'amount'], [1, 2]], error='row 1 has 1 name, the rows below have values in 2 columns')
sheet('title-told.xlsx', [['Report 2024'], [], ['id', 'amount'], [1, 2], [3, 4]], ['id BIGINT', 'amount BIGINT'], [['1', '2'], ['3', '4']], skip_rows=2)
sheet('title-merged.xlsx', [['Report 2024'], ['id', 'amount'], [1, 2]], error='row 1 has 1 name', prepare=lambda _, data: data.merge_cells('A1:B1'))
sheet('blank-above.xlsx', [[], [], [None, 'id', 'amount'], [None, 1, 2]], ['id BIGINT', 'amount BIGINT'], [['1', '2']])
sheet('blank-between.xlsx', [['id', 'amount'], [1, 2], [], [3, 4]], ['id BIGINT', 'amount BIGINT'], [['1', '2'], ['3', '4']])
sheet('merged.xlsx', [['region', 'amount'], ['north', 1], [None, 2], ['south', 3]], ['region VARCHAR', 'amount BIGINT'], [['north', '1'], [None, '2'], ['south', '3']], prepare=lambda _, data: data.merge_cells('A2:A3'), notes=['A2:A3 is merged'])
sheet('index.xlsx', [[None, 'v'], [0, 'x'], [1, 'y']], ['column_1 BIGINT', 'v VARCHAR'], [['0', 'x'], ['1', 'y']], notes=['column 1 has no name'])
sheet('header-kinds.xlsx', [[1, '1', 'A', 'a', D(2024, 1, 1)], [10, 20, 30, 40, 50]], ['1 BIGINT', '1_2 BIGINT', 'A BIGINT', 'a_2 BIGINT', '2024-01-01 BIGINT'], [['10', '20', '30', '40', '50']], notes=['column 2', 'column 4'])
sheet('headless-told.xlsx', [[1, 'x'], [2, 'y']], ['column_1 BIGINT', 'column_2 VARCHAR'], [['1', 'x'], ['2', 'y']], header=False)
sheet('empty.xlsx', [], error='its sheet is empty')
sheet('header-alone.xlsx', [['a', 'b']], ['a VARCHAR', 'b VARCHAR'], [])
sheet('formula-unsaved.xlsx', [['n', 'v'], [1, '=1+1'], [2, 5]], ['n BIGINT', 'v BIGINT'], [['1', None], ['2', '5']], notes=['1 formula has no saved value'])


def respelled(content, *pairs):
    """A workbook whose first sheet another program wrote: patterns of its XML and what stands for them."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, 'w', zipfile.ZIP_DEFLATED) as archive:
        for item in source.infolist():
            text = source.read(item)
            for old, new in pairs if item.filename == 'xl/worksheets/sheet1.xml' else ():
                text = re.sub(old, new, text)
            archive.writestr(zipfile.ZipInfo(item.filename, (2024, 1, 1, 0, 0, 0)), text)
    return target.getvalue()


unsaved = saved(book(('data', [['n', 'v'], [1, '=1+1'], [2, 5]])))
N = ['n BIGINT', 'v BIGINT'], [['1', None], ['2', '5']]
case('formula-unsaved-space.xlsx', respelled(unsaved, (rb'<v ?/>|<v></v>', b'<v />')), *N, notes=['1 formula has no saved value'])
prefixed = respelled(unsaved, (rb'<v ?/>|<v></v>', b'<v/>'), (rb'<(/?)([a-zA-Z])', rb'<\1x:\2'), (b' xmlns=', b' xmlns:x='))
case('formula-unsaved-prefix.xlsx', prefixed, *N, notes=['1 formula has no saved value'])
sheet('words-told.xlsx', [['v'], [1], ['n/a'], [3]], ['v BIGINT'], [['1'], [None], ['3']], null_values=['n/a'])
sheet('told.xlsx', [['v', 'w'], ['007', 5], ['8', 6]], ['v BIGINT', 'w VARCHAR'], [['7', '5'], ['8', '6']], types={'v': 'integer', 'w': 'text'})
sheet('names.xlsx', [['销售', 'a b', 'select'], ['x', 1, 2]], [['销售', 'VARCHAR'], ['a b', 'BIGINT'], ['select', 'BIGINT']], [['x', '1', '2']])
sheet('line-ends.xlsx', [['v'], ['a\nb'], ['ends_x000D_']], ['v VARCHAR'], [['a\nb'], ['ends\r']])


def several(wanted=None, error=None, columns=None, rows=None, name='several.xlsx', **more):
    made = book(('first', [['a'], [1]]), ('second', [['b'], ['x']]), ('notes', [['c'], [True]]))
    made['notes'].sheet_state = 'hidden'
    case(name, saved(made), columns, rows, error=error, **({'sheet': wanted} if wanted else {}), **more)


several(columns=['a BIGINT'], rows=[['1']], notes=['this is the sheet "first"', '"second"', '"notes" (hidden)'])
several('second', columns=['b VARCHAR'], rows=[['x']], name='several-second.xlsx')
several('notes', columns=['c BOOLEAN'], rows=[['true']], name='several-hidden.xlsx')
several('fourth', error='it has no sheet "fourth"; its sheets are "first", "second", "notes" (hidden)', name='several-none.xlsx')
made = book(('draft', [['a'], [1]]), ('data', [['b'], [2]]))
made['draft'].sheet_state = 'hidden'
case('hidden-first.xlsx', saved(made), ['b BIGINT'], [['2']], notes=['this is the sheet "data"', '"draft" (hidden)'])
case('broken.xlsx', b'PK\x03\x04 and nothing more', error='it cannot be read as a workbook')
case('no-parts.xlsx', (lambda target: (zipfile.ZipFile(target, 'w').close(), target.getvalue())[1])(io.BytesIO()), error='it cannot be read as a workbook')



# What is hidden, and the numbers of days that no calendar has.
def hide(_, data):
    data.row_dimensions[3].hidden = True
    data.column_dimensions['B'].hidden = True


HIDDEN = [['a', 'b', 'c'], [1, 2, 3], [4, 5, 6], [7, 8, 9]]
sheet('hidden-cells.xlsx', HIDDEN, ['a BIGINT', 'b BIGINT', 'c BIGINT'], [['1', '2', '3'], ['4', '5', '6'], ['7', '8', '9']], prepare=hide, notes=['1 row and the column B are hidden and read'])
sheet('hidden-cells-told.xlsx', HIDDEN, ['a BIGINT', 'c BIGINT'], [['1', '3'], ['7', '9']], prepare=hide, notes=['1 row and the column B are hidden and left out'], hidden=False)


def as_format(format_):
    def prepare(_, data):
        for row in range(2, data.max_row + 1):
            data.cell(row, 1).number_format = format_

    return prepare


sheet('serials-no-day.xlsx', [['v'], [59], [60], [61]], ['v VARCHAR'], [['1900-02-28'], ['1900-02-29'], ['1900-03-01']], prepare=as_format('yyyy-mm-dd'), notes=['set null_values to 1900-02-29'])
sheet('serials-days.xlsx', [['v'], [1], [59], [61], [2958465]], ['v DATE'], [['1900-01-01'], ['1900-02-28'], ['1900-03-01'], ['9999-12-31']], prepare=as_format('yyyy-mm-dd'))
sheet('serials-times.xlsx', [['v'], [0.5], [1.5]], ['v INTERVAL'], [['12:00:00'], ['36:00:00']], prepare=as_format('h:mm'))
arrow('durations.parquet', ['v INTERVAL'], [['00:25:00'], [None]], {'v': pyarrow.array([1500, None], pyarrow.duration('s'))})
arrow('durations-nanoseconds.parquet', ['v BIGINT'], [['1500']], {'v': pyarrow.array([1500], pyarrow.duration('ns'))}, notes=['duration in nanoseconds'])
case('names-unseen.csv', lines('a,a\u200b,\ufeffc', '1,2,3'), ['a BIGINT', 'a_2 BIGINT', 'c BIGINT'], [['1', '2', '3']], notes=['not seen'])

# Files of other kinds than they are said to be.
case('other-gzip.csv', gzip.compress(lines('a,b', '1,x').encode(), mtime=0), error='it is compressed with gzip: unpack it first')
case('other-old-workbook.xlsx', b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + b'\0' * 504, error='a workbook of the old kind (.xls)')


def zipped(*names):
    target = io.BytesIO()
    with zipfile.ZipFile(target, 'w') as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), 'x')
    return target.getvalue()


case('other-zip.csv', zipped('a.csv'), error='it is a zip archive: unpack it first')
case('other-opendocument.xlsx', zipped('mimetype', 'content.xml'), error='it is an OpenDocument file (.ods): save it as .xlsx')
case('other-binary.xlsx', zipped('[Content_Types].xml', 'xl/workbook.bin'), error='it is a binary workbook (.xlsb): save it as .xlsx')
case('other-json.csv', lines('{"a": 1, "b": 2}', '{"a": 3, "b": 4}'), error='it begins as JSON does: set format to json')
case('other-html.csv', lines('<html><table>', '<tr><td>1</td></tr>'), error='it is HTML or XML')
case('other-text.xlsx', lines('a,b', '1,x'), error='set format to csv if it is a text')
one('thousands-space-told.csv', ['1 234', '22\u00a0000', '1\u202f234\u202f567', '5'], 'BIGINT', ['1234', '22000', '1234567', '5'], thousands=' ')
parquet('endless.parquet', "SELECT 'infinity'::DATE AS a, '-infinity'::TIMESTAMP AS b, 'infinity'::TIMESTAMPTZ AS c", ['a DATE', 'b TIMESTAMP', 'c TIMESTAMP WITH TIME ZONE'], [['infinity', '-infinity', 'infinity']])
parquet('variant.parquet', "SELECT unnest([{'a': 1}::VARIANT, 'x'::VARIANT, 2::VARIANT]) AS v", ['v VARIANT'], [["{'a': 1}"], ['x'], ['2']])
sheet('serials-negative.xlsx', [['v'], [-1], [61.5], [2958466]], ['v VARCHAR'], [['-1'], ['1900-03-01 12:00:00'], ['2958466']], prepare=as_format('yyyy-mm-dd'), notes=['dates and texts'])
made = openpyxl.Workbook()
made.epoch = CALENDAR_MAC_1904
for cell in ['v', 0, 59, 60, 2957003]:
    made.active.append([cell])
as_format('yyyy-mm-dd')(made, made.active)
case('serials-1904.xlsx', saved(made), ['v DATE'], [['1904-01-01'], ['1904-02-29'], ['1904-03-01'], ['9999-12-31']])
sheet('told-comma.xlsx', [['v', 'w'], [1.234, '1.234,5'], [2, '7']], ['v DOUBLE', 'w DOUBLE'], [['1.234', '1234.5'], ['2.0', '7.0']], types={'v': 'double', 'w': 'double'}, decimal=',', thousands='.')
sheet('told-date.xlsx', [['v'], [D(2024, 1, 2)], [D(2024, 1, 2, 3, 4)]], error='said to be date, and its value in row 2', types={'v': 'date'})

# It says that it unpacks to more than anybody reads, and is not unpacked.
large = bytearray(saved(book(('data', [['a'], [1]]))))
entry = large.index(b'PK\x01\x02')
large[entry + 24 : entry + 28] = (2**31).to_bytes(4, 'little')
case('large.xlsx', bytes(large), error='it unpacks to 2048 MiB, the most is 1024 MiB')

print(len(list(FOLDER.glob('*.json'))) - len(list(FOLDER.glob('*.json.json'))), 'sidecars')
