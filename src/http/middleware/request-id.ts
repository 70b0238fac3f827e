import { randomUUID } from 'node:crypto'
import type { RequestHandler, Response } from 'express'

/** Every response carries an id that the log has too. It is always ours: a caller's could collide or be crafted. */
export const assignRequestId: RequestHandler = (_request, response, next) => {
  const id = randomUUID()
  response.locals['requestId'] = id
  response.setHeader('x-request-id', id)
  next()
}

export function requestIdOf(response: Response): string {
  return (response.locals['requestId'] as string | undefined) ?? 'unknown'
}
