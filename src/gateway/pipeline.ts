import { answerHeader, type NameAnswer } from '../core/complaints.ts'
import { toServiceError } from '../core/errors.ts'
import type { AgentEvent } from '../core/events.ts'
import type { AdmittedCall, CallOutcome, ReceivedCall, ScreenedAnswer, UpstreamAnswer } from '../core/model-call.ts'
import type { ModelPrice } from '../core/price.ts'
import type { Admitted, Received } from '../core/request.ts'
import { LoopShare } from '../filters/loop-share.ts'
import type { Route } from '../models/routing/routes.ts'
import { admit } from './admit/admit.ts'
import type { Quota } from './admit/quota.ts'
import type { CallGuards } from './actions/call-guard.ts'
import { apis } from './apis/apis.ts'
import { authenticate, type Identify } from './authenticate/authenticate.ts'
import { authorize } from './authorize/groups.ts'
import type { PayloadPolicy } from './authorize/payload/payload-policy.ts'
import type { GrantFor } from './authorize/policy.ts'
import { atItsTiers, beginCall, holdFurther, isAffordable } from './calls/admit-call.ts'
import { authorizeCall, type CallPolicy } from './calls/authorize-call.ts'
import { askedAnew } from './calls/own-idempotency-keys.ts'
import { limitOutput } from './calls/limit-output.ts'
import {
  attemptCall,
  type AttemptedAnswer,
  type AttemptsContext,
  type SentAttempt,
  type ToldAttempt,
} from './calls/attempts/attempt-call.ts'
import type { AttemptOptions } from './calls/attempts/options.ts'
import { runsOnce } from './calls/attempts/runs-once.ts'
import { screenAnswer } from './calls/screen-answer.ts'
import { holdAffordable } from './calls/routing/hold-affordable.ts'
import { routeHeaders } from './calls/routing/route-header.ts'
import { routeCall } from './calls/routing/route-call.ts'
import type { Routing } from './calls/routing/routing.ts'
import { isSealedId, keepingSealed } from './calls/routing/sealed-items.ts'
import { settleCall, spentBy } from './calls/settle-call.ts'
import { filterInput, filterOutput } from './moderate/filter-call.ts'
import type { ModerateQuestion } from './moderate/moderate-question.ts'
import type { ModerateRun } from './moderate/moderate-run.ts'
import type { Moderation } from './moderate/moderation.ts'
import type { MaskedCall, Privacy } from './privacy/privacy.ts'
import { takeDocuments } from './ground/documents/given-documents.ts'
import { ground } from './ground/documents/ground-call.ts'
import type { JudgeOptions } from './options.ts'
import type { RunJudging } from './ground/run-judge.ts'
import { RunGrounding, type AnswerReview } from './ground/run-grounding.ts'
import { redact } from './redact.ts'
import { screenEvents } from './screen/events.ts'
import { mayRevealSql } from './screen/reveal.ts'
import { knownAddresses } from './screen/known-addresses.ts'
import type { ScreenerFor } from './screen/screener-for.ts'
import { settle } from './settle.ts'

/** What every interface asks: events of one answer, already screened. Rejects with a ServiceError. */
export type Answerer = (received: Received, signal: AbortSignal) => AsyncIterable<AgentEvent>

export interface PipelineOptions {
  readonly identify: Identify
  readonly grantFor: GrantFor
  readonly quota: Quota
  /** Of the service's own model; absent where it has none. */
  readonly price?: ModelPrice | undefined
  readonly payload: Pick<PayloadPolicy, 'ofCall' | 'ofRequest'>
  readonly moderateQuestion: ModerateQuestion
  readonly moderateRun: ModerateRun
  /** A screener for one request in one direction, by the profile its grant names. */
  readonly screenerFor: ScreenerFor
  /** Judges what answers say without figures; absent where nobody does. */
  readonly judging?: Pick<RunJudging, 'of'>
  /** Hosts of the operator's, to which links in answers may lead; none where absent. */
  readonly linkHosts?: readonly string[]
}

/** What an admitted request does: a run of the agent. */
export type Run = (request: Admitted, signal: AbortSignal, answers: AnswerReview) => AsyncIterable<AgentEvent>

export type Pipeline = (received: Received, run: Run, signal: AbortSignal) => AsyncIterable<AgentEvent>

/** authenticate → authorize → filter its content → admit → ask about the payload → redact → run → fill in references → screen → settle → filter what it says → bind to results. Each line needs what the line before it gives. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const share = new LoopShare()
  return async function* answer(received, run, signal) {
    const authenticated = await authenticate(received, options.identify)
    const asked = await authorize(authenticated, options.grantFor)
    const authorized = await options.moderateQuestion(asked, signal)
    const reserved = await admit(authorized, options.quota, options.price ?? null)
    await using _reservation = reserved.reservation
    const allowed = await options.payload.ofRequest(reserved)
    const isStricter = allowed.grant.filterProfile !== reserved.grant.filterProfile
    const admitted = isStricter ? await options.moderateQuestion(allowed, signal) : allowed
    const executed: string[] = []
    const hiddenSql = () => (mayRevealSql(authorized.grant, authorized.messages) ? null : executed)
    const addresses = knownAddresses(received.messages, options.linkHosts ?? [])
    const redacted = await redact(
      admitted,
      options.screenerFor(admitted, 'inbound', () => null),
      signal,
    )
    const grounding = new RunGrounding(redacted, share, options.judging?.of(received, signal) ?? null)
    const screened = screenEvents(
      grounding.fill(run(redacted, signal, grounding.review)),
      {
        screener: options.screenerFor({ ...admitted, addresses }, 'outbound', hiddenSql),
        onSql: (statement) => executed.push(statement),
        previewSql: authorized.grant.revealSql !== 'never',
        passesUnread: received.channel === 'cli',
      },
      signal,
    )
    yield* grounding.told(options.moderateRun(admitted, settle(redacted, screened), signal))
  }
}

/** Sends a masked call to its upstream. */
export type Dispatch = (call: MaskedCall, signal: AbortSignal) => Promise<UpstreamAnswer>

/** Hands an answer to the caller; resolves when all of it is on its way. */
export type Deliver = (answer: ScreenedAnswer) => Promise<void>

/** Passes one call of a provider's API on to an upstream. Rejects with a ServiceError. */
export type CallPipeline = (
  received: ReceivedCall,
  stages: {
    readonly dispatch: Dispatch
    readonly deliver: Deliver
    /** Told of each attempt when it has failed, or something of an answer has come. */
    readonly onAttempt?: (attempt: ToldAttempt) => void
  },
  signal: AbortSignal,
) => Promise<CallOutcome>

export interface CallPipelineOptions extends Pick<PipelineOptions, 'identify' | 'quota' | 'payload'> {
  readonly policy: CallPolicy
  readonly privacy: Privacy
  readonly moderation: Moderation
  readonly attempts: AttemptOptions
  readonly routing: Routing
  /** Absent where nothing is decided about the calls in answers. */
  readonly guards?: CallGuards | undefined
  /** Judges answers against the documents of their request; null where nobody does. */
  readonly judge?: JudgeOptions | null
  /** Is a call carried by somebody who does it once? A model is not asked for another answer then. */
  readonly asksOnce?: boolean
  /** Names answers, so that their callers can say which one they mean; absent where nobody listens. */
  readonly nameAnswer?: NameAnswer | undefined
}

/**
 * The same stages for a call whose bytes go to a model as they came, but for what its caller's profile hides from it:
 * authenticate → authorize → begin → filter its content → route → mask → hold → ask about the payload → attempt (dispatch → screen) → restore → filter what it says → hold it against documents → decide about the calls in it → deliver → settle.
 */
export function createCallPipeline(options: CallPipelineOptions): CallPipeline {
  const { identify, quota, payload, policy, privacy, moderation, attempts, routing } = options
  const sealing = sealingUpstreams(policy.routes)
  const share = new LoopShare()
  return async function pass(received, { dispatch, deliver, onAttempt = () => undefined }, signal) {
    const api = apis[received.api]
    const authenticated = await authenticate(received, identify)
    const { call: authorized, documents, areSent } = takeDocuments(await authorizeCall(authenticated, api, policy))
    const moderated = moderation.of(authorized)
    const guard = options.guards?.of(authorized) ?? null
    const asWritten = await beginCall(atItsTiers(limitOutput(authorized)), quota)
    await using _reservation = asWritten.reservation
    const begun = moderated === null ? asWritten : await filterInput(asWritten, moderated, signal)
    const asked = routeAsked(begun, policy)
    const principal = begun.principal.id
    const { call: admitted, plan } = await routeCall(begun, asked, routing.stateFor(principal))
    if (plan !== null) routing.chosen(plan)
    let receipt: string | undefined
    const sent: SentAttempt[] = []
    const failed = new Map<string, string>()
    const passedOver = new Map<string, 'breaker' | 'quota'>()
    let leave = (): void => undefined
    try {
      let masked = await privacy.mask(admitted, signal)
      receipt = masked.masking?.receipt.id
      masked = await holdAffordable(masked, plan, admitted.reservation)
      const allowed = await payload.ofCall(admitted, masked)
      if (allowed !== admitted) {
        masked = await privacy.mask(allowed, signal, masked)
        receipt = masked.masking?.receipt.id
        masked = await holdAffordable(masked, plan, admitted.reservation)
      }
      const { facts, method } = admitted
      const context: AttemptsContext = {
        options: { ...attempts, recovery: asked?.recovery ?? attempts.recovery },
        breakers: routing.breakers,
        sent,
        signal,
        onAttempt: (attempt) => {
          const { call, fault } = attempt
          if (fault !== null) failed.set(call.target.name ?? '', fault.code)
          onAttempt(attempt)
        },
        onPassedOver: ({ name = '' }, why) => passedOver.set(name, why),
        hold: (call) => holdFurther(call, { spent: spentBy(sent), reservation: admitted.reservation }),
        send: async ({ call, meter }) => {
          const { upstream } = call.target
          const keep = async (ids: readonly string[]): Promise<void> => {
            // What says that something is gone names nothing that is there.
            if (method === 'DELETE') return
            await policy.ownedIds.remember({ principal, upstream, ids })
            const names = ids.filter((id) => !isSealedId(id))
            if (names.length > 0) await call.masking?.answered(upstream, names)
          }
          const read = sealing.has(upstream) ? keepingSealed(api) : api
          return screenAnswer(await routing.watch(dispatch)(call, signal), { api: read, facts, method, keep, meter })
        },
      }
      const mayAskAgain = options.asksOnce !== true && !runsOnce(admitted)
      const attempt = async (masked: MaskedCall, another?: string): Promise<AttemptedAnswer> => {
        leave()
        const answer = await attemptCall(masked, { ...context, ...(another === undefined ? {} : { another }) })
        leave = answer.leave
        return answer
      }
      const restore = ({ status, headers, body, call }: AttemptedAnswer): Promise<ScreenedAnswer> =>
        privacy.restore({ status, headers, body }, call)
      const answer = await attempt(masked)
      if (admitted.method === 'DELETE') {
        // As long as an id is somebody's, its values can be forgotten again where that failed.
        await privacy.forget(answer.call)
        await policy.ownedIds.forget(answer.call.target.upstream, namesOf(admitted))
      }
      const { answer: given, screened } = await filterOutput(answer, moderated, {
        restore,
        again: () => attempt(askedAnew(masked), 'A content filter withheld the answer'),
        mayRegenerate: mayAskAgain,
        signal,
      })
      const { status, call, meter } = given
      const askOnceMore = async (body: Buffer): Promise<ScreenedAnswer | null> => {
        const asked = { ...masked, body }
        if (!mayAskAgain || !(await isAffordable(asked, { spent: spentBy(sent), reservation: admitted.reservation })))
          return null
        const other = await privacy.mask({ ...admitted, body }, signal, masked)
        receipt = other.masking?.receipt.id
        const again = () => attempt(askedAnew(other), 'The documents do not bear the answer out')
        return (await filterOutput(await again(), moderated, { restore, again, mayRegenerate: false, signal })).screened
      }
      const { judge = null, asksOnce = false } = options
      const judging =
        judge === null
          ? null
          : { options: judge, call: admitted, routes: policy.routes, privacy, moderation, dispatch, context, asksOnce }
      const grounded =
        documents === null
          ? screened
          : await ground(screened, { call: admitted, documents, areSent, judging, share }, askOnceMore)
      const restored = guard === null ? grounded : await guard.answer(grounded, signal)
      const taken = {
        plan,
        candidates: masked.candidates,
        answered: call.target,
        attempts: sent.length,
        failed,
        passedOver,
      }
      const route = admitted.grant.showRoutes ? routeHeaders(taken) : []
      const named = nameOf(admitted, moderated?.decision ?? null, options.nameAnswer)
      await deliver({
        ...restored,
        headers: [...restored.headers, ...admitted.reservation.headers, ...route, ...named],
      })
      return { status, usage: meter.usage }
    } catch (thrown) {
      throw receipt === undefined ? thrown : toServiceError(thrown).withReceipt(receipt)
    } finally {
      leave()
      // What was never sent costs nothing, also where its caller has left meanwhile.
      settleCall(sent, signal)
    }
  }
}

/** What names the answer to a call, where one was written for it. */
function nameOf(
  { api, method, principal }: AdmittedCall,
  decision: string | null,
  nameAnswer: NameAnswer | undefined,
): readonly string[] {
  const isWritten = method === 'POST' && api !== 'embeddings' && api !== 'token-counts'
  return isWritten && nameAnswer !== undefined ? [answerHeader, nameAnswer(principal, decision)] : []
}

const routeAsked = ({ facts: { model } }: AdmittedCall, { routes }: CallPolicy): Route | undefined =>
  model === null ? undefined : routes.get(model)

/** Those whose answers may go on at another upstream: who has made their sealed items has to be known. */
function sealingUpstreams(routes: CallPolicy['routes']): ReadonlySet<string> {
  const sealing = new Set<string>()
  for (const { targets } of routes.values()) {
    const upstreams = new Set(targets.map(({ upstream }) => upstream))
    if (upstreams.size > 1) for (const upstream of upstreams) sealing.add(upstream)
  }
  return sealing
}

const namesOf = ({ facts }: AdmittedCall): readonly string[] => facts.ids.map(({ name }) => name)
