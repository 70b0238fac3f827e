import type { Verdict } from '../../../src/core/verdict.ts'
import type { SqlGate } from '../../../src/validators/sql/sql-gate.ts'
import type { SqlAttackRow } from './sql-attack-rows.ts'

/**
 * What of each statement that is allowed may run, and what is known of it: one object a line. Tests over real databases
 * see that these texts give the rows of the statements as they were sent.
 */
export async function vettedLines(gate: Pick<SqlGate, 'validate'>, rows: readonly SqlAttackRow[]): Promise<string> {
  const lines: string[] = []
  for (const { sql, expect } of rows) {
    if (expect !== 'allow') continue
    const verdict: Verdict<object> = await gate.validate(sql, AbortSignal.timeout(60_000))
    lines.push(JSON.stringify({ sql, ...(verdict.kind === 'accepted' ? verdict.value : verdict) }))
  }
  return `${lines.join('\n')}\n`
}
