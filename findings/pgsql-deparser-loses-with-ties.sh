#!/usr/bin/env bash
# Versions: pgsql-deparser 18.3.8, libpg-query 18.1.5.
# Behaviour: a statement that is parsed and printed again can come back as one with other rows: FETCH FIRST … WITH TIES
# becomes LIMIT, and GROUP BY DISTINCT loses DISTINCT. Nothing is raised. Whoever runs printed trees has to parse the print
# again and compare.
# Output: the two printed statements, on one line each.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent pgsql-deparser@18.3.8 libpg-query@18.1.5
cat > program.mjs <<'PROGRAM'
import { loadModule, parseSync } from 'libpg-query'
import { deparse } from 'pgsql-deparser'
await loadModule()
for (const text of [
  'SELECT a FROM t ORDER BY a FETCH FIRST 3 ROWS WITH TIES',
  'SELECT a FROM t GROUP BY DISTINCT ROLLUP (a), ROLLUP (a)',
]) {
  console.log((await deparse(parseSync(text))).replaceAll(/\s+/g, ' '))
}
PROGRAM
seen=$(node program.mjs)
expected=$(cat <<'EXPECTED'
SELECT a FROM t ORDER BY a LIMIT 3
SELECT a FROM t GROUP BY ROLLUP (a), ROLLUP (a)
EXPECTED
)
printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected" >&2; exit 1; }
