import type { Vetted } from '../../core/vetted.ts'
import { ServiceError } from '../../core/errors.ts'
import type { RawResult, ReadCaps, Session } from '../session.ts'
import type { DifferencingLedger } from './differencing-ledger.ts'
import type { LedgerOptions } from './options.ts'
import { readQuerySets } from './query-sets.ts'

/** What the adapters need of a ledger. */
export type Ledger = Pick<DifferencingLedger, 'admit' | 'options'>

/** Two numbers of at most 16 digits a row, with a sign and their separators. */
const bytesARow = 37

/** One row more than there may be groups, and text for as many rows as may stand behind them. */
export function auditCaps({ maximum_groups: groups, maximum_rows: rows }: LedgerOptions): ReadCaps {
  return { rows: groups + 1, bytes: rows * bytesARow }
}

export async function readAudits(session: Session, texts: readonly string[], caps: ReadCaps): Promise<RawResult[]> {
  const results: RawResult[] = []
  for (const text of texts) results.push(await session.read(text, caps))
  return results
}

/**
 * Has the ledger admit the groups a statement answers about, given what its audits returned in the same snapshot. Until
 * then the statement must not run: even how it fails can tell. Throws `refused`.
 *
 * All rows of a group are admitted first, whether or not they have a value, and stay remembered: who has one decides
 * nothing there. Then those that have one, of which alone the answer tells an amount.
 */
export async function admitAudits(
  statement: Vetted<'sql'>,
  results: readonly RawResult[],
  ledger: Ledger,
): Promise<void> {
  const { audit, source } = statement
  if (audit === undefined) return
  const { bytes } = auditCaps(ledger.options)
  for (const [index, { relation, ledger: scope, byRow }] of audit.sets.entries()) {
    const raw = results[index] ?? { fields: [], rows: [] }
    if (bytesOf(raw) > bytes) throw tooManyRows(ledger.options)
    const sets = readQuerySets(raw, { minimum: audit.minimum, byRow })
    const given = { source, group: audit.group, relation, ...scope, minimum: audit.minimum }
    await ledger.admit({ ...given, of: 'rows', sets: sets.all })
    await ledger.admit({ ...given, sets: sets.valued })
  }
}

/** Nothing is answered that is not remembered. */
export function withoutLedger(source: string): ServiceError {
  return new ServiceError('refused', `"${source}" keeps no ledger of answers with aggregate-only columns.`, {
    advice: 'Leave these columns out, or have the operator set differencing_ledger: false knowingly.',
  })
}

function bytesOf({ rows }: RawResult): number {
  return rows.reduce((sum, row) => sum + row.reduce((total, value) => total + (value?.length ?? 4), 0), 0)
}

function tooManyRows({ maximum_rows: rows }: LedgerOptions): ServiceError {
  const message = `A statement with aggregate-only columns is over more rows than the ledger can follow, about ${rows}.`
  return new ServiceError('refused', `${message} [sql/ledger-full]`, {
    advice: 'Filter more, or have the operator raise databases.ledger.maximum_rows.',
  })
}
