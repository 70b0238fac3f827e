#!/usr/bin/env bash
# Versions: duckdb 2.0.1, polars 2.1.0, pandas 3.1.1.
# Behaviour: with 01/02/2024, 03/04/2024 in a column, DuckDB and polars (try_parse_dates) read the day first and pandas
# (parse_dates) the month first. Both readings fit every row; none of the three says that it guessed.
# Output: months 2 and 4 from the first two, months 1 and 3 from pandas, no warning.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check duckdb==2.0.1 polars==2.1.0 pandas==3.1.1
cat > program.py <<'PROGRAM'
import io
import warnings
import duckdb
import pandas
import polars
text = 'day\n01/02/2024\n03/04/2024\n'
open('days.csv', 'w').write(text)
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter('always')
    print('duckdb', [month for (month,) in duckdb.sql("select month(day) from read_csv('days.csv')").fetchall()])
    print('polars', polars.read_csv(io.StringIO(text), try_parse_dates=True)['day'].dt.month().to_list())
    print('pandas', pandas.read_csv(io.StringIO(text), parse_dates=['day'])['day'].dt.month.tolist())
print('warnings', len(said))
PROGRAM
seen=$(python/bin/python program.py)
expected=$(cat <<'EXPECTED'
duckdb [2, 4]
polars [2, 4]
pandas [1, 3]
warnings 0
EXPECTED
)
printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected" >&2; exit 1; }
