#!/usr/bin/env bash
# Version: duckdb 2.0.1, with pandas 3.1.1.
# Behaviour: after execute() and one fetchone(), the connection refuses register() (and other work) with a
# ResourceInUseException until the rest was fetched, although one row was all the program wanted. A loop that looks up one
# row and then registers a frame, common with version 1, stops here.
# Output: (0,) and the name of the exception; after fetchall() it works.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check duckdb==2.0.1 pandas==3.1.1
cat > program.py <<'PROGRAM'
import duckdb
import pandas
connection = duckdb.connect()
connection.execute('select * from range(3)')
print(connection.fetchone())
try:
    connection.register('frame', pandas.DataFrame({'a': [1]}))
except Exception as error:
    print(type(error).__name__)
connection.fetchall()
connection.register('frame', pandas.DataFrame({'a': [1]}))
print(connection.sql('select a from frame').fetchall())
PROGRAM
seen=$(python/bin/python program.py)
expected=$(cat <<'EXPECTED'
(0,)
ResourceInUseException
[(1,)]
EXPECTED
)
printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected" >&2; exit 1; }
