import { isUtf8 } from 'node:buffer'
import type { ConversationItem } from '../../core/conversations.ts'
import type { Omission } from '../../core/shares.ts'
import type { Files } from '../../core/stored-files.ts'

/** Bytes of a file that stands in a share. */
const largest = 524_288
const texts = /^(?:text\/|application\/(?:json|x-ndjson|jsonl|yaml|vnd\.vega))/

/** What a file of a run says, where it is a text that filters read; or why it is not in a share. */
export async function textOfFile(
  files: Pick<Files, 'open'>,
  principal: string,
  { fileId, mediaType, bytes }: Extract<ConversationItem, { readonly type: 'artifact' }>,
): Promise<string | { readonly why: Omission }> {
  if (!texts.test(mediaType.toLowerCase())) return { why: 'unread' }
  if (bytes > largest) return { why: 'size' }
  const content = fileId === null ? null : await files.open(principal, fileId)
  if (content === null) return { why: 'gone' }
  const pieces: Uint8Array[] = []
  // Each piece may be overwritten by the next.
  for await (const piece of content) pieces.push(Buffer.from(piece))
  const whole = Buffer.concat(pieces)
  return isUtf8(whole) ? whole.toString('utf8') : { why: 'unread' }
}
