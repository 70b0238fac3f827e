import { toServiceError } from '../core/errors.ts'
import type { StatementExplanation } from '../core/statement.ts'
import type { Approval, ApprovalVerdict, CallApprover, Rewriting } from '../core/approvals.ts'
import { describeFindings } from '../core/verdict.ts'
import { plainLine } from './output/plain-text.ts'
import { visibleText } from './output/visible-text.ts'
import type { Output } from './terminal.ts'

/**
 * Reads a line that a person types behind these words, beginning with what may stand there already; null where they leave.
 * Rejects where the signal ends it.
 */
export type AskLine = (words: string, signal: AbortSignal, begun?: string) => Promise<string | null>

/** The person at a terminal. */
export interface Person {
  readonly askLine: AskLine
  /** What they make of a text; null where they leave it. Throws `invalid-request` where nothing here can edit it. */
  readonly editText: (text: string, language: string | null, signal: AbortSignal) => Promise<string | null>
}

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
  readonly person: Person
  /** Runs a task that talks with the person: nothing else moves on the terminal meanwhile. */
  readonly undisturbed: <T>(task: () => Promise<T>) => Promise<T>
}

/** Whole words, since whoever decides must not have done so by a key that was pressed before the question stood there. */
const verdicts: Readonly<Record<string, ApprovalVerdict>> = { allow: 'allowed', refuse: 'refused' }
const mostTries = 3

/** Shows a person at a terminal all of what would run, and asks whether it may. One is asked about at a time. */
export function createApprover({ error, person, undisturbed, explain }: ApproverOptions): CallApprover {
  const decide = async (approval: Approval, rewriting: Rewriting | null, signal: AbortSignal) => {
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
    const edit = rewriting === null ? null : createEdit(rewriting, { language, person, error })
    for (let slips = 0; slips < mostTries;) {
      const choices = edit === null ? 'allow (once) or refuse' : 'allow (once), edit or refuse'
      const typed = await person.askLine(`Type ${choices}; Enter decides later: `, signal)
      const word = (typed ?? '').trim().toLowerCase()
      const verdict = Object.hasOwn(verdicts, word) ? verdicts[word] : undefined
      if (verdict !== undefined) return verdict
      if (word === '') break
      if (word !== 'edit' || edit === null) {
        slips += 1
        continue
      }
      const changedTo = await edit(signal)
      if (changedTo !== null) return { changedTo }
    }
    error.write(`Not decided: ${plainLine(id, 100)} waits until ${expires.toISOString()}.\n`)
    return null
  }
  let last: Promise<unknown> = Promise.resolve()
  return (approval, rewriting, signal) => {
    const decided = last.then(() => undisturbed(() => decide(approval, rewriting, signal)))
    last = decided.catch(() => undefined)
    return decided
  }
}

interface EditOptions extends Pick<ApproverOptions, 'person' | 'error'> {
  readonly language: string | null
}

/**
 * Has the person write another text, which is asked about like any other. What was refused is what they go on with; null where
 * there is nothing to ask about.
 */
function createEdit({ text, check }: Rewriting, { language, person, error }: EditOptions) {
  let draft = text
  return async (signal: AbortSignal): Promise<string | null> => {
    try {
      const written = await person.editText(draft, language, signal)
      if (written === null || written.trim() === '' || written === text) {
        error.write('Nothing was changed.\n')
        return null
      }
      draft = written
      const findings = await check(written, signal)
      if (findings.length === 0) return written
      error.write(`What you wrote would be refused:\n${visibleText(describeFindings(findings), '  ')}`)
    } catch (thrown) {
      signal.throwIfAborted()
      const { message, advice } = toServiceError(thrown)
      error.write(visibleText(`It cannot be edited: ${message}. ${advice}`, ''))
    }
    return null
  }
}

/** The tables that a statement reads, the columns that leave masked, and what the planner expects of it. */
function describeExplanation(explanation: StatementExplanation): string {
  if (explanation.kind === 'refused') return 'the gate would refuse it now'
  const { relations, masks, rowLimit, estimate } = explanation.value
  const limit = `${rowLimit.toLocaleString('en')} rows leave at most`
  const expected =
    estimate === null
      ? 'what it costs cannot be told'
      : `about ${estimate.rows.toLocaleString('en')} rows at a cost of ${estimate.cost.toLocaleString('en')}`
  const hidden = masks.map(({ relation, column, how }) => `${relation}.${column} (${how})`)
  return [
    `tables: ${relations.length === 0 ? 'none' : relations.join(', ')}`,
    ...(hidden.length === 0 ? [] : [`masked: ${hidden.join(', ')}`]),
    `planner: ${expected}; ${limit}`,
  ].join('\n')
}
