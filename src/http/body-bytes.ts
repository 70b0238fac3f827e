import type { IncomingMessage } from 'node:http'

/** How long a body is, as its sender says before it comes; null where that is not said. */
export function bytesOfBody({ headers }: Pick<IncomingMessage, 'headers'>): number | null {
  const length = headers['content-length']
  return length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : null
}
