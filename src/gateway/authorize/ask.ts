import { ServiceError } from '../../core/errors.ts'
import type { PolicyNotice } from '../../core/facts.ts'
import type { Principal } from '../../core/principal.ts'
import type { Decide, Decided } from './decide.ts'
import type { DecisionInput, DecisionName, DecisionOutput } from './decisions.ts'
import type { RecordQuestion } from './recorder.ts'
import type { CompareWithShadow } from './shadow/compare.ts'
import { createTimeOfDay } from './time-of-day.ts'

/** A rule wants a person to allow it. Where nobody makes an approval of it, it is a refusal like any other. */
export class PersonWanted extends ServiceError {
  readonly rules: readonly string[]
  readonly reason: string

  constructor({ rules, reason }: RefusingOutput) {
    super('approval-required', `Policy wants a person to allow this: ${reason}`)
    this.rules = rules.toSorted()
    this.reason = reason
  }
}

/** Who asks, for whom a decision is made. */
export interface Asking {
  readonly principal: Principal
  readonly channel: Who['channel']
  /** null where the question is not about one request. */
  readonly requestId: string | null
  /** What a caller is told with the reason of a rule. */
  readonly refusal: 'forbidden' | 'refused'
}

export type Who = Pick<DecisionInput<'grant'>, 'principal' | 'channel' | 'time'>

type Allowed<Name extends DecisionName> = Extract<DecisionOutput<Name>, { readonly allow: true }>

/**
 * Asks the rules and tells of the answer. Resolves with what is allowed; rejects with the given refusal where a rule says no,
 * and with `forbidden` where there is no decision.
 */
export type Ask = <Name extends DecisionName>(
  name: Name,
  about: Asking,
  inputOf: (who: Who) => DecisionInput<Name>,
) => Promise<Allowed<Name>>

export interface CreateAskOptions {
  readonly decide: Decide
  readonly timeZone: string
  /** Of a group; null where it has none, as all have where this is absent. */
  readonly tenantOf?: (group: string) => string | null
  readonly onDecision: (notice: PolicyNotice) => void
  /** Keeps what is asked, where an operator wants that. */
  readonly record?: RecordQuestion | undefined
  /** Asks other rules too, which decide nothing. */
  readonly compare?: CompareWithShadow | undefined
  readonly now?: () => Date
}

/** Asks the rules and tells of the answer, whatever it is. */
export type AskDecided = <Name extends DecisionName>(
  name: Name,
  about: Asking,
  inputOf: (who: Who) => DecisionInput<Name>,
) => Promise<Decided<Name>>

export function createAskDecided({
  decide,
  timeZone,
  tenantOf = () => null,
  onDecision,
  record,
  compare,
  now = () => new Date(),
}: CreateAskOptions): AskDecided {
  const timeOfDay = createTimeOfDay(timeZone)
  return async (name, about, inputOf) => {
    const { id, kind, group, endUser } = about.principal
    const principal = { id, kind, group, tenant: tenantOf(group), end_user: endUser ?? null }
    const who: Who = { principal, channel: about.channel, time: timeOfDay(now()) }
    const input = inputOf(who)
    record?.(name, input)
    const decided = await decide(name, input)
    onDecision(noticeOf(decided, about))
    compare?.(about, input, decided)
    return decided
  }
}

/** What is allowed, by somebody who asks. */
export function askWith(askDecided: AskDecided): Ask {
  return async <Name extends DecisionName>(
    name: Name,
    about: Asking,
    inputOf: (who: Who) => DecisionInput<Name>,
  ): Promise<Allowed<Name>> => {
    const decided = await askDecided(name, about, inputOf)
    if (decided.kind === 'fault') throw noDecision()
    const { output } = decided
    if (!output.allow)
      throw 'ask' in output && output.ask === true ? new PersonWanted(output) : refusedBy(output, about.refusal)
    return output as Allowed<Name>
  }
}

export const createAsk = (options: CreateAskOptions): Ask => askWith(createAskDecided(options))

function noticeOf<Name extends DecisionName>(decided: Decided<Name>, { principal, requestId }: Asking): PolicyNotice {
  const { name, revision, milliseconds } = decided
  const told = { decision: name, requestId, principal: principal.id, group: principal.group, revision, milliseconds }
  if (decided.kind === 'decision') {
    const { allow, rules } = decided.output
    return { ...told, allowed: allow, rules: rules.toSorted(), fault: null }
  }
  return { ...told, allowed: false, rules: [], fault: { what: decided.fault, cause: decided.cause } }
}

interface RefusingOutput {
  readonly reason: string
  readonly rules: readonly string[]
}

function refusedBy({ reason, rules }: RefusingOutput, code: Asking['refusal']): ServiceError {
  return new ServiceError(code, `Policy refuses: ${reason}`, {
    advice: `Ask the operator about ${rules.toSorted().join(', ') || 'the rules of this service'}.`,
  })
}

export function noDecision(): ServiceError {
  return new ServiceError('forbidden', 'No decision could be made about this request, so it is refused.', {
    advice: 'Ask the operator: the log says what is wrong with the policy.',
  })
}
