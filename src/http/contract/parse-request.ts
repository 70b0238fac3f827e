import type { z } from 'zod'
import { ServiceError } from '../../core/errors.ts'

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '')
}

/** The request, or `invalid-request` that names the first member at fault. */
export function parseRequest<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const parameter = pathOf(issue?.path ?? [])
  const what = parameter === '' ? 'The body' : parameter
  throw new ServiceError(
    'invalid-request',
    `${what}: ${issue?.message ?? 'is not valid'}.`,
    parameter === '' ? {} : { parameter },
  )
}
