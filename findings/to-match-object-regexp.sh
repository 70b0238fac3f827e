#!/usr/bin/env bash
# Versions: vitest 5.1.1, expect 30.2.0.
# Behaviour: in `toMatchObject`, a regular expression or a URL as an expected value is matched by anything at all: a text that
# does not fit it, a number, null, another regular expression. `toEqual` fails, as a date or a set do in `toMatchObject`.
# Output: four times "passes", then twice "fails", from vitest and from expect, which is Jest's.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' > package.json
npm install --silent --no-audit --no-fund --save-exact vitest@5.1.1 expect@30.2.0
cat > cases.js <<'CASES'
export function told(expect) {
  const seen = (check) => {
    try {
      check()
      return 'passes'
    } catch {
      return 'fails'
    }
  }
  return [
    seen(() => expect({ name: 'apple' }).toMatchObject({ name: /pear/ })),
    seen(() => expect({ name: 7 }).toMatchObject({ name: /pear/ })),
    seen(() => expect({ name: /plum/ }).toMatchObject({ name: /pear/ })),
    seen(() => expect({ name: 'apple' }).toMatchObject({ name: new URL('http://pear.example') })),
    seen(() => expect({ name: 'apple' }).toMatchObject({ name: new Date(0) })),
    seen(() => expect({ name: 'apple' }).toEqual({ name: /pear/ })),
  ].join(' ')
}
CASES
cat > vitest.test.js <<'PROGRAM'
import { writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { told } from './cases.js'
it('tells', () => writeFileSync('vitest.txt', told(expect)))
PROGRAM
npx vitest run > vitest.log 2>&1 || { cat vitest.log >&2; exit 1; }
jest=$(node --input-type=module -e "import { expect } from 'expect'; import { told } from './cases.js'; console.log(told(expect))")
seen="vitest $(cat vitest.txt)
jest $jest"
expected='vitest passes passes passes passes fails fails
jest passes passes passes passes fails fails'
printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected" >&2; exit 1; }
