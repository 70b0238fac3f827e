import { z } from 'zod'

/** How a list is asked for in pieces. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(1_000).default(100).describe('At most so many.'),
  after: z
    .string()
    .max(300)
    .optional()
    .describe('What the answer before has under next, to go on behind it; nothing begins with the first.'),
}

/** A piece of a list, and where the next one begins; null behind the last. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ data: z.array(item), next: z.string().nullable() })
