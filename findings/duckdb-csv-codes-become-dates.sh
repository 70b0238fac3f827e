#!/usr/bin/env bash
# Version: duckdb 2.0.1.
# Behaviour: read_csv takes cells such as 12-05-001 (a part number) for dates: the type is DATE and the year is 1 or 2. The
# digits of the code cannot be had back from the value.
# Output: two dates of the years 1 and 2, type DATE.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check duckdb==2.0.1
cat > program.py <<'PROGRAM'
import duckdb
open('parts.csv', 'w').write('part\n12-05-001\n12-05-002\n')
print(duckdb.sql("select part, typeof(part) from read_csv('parts.csv')").fetchall())
PROGRAM
seen=$(python/bin/python program.py)
expected=$(cat <<'EXPECTED'
[(datetime.date(1, 5, 12), 'DATE'), (datetime.date(2, 5, 12), 'DATE')]
EXPECTED
)
printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected" >&2; exit 1; }
