import { z } from 'zod'
import { ServiceError } from '../../core/errors.ts'
import { parseExactJson } from '../../core/exact-number.ts'
import type { JsonValue } from '../../core/json.ts'

// What the driver program may say. Everything else is a fault of the sandbox: its contents may have been taken over.
const name = z.string().min(1).max(1_000)
const type = z.string().min(1).max(20_000)
/** What the reader says of a file, for people and models: one line. */
const sentence = z
  .string()
  .max(2_000)
  .transform((text) => text.replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\s]+/gu, ' ').trim())

export const faultReasons = [
  'missing',
  'ambiguous',
  'grouping',
  'types',
  'syntax',
  'value',
  'memory',
  'read-only',
  'forbidden',
  'not-select',
  'other',
] as const

export type FaultReason = (typeof faultReasons)[number]

const fault = z.object({ fault: z.enum(faultReasons) })

export const loadedAnswer = z.union([
  z.discriminatedUnion('fault', [
    z.object({ fault: z.literal('memory'), table: name }),
    z.object({ fault: z.literal('unreadable'), table: name, reason: sentence }),
    z.object({ fault: z.literal('reader'), table: name, kind: z.string().regex(/^\w{1,60}$/) }),
  ]),
  fault,
  z.object({
    version: z.string().regex(/^\d{1,4}\.\d{1,4}\.[\w.-]{1,40}$/),
    tables: z
      .array(
        z.object({
          name,
          rows: z.int().min(0),
          definition: z.string().max(1_000_000),
          comment: sentence.nullable(),
          columns: z.array(z.object({ name, type, nullable: z.boolean(), comment: sentence.nullable() })).max(20_000),
        }),
      )
      .max(1_000),
  }),
])

export const treeAnswer = z.union([fault, z.record(z.string(), z.unknown())])

export const boundAnswer = z.union([
  fault,
  z.object({ text: z.string().min(1).max(16_777_216), tree: z.record(z.string(), z.unknown()) }),
])

export const columnsAnswer = z.union([
  fault,
  z.object({ columns: z.array(z.object({ name: z.string().max(10_000), type })) }),
])

export const endAnswer = z.union([fault, z.object({ truncated: z.enum(['rows', 'bytes']).nullable() })])

export const provenAnswer = z.object({
  succeeded: z.array(z.enum(['read-file', 'write-file', 'attach', 'extension', 'setting', 'write'])).max(1_000),
})

/** One line of an answer. Throws `database-unavailable` for what no honest driver says. */
export function readAnswer<Schema extends z.ZodType>(schema: Schema, line: string | undefined): z.infer<Schema> {
  const parsed = schema.safeParse(parse(line))
  if (parsed.success) return parsed.data
  throw strangeAnswer(parsed.error)
}

/** One row of `width` values, its numbers exact. */
export function readRow(line: string, width: number): readonly JsonValue[] {
  const row = parse(line, parseExactJson)
  if (!Array.isArray(row) || row.length !== width || depthOf(row) > maximumDepth) throw strangeAnswer(null)
  return row as readonly JsonValue[]
}

export function strangeAnswer(cause: unknown): ServiceError {
  return new ServiceError('database-unavailable', 'The sandbox of the files gave an answer that is none.', { cause })
}

const maximumDepth = 64

function parse(line: string | undefined, read: (text: string) => unknown = JSON.parse): unknown {
  try {
    return read(line ?? '')
  } catch (thrown) {
    throw strangeAnswer(thrown)
  }
}

/** Deep enough to be refused is as deep as it looks: the stack is nobody's to exhaust. */
function depthOf(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > maximumDepth) return depth
  let deepest = depth
  for (const item of Object.values(value)) deepest = Math.max(deepest, depthOf(item, depth + 1))
  return deepest
}
