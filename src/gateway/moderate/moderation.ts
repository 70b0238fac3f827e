import { ServiceError } from '../../core/errors.ts'
import type { ContentNotice } from '../../core/facts.ts'
import { annotatedHeader, decisionHeader, type AuthorizedCall, type ScreenedAnswer } from '../../core/model-call.ts'
import { AnswerSoFar } from '../../filters/answer-so-far.ts'
import type { Direction, FilterContext, FilterPart } from '../../filters/filter.ts'
import type { CallConversation, CallThresholds, ThresholdsFor } from '../../filters/pipeline/call-thresholds.ts'
import type { NamedProfile } from '../../filters/pipeline/named-profiles.ts'
import type { ContentPipeline, ContentVerdict } from '../../filters/pipeline/pipeline.ts'
import { ruleFor } from '../../filters/profile.ts'
import type { AskPerson } from '../authorize/approvals/ask-person.ts'
import type { ContentDecision, ContentRules } from '../authorize/content-rules.ts'
import { AnswerDecider } from './answer-decider.ts'
import { blockedInput, whyWithheld } from './blocked.ts'
import { asConfigured } from './call-thresholds.ts'
import type { ToldBlock } from './blocked-answers.ts'
import { ContentRecord } from './content-record.ts'
import { readKept } from './kept-instructions.ts'
import { moderateEvents, moderateWhole } from './moderate-answer.ts'
import { readWritten } from './streams/event-texts.ts'
import { refuseUnlessAllowed } from './refuse-unless-allowed.ts'
import { partsOfBody } from './moderate-body.ts'

export interface ModerationOptions {
  readonly pipeline: ContentPipeline
  /** By name, `default` among them. */
  readonly profiles: ReadonlyMap<string, NamedProfile>
  /** The thresholds by which a call is decided; those of the configuration where it is absent. */
  readonly thresholds?: ThresholdsFor
  readonly askPerson: AskPerson
  readonly rules: ContentRules
  /** Resolves when it is on the audit trail: nothing is sent before. */
  readonly tell: (notice: ContentNotice) => Promise<void>
  /** Where callers may object to what was withheld or changed; absent where nowhere. */
  readonly appeals?: string | undefined
}

/** Filters the content of calls by the profiles that their groups have for that. */
export interface Moderation {
  /** null where the group has no profile, or one that looks for nothing: nothing of the call is read then. */
  of(call: AuthorizedCall): CallModeration | null
}

export function createModeration(options: ModerationOptions): Moderation {
  const { pipeline, profiles, thresholds = asConfigured } = options
  return {
    of(call) {
      const name = call.grant.callFilterProfile
      if (name === null) return null
      const profile = profiles.get(name)
      if (profile === undefined) throw noProfile(call, name, profiles)
      const isNeeded = pipeline.applies(profile, 'inbound') || pipeline.applies(profile, 'outbound')
      return isNeeded ? new CallModeration(call, thresholds(call.principal, profile), options) : null
    },
  }
}

function noProfile({ principal }: AuthorizedCall, name: string, profiles: ReadonlyMap<string, unknown>): ServiceError {
  const message = `The group "${principal.group}" names the filter profile "${name}", which is not there.`
  return new ServiceError('invalid-config', message, { advice: `Name one of: ${[...profiles.keys()].join(', ')}.` })
}

/** The conversation of a provider's that a call names. */
function conversationOf({ facts }: AuthorizedCall): CallConversation | null {
  const named = facts.ids.find(({ parameter }) => /^conversation(?:\.id)?$/.test(parameter))
  return named === undefined ? null : { id: () => named.name }
}

interface AnswerContext {
  /** Lets the upstream go. */
  readonly leave: () => void
  /** Is this the first answer, and may the model be asked for another? */
  readonly mayRegenerate: boolean
  readonly signal: AbortSignal
}

/** The content of one call, and of its answer. */
export class CallModeration {
  readonly #call: AuthorizedCall
  readonly #thresholds: CallThresholds
  readonly #options: ModerationOptions
  readonly #annotated: string[] = []
  /** Decisions by which something was replaced of what went in, or of a whole answer. */
  readonly #changed: string[] = []
  #decision: string | null = null

  constructor(call: AuthorizedCall, thresholds: CallThresholds, options: ModerationOptions) {
    this.#call = call
    this.#thresholds = thresholds
    this.#options = options
  }

  /** The decision about the answer that was asked last, whether or not it has found anything; null where none was made. */
  get decision(): string | null {
    return this.#decision
  }

  /**
   * The body as it may go on: itself, or one with spans replaced. Rejects with `content-blocked` where it may not, and with
   * `approval-required` where a person has to allow exactly this body first.
   */
  async input(signal: AbortSignal): Promise<Buffer | null> {
    const { body, method } = this.#call
    if (body === null || method !== 'POST' || !this.#applies('inbound')) return body
    const { parts, pathOf, masked } = partsOfBody(this.#call, body)
    const policy = { profile: this.#thresholds.profile, context: this.#context('inbound') }
    const seen = await this.#options.pipeline.inspect(parts, policy, signal)
    const decided = await this.#decide(seen, parts, 'inbound')
    const { action, decisions, reason } = decided
    const record = this.#record('inbound')
    record.add(decided, parts)
    record.complete()
    await record.tell(this.#options.tell)
    this.#annotated.push(...record.categoriesOf('annotate'))
    if (action === 'block') {
      const blocking = decisions.find(({ effective }) => effective === 'block')
      throw blockedInput(record, reason ?? whyWithheld(record), blocking && pathOf(blocking))
    }
    if (action === 'human') {
      const { principal, requestId, api, path } = this.#call
      const asked = { principal, requestId, source: `${api} ${path}`, session: null, text: body.toString('utf8') }
      await refuseUnlessAllowed({ ...asked, record, reason }, this.#options.askPerson, signal)
    }
    const masks = decisions.filter(({ effective }) => effective === 'mask')
    if (masks.length === 0) return body
    this.#changed.push(record.id)
    return masked(masks)
  }

  /**
   * An answer as its caller may have it: as it came, with spans replaced, or one of its API that says it was withheld;
   * `regenerate` where the model is to be asked once more, and nothing of this answer has left.
   */
  async answer(
    answer: ScreenedAnswer,
    { leave, mayRegenerate, signal }: AnswerContext,
  ): Promise<ScreenedAnswer | 'regenerate'> {
    const { api, method, facts } = this.#call
    const isEmpty = Buffer.isBuffer(answer.body) && answer.body.length === 0
    const isWritten = readWritten[api] !== null && method !== 'DELETE' && !isEmpty
    if (!isWritten || !this.#applies('outbound')) return this.#withHeaders(answer, null)
    const { systemPrompts, body } = await this.#told(answer.body)
    const record = this.#record('outbound')
    this.#decision = record.id
    const tell = (): Promise<void> => record.tell(this.#options.tell)
    const { pipeline } = this.#options
    const decider = new AnswerDecider({
      pipeline,
      thresholds: this.#thresholds,
      // What is split over the windows of one answer adds up.
      context: { ...this.#context('outbound'), systemPrompts, answer: new AnswerSoFar() },
      decide: (verdict, parts) => this.#decide(verdict, parts, 'outbound'),
      record,
      signal,
    })
    if (!Buffer.isBuffer(body)) {
      const { choices = 1 } = facts
      const stream = await moderateEvents(body, { api, decider, choices, mayRegenerate, leave, tell })
      if (stream.kind === 'regenerate') return 'regenerate'
      return this.#withHeaders({ ...answer, body: stream.body }, stream.told)
    }
    const moderated = await moderateWhole(body, api, { decider, mayRegenerate })
    await tell()
    if (moderated.kind === 'regenerate') return 'regenerate'
    this.#annotated.push(...record.categoriesOf('annotate'))
    const told = moderated.kind === 'blocked' ? moderated.told : null
    if (told === null && moderated.body !== body) this.#changed.push(record.id)
    return this.#withHeaders({ ...answer, body: moderated.body }, told)
  }

  /** With what its caller is told beside it, where anything is. */
  #withHeaders(answer: ScreenedAnswer, told: ToldBlock | null): ScreenedAnswer {
    const annotated = [...new Set(this.#annotated)].sort().join(', ')
    const decisions = [...(told === null ? [] : [told.decision]), ...this.#changed]
    const headers = [
      ...(decisions.length === 0 ? [] : [decisionHeader, decisions.join(', ')]),
      ...(annotated === '' ? [] : [annotatedHeader, annotated]),
    ]
    return headers.length === 0 ? answer : { ...answer, headers: [...answer.headers, ...headers] }
  }

  /** What the rules make of what was found. */
  #decide(verdict: ContentVerdict, parts: readonly FilterPart[], direction: Direction): Promise<ContentDecision> {
    const { principal, channel, requestId, api, facts } = this.#call
    return this.#options.rules(verdict, parts, { principal, channel, requestId, direction, api, model: facts.model })
  }

  #record(direction: Direction): ContentRecord {
    const [call, thresholds] = [this.#call, this.#thresholds]
    const { appeals } = this.#options
    return new ContentRecord({ call, direction, thresholds, conversation: conversationOf(call), appeals })
  }

  #applies(direction: Direction): boolean {
    return this.#options.pipeline.applies(this.#thresholds.profile, direction)
  }

  #context(direction: Direction): FilterContext {
    return { direction, group: this.#call.principal.group, executedSql: [] }
  }

  /** An answer, with what the model was told before it. */
  async #told(
    body: ScreenedAnswer['body'],
  ): Promise<Required<Pick<FilterContext, 'systemPrompts'>> & Pick<ScreenedAnswer, 'body'>> {
    const { body: sent } = this.#call
    if (sent !== null) return { systemPrompts: partsOfBody(this.#call, sent).systemPrompts, body }
    if (ruleFor(this.#thresholds.profile, 'outbound', 'leak/system-prompt').action === 'allow')
      return { systemPrompts: [], body }
    const { instructions: systemPrompts, body: whole } = await readKept(body)
    return { systemPrompts, body: whole }
  }
}
