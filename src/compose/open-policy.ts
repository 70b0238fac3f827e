import type { Config } from '../config/schema.ts'
import { askWith, createAskDecided, type Ask } from '../gateway/authorize/ask.ts'
import { createContentRules, type ContentRules } from '../gateway/authorize/content-rules.ts'
import { createDecide } from '../gateway/authorize/decide.ts'
import type { ConfiguredGrant } from '../gateway/authorize/groups.ts'
import { openPolicyEngine, policyStamp } from '../gateway/authorize/open-policy.ts'
import { createPayloadPolicy, type PayloadPolicy } from '../gateway/authorize/payload/payload-policy.ts'
import { createPolicyDesk, type PolicyDesk } from '../gateway/authorize/policy-desk.ts'
import { createPolicyGrantFor, type GrantFor } from '../gateway/authorize/policy.ts'
import { DecisionRecorder } from '../gateway/authorize/recorder.ts'
import { createReloadingEngine } from '../gateway/authorize/reloading-engine.ts'
import type { CompareWithShadow } from '../gateway/authorize/shadow/compare.ts'
import type { Shadow } from '../gateway/authorize/shadow/open-shadow.ts'
import type { GroupOptions } from '../gateway/options.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'

interface PolicyParts {
  readonly config: Config
  readonly telemetry: Telemetry
  readonly configured: ConfiguredGrant
  readonly groups: Readonly<Record<string, GroupOptions>>
}

interface OpenedPolicy {
  readonly ask: Ask
  readonly grantFor: GrantFor
  readonly payload: PayloadPolicy
  readonly content: ContentRules
  readonly desk: PolicyDesk
  /** Opens what decides before it is asked. Rejects with `invalid-config` where it cannot be used. */
  readonly prepare: () => Promise<void>
}

/** The rules of the configuration, with what asks them. Nothing is opened before somebody asks; `stack` ends what was. */
export function openPolicy(
  { config, telemetry, configured, groups }: PolicyParts,
  stack: AsyncDisposableStack,
): OpenedPolicy {
  const { policy } = config
  const { record, deadline_ms: deadlineMilliseconds } = policy
  const engine = createReloadingEngine({
    open: () => openPolicyEngine(policy),
    stamp: () => policyStamp(policy),
    everyMilliseconds: policy.reload_ms,
    onChange: (fault) => telemetry.policy.onChange(fault),
  })
  const onFault = (error: unknown): void =>
    telemetry.log.error({ error }, 'what policy was asked could not be recorded')
  const shadow = policy.shadow === null ? null : shadowOf({ config, telemetry }, stack)
  const compare: CompareWithShadow = (about, input, inForce) =>
    void shadow?.().then((opened) => opened.compare(about, input, inForce))
  const recorder = record === null ? null : stack.use(new DecisionRecorder({ ...record, onFault }))
  const decide = createDecide({ engine, deadlineMilliseconds })
  const askDecided = createAskDecided({
    decide,
    timeZone: policy.time_zone,
    tenantOf: (group) => groups[group]?.tenant ?? null,
    onDecision: (notice) => telemetry.policy.onDecision(notice),
    record: recorder?.record,
    compare: shadow === null ? undefined : compare,
  })
  const ask = askWith(askDecided)
  const payload = createPayloadPolicy({
    ask,
    engine,
    deadlineMilliseconds,
    filterProfiles: config.filters.profiles,
    privacyProfiles: config.privacy.profiles,
    onUnfitDemand: (what) => telemetry.log.error({ what }, 'no policy decision'),
  })
  const prepare = async (): Promise<void> => {
    await engine()
    await (await shadow?.())?.prepare()
  }
  const content = createContentRules(askDecided)
  const desk = createPolicyDesk({ options: policy, engine, decide, faults: () => telemetry.policy.faults() })
  return { ask, grantFor: createPolicyGrantFor(ask, configured), payload, content, desk, prepare }
}

/** Rules that are tried beside those in force, opened when they are first asked. */
function shadowOf(
  { config: { policy }, telemetry }: Pick<PolicyParts, 'config' | 'telemetry'>,
  stack: AsyncDisposableStack,
): () => Promise<Shadow> {
  let opened: Promise<Shadow> | null = null
  stack.defer(async () => (await opened)?.[Symbol.asyncDispose]())
  return () => {
    opened ??= import('../gateway/authorize/shadow/open-shadow.ts').then(({ openShadow }) =>
      openShadow({
        bundle: policy.shadow ?? '',
        everyMilliseconds: policy.reload_ms,
        deadlineMilliseconds: policy.deadline_ms,
        onOpened: (fault) => telemetry.policy.onShadow(fault),
        onCompared: (notice) => telemetry.policy.onCompared(notice),
      }),
    )
    return opened
  }
}
