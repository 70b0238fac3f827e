import type {
  AboutApproval,
  Approval,
  ApprovalEvent,
  ApprovalFacts,
  Approvals,
  Approver,
  AskedApprovals,
} from '../../../core/approvals.ts'
import { ServiceError } from '../../../core/errors.ts'
import type { Principal } from '../../../core/principal.ts'
import type { Finding } from '../../../core/verdict.ts'
import type { PersonWanted } from '../ask.ts'
import { hasScope } from '../scopes.ts'
import { decideTold } from './decide-told.ts'
import type { DecisionWatch } from './decision-watch.ts'
import { digestOf, shownText, type ExactAction } from './digest.ts'
import { endOver } from './keep-ended.ts'

/** A call of which a person may write another text. */
export interface Editing {
  /** What would run, without what ran before it. */
  readonly text: string
  /** Told of what a person wrote in place of the call, which is refused then. */
  readonly onChanged: (text: string) => void
}

/** A call for which a rule wants a person. */
export interface WantedAction {
  readonly principal: Principal
  readonly requestId: string
  readonly wanted: Pick<PersonWanted, 'rules' | 'reason'>
  /** What would run at this moment; null where it is more than anybody would read. */
  readonly exact: () => ExactAction | null
  /** Absent where nobody sits before the request. */
  readonly approver?: Approver | undefined
  /** What a person may write in place of the call; absent where that is nothing. */
  readonly editing?: Editing | undefined
  /** What the caller wants of it; absent where that is what the service does for everybody. */
  readonly asked?: Pick<AskedApprovals, 'waitMilliseconds' | 'onAsked'> | undefined
}

/**
 * Lets a call run once that a person has allowed: the same principal, the same digest, within its time. Resolves with null
 * where it may run, and the approval is used up then; with the finding for the model where the person said no. Rejects with
 * `approval-required`, which ends the run, where nobody has decided.
 */
export type AskPerson = (action: WantedAction, signal: AbortSignal) => Promise<Finding | null>

/** Puts something that happened to an approval on the audit trail. */
export type TellOfApproval = (event: ApprovalEvent, approval: ApprovalFacts, about: AboutApproval) => Promise<void>

export interface AskPersonOptions {
  readonly approvals: () => Promise<Pick<Approvals, 'ask' | 'take' | 'show' | 'decide' | 'endOver'>>
  /** How long a run waits for somebody to decide. */
  readonly waitMilliseconds: number
  /** Told of what is decided in this process. */
  readonly watch: DecisionWatch
  /**
   * How often a run that waits looks for what was decided elsewhere: one row is read, for a run that holds a place of its
   * caller's, so there are never more than places.
   */
  readonly pollMilliseconds?: number
  /** Names the person who sits before requests of this process. */
  readonly personHere: () => string
  /** Resolves when it is on the audit trail: nothing runs before. */
  readonly tell: TellOfApproval
  /** Milliseconds since any fixed point. */
  readonly clock?: () => number
}

const refusal = (message: string): Finding => ({ rule: 'policy/refused-by-a-person', line: 1, column: 1, message })

export function createAskPerson(options: AskPersonOptions): AskPerson {
  const { waitMilliseconds, watch, pollMilliseconds = 1_000, tell, clock = () => performance.now() } = options
  return async (action, signal) => {
    const approvals = await options.approvals()
    const { principal, requestId, wanted } = action
    const use = async (digest: string): Promise<boolean> => {
      const taken = await approvals.take(principal, digest)
      if (taken !== null) await tell('approval-used', taken, { requestId, by: null })
      return taken !== null
    }
    const exact = action.exact()
    const text = exact === null ? '' : shownText(exact)
    if (exact === null || text.length > mostCharacters) return refusal(`${tooMuch} ${wanted.reason}`)
    const digest = digestOf(exact)
    if (await use(digest)) return null
    const { tool, language, source } = exact
    const { editing } = action
    const words = { text, reason: wanted.reason, ...(editing === undefined ? {} : { editable: editing.text }) }
    const question = { digest, tool, language, source, ...words, rules: wanted.rules, requestId }
    const ask = async (): Promise<Approval> => {
      await endOver(approvals, tell)
      return await approvals.ask(principal, question)
    }
    let asked = await ask()
    // Its time was over between the two.
    if (asked.state === 'expired') asked = await ask()
    if (asked.requestId === requestId) await tell('approval-asked', asked, { requestId, by: null })
    if (action.approver !== undefined && asked.state === 'pending' && hasScope(principal, 'approve')) {
      const decision = await action.approver(asked, signal)
      const about = { requestId, by: options.personHere() }
      if (decision !== null) await decideTold({ approvals, tell }, asked, { ...about, decision }).catch(unlessDecided)
    }
    if (asked.state === 'pending') action.asked?.onAsked?.(asked)
    const until = clock() + Math.max(waitMilliseconds, action.asked?.waitMilliseconds ?? 0)
    using decision = watch.await(asked.id)
    for (;;) {
      signal.throwIfAborted()
      const { state, changedTo } = (await approvals.show(asked.id)) ?? {}
      if (state === 'refused') {
        if (changedTo !== undefined) editing?.onChanged(changedTo)
        return refusal(`A person refused this call. ${wanted.reason}`)
      }
      // What would run may have changed while the person read: the digest is of what runs now.
      const now = action.exact()
      if (state === 'allowed' && now !== null && (await use(digestOf(now)))) return null
      if (state !== 'pending' || clock() >= until) throw approvalRequired(asked, wanted.reason)
      await decision.within(Math.min(pollMilliseconds, Math.max(1, until - clock())), signal)
    }
  }
}

/** What somebody else decided meanwhile, or time, is seen as it is where it is looked up next. */
function unlessDecided(thrown: unknown): void {
  if (!(thrown instanceof ServiceError) || thrown.code !== 'conflict') throw thrown
}

/** The longest text that a person is asked to read. */
const mostCharacters = 200_000

const tooMuch = 'A person has to allow this call, and it is too much to look at with what ran in the session before it.'

function approvalRequired({ id, expires }: Approval, reason: string): ServiceError {
  return new ServiceError('approval-required', `A person has to allow this call before it runs: ${reason}`, {
    advice: `It waits as ${id} until ${expires.toISOString()}. Once it is allowed (sallyport approvals allow ${id}), ask the same again.`,
    approval: { id, expires },
  })
}
