import { ServiceError } from '../../core/errors.ts'
import type { ToolSource } from '../../core/events.ts'
import type { Omission } from '../../core/shares.ts'
import type { Vetted } from '../../core/vetted.ts'
import type { Audience } from './audience.ts'

/** What the policy of an audience says of a statement whose rows are kept. */
export type Judged =
  | { readonly kind: 'may'; readonly masks: NonNullable<Vetted<'sql'>['masks']> }
  | { readonly kind: 'may-not'; readonly why: Omission }

const no = (why: Omission): Judged => ({ kind: 'may-not', why })

/**
 * May callers of the audience's group read what a statement has read? It passes their gate as if one of them sent it now, and the rules of the
 * operator. A statement that is not known to the letter is not judged; one whose groups a ledger counts is their own to ask, since only
 * then the ledger of their group knows of it.
 */
export async function judgeStatement(
  source: ToolSource | null,
  dataSource: string | null,
  { grant, source: sourceOf, allows }: Audience,
  signal: AbortSignal,
): Promise<Judged> {
  if (source === null || source.language !== 'sql' || source.isChanged === true) return no('unknown')
  if (dataSource === null || !grant.dataSources.includes(dataSource) || !grant.tools.includes('run_sql')) {
    return no('policy')
  }
  try {
    const verdict = await sourceOf(dataSource).validator.validate(source.text, signal)
    if (verdict.kind === 'refused' || verdict.value.audit !== undefined) return no('policy')
    return (await allows(verdict.value)) ? { kind: 'may', masks: verdict.value.masks ?? [] } : no('policy')
  } catch (thrown) {
    const isNo = thrown instanceof ServiceError && ['forbidden', 'not-found', 'refused'].includes(thrown.code)
    if (isNo) return no('policy')
    throw thrown
  }
}
