import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'

const idOf = Symbol('request id')

interface Named extends ServerResponse {
  [idOf]?: string
}

/** An id for what is answered without ever having been a request. */
export const newRequestId = (): string => randomUUID()

/**
 * Gives a response the id that the log has too, before anything else can answer it. It is always ours: a caller's could
 * collide or be crafted. Whoever writes the head sends it.
 */
export function assignRequestId(response: ServerResponse): string {
  const id = newRequestId()
  ;(response as Named)[idOf] = id
  return id
}

export function requestIdOf(response: ServerResponse): string {
  return (response as Named)[idOf] ?? 'unknown'
}
