import type { Verdict } from '../../../src/core/verdict.ts'
import type { SqlGate } from '../../../src/validators/sql/sql-gate.ts'
import type { SqlAttackRow } from './sql-attack-rows.ts'

/**
 * What each statement gets, one object a line: of what is allowed the text that may run and what is known of it, of what
 * is refused each finding with its place and what its reader is told to do. Tests over real databases see that the texts
 * give the rows of the statements as they were sent.
 */
export async function verdictLines(gate: Pick<SqlGate, 'validate'>, rows: readonly SqlAttackRow[]): Promise<string> {
  const lines: string[] = []
  for (const { sql } of rows) {
    const verdict: Verdict<object> = await gate.validate(sql, AbortSignal.timeout(60_000))
    lines.push(
      JSON.stringify({ sql, ...(verdict.kind === 'accepted' ? verdict.value : { refused: verdict.findings }) }),
    )
  }
  return `${lines.join('\n')}\n`
}
