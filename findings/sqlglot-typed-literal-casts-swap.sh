#!/usr/bin/env bash
# Versions: sqlglot 30.30.0, duckdb 2.0.1.
# Behaviour: a literal of a named type with a cast behind it (timestamp '…'::date) is read as if the cast came first: what is
# printed casts the text to the last type, and that to the named one. PostgreSQL and DuckDB do it the other way round. With
# brackets around the literal it is right. Nothing is raised, and the statement printed answers something else.
# Output: of each statement what DuckDB answers to it, what sqlglot prints, and what DuckDB answers to that.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv environment
environment/bin/pip install --quiet --disable-pip-version-check sqlglot==30.30.0 duckdb==2.0.1
cat > program.py <<'PROGRAM'
import duckdb
import sqlglot

for text in [
    "SELECT timestamp '2024-03-31 23:30:00'::date",
    "SELECT date '2024-03-31'::text",
    "SELECT (timestamp '2024-03-31 23:30:00')::date",
]:
    printed = sqlglot.transpile(text, read="duckdb", write="duckdb")[0]
    assert printed == sqlglot.transpile(text, read="postgres", write="postgres")[0]
    answers = [repr(duckdb.execute(each).fetchone()[0]) for each in (text, printed)]
    print(answers[0], printed, answers[1], sep=" | ")
PROGRAM
seen=$(environment/bin/python program.py)
expected=$(cat <<'EXPECTED'
datetime.date(2024, 3, 31) | SELECT CAST(CAST('2024-03-31 23:30:00' AS DATE) AS TIMESTAMP) | datetime.datetime(2024, 3, 31, 0, 0)
'2024-03-31' | SELECT CAST(CAST('2024-03-31' AS TEXT) AS DATE) | datetime.date(2024, 3, 31)
datetime.date(2024, 3, 31) | SELECT CAST((CAST('2024-03-31 23:30:00' AS TIMESTAMP)) AS DATE) | datetime.date(2024, 3, 31)
EXPECTED
)
printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected" >&2; exit 1; }
