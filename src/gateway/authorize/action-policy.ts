import type { Approver, AskedApprovals } from '../../core/approvals.ts'
import { ServiceError } from '../../core/errors.ts'
import type { ToolName } from '../../core/grant.ts'
import type { Admitted } from '../../core/request.ts'
import type { Finding } from '../../core/verdict.ts'
import type { AskPerson, Editing, WantedAction } from './approvals/ask-person.ts'
import { type Ask, type Asking, PersonWanted } from './ask.ts'
import type { DecisionInput } from './decisions.ts'

/** A tool call of a model, or a program of a caller, that is about to run. */
export type ProposedAction = Omit<DecisionInput<'action'>['action'], 'tool' | 'call'> & { readonly tool: ToolName }

/** What a person needs who is asked to allow a call. */
export interface ProposedRun {
  /** All of what runs, as its validator left it. */
  readonly text: string
  /** What ran before in the same interpreter, at this moment; null where that is more than anybody would read. */
  readonly before: () => readonly string[] | null
  readonly approver?: Approver | undefined
  /** What a person may write in its place; absent where that is nothing. Where they do, the finding says no more than that it is refused. */
  readonly editing?: Editing | undefined
  /** What wants a person besides rules, whatever these say; null where nothing does. */
  readonly wanted?: WantedAction['wanted'] | null
}

/**
 * May a tool call of this request run? Resolves with the finding that tells its model why not; rejects with `forbidden` where
 * there is no decision and with `approval-required` where a person has to decide first, which ends the run.
 */
export type ActionPolicy = (
  request: Pick<Admitted, 'requestId' | 'channel' | 'principal' | 'sessionId' | 'approvals'>,
  action: ProposedAction,
  run: ProposedRun,
  signal: AbortSignal,
) => Promise<Finding | null>

/** Tools whose calls can leave something behind: they write files. */
const writing: ReadonlySet<string> = new Set(['run_python', 'run_shell'])

/** Does the caller want somebody to allow this call, whatever the rules say? */
function wants(asked: AskedApprovals | undefined, { tool }: ProposedAction): boolean {
  return asked?.calls === 'always' || (asked?.calls === 'on-write' && writing.has(tool))
}

/** What stands in an approval in place of a rule. */
const byTheCaller = { rules: ['caller/approvals'], reason: 'Whoever asked wants to allow such calls first.' }

export function createActionPolicy(ask: Ask, askPerson: AskPerson): ActionPolicy {
  return async (request, action, { text, before, approver, editing, wanted: besides = null }, signal) => {
    const { principal, channel, requestId, sessionId: session, approvals: asked } = request
    const person = async (wanted: WantedAction['wanted']): Promise<Finding | null> => {
      const { tool, language, source } = action
      const endUser = principal.endUser ?? null
      const exact = () => {
        const earlier = before()
        return earlier === null ? null : { tool, language, source, session, endUser, before: earlier, text }
      }
      return await askPerson({ principal, requestId, wanted, exact, approver, editing, asked }, signal)
    }
    const ruled = await askRules(ask, { principal, channel, requestId }, { ...action, call: null })
    if (ruled.kind === 'ask') return await person(besides === null ? ruled : together(ruled, besides))
    if (ruled.kind === 'refuse') return { rule: 'policy/refused', line: 1, column: 1, message: ruled.message }
    if (besides !== null) return await person(besides)
    return wants(asked, action) ? await person(byTheCaller) : null
  }
}

/** What rules say of an action. */
export type Ruled =
  | { readonly kind: 'allow' }
  | { readonly kind: 'refuse'; readonly message: string }
  | ({ readonly kind: 'ask' } & WantedAction['wanted'])

/** Rejects with `forbidden` where there is no decision. */
export async function askRules(
  ask: Ask,
  about: Omit<Asking, 'refusal'>,
  action: DecisionInput<'action'>['action'],
): Promise<Ruled> {
  try {
    await ask('action', { ...about, refusal: 'refused' }, (who) => ({ ...who, action }))
    return { kind: 'allow' }
  } catch (thrown) {
    if (thrown instanceof PersonWanted) return { kind: 'ask', rules: thrown.rules, reason: thrown.reason }
    if (!(thrown instanceof ServiceError) || thrown.code !== 'refused') throw thrown
    return { kind: 'refuse', message: thrown.message }
  }
}

/** One question for all that want it asked. */
export function together(one: WantedAction['wanted'], other: WantedAction['wanted']): WantedAction['wanted'] {
  return { rules: [...one.rules, ...other.rules].toSorted(), reason: `${one.reason} ${other.reason}` }
}
