import { z } from 'zod'
import { shareAudiences } from '../../core/shares.ts'

// Rows of conversations and files, as a file that somebody gives as a backup may have them: nothing in it is believed.

const text = (longest: number) => z.string().min(1).max(longest)
const id = (kind: string) => z.string().regex(new RegExp(`^${kind}_[0-9a-f]{32}$`))
const time = z.iso.datetime()
const principal = text(1_000)
const wrappedKey = text(1_000)
const count = z.int().min(0)
/** Base64 of what one row holds at most, sealed. */
const sealed = text(3_000_000)

const storedConversation = z.strictObject({
  id: id('conv'),
  principal,
  wrapped_key: wrappedKey,
  made: time,
  used: time,
  next_place: count,
  sealed,
})

const storedRun = z.strictObject({
  id: id('run'),
  conversation: id('conv'),
  principal,
  previous: id('run').nullable(),
  state: z.enum(['running', 'completed', 'incomplete', 'failed', 'cancelled', 'interrupted']),
  owner: text(1_000),
  exclusive: z.int().min(0).max(1),
  cancel_asked: z.int().min(0).max(1),
  model: text(1_000),
  request_id: text(1_000),
  begun: time,
  ended: time.nullable(),
  sealed,
  sealed_end: sealed.nullable(),
})

const storedItem = z.strictObject({
  conversation: id('conv'),
  place: count,
  piece: count,
  run: id('run').nullable(),
  made: time,
  sealed,
})

const storedFileRow = z.strictObject({
  id: id('file'),
  principal,
  content: id('content'),
  bytes: count,
  purpose: text(200),
  made: time,
  expires: time.nullable(),
  run: id('run').nullable(),
  conversation: id('conv').nullable(),
  wrapped_key: wrappedKey,
  sealed,
})

/** Whole ones: what is being written is in no backup. */
const storedContent = z.strictObject({
  id: id('content'),
  principal,
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  owner: z.null(),
  bytes: count,
  pieces: count,
  uses: count,
  wrapped_key: wrappedKey,
})

const storedPiece = z.strictObject({
  content: id('content'),
  place: count,
  sealed: z.instanceof(Uint8Array).refine(({ length }) => length <= 1_048_576, 'is too long'),
})

const storedShare = z.strictObject({
  id: id('shr'),
  principal,
  conversation: id('conv'),
  audience: z.enum(shareAudiences),
  audience_group: text(1_000),
  secret_digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  made: time,
  expires: time,
  wrapped_key: wrappedKey,
  sealed,
  pieces: count,
})

const storedSharePiece = z.strictObject({ share: id('shr'), place: count, sealed })

/** By their tables. */
export const storedHistory = {
  conversations: storedConversation,
  conversation_runs: storedRun,
  conversation_items: storedItem,
  stored_files: storedFileRow,
  file_contents: storedContent,
  content_pieces: storedPiece,
  shares: storedShare,
  share_pieces: storedSharePiece,
} as const
