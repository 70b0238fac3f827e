import type { Problem } from '../../http/problem.ts'

/** Codes of JSON-RPC; -32000 is what its transports say of all else. What is not valid here is a body that cannot be read. */
const codes: Readonly<Record<string, number>> = { 'invalid-request': -32_700, internal: -32_603 }

/** A fault before a request of JSON-RPC could be read, or served: nobody knows its id. The problem is its data. */
export function toRpcError({ message, error: _error, ...problem }: Problem): object {
  return { jsonrpc: '2.0', id: null, error: { code: codes[problem.code] ?? -32_000, message, data: problem } }
}
