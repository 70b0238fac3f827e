import { toServiceError } from '../core/errors.ts'
import type { StatementExplanation } from '../core/statement.ts'
import type { Approval, ApprovalVerdict, Approver } from '../core/approvals.ts'
import { plainLine } from './output/plain-text.ts'
import { visibleText } from './output/visible-text.ts'
import type { Output } from './terminal.ts'

/** Reads a line that a person types behind these words; null where they leave. Rejects where the signal ends it. */
export type AskLine = (words: string, signal: AbortSignal) => Promise<string | null>

/** What a statement touches and the planner expects; rejects where nobody can tell. */
export type ExplainStatement = (
  statement: string,
  source: string | null,
  signal: AbortSignal,
) => Promise<StatementExplanation>

interface ApproverOptions {
  /** Null where no statement can be asked about. */
  readonly explain: ExplainStatement | null
  readonly error: Output
  readonly askLine: AskLine
  /** Runs a task that talks with the person: nothing else moves on the terminal meanwhile. */
  readonly undisturbed: <T>(task: () => Promise<T>) => Promise<T>
}

/** Whole words, since whoever decides must not have done so by a key that was pressed before the question stood there. */
const verdicts: Readonly<Record<string, ApprovalVerdict>> = { allow: 'allowed', refuse: 'refused' }
const mostTries = 3

/** Shows a person at a terminal all of what would run, and asks whether it may. One is asked about at a time. */
export function createApprover({ error, askLine, undisturbed, explain }: ApproverOptions): Approver {
  const decide = async (approval: Approval, signal: AbortSignal): Promise<ApprovalVerdict | null> => {
    const { id, expires, tool, language, source, rules, reason, text } = approval
    const what = [tool, language, source].filter((part) => part !== null).join(', ')
    error.write(`\nA rule wants a person to allow this call (${plainLine(rules.join(', '), 1_000)}):\n`)
    error.write(`${visibleText(reason, '  | ')}what would run: ${plainLine(what, 200)}\n${visibleText(text, '  | ')}`)
    if (language === 'sql' && explain !== null) {
      const told = await explain(text, source, signal).then(describeExplanation, (thrown: unknown) => {
        signal.throwIfAborted()
        return `what it touches cannot be told: ${toServiceError(thrown).message}`
      })
      error.write(visibleText(told, '  '))
    }
    for (let tries = 0; tries < mostTries; tries += 1) {
      const typed = await askLine('Type allow (once) or refuse; Enter decides later: ', signal)
      const word = (typed ?? '').trim().toLowerCase()
      const verdict = Object.hasOwn(verdicts, word) ? verdicts[word] : undefined
      if (verdict !== undefined) return verdict
      if (word === '') break
    }
    error.write(`Not decided: ${plainLine(id, 100)} waits until ${expires.toISOString()}.\n`)
    return null
  }
  let last: Promise<unknown> = Promise.resolve()
  return (approval, signal) => {
    const decided = last.then(() => undisturbed(() => decide(approval, signal)))
    last = decided.catch(() => undefined)
    return decided
  }
}

/** The tables that a statement reads, the columns that leave masked, and what the planner expects of it. */
function describeExplanation(explanation: StatementExplanation): string {
  if (explanation.kind === 'refused') return 'the gate would refuse it now'
  const { relations, masks, rowLimit, estimate } = explanation.value
  const limit = `${rowLimit.toLocaleString('en')} rows leave at most`
  const expected =
    estimate === null
      ? 'the source cannot tell what it costs'
      : `about ${estimate.rows.toLocaleString('en')} rows at a cost of ${estimate.cost.toLocaleString('en')}`
  const hidden = masks.map(({ relation, column, how }) => `${relation}.${column} (${how})`)
  return [
    `tables: ${relations.length === 0 ? 'none' : relations.join(', ')}`,
    ...(hidden.length === 0 ? [] : [`masked: ${hidden.join(', ')}`]),
    `planner: ${expected}; ${limit}`,
  ].join('\n')
}
