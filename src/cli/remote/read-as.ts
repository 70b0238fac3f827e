import type { z } from 'zod'
import { ServiceError } from '../../core/errors.ts'

/** What a service elsewhere has answered, in the form that it is read in. Throws `service-unavailable` for anything else. */
export function readAs<T>(schema: z.ZodType<T>, answer: unknown): T {
  const { data } = schema.safeParse(answer)
  if (data !== undefined) return data
  throw new ServiceError('service-unavailable', 'What answered at this address does not answer as Sallyport does', {
    advice: 'Check the address of --server, and that the service is of this version.',
  })
}
