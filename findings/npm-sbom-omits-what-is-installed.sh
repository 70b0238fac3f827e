#!/usr/bin/env bash
# Version: npm 11.19.1.
# Behaviour: `npm sbom --omit dev` leaves out a package that is a dependency, where a devDependency needs the same one besides. It is
# installed by `npm ci --omit dev`, and `npm ls --omit dev` lists it; the bill of materials says nothing of it.
# Output: npm ls has ms 2.1.3, npm sbom has no component.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-fund --no-audit --prefix tool npm@11.19.1
npm=$folder/tool/node_modules/.bin/npm
mkdir package && cd package
cat > package.json <<'PACKAGE'
{ "name": "a", "version": "1.0.0", "dependencies": { "ms": "2.1.3" }, "devDependencies": { "debug": "4.4.3" } }
PACKAGE
"$npm" install --package-lock-only --silent
listed=$("$npm" ls --omit dev --package-lock-only --parseable --long | grep -o 'ms@2.1.3')
components=$("$npm" sbom --sbom-format cyclonedx --omit dev --package-lock-only | grep -c 'pkg:npm/ms@' || true)
seen=$(printf 'npm ls: %s\nnpm sbom: %s components of that name' "$listed" "$components")
expected=$(cat <<'EXPECTED'
npm ls: ms@2.1.3
npm sbom: 0 components of that name
EXPECTED
)
printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected" >&2; exit 1; }
