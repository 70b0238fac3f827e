import { z } from 'zod'
import type { StoredFile } from '../../core/stored-files.ts'

/** What is said of a file beside it, in the form of OpenAI's clients. */
export const fileFields = z.strictObject({
  purpose: z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/, 'must be a word in lower case, such as user_data'),
  'expires_after[anchor]': z.literal('created_at', { error: 'must be created_at' }).optional(),
  'expires_after[seconds]': z
    .string()
    .regex(/^\d{1,9}$/, 'must be a number of seconds')
    .transform(Number)
    .refine((seconds) => seconds >= 60 && seconds <= 31_536_000, 'must be from 60 to 31536000')
    .optional(),
})

/** Query of a list, as all lists here have it. */
export const listQuery = z.object({
  after: z.string().max(100).optional(),
  limit: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a number')
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= 1_000, 'must be from 1 to 1000')
    .optional(),
  order: z.enum(['asc', 'desc'], { error: 'must be asc or desc' }).optional(),
  purpose: z.string().max(64).optional(),
})

const seconds = (time: Date): number => Math.floor(time.getTime() / 1_000)

/** OpenAI's file object, with what the file holds as `preview` and its `media_type` beside. */
export function toFile({ id, bytes, made, expires, name, purpose, mediaType, preview }: StoredFile) {
  return {
    id,
    object: 'file',
    bytes,
    created_at: seconds(made),
    expires_at: expires === null ? null : seconds(expires),
    filename: name,
    purpose,
    status: 'processed',
    media_type: mediaType,
    preview,
  }
}
