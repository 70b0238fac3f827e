import type { StatementExplanation, StatementVerdict } from '../../core/statement.ts'
import { toVerdict } from '../../surfaces/wire/sql.ts'
import type { ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Terminal } from '../terminal.ts'
import { plainText } from './plain-text.ts'
import { writeFindings } from './run-writer.ts'

/** Writes what the gate thinks of a statement, with the planner's estimate where there is one; returns the exit code. */
export function writeVerdict(
  terminal: Terminal,
  verdict: StatementVerdict | StatementExplanation,
  format: 'text' | 'json',
): ExitCode {
  const code = verdict.kind === 'accepted' ? exitCodes.ok : exitCodes.refused
  if (format === 'json') {
    terminal.out.writeJson(toVerdict(verdict))
    return code
  }
  if (verdict.kind === 'refused') {
    writeFindings(terminal, 'the statement was', verdict.findings)
    return code
  }
  const { canonical, relations, columns, functions, masks, rowLimit } = verdict.value
  const list = (name: string, values: readonly string[]): string =>
    values.length === 0 ? '' : `${name}: ${plainText(values.join(', '))}\n`
  const masked = masks.map(
    ({ position, relation, column, how }) => `${relation}.${column} (column ${position + 1}): ${how}`,
  )
  terminal.out.write(`${terminal.out.style('green', 'allowed')}\n`)
  if (canonical !== null) terminal.out.write(`${plainText(canonical)}\n`)
  terminal.out.write(list('relations', relations) + list('columns', columns) + list('functions', functions))
  terminal.out.write(list('masked', masked) + `row limit: ${rowLimit.toLocaleString('en')}\n`)
  if ('estimate' in verdict.value) terminal.out.write(describeEstimate(verdict.value.estimate))
  return code
}

function describeEstimate(estimate: { readonly cost: number; readonly rows: number } | null): string {
  if (estimate === null) return 'planner: the source cannot tell\n'
  return `planner: about ${estimate.rows.toLocaleString('en')} rows at a cost of ${estimate.cost.toLocaleString('en')}\n`
}
