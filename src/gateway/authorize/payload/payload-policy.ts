import type { Grant } from '../../../core/grant.ts'
import type { AdmittedCall } from '../../../core/model-call.ts'
import type { Principal } from '../../../core/principal.ts'
import type { Admitted } from '../../../core/request.ts'
import { defaultProfile, type FilterProfile } from '../../../filters/profile.ts'
import { isAtLeastAsStrict } from '../../../filters/strictness.ts'
import { isObject } from '../../apis/api.ts'
import { objectOfBody } from '../../calls/object-of-body.ts'
import { defaultPrivacyProfile, type PrivacyProfile } from '../../privacy/profiles/options.ts'
import { hidesNoLess } from '../../privacy/profiles/strictness.ts'
import type { MaskedCall } from '../../privacy/privacy.ts'
import { noDecision, type Ask, type Asking } from '../ask.ts'
import type { DecisionInput, DecisionOutput } from '../decisions.ts'
import type { PolicyEngine } from '../engine.ts'
import { withDeadline } from '../../../concurrency/with-deadline.ts'
import { detectionsOf } from './detections.ts'
import { CallerHistory } from './novelty.ts'
import { createFindPatterns, type FindPatterns } from './patterns.ts'
import { shapeOf } from './shape.ts'

type Payload = DecisionInput<'payload'>['payload']
type Demand = Extract<DecisionOutput<'payload'>, { readonly allow: true }>['demand']

/** Asks rules about the shape of a request before anything of it is sent. */
export interface PayloadPolicy {
  /**
   * The call with the profile that has to hide its values where rules demand another one; itself where the one that did is
   * enough. Rejects with `refused` where a rule says no, and with `forbidden` where there is no decision.
   */
  ofCall(call: AdmittedCall, masked: MaskedCall): Promise<AdmittedCall>
  /** Rejects as `ofCall` does, and where rules demand a profile: nothing hides values from an endpoint. */
  ofEndpoint(call: EndpointPayload): Promise<void>
  /** The request with the filter profile that has to be in force; rejects as `ofCall` does. */
  ofRequest(request: Admitted): Promise<Admitted>
}

/** A call of a guarded endpoint that is as its document says. */
export interface EndpointPayload {
  readonly requestId: string
  readonly channel: 'http'
  readonly principal: Principal
  readonly grant: Pick<Grant, 'filterProfile' | 'privacyProfile'>
  /** `NAME.OPERATION` */
  readonly operation: string
  /** null without one; its value is undefined where it is no JSON. */
  readonly body: { readonly bytes: Buffer; readonly value: unknown } | null
}

export interface PayloadPolicyOptions {
  readonly ask: Ask
  readonly engine: () => Promise<PolicyEngine>
  readonly deadlineMilliseconds: number
  readonly filterProfiles: Readonly<Record<string, FilterProfile>>
  readonly privacyProfiles: Readonly<Record<string, PrivacyProfile>>
  /** Told why a demand could not be met, for the log. */
  readonly onUnfitDemand: (what: string) => void
}

export function createPayloadPolicy(options: PayloadPolicyOptions): PayloadPolicy {
  const { ask, onUnfitDemand } = options
  const history = new CallerHistory()
  const findPatterns = createPatternsInForce(options)
  const filterProfiles = new Map(Object.entries({ default: defaultProfile, ...options.filterProfiles }))
  const privacyProfiles = new Map(Object.entries({ default: defaultPrivacyProfile, ...options.privacyProfiles }))
  const asked = async (about: Asking, seen: Omit<Payload, 'novelty'>, profiles: Profiles): Promise<Demand> => {
    const novelty = history.noveltyOf(about.principal.id, seen)
    const { demand } = await ask('payload', about, (who) => ({ ...who, payload: { ...seen, novelty }, profiles }))
    history.remember(about.principal.id, seen)
    return demand
  }
  const unfit = (what: string): Error => {
    onUnfitDemand(what)
    return noDecision()
  }
  return {
    async ofCall(call, masked) {
      // A call without a body sends nothing but an id of its caller's own.
      if (call.body === null) return call
      const { grant, principal, channel, requestId, facts, api } = call
      const sourceAt = new Map<string, keyof Payload['texts']>()
      const found = masked.masking?.seen ?? []
      const onPlace = (place: string, source: keyof Payload['texts']) => sourceAt.set(place, source)
      const patterns = await findPatterns()
      const shape = shapeOf(objectOfBody(call.body) ?? {}, patterns, found.length === 0 ? null : onPlace)
      const seen = {
        ...shape,
        detections: detectionsOf(found, sourceAt),
        api,
        model: facts.model,
        streamed: facts.streamed,
        output_tokens: facts.outputTokens,
        choices: facts.choices ?? 1,
        bytes: call.body.length,
        hosted_tools: facts.hostedTools.slice(0, 500).map(({ name }) => name.slice(0, 128)),
        found: Object.fromEntries(masked.masking?.receipt.masked.byKind ?? []),
      }
      const about = { principal, channel, requestId, refusal: 'refused' } as const
      const inForce = { filter: grant.filterProfile, privacy: grant.privacyProfile }
      const demanded = (await asked(about, seen, inForce))?.privacy_profile
      if (demanded === undefined || demanded === grant.privacyProfile) return call
      const [profile, before] = [privacyProfiles.get(demanded), privacyProfiles.get(grant.privacyProfile ?? '')]
      const isStricter = profile !== undefined && (before === undefined || hidesNoLess(profile, before))
      if (!isStricter) throw unfit(`the privacy profile "${demanded}" is not there, or is not at least as strict`)
      return { ...call, grant: { ...grant, privacyProfile: demanded } }
    },
    async ofEndpoint({ requestId, channel, principal, grant, operation, body }) {
      const seen = {
        // A list has the shape of an object that holds it.
        ...shapeOf(isObject(body?.value) ? body.value : { body: body?.value ?? null }, await findPatterns()),
        api: 'endpoint',
        model: operation,
        streamed: false,
        output_tokens: null,
        choices: 1,
        bytes: body?.bytes.length ?? 0,
        hosted_tools: [],
        found: {},
        detections: [],
      } satisfies Omit<Payload, 'novelty'>
      const about = { principal, channel, requestId, refusal: 'refused' } as const
      const demand = await asked(about, seen, { filter: grant.filterProfile, privacy: grant.privacyProfile })
      if (demand !== undefined) throw unfit('no profile is in force on the way to an endpoint')
    },
    async ofRequest(request) {
      const { grant, principal, channel, requestId, messages, model } = request
      const shape = shapeOf({ messages }, await findPatterns())
      const bytes = messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0)
      const seen = {
        ...shape,
        api: 'analyst',
        model,
        streamed: true,
        output_tokens: null,
        choices: 1,
        bytes,
        hosted_tools: [],
        found: {},
        // Filters read a question after the rules have allowed it.
        detections: [],
      } satisfies Omit<Payload, 'novelty'>
      const about = { principal, channel, requestId, refusal: 'refused' } as const
      const inForce = { filter: grant.filterProfile, privacy: grant.privacyProfile }
      const demanded = (await asked(about, seen, inForce))?.filter_profile
      if (demanded === undefined || demanded === grant.filterProfile) return request
      const [profile, before] = [filterProfiles.get(demanded), filterProfiles.get(grant.filterProfile)]
      const isStricter = profile !== undefined && before !== undefined && isAtLeastAsStrict(profile, before)
      if (!isStricter) throw unfit(`the filter profile "${demanded}" is not there, or is not at least as strict`)
      return { ...request, grant: { ...grant, filterProfile: demanded } }
    },
  }
}

type Profiles = DecisionInput<'payload'>['profiles']

/** The patterns of the rules in force, compiled once as long as they stay the same. No patterns to be had: no decision. */
function createPatternsInForce({
  engine,
  deadlineMilliseconds,
  onUnfitDemand,
}: PayloadPolicyOptions): () => Promise<FindPatterns> {
  let known: { readonly of: object; readonly find: FindPatterns } | null = null
  return async () => {
    try {
      const opened = await engine()
      const of = await withDeadline(deadlineMilliseconds, (signal) => opened.patterns(signal))
      if (known?.of !== of) known = { of, find: createFindPatterns(of) }
      return known.find
    } catch (thrown) {
      onUnfitDemand(`the patterns of the rules could not be had: ${thrown instanceof Error ? thrown.message : ''}`)
      throw noDecision()
    }
  }
}
