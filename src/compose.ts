import { cpus } from 'node:os'
import type { AnswerOptions, Probe, Sallyport } from './service/sallyport.ts'
import type { KeptAnswering } from './service/kept-answer.ts'
import { openKeyStore } from './service/key-store.ts'
import { fromOperator, operatorGranted } from './service/local-operator.ts'
import { runProgram } from './service/run-program.ts'
import { openModelFor } from './compose/model-for.ts'
import { openAbuse } from './compose/abuse.ts'
import { createLedgerFor } from './compose/ledger-for.ts'
import { openSandboxes, type OpenedSandboxes } from './compose/sandboxes.ts'
import { Telemetry } from './telemetry/telemetry.ts'
import type { Config } from './config/schema.ts'
import { ownModel } from './core/own-model.ts'
import type { Received } from './core/request.ts'
import type { OnFileNotes } from './core/table-format.ts'
import { ignoreActivity, type OnActivity } from './core/activity.ts'
import { createStandardChain } from './filters/standard-chain.ts'
import { createLimitsFor } from './gateway/admit/limits.ts'
import { createQuota } from './gateway/admit/quota.ts'
import { createRefuseSuspended } from './gateway/abuse/refuse-suspended.ts'
import { createIdentify } from './gateway/authenticate/authenticate.ts'
import type { BrowserToken } from './gateway/authenticate/web-sessions/browser-token.ts'
import type { EndUserOf } from './gateway/authenticate/end-users.ts'
import { openPolicy } from './compose/open-policy.ts'
import { openTokens } from './compose/open-tokens.ts'
import { createGrantFor } from './gateway/authorize/groups.ts'
import { DecisionWatch } from './gateway/authorize/approvals/decision-watch.ts'
import type { AskPerson } from './gateway/authorize/approvals/ask-person.ts'
import { createActionPolicy } from './gateway/authorize/action-policy.ts'
import { groupsInForce } from './gateway/options.ts'
import { onceUntilFailure } from './concurrency/once-until-failure.ts'
import { PendingWork } from './concurrency/pending-work.ts'
import type { Answerer, Run } from './gateway/pipeline.ts'
import { createExecutionAuthorizer } from './gateway/executions.ts'
import { createStatementAuthorizer } from './gateway/statements.ts'
import type { Screener } from './gateway/screen/screener.ts'
import type { OtherTime } from './storage/other-time.ts'
import { createScreenerFor } from './gateway/screen/screener-for.ts'
import { createModel } from './models/create-model.ts'
import { routesOf } from './models/routing/routes.ts'
import { passedModels } from './models/upstreams/passed-models.ts'
import { demoQuestions } from './models/providers/demo/demo-model.ts'
import { defaultCeilings } from './sandbox/limits.ts'

interface OpenOptions {
  /** Told what a long first start is doing; without it the log is. */
  readonly onProgress?: (text: string) => void
  /** Told what a caller waits for. */
  readonly onActivity?: OnActivity
  /** Told how files were read as tables; without it the log is. */
  readonly onFileNotes?: OnFileNotes
  /** Opened earlier, and disposed with the rest from now on. */
  readonly sandboxes?: OpenedSandboxes
}

/**
 * Wires every part by the configuration. What works on data, and what serves HTTP, is loaded when it is first asked for;
 * nothing heavy starts before it is used, and disposing ends everything that did.
 */
export async function openSallyport(config: Config, options: OpenOptions = {}): Promise<Sallyport> {
  await using stack = new AsyncDisposableStack()
  const onActivity = options.onActivity ?? ignoreActivity
  const opened = options.sandboxes ?? openSandboxes(config, onActivity)
  const sandboxes = stack.use(opened.sandboxes)
  const removals = stack.use(new PendingWork())
  const routes = routesOf(config.routes, passedModels(config.upstreams))
  const telemetry = stack.use(new Telemetry(config, [ownModel, ...routes.keys()]))
  const model = createModel(config.model)
  const validators = onceUntilFailure(async () => {
    const { createCodeValidators } = await import('./validators/code-validators.ts')
    return createCodeValidators(config.code)
  })
  const onFileNotes = options.onFileNotes ?? telemetry.onFileNotes.bind(telemetry)
  const onProgress = options.onProgress ?? ((text: string) => telemetry.log.info(text))
  opened.tell((event) => telemetry.onSandboxEvent(event))
  const groups = groupsInForce(config.gateway)
  const storage = onceUntilFailure(async () => {
    const { openStorage } = await import('./storage/open-storage.ts')
    const onOtherTime = async (why: OtherTime): Promise<void> => {
      telemetry.onOtherTime(why)
      const { settleOtherTime } = await import('./compose/other-time.ts')
      await settleOtherTime(config, why)
    }
    return owned.use(await openStorage(config, { for: 'service', onOtherTime }))
  })
  const keys = openKeyStore(config, storage)
  const sandboxCeilings = defaultCeilings(config.sandbox.limits)
  const sourceNames = Object.keys(config.sources)
  const configured = createGrantFor({
    groups,
    dataSources: sourceNames,
    models: [ownModel, ...routes.keys()],
    endpoints: Object.keys(config.endpoints),
    sandboxCeilings,
    processors: cpus().length,
  })
  const policy = openPolicy({ config, telemetry, configured, groups }, stack)
  const { ask, grantFor, payload } = policy
  const screenerFor = createScreenerFor({
    chain: createStandardChain({
      deadlineMilliseconds: config.filters.deadline_ms,
      onFailure: (failure) => telemetry.onFilterFailure(failure),
    }),
    profiles: config.filters.profiles,
    limits: {
      maximumResultCharacters: config.filters.maximum_result_characters,
      maximumTurnCharacters: config.filters.maximum_turn_characters,
    },
    onDecisions: (_request, decisions) => telemetry.onFilterDecisions(decisions),
  })
  const content = onceUntilFailure(async () => {
    const { openTunedContent } = await import('./compose/tuning.ts')
    return openTunedContent(config, telemetry)
  })
  const tokens = await openTokens(config.gateway.identity, (issuer, error) =>
    telemetry.log.warn({ issuer, error }, 'the keys of an issuer could not be had'),
  )
  const endUserOf: EndUserOf = async (principal, signed) => {
    const { createEndUserOf } = await import('./gateway/authenticate/end-users.ts')
    return createEndUserOf({ secretOf: (group) => groups[group]?.end_user_secret ?? null })(principal, signed)
  }
  const refuseSuspended = createRefuseSuspended({
    suspensions: { of: async (subject) => (await storage()).suspensions.of(subject) },
    now: Date.now,
  })
  const { anonymous } = config.gateway.identity
  const signIns = onceUntilFailure(async () => {
    const { openWebSignIns } = await import('./compose/open-web.ts')
    return openWebSignIns({ config, storage, keys, refuseSuspended, telemetry })
  })
  const browsers = { find: async (token: BrowserToken) => (await (await signIns())?.find(token)) ?? null }
  const identify = createIdentify(keys, { tokens, endUserOf, anonymous, browsers, refuseSuspended })
  const abuse = stack.use(openAbuse({ config, storage, telemetry }))
  const quota = stack.use(
    createQuota({
      limitsFor: createLimitsFor(groups),
      ledgerFor: createLedgerFor(async () => (await storage()).quotas),
      watch: {
        ...telemetry.quotas,
        onSettled: (group, uses, principal) => {
          telemetry.quotas.onSettled(group, uses, principal)
          abuse.spent(principal, uses.money ?? 0)
        },
      },
      onFault: (error) =>
        telemetry.log.warn({ error }, 'what requests have used could not be settled; it is tried again'),
    }),
  )
  const approvals = onceUntilFailure(async () => {
    const { openApprovals } = await import('./compose/open-approvals.ts')
    return openApprovals(config, await storage())
  })
  const decisions = new DecisionWatch()
  const person = onceUntilFailure(async () => {
    const { openAskPerson } = await import('./compose/open-approvals.ts')
    return openAskPerson({ config, telemetry, approvals, watch: decisions })
  })
  const askPerson: AskPerson = async (action, signal) => (await person())(action, signal)
  const desk = { identify, grantFor, quota, screenerFor, tellRefused: telemetry.onRefusedRequest.bind(telemetry) }
  const authorize = createStatementAuthorizer(desk)
  const authorizeProgram = createExecutionAuthorizer(desk)
  const analysisParts = {
    config,
    telemetry,
    sandboxes,
    authorize,
    authorizeProgram,
    mayRun: createActionPolicy(ask, askPerson),
  }
  const history = onceUntilFailure(async () => {
    const { openHistory } = await import('./compose/open-history.ts')
    return openHistory(config, await storage())
  })
  const files = async () => (await history()).files
  const analysis = onceUntilFailure(async () => {
    const { openAnalysis } = await import('./compose/analysis.ts')
    const modelFor = await openModelFor({ config, model, groups, telemetry })
    const parts = { ...analysisParts, validators: await validators(), storage }
    return owned.use(openAnalysis({ ...parts, files, modelFor, onProgress, onActivity, onFileNotes }))
  })
  const stages = onceUntilFailure(async () => {
    const { openPipeline } = await import('./compose/open-pipeline.ts')
    const contentParts = { content: await content(), askPerson, rules: policy.content }
    return openPipeline({ config, telemetry, identify, grantFor, quota, payload, screenerFor, ...contentParts })
  })
  const answerOnce = (received: Received, asked: AnswerOptions, signal: AbortSignal) => {
    const run: Run = async function* (request, runSignal, answers) {
      await telemetry.admitted(request)
      const ended = await asked.onAdmitted?.(request)
      const either = ended === undefined ? runSignal : AbortSignal.any([runSignal, ended])
      yield* (await analysis()).answering.run(request, { ...asked, answers }, either)
    }
    const events = async function* () {
      yield* (await stages()).pipeline(received, run, signal)
    }
    return telemetry.observe(received, events())
  }
  const answerKept = onceUntilFailure(async () => {
    const { createKeptAnswer } = await import('./service/kept-answer.ts')
    const { fileLimitsOf } = await import('./sessions/file-desk.ts')
    const conversations = async () => (await history()).conversations
    const limits = fileLimitsOf(config.files)
    return createKeptAnswer({ answer: answerOnce, identify, conversations, files, limits })
  })
  const answerReplayed = onceUntilFailure(async () => {
    const { createReplayedAnswer } = await import('./service/replayed-answer.ts')
    const conversations = async () => (await history()).conversations
    return createReplayedAnswer({ answer: answerOnce, identify, conversations })
  })
  const answer: KeptAnswering = async function* (received, asked, signal) {
    if (received.replays !== undefined) yield* (await answerReplayed())(received, asked, signal)
    else if (received.keep === undefined) yield* answerOnce(received, asked, signal)
    else yield* (await answerKept())(received, asked, signal)
  }
  const screener = async (): Promise<Screener> => screenerFor(await operatorGranted(grantFor), 'outbound', () => null)
  const owned = stack.move()
  return {
    model: () => ({ id: model.id, scripted: model.scripted, questions: model.scripted ? demoQuestions : [] }),
    answer,
    runCode: async (program, signal) => {
      const granted = await operatorGranted(grantFor)
      const ceilings = granted.grant.sandboxCeilings
      const screener = (): Screener => screenerFor(granted, 'outbound', () => null)
      const onRemoval = (removal: Promise<void>): void => removals.add(removal)
      return runProgram({ sandboxes, validators: await validators(), screener, ceilings, onRemoval }, program, signal)
    },
    runSql: async (statement, { source }, signal) =>
      (await analysis()).statements.run(fromOperator(source), { statement, maximumRows: null }, signal),
    openSqlChecker: async (source, signal) =>
      (await analysis()).statements.openChecker(fromOperator(null), source, signal),
    explainSql: async (statement, { source }, signal) =>
      (await analysis()).statements.explain(fromOperator(source), statement, signal),
    describeSource: async ({ source, group }, signal) =>
      (await analysis()).statements.describe(fromOperator(source), group, signal),
    grantScript: async (request, signal) => {
      const { makeGrantScript } = await import('./sources/grant-script.ts')
      return makeGrantScript({ config, sources: (await analysis()).sources }, request, signal)
    },
    checkSources: async (signal) => {
      const { checkSources } = await import('./sources/check-source.ts')
      return checkSources({ config, sources: (await analysis()).sources }, sourceNames, signal)
    },
    probes: async (): Promise<readonly Probe[]> => {
      const { probesOf } = await import('./service/probes.ts')
      return probesOf({ config, model, sandboxes, sources: (await analysis()).sources })
    },
    serveTools: async (streams, signal) => {
      const { serveTools } = await import('./compose/serving-tools.ts')
      const answerHere: Answerer = (received, answerSignal) => answer(received, { files: [] }, answerSignal)
      const parts = { config, model, telemetry, identify, grantFor, analysis, answer: answerHere }
      return serveTools(parts, streams, signal)
    },
    listen: async (signal) => {
      // A profile that names what there is not is an error before anything is served.
      const filters = await content()
      const { listen } = await import('./compose/serving.ts')
      const kept = await storage()
      const { ownedIds, maskedConversations, missReports, keptValues } = kept
      const gateway = {
        keys,
        tokens,
        identify,
        signIns: await signIns(),
        grantFor,
        quota,
        askPerson,
        ask,
        contentRules: policy.content,
        payload,
        ownedIds,
        maskedConversations,
        missReports,
        keptValues,
        routes,
        preparePolicy: policy.prepare,
        policyDesk: policy.desk,
      }
      const served = {
        config,
        judging: (await stages()).judging,
        content: filters,
        model,
        abuse,
        ...gateway,
        telemetry,
        sandboxes,
        validators,
        screener,
        screenerFor,
      }
      const answerHere: Answerer = (received, answerSignal) => answer(received, { files: [] }, answerSignal)
      return listen(
        { ...served, answer: answerHere, storage: kept, analysis, approvals, decisions, history: await history() },
        signal,
      )
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
