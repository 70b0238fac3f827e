import type { Request } from 'express'
import type { z } from 'zod'
import { ServiceError } from '../../core/errors.ts'
import { readJson, type JsonBodyLimits } from '../../http/json-body.ts'
import { parseRequest } from '../../http/parse-request.ts'

export interface QuietForm<Shape extends z.core.$ZodLooseShape> {
  readonly schema: z.ZodObject<Shape, z.core.$strict>
  /** `report` */
  readonly what: string
  readonly limits: JsonBodyLimits
}

/**
 * Reads a body whose texts are values of people. What would be told of one that cannot be read (a name that stands twice or is not
 * known, a piece of the text) may be the value, so no fault repeats anything but names that are known.
 */
export async function readQuietly<Shape extends z.core.$ZodLooseShape>(
  request: Request,
  { schema, what, limits }: QuietForm<Shape>,
): Promise<z.infer<z.ZodObject<Shape, z.core.$strict>>> {
  const advice = `A ${what} has ${Object.keys(schema.shape).join(', ')}, and nothing else.`
  const body = await readJson(request, limits).then(
    ({ value }) => value,
    (thrown: unknown) => {
      if (!(thrown instanceof ServiceError) || thrown.code !== 'invalid-request') throw thrown
      throw new ServiceError('invalid-request', `The body is no ${what} in JSON.`, { advice })
    },
  )
  if (schema.safeParse(body).error?.issues.some(({ code }) => code === 'unrecognized_keys')) {
    throw new ServiceError('invalid-request', `The ${what} has a member that is not known here.`, { advice })
  }
  return parseRequest(schema, body)
}
