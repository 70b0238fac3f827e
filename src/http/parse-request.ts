import type { z } from 'zod'
import { ServiceError } from '../core/errors.ts'

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '')
}

/**
 * The issue within an alternative that came further than the others: of `{"type":"image_url"}` in a list of parts the
 * part, not the list. The path is that from the whole.
 */
function deepest(issue: z.core.$ZodIssue | undefined): z.core.$ZodIssue | undefined {
  if (issue?.code !== 'invalid_union') return issue
  const inner = issue.errors.flat().find(({ path }) => path.length > 0)
  return inner === undefined ? issue : deepest({ ...inner, path: [...issue.path, ...inner.path] })
}

/** The request, or `invalid-request` that names the first member at fault. */
export function parseRequest<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const issue = deepest(parsed.error.issues[0])
  // A member that is not known is named itself, not the one it stands in.
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const parameter = pathOf([...(issue?.path ?? []), ...unknown]).slice(0, 200)
  const what = parameter === '' ? 'The body' : parameter
  throw new ServiceError(
    'invalid-request',
    `${what}: ${unknown.length > 0 ? 'is not known here' : (issue?.message ?? 'is not valid')}.`,
    parameter === '' ? {} : { parameter },
  )
}
