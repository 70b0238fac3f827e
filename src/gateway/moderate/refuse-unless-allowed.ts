import type { Principal } from '../../core/principal.ts'
import type { AskPerson } from '../authorize/approvals/ask-person.ts'
import { blockedInput } from './blocked.ts'
import type { ContentRecord } from './content-record.ts'

interface AskedContent {
  readonly principal: Principal
  readonly requestId: string
  /** Where it goes. */
  readonly source: string
  /** The session that it goes on with; null for none. */
  readonly session: string | null
  /** All that would be sent. */
  readonly text: string
  readonly record: ContentRecord
  /** Of the rule that wants a person; null where the profile does. */
  readonly reason: string | null
}

/** Resolves where a person has allowed this very text, once; rejects with `approval-required` or `content-blocked`. */
export async function refuseUnlessAllowed(
  { principal, requestId, source, session, text, record, reason }: AskedContent,
  askPerson: AskPerson,
  signal: AbortSignal,
): Promise<void> {
  const categories = record.categoriesOf('human')
  const exact = () =>
    ({
      tool: 'model-call',
      language: null,
      source,
      session,
      endUser: principal.endUser ?? null,
      before: [],
      text,
    }) as const
  const wanted = {
    rules: categories.map((category) => `content/${category}`),
    reason: reason ?? `The request holds ${categories.join(', ')}.`,
  }
  const finding = await askPerson({ principal, requestId, wanted, exact }, signal)
  if (finding !== null) throw blockedInput(record, finding.message)
}
