import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'

const ids = new WeakMap<ServerResponse, string>()

/**
 * Gives a response the id that the log has too, before anything else can answer it. It is always ours: a caller's could
 * collide or be crafted.
 */
export function assignRequestId(response: ServerResponse): string {
  const id = randomUUID()
  ids.set(response, id)
  response.setHeader('x-request-id', id)
  return id
}

export function requestIdOf(response: ServerResponse): string {
  return ids.get(response) ?? 'unknown'
}
