import { ServiceError } from '../../core/errors.ts'
import type { ContentNotice } from '../../core/facts.ts'
import type { AuthorizedCall } from '../../core/model-call.ts'
import type { Direction, FilterContext, FilterPart } from '../../filters/filter.ts'
import type { NamedProfile } from '../../filters/pipeline/named-profiles.ts'
import type { ContentPipeline, ContentVerdict } from '../../filters/pipeline/pipeline.ts'
import { masksSpan, onlyThose } from './only-those.ts'
import type { AskPerson } from '../authorize/approvals/ask-person.ts'
import type { ContentDecision, ContentRules } from '../authorize/content-rules.ts'
import { blockedInput, whyWithheld } from './blocked.ts'
import { ContentRecord } from './content-record.ts'
import { partsOfBody } from './moderate-body.ts'

export interface ModerationOptions {
  readonly pipeline: ContentPipeline
  /** By name, `default` among them. */
  readonly profiles: ReadonlyMap<string, NamedProfile>
  readonly askPerson: AskPerson
  readonly rules: ContentRules
  /** Resolves when it is on the audit trail: nothing is sent before. */
  readonly tell: (notice: ContentNotice) => Promise<void>
}

/** Filters the content of calls by the profiles that their groups have for that. */
export interface Moderation {
  /** null where the group has no profile, or one that looks for nothing: nothing of the call is read then. */
  of(call: AuthorizedCall): CallModeration | null
}

export function createModeration(options: ModerationOptions): Moderation {
  const { pipeline, profiles } = options
  return {
    of(call) {
      const name = call.grant.callFilterProfile
      if (name === null) return null
      const profile = profiles.get(name)
      if (profile === undefined) throw noProfile(call, name, profiles)
      const isNeeded = pipeline.applies(profile, 'inbound') || pipeline.applies(profile, 'outbound')
      return isNeeded ? new CallModeration(call, profile, options) : null
    },
  }
}

function noProfile({ principal }: AuthorizedCall, name: string, profiles: ReadonlyMap<string, unknown>): ServiceError {
  const message = `The group "${principal.group}" names the filter profile "${name}", which is not there.`
  return new ServiceError('invalid-config', message, { advice: `Name one of: ${[...profiles.keys()].join(', ')}.` })
}

interface Asked {
  readonly record: ContentRecord
  /** Of the rule that wants it; null where the profile does. */
  readonly reason: string | null
}

/** The content of one call, and of its answer. */
export class CallModeration {
  readonly #call: AuthorizedCall
  readonly #profile: NamedProfile
  readonly #options: ModerationOptions

  constructor(call: AuthorizedCall, profile: NamedProfile, options: ModerationOptions) {
    this.#call = call
    this.#profile = profile
    this.#options = options
  }

  /**
   * The body as it may go on: itself, or one with spans replaced. Rejects with `content-blocked` where it may not, and with
   * `approval-required` where a person has to allow exactly this body first.
   */
  async input(signal: AbortSignal): Promise<Buffer | null> {
    const { body, method } = this.#call
    if (body === null || method !== 'POST' || !this.#applies('inbound')) return body
    const { parts, plausible, pathOf, masked } = partsOfBody(this.#call, body)
    const policy = { profile: this.#profile, context: this.#context('inbound') }
    const seen = await this.#options.pipeline.inspect(parts, policy, signal)
    const decided = await this.#decide(onlyThose(seen, plausible(seen)), parts, 'inbound')
    const { action, decisions, reason } = decided
    const record = new ContentRecord({ call: this.#call, direction: 'inbound', profile: this.#profile })
    record.add(decided)
    const notice = record.notice()
    if (notice !== null) await this.#options.tell(notice)
    if (action === 'block') {
      const blocking = decisions.find(({ effective }) => effective === 'block')
      throw blockedInput(record, reason ?? whyWithheld(record), blocking && pathOf(blocking))
    }
    if (action === 'human') await this.#askPerson(body, { record, reason }, signal)
    const masks = decisions.filter(({ effective }) => masksSpan(effective))
    return masks.length === 0 ? body : masked(masks)
  }

  /** What the rules make of what was found. */
  #decide(verdict: ContentVerdict, parts: readonly FilterPart[], direction: Direction): Promise<ContentDecision> {
    const { principal, channel, requestId, api, facts } = this.#call
    return this.#options.rules(verdict, parts, { principal, channel, requestId, direction, api, model: facts.model })
  }

  #applies(direction: Direction): boolean {
    return this.#options.pipeline.applies(this.#profile, direction)
  }

  #context(direction: Direction): FilterContext {
    return { direction, group: this.#call.principal.group, executedSql: [] }
  }

  /** Resolves where a person has allowed this very body, once. */
  async #askPerson(body: Buffer, { record, reason }: Asked, signal: AbortSignal): Promise<void> {
    const { principal, requestId, api, path } = this.#call
    const categories = record.categoriesOf('human')
    const exact = () =>
      ({
        tool: 'model-call',
        language: null,
        source: `${api} ${path}`,
        session: null,
        endUser: principal.endUser ?? null,
        before: [],
        text: body.toString('utf8'),
      }) as const
    const wanted = {
      rules: categories.map((category) => `content/${category}`),
      reason: reason ?? `The request holds ${categories.join(', ')}.`,
    }
    const finding = await this.#options.askPerson({ principal, requestId, wanted, exact }, signal)
    if (finding !== null) throw blockedInput(record, finding.message)
  }
}
