#!/usr/bin/env bash
# Version: pyarrow 26.0.1.
# Behaviour: a CSV column of whole numbers beyond 64 bits is inferred as double, so different ids become the same number;
# there is no error and no warning. polars 2.1.0 reads the same file as Int128 and keeps every digit.
# Output: both rows 1.2345678901234567e+19, and they compare equal.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check pyarrow==26.0.1 polars==2.1.0
cat > program.py <<'PROGRAM'
import io
import polars
import pyarrow.csv
text = b'id\n12345678901234567890\n12345678901234567891\n'
column = pyarrow.csv.read_csv(io.BytesIO(text)).column('id').to_pylist()
print('pyarrow', column, column[0] == column[1])
print('polars', polars.read_csv(io.BytesIO(text))['id'].to_list())
PROGRAM
seen=$(python/bin/python program.py)
expected=$(cat <<'EXPECTED'
pyarrow [1.2345678901234567e+19, 1.2345678901234567e+19] True
polars [12345678901234567890, 12345678901234567891]
EXPECTED
)
printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected" >&2; exit 1; }
