#!/usr/bin/env bash
# Version: duckdb 2.0.1.
# Behaviour: read_csv looks at a file and settles on # as the mark of comments when a row begins with one. The row is not in
# the result; there is no error, no warning, and no reject. With comment = '' the row is there.
# Output: two of three rows; then three.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check duckdb==2.0.1
cat > program.py <<'PROGRAM'
import duckdb
open('rows.csv', 'w').write('id,name\n1,a\n#2,b\n3,c\n')
print(duckdb.sql("select count(*) from read_csv('rows.csv')").fetchall())
print(duckdb.sql("select count(*) from read_csv('rows.csv', comment = '')").fetchall())
PROGRAM
seen=$(python/bin/python program.py)
expected=$(cat <<'EXPECTED'
[(2,)]
[(3,)]
EXPECTED
)
printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected" >&2; exit 1; }
