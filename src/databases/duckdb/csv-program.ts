/**
 * Part of the driver program: how a CSV is read. Only types are guessed. Left to itself DuckDB drops lines that begin with
 * a hash, takes a row for the header where the header has fewer columns, and puts a file with one ragged row into one column.
 */
export const csvProgram = `
def _first_line(table, path):
    with open(path, encoding=table['encoding'] or 'utf-8', errors='replace', newline='') as file:
        lines = re.split('\\r\\n|\\r|\\n', file.read(1048576).lstrip(chr(0xfeff)))
    return next((number, line) for number, line in enumerate(lines) if line.strip() != '')


def _delimiters(table, first):
    if table['delimiter'] is not None:
        return [table['delimiter']]
    outside = re.sub('"[^"]*"', '', first)
    found = sorted((mark for mark in '\\t;|,' if mark in outside), key=lambda mark: -outside.count(mark))
    # One column: a mark that no text holds.
    return found or [chr(31)]


def _load_csv(table, path, make):
    skip, first = _first_line(table, path)
    # Not BOOLEAN: to DuckDB a column of Norway's code NO is all false.
    options = ["auto_type_candidates = ['BIGINT', 'DOUBLE', 'TIME', 'DATE', 'TIMESTAMP', 'TIMESTAMPTZ', 'VARCHAR']", 'sample_size = -1', "comment = ''", "quote = '\\"'", 'null_padding = false', 'skip = ' + str(skip), 'header = ' + ('true' if table['header'] else 'false')]
    if table['encoding'] is not None:
        options.append('encoding = ' + _literal(table['encoding']))
    source = make + 'SELECT * FROM read_csv(' + _literal(path) + ', ' + ', '.join(options) + ', delim = '
    failure = None
    for mark in _delimiters(table, first):
        try:
            return _connection.execute(source + _literal(mark) + ')')
        except duckdb.OutOfMemoryException:
            raise
        except Exception as error:
            failure = failure or error
    # Strict is also against ends of lines of two kinds; where the rows are even, that is all there is.
    if _odd_row(table, path) is not None:
        raise failure
    return _connection.execute(source + _literal(_delimiters(table, first)[0]) + ', strict_mode = false)')


def _odd_row(table, path):
    import csv
    csv.field_size_limit(2 ** 30)
    try:
        _, first = _first_line(table, path)
        with open(path, encoding=table['encoding'] or 'utf-8', errors='replace', newline='') as file:
            rows = csv.reader(file, delimiter=_delimiters(table, first)[0], strict=True)
            expected, line = None, 1
            try:
                for row in rows:
                    if row and expected is None:
                        expected = len(row)
                    if row and len(row) != expected:
                        return {'line': line, 'fields': len(row), 'expected': expected}
                    line = rows.line_num + 1
            except csv.Error:
                return {'line': line, 'fields': None, 'expected': expected}
    except (StopIteration, OSError, TypeError):
        pass
    return None


def _number_of_line(error):
    found = re.search('[Ll]ine:? ([0-9]{1,12})', str(error))
    return int(found.group(1)) if found else None
` as const
