import type { Response } from 'express'
import { ServiceError } from '../core/errors.ts'

interface Listed {
  readonly id: string
}

/** A page of a list of which one more was looked for than it has; `beside` stands next to it. */
export function sendList(response: Response, found: readonly Listed[], limit: number, beside: object = {}): void {
  const data = found.slice(0, limit)
  response.setHeader('cache-control', 'no-store').json({
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: found.length > limit,
    ...beside,
  })
}

/** What stands behind an id in a list that is in memory. Throws `invalid-request` where that is not in it, or not any more. */
export function behind<T extends Listed>(items: readonly T[], after: string | undefined): readonly T[] {
  if (after === undefined) return items
  const at = items.findIndex(({ id }) => id === after)
  if (at >= 0) return items.slice(at + 1)
  throw new ServiceError('invalid-request', 'after: is nothing that is in this list.', {
    parameter: 'after',
    advice: 'It may be gone meanwhile: begin again without it.',
  })
}
