import type { Grant } from '../../core/grant.ts'
import type { ConversationMessage } from '../../core/request.ts'

const asksForSql = /\b(?:sql|quer(?:y|ies)|select statement)\b/i
const asksNotTo = /\b(?:no|not|never|without|don.?t|hide|omit|skip)\b[^.?!]{0,30}\b(?:sql|quer(?:y|ies))\b/i

/** May the answer repeat the SQL? `on-request` looks at the question itself, never at what a model or a row says. */
export function mayRevealSql(grant: Grant, messages: readonly ConversationMessage[]): boolean {
  if (grant.revealSql !== 'on-request') return grant.revealSql === 'always'
  const question = messages.findLast((message) => message.role === 'user')?.content ?? ''
  return asksForSql.test(question) && !asksNotTo.test(question)
}
