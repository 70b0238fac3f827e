import type { Received } from '../core/request.ts'
import { cutText } from '../text/cut-text.ts'
import { withoutControls } from '../text/without-controls.ts'

/** Longest title, in UTF-16 code units. */
const longest = 80

/** So much of a question is read at most. */
const read = 4_000

/**
 * What a conversation is called whose caller gave it no name: the beginning of what was asked, on one line and without what could act
 * where it is listed. Null where nothing was asked in words.
 */
export function conversationTitle(messages: Received['messages']): string | null {
  const asked = messages.findLast(({ role }) => role === 'user')?.content ?? ''
  const line = withoutControls(cutText(asked, read)).replaceAll(/\s+/g, ' ').trim()
  if (line === '') return null
  return line.length > longest ? `${cutText(line, longest - 1)}…` : line
}
