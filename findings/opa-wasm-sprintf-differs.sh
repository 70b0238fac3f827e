#!/usr/bin/env bash
# Version: opa 1.22.4, @open-policy-agent/opa-wasm 1.10.0.
# Behaviour: a rule with sprintf that "opa build -t wasm" takes without a warning gives another text in a bundle than in OPA
# itself: sprintf is no part of the module, and the package brings one of JavaScript. An object is [object Object], so that two
# different ones read alike; an integer of 16 digits is its neighbour; a list has no brackets, and null in it is nothing.
# Output: a line of OPA, a line of the bundle.
set -euo pipefail
folder=$(mktemp -d)
# Go makes its folder of modules read-only.
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
export GOBIN="$folder/bin" GOFLAGS=-modcacherw
go install github.com/open-policy-agent/opa@v1.22.4
npm init --yes > /dev/null
npm install --silent --no-audit --no-fund @open-policy-agent/opa-wasm@1.10.0
cat > rule.rego <<'PROGRAM'
package texts

all := [sprintf("%v", [{"b": 1, "a": 2}]), sprintf("%d", [9007199254740993]), sprintf("%5.2f", [1.234]), sprintf("%v", [[1, null]])]
PROGRAM
bin/opa eval --data rule.rego --format raw 'json.marshal(data.texts.all)' > seen
bin/opa build --target wasm --entrypoint texts/all --output bundle.tar.gz rule.rego
tar --extract --gzip --file bundle.tar.gz --absolute-names /policy.wasm --transform 's,^/,,'
cat > program.cjs <<'PROGRAM'
const { loadPolicy } = require('@open-policy-agent/opa-wasm')
loadPolicy(require('node:fs').readFileSync('policy.wasm')).then((policy) => {
  policy.setData({})
  process.stdout.write(`${JSON.stringify(policy.evaluate({})[0].result)}\n`)
})
PROGRAM
node program.cjs >> seen
expected=$(cat <<'EXPECTED'
["{\"a\": 2, \"b\": 1}","9007199254740993"," 1.23","[1, null]"]
["[object Object]","9007199254740992"," 1.23","1,"]
EXPECTED
)
cat seen
[ "$(cat seen)" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected" >&2; exit 1; }
