#!/usr/bin/env bash
# Version: node 24.21.0.
# Behaviour: a server takes one connection in each turn of the event loop (libuv 1.52), however many are there. Where turns are long, a burst of callers waits in line:
# with 30 connections at once and 5 ms of other work a turn, the last one is taken in the 30th turn. Nothing says that connections wait, and no option changes it.
# Output: 30 connections in 30 turns.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . node@24.21.0
cat > program.mjs <<'PROGRAM'
import net from 'node:net'
const count = 30
let turn = 0
const turns = []
const work = () => {
  turn += 1
  const end = performance.now() + 5
  while (performance.now() < end);
  if (turns.length < count) return setImmediate(work)
  console.log(`${count} connections in ${new Set(turns).size} turns`)
  process.exit(0)
}
const server = net.createServer(() => turns.push(turn))
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address()
  for (let each = 0; each < count; each += 1) net.connect(port, '127.0.0.1')
  setImmediate(work)
})
PROGRAM
seen=$(node_modules/.bin/node program.mjs)
expected='30 connections in 30 turns'
printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected" >&2; exit 1; }
