import { z } from 'zod'
import { originsOfFile, type StoredFile } from '../../core/stored-files.ts'

/** What OpenAI's clients say that a file is for. https://platform.openai.com/docs/api-reference/files/create */
const purposes = ['user_data', 'assistants', 'vision', 'batch', 'fine-tune', 'evals'] as const

/** What is said of a file beside it, in the form of OpenAI's clients. */
export const fileFields = z.strictObject({
  purpose: z.enum(purposes, { error: `must be one of ${purposes.join(', ')}` }),
  'expires_after[anchor]': z.literal('created_at', { error: 'must be created_at' }).optional(),
  'expires_after[seconds]': z
    .string()
    .regex(/^\d{1,9}$/, 'must be a number of seconds')
    .transform(Number)
    .refine((seconds) => seconds >= 60 && seconds <= 31_536_000, 'must be from 60 to 31536000')
    .optional(),
})

const order = z.enum(['asc', 'desc'], { error: 'must be asc or desc' }).optional()
const page = {
  limit: z
    .string()
    .regex(/^(?:[1-9][0-9]{0,2}|1000)$/, 'must be a number from 1 to 1000')
    .optional(),
  order,
}
const purpose = z.string().max(64).optional()

/** The query of a list, as all lists here have it; `limit` as a number. */
export const listQuery = z.object({
  ...page,
  limit: page.limit.transform((limit) => (limit === undefined ? undefined : Number(limit))),
  after: z.string().max(100).optional(),
  purpose,
})

const afterOf = (pattern: RegExp) => ({
  after: z.string().regex(pattern).optional().describe('The id of the last one of the page before.'),
})
const limit = z.int().min(1).max(1_000).optional().describe('Of one page at most.')

/** The queries of lists as the document of the service says them. */
export const fileListQuery = z.strictObject({ limit, order, ...afterOf(/^file_[0-9a-f]{32}$/), purpose })
export const containerListQuery = z.strictObject({ limit, order, ...afterOf(/^cntr_[0-9a-f]{32}$/) })
export const containerFileListQuery = z.strictObject({ limit, order, ...afterOf(/^cfile_[0-9a-f]{32}$/) })
export const sessionListQuery = z.strictObject({ limit, order, ...afterOf(/^session_[0-9a-f-]{36}$/) })
export const conversationListQuery = z.strictObject({ limit, order, ...afterOf(/^conv_[0-9a-f]{32}$/) })
export const itemListQuery = z.strictObject({ limit, order, ...afterOf(/^item_[0-9a-f]{32}_[0-9]{1,15}$/) })

/** The form that a file comes in, as the document of the service says it. */
export const fileForm = z.strictObject({
  ...fileFields.shape,
  'expires_after[seconds]': z.int().min(60).max(31_536_000).optional().describe('When it is deleted by itself.'),
  file: z.string().meta({ format: 'binary' }),
})

const seconds = (time: Date): number => Math.floor(time.getTime() / 1_000)

/** OpenAI's file object, with what the file holds as `preview`, its `media_type` and where it came from beside. */
export function toFile(file: StoredFile) {
  const { id, bytes, made, expires, name, purpose, mediaType, preview } = file
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
    origins: originsOfFile(file),
  }
}
