#!/usr/bin/env bash
# Versions: @modelcontextprotocol/server 2.4.0, @modelcontextprotocol/client 2.4.0, @modelcontextprotocol/node 2.1.2.
# Behaviour: a call that its client cancels goes on where createMcpHandler serves the revision 2025-11-25, which it does without
# state: the cancellation comes as a request of its own, is answered with 202, and reaches no call. The tool is told nothing
# and does all of its work. With the revision 2026-07-28 the same tool is told.
# Output: for each revision, whether the tool was told that it is cancelled before its work was done.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --no-audit --no-fund @modelcontextprotocol/server@2.4.0 @modelcontextprotocol/client@2.4.0 \
  @modelcontextprotocol/node@2.1.2
cat > program.mjs <<'PROGRAM'
import { createServer } from 'node:http'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'

let begun
let ended
const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'slow', version: '1.0.0' })
  server.registerTool('work', {}, async ({ mcpReq: { signal } }) => {
    begun()
    const told = await new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(true))
      setTimeout(() => resolve(false), 3_000)
    })
    ended(told)
    return { content: [] }
  })
  return server
})
const http = createServer(toNodeHandler(handler)).listen(0, '127.0.0.1')
await new Promise((resolve) => http.once('listening', resolve))
for (const mode of ['legacy', 'auto']) {
  const client = new Client({ name: 'host', version: '1.0.0' }, { versionNegotiation: { mode } })
  await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${http.address().port}/mcp`)))
  const [beginning, end] = [Promise.withResolvers(), Promise.withResolvers()]
  begun = beginning.resolve
  ended = end.resolve
  const abort = new AbortController()
  const call = client.callTool({ name: 'work', arguments: {} }, { signal: abort.signal }).catch(() => 'rejected')
  await beginning.promise
  abort.abort()
  await call
  console.log(client.getNegotiatedProtocolVersion(), (await end.promise) ? 'told' : 'not told')
}
process.exit(0)
PROGRAM
node program.mjs > seen
expected=$(cat <<'EXPECTED'
2025-11-25 not told
2026-07-28 told
EXPECTED
)
cat seen
[ "$(cat seen)" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected" >&2; exit 1; }
