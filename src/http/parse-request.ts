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

/** Whether nothing stands at the path. A name from a prototype counts as nothing. */
function isAbsent(body: unknown, path: readonly PropertyKey[]): boolean {
  let value = body
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return true
    value = (value as Readonly<Record<PropertyKey, unknown>>)[step]
  }
  return value === undefined
}

/** A name that is not known beside one that is missing is most often what was meant by it. */
function unknownBeside(issues: readonly z.core.$ZodIssue[], path: readonly PropertyKey[]): string {
  const parent = pathOf(path.slice(0, -1))
  const name = issues.find((issue) => issue.code === 'unrecognized_keys' && pathOf(issue.path) === parent)
  return name?.code === 'unrecognized_keys' ? `; ${JSON.stringify(name.keys[0]?.slice(0, 100))} is not known here` : ''
}

/** The request, or `invalid-request` that names the first member at fault. */
export function parseRequest<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const { issues } = parsed.error
  const issue = deepest(issues[0])
  // A member that is not known is named itself, not the one it stands in.
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const path = issue?.path ?? []
  const parameter = pathOf([...path, ...unknown]).slice(0, 200)
  const what = parameter === '' ? 'The body' : parameter
  let wrong = issue?.message ?? 'is not valid'
  if (unknown.length > 0) wrong = 'is not known here'
  else if (path.length > 0 && isAbsent(body, path)) wrong = `is missing${unknownBeside(issues, path)}`
  throw new ServiceError('invalid-request', `${what}: ${wrong}.`, parameter === '' ? {} : { parameter })
}
