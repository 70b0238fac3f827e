import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import type { Server } from '@modelcontextprotocol/server'
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'

/** Where messages come from and go to, a line each. */
export interface McpStreams {
  readonly input: Readable
  readonly output: Writable
}

/** Longest message, in bytes; the connection ends at a longer one. */
const longestMessage = 64 * 1024 * 1024

/** Serves the protocol on two streams, in the era that the client begins with, until its input ends or `signal` aborts. */
export async function serveOn(
  { input, output }: McpStreams,
  serverFor: () => Server,
  signal: AbortSignal,
): Promise<void> {
  const transport = new StdioServerTransport(input, output, { maxBufferSize: longestMessage })
  const handle = serveStdio(() => serverFor(), { transport })
  const over = new AbortController()
  try {
    await Promise.race([
      ...['end', 'close', 'error'].map((event) => once(input, event, { signal: over.signal })),
      ...(signal.aborted ? [] : [once(signal, 'abort', { signal: over.signal })]),
    ])
  } finally {
    over.abort()
    await handle.close()
  }
}
