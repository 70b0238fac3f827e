import type { RunJudging } from '../gateway/ground/run-judge.ts'
import type { Config } from '../config/schema.ts'
import type { TunedContent } from './tuning.ts'
import type { BreakerState } from '../concurrency/breaker.ts'
import type { Carry } from '../core/carried.ts'
import type { NameAnswer } from '../core/complaints.ts'
import type { ErrorCode } from '../core/error-codes.ts'
import { ServiceError } from '../core/errors.ts'
import type { CallTarget } from '../core/model-call.ts'
import type { MaskedConversations } from '../core/masked-conversations.ts'
import type { KeptValues } from '../core/kept-values.ts'
import type { MissReports } from '../core/miss-reports.ts'
import type { OwnedIds } from '../core/owned-ids.ts'
import { appealsOf } from '../feedback/complaints/appeals-of.ts'
import type { ActionNotice } from '../core/facts.ts'
import type { CallGuards } from '../gateway/actions/call-guard.ts'
import type { Identify } from '../gateway/authenticate/authenticate.ts'
import type { Quota } from '../gateway/admit/quota.ts'
import type { AskPerson } from '../gateway/authorize/approvals/ask-person.ts'
import type { Ask } from '../gateway/authorize/ask.ts'
import type { ContentRules } from '../gateway/authorize/content-rules.ts'
import type { PayloadPolicy } from '../gateway/authorize/payload/payload-policy.ts'
import type { GrantFor } from '../gateway/authorize/policy.ts'
import { createModeration } from '../gateway/moderate/moderation.ts'
import { prepareCounting } from '../gateway/calls/bounds/text-counter.ts'
import type { ToldAttempt } from '../gateway/calls/attempts/attempt-call.ts'
import { ownIdempotencyKeys } from '../gateway/calls/own-idempotency-keys.ts'
import type { CallPolicy } from '../gateway/calls/authorize-call.ts'
import { createExplainCall, type ExplainCall } from '../gateway/calls/routing/explain-call.ts'
import { createRouting } from '../gateway/calls/routing/routing.ts'
import { createCallPipeline, type CallPipeline, type Dispatch } from '../gateway/pipeline.ts'
import { onceUntilFailure } from '../concurrency/once-until-failure.ts'
import { createDetectorsFor } from '../gateway/privacy/detect/detectors.ts'
import { createPrivacy } from '../gateway/privacy/privacy.ts'
import type { PrivacyReceipts } from '../gateway/privacy/receipts/receipts.ts'
import { createReporting, type Reporting } from '../gateway/privacy/receipts/reporting.ts'
import { createSearching, type Searching } from '../gateway/privacy/vault/searching.ts'
import { openKeyRing, openServiceKey } from '../gateway/privacy/keys/service-key.ts'
import { TokenKeys } from '../gateway/privacy/keys/token-keys.ts'
import { keepRewrapped, type RewrapTold, type Rewrapped } from '../sealed/keep-rewrapped.ts'
import { ReportVault } from '../gateway/privacy/vault/report-vault.ts'
import { ValueSearch } from '../gateway/privacy/vault/value-search.ts'
import { Vault } from '../gateway/privacy/vault/vault.ts'
import { openUpstreams } from '../models/upstreams/open-upstreams.ts'
import { routesBehind, type Route } from '../models/routing/routes.ts'
import type { PassCall } from '../surfaces/calls/pass-call.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'

export interface CallParts {
  /** Asks judges of answers of the analyst by the calls that are passed on here. */
  readonly judging: Pick<RunJudging, 'askBy'>
  readonly config: Config
  readonly content: TunedContent
  readonly identify: Identify
  readonly grantFor: GrantFor
  readonly quota: Quota
  readonly askPerson: AskPerson
  readonly contentRules: ContentRules
  readonly ask: Ask
  readonly payload: PayloadPolicy
  readonly routes: ReadonlyMap<string, Route>
  readonly telemetry: Telemetry
  readonly ownedIds: OwnedIds
  readonly maskedConversations: MaskedConversations
  readonly missReports: MissReports
  readonly keptValues: KeptValues
  readonly approvals: () => Promise<Rewrapped>
  readonly history: Readonly<
    Record<'conversations' | 'files' | 'containers' | 'complaints' | 'shares' | 'samples', Rewrapped>
  >
  /** Names answers; absent where nobody listens to what callers say of them. */
  readonly nameAnswer?: NameAnswer | undefined
}

/** Calls that are passed on to upstreams, each observed. Opens no connection before the first one; tokenizers are there before it. */
export interface Calls extends AsyncDisposable {
  readonly pass: PassCall
  readonly receipts: PrivacyReceipts
  readonly reporting: Reporting
  readonly searching: Searching
  /** Says where a call would go that this process was asked. */
  readonly explain: ExplainCall
  /** How a target stands for callers who have not failed there alone. Looking changes nothing. */
  readonly breakerOf: (target: CallTarget) => BreakerState
  /** Calls of the models of this upstream alone, each carried there by somebody else. */
  readonly behind: (upstream: string) => CallsBehind
}

export interface CallsBehind {
  readonly routes: ReadonlyMap<string, Route>
  readonly passBy: (carry: Carry) => PassCall
}

/** Nothing of it is loaded where no group has calls decided about. */
async function guardsOf({ config, askPerson, ask, telemetry }: CallParts): Promise<CallGuards | undefined> {
  if (Object.values(config.gateway.groups).every(({ actions }) => actions === 'off')) return undefined
  const { createCallGuards } = await import('../gateway/actions/call-guard.ts')
  const { createCallRules } = await import('../gateway/authorize/call-policy.ts')
  const { tools, system_messages: operatorWords } = config.actions
  const tell = (notice: ActionNotice) => telemetry.notices.onAction(notice)
  return createCallGuards({ actions: { tools, operatorWords }, askPerson, rules: createCallRules(ask), tell })
}

/** Throws `invalid-config` for a judge that is no model which can be asked. */
function refuseUnknownJudge({ gateway: { judge } }: Config, routes: CallParts['routes']): void {
  if (judge === null || routes.get(judge.model)?.kind === 'openai') return
  throw new ServiceError(
    'invalid-config',
    `gateway.judge.model: there is no model "${judge.model}" of an upstream of the kind openai.`,
  )
}

export async function openCalls(parts: CallParts): Promise<Calls> {
  const { config, telemetry } = parts
  await using stack = new AsyncDisposableStack()
  const upstreams = stack.use(await openUpstreams(config.upstreams))
  const targets = [...parts.routes.values()].flatMap((route) => route.targets)
  await prepareCounting(targets.map(({ counting }) => counting?.tokenizer ?? null))
  const names = Map.groupBy(Object.keys(config.upstreams), (name) => config.upstreams[name]?.kind)
  const keyRing = onceUntilFailure(() => openKeyRing(config))
  const vault = new Vault(parts.maskedConversations, keyRing)
  const reports = new ReportVault(parts.missReports, keyRing)
  if (config.privacy.former_keys.length > 0) {
    const { conversations, files, containers, complaints, samples, shares } = parts.history
    const kept = [
      vault,
      reports,
      await parts.approvals(),
      conversations,
      files,
      containers,
      complaints,
      samples,
      shares,
    ]
    stack.use(keepRewrapped(kept, toldTo(telemetry)))
  }
  const privacy = createPrivacy({
    options: config.privacy,
    detectorsFor: createDetectorsFor(config.privacy, {
      onFailure: (failure) => telemetry.onFilterFailure(failure),
    }),
    tokenKeys: onceUntilFailure(async () => new TokenKeys(await openServiceKey(config))),
    vault,
    headersTo: upstreams.headersTo,
    regionOf: upstreams.regionOf,
  })
  const reporting = createReporting({
    receipts: privacy.receipts,
    vault: reports,
    onReport: (notice) => telemetry.notices.onReport(notice),
  })
  const searching = createSearching({
    grantFor: parts.grantFor,
    search: new ValueSearch(parts.keptValues, keyRing),
    stored: parts.keptValues,
    onSearch: (notice) => telemetry.notices.onSearch(notice),
  })
  const { identify, quota, payload, grantFor, ownedIds } = parts
  const { attempts } = config.gateway
  const moderation = createModeration({
    ...parts.content,
    askPerson: parts.askPerson,
    rules: parts.contentRules,
    tell: (notice) => telemetry.notices.onContent(notice),
    appeals: appealsOf(config),
  })
  const guards = await guardsOf(parts)
  refuseUnknownJudge(config, parts.routes)
  const pipelineTo = (
    ways: Pick<CallPolicy, 'routes' | 'upstreamsOf'>,
    { routing = createRouting(ways.routes, attempts), retries = attempts.retries, asksOnce = false } = {},
  ): CallPipeline =>
    createCallPipeline({
      routing,
      asksOnce,
      identify,
      quota,
      payload,
      attempts: { ...attempts, retries },
      privacy,
      moderation,
      guards,
      judge: config.gateway.judge,
      nameAnswer: parts.nameAnswer,
      policy: { grantFor, ownedIds, ...ways },
    })
  const all = { routes: parts.routes, upstreamsOf: (kind: Route['kind']) => names.get(kind) ?? [] }
  const routing = createRouting(parts.routes, attempts)
  const pipeline = pipelineTo(all, { routing })
  const passBy =
    (way: CallPipeline, carry?: Carry): PassCall =>
    (call, deliver, signal) =>
      telemetry.observeCall(call, (onAdmitted) => {
        let before: ErrorCode | null = null
        const onAttempt = ({ fault }: ToldAttempt): void => void (before = fault?.code ?? null)
        const dispatch: Dispatch = async (admitted, callSignal) => {
          await onAdmitted(admitted, before)
          const { requestId, target } = admitted
          const sent = { ...admitted, headers: ownIdempotencyKeys(admitted), ...(carry && { carry }) }
          return telemetry.observeAnswer(requestId, await upstreams.send(target, sent, callSignal))
        }
        return way(call, { dispatch, deliver, onAttempt }, signal)
      })
  const pass = passBy(pipeline)
  parts.judging.askBy(pass)
  const opened = stack.move()
  return {
    receipts: privacy.receipts,
    reporting,
    searching,
    pass,
    explain: createExplainCall({ grantFor, ownedIds, ...all }, routing),
    breakerOf: (target) => routing.breakers.of(target).stateFor(''),
    behind: (upstream) => {
      const routes = routesBehind(parts.routes, upstream)
      const upstreamsOf = (kind: Route['kind']) => (config.upstreams[upstream]?.kind === kind ? [upstream] : [])
      // Whoever carries a call does it once.
      const way = pipelineTo({ routes, upstreamsOf }, { retries: 0, asksOnce: true })
      return { routes, passBy: (carry) => passBy(way, carry) }
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

function toldTo({ log }: Telemetry): RewrapTold {
  return {
    onRewrapped: (counts) => {
      if (counts.lost > 0)
        log.warn(counts, 'conversations or reports are sealed with a key that is not in privacy.former_keys')
      else log.info(counts, 'no conversation and no report needs privacy.former_keys')
    },
    onFault: (error) => log.warn({ error }, 'what former keys have sealed could not be sealed with the key in use'),
  }
}
