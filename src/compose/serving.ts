import type { ServerHandle } from '../service/sallyport.ts'
import type { AbuseWatch } from '../gateway/abuse/watch.ts'
import { Guesses } from '../gateway/authenticate/guesses.ts'
import type { KeyStore } from '../gateway/authenticate/keys.ts'
import type { Tokens } from '../gateway/authenticate/tokens/tokens.ts'
import type { WebSignIns } from '../gateway/authenticate/web-sessions/web-sign-ins.ts'
import { createApprovalDesk } from '../gateway/authorize/approvals/approval-desk.ts'
import type { TellOfApproval } from '../gateway/authorize/approvals/ask-person.ts'
import type { DecisionWatch } from '../gateway/authorize/approvals/decision-watch.ts'
import { keepEnded } from '../gateway/authorize/approvals/keep-ended.ts'
import type { ApprovalVault } from '../sealed/approval-vault.ts'
import type { PolicyDesk } from '../gateway/authorize/policy-desk.ts'
import { createCheckContent } from '../gateway/check-content.ts'
import { packageVersion } from '../files/package-version.ts'
import { isGranted } from '../gateway/options.ts'
import type { Answerer } from '../gateway/pipeline.ts'
import type { Screener } from '../gateway/screen/screener.ts'
import { createModelsFor } from '../surfaces/models.ts'
import { Readiness } from '../surfaces/native/readiness.ts'
import type { EnvoyServer } from '../surfaces/envoy/envoy-server.ts'
import { createSandboxService } from '../surfaces/e2b/sandbox-service.ts'
import { HttpServer, type HttpServerOptions } from '../surfaces/server.ts'
import { detectorsAvailable } from '../gateway/privacy/detect/detectors.ts'
import type { Model } from '../models/model.ts'
import { ownModel } from '../core/own-model.ts'
import { demoLabel, demoQuestions } from '../models/providers/demo/demo-model.ts'
import { createSessionService } from '../surfaces/native/sessions.ts'
import { fileLimitsOf } from '../sessions/file-desk.ts'
import type { History } from './open-history.ts'
import { exposedFiles } from '../service/private-files.ts'
import type { Sandboxes } from '../sandbox/sandboxes.ts'
import { checkSources, servedSources } from '../sources/check-source.ts'
import type { CodeValidators } from '../validators/code-validators.ts'
import type { Storage } from '../storage/storage.ts'
import { warmUp } from '../service/warm-up.ts'
import { openAdmin } from './admin.ts'
import type { Analysis } from './analysis.ts'
import { askedSources } from './asked-sources.ts'
import { openComplaining } from './complaining.ts'
import { openCalls, type CallParts } from './calls.ts'
import type { Endpoints } from './endpoints.ts'
import type { EnvoyParts } from './envoy.ts'
import { openContainers } from './open-containers.ts'
import { watchRollouts } from './rollout-watching.ts'
import { makeFirstKey } from './first-key.ts'
import { refuseOtherKey } from './hold-key.ts'
import { endWithLease } from './lost-lease.ts'
import { openedApp, webUseOf } from './open-web.ts'
import { programsOf } from './served-programs.ts'
import { metricsSource } from './served-metrics.ts'
import { codeUploadsOf, servedHistory, type HistoryParts } from './served-history.ts'

interface ServingParts extends CallParts, Pick<HistoryParts, 'screenerFor'> {
  readonly history: History
  /** Opens what works on data. Where no group asks for it nothing of it is loaded. */
  readonly analysis: () => Promise<Analysis>
  readonly model: Model
  readonly keys: KeyStore
  readonly signIns: WebSignIns | null
  readonly tokens: Pick<Tokens, 'prepare' | 'faults'> | null
  readonly abuse: Pick<AbuseWatch, 'faulted'>
  readonly answer: Answerer
  readonly approvals: () => Promise<ApprovalVault>
  readonly decisions: Pick<DecisionWatch, 'decided'>
  readonly storage: Storage
  readonly sandboxes: Sandboxes
  readonly validators: () => Promise<CodeValidators>
  readonly screener: () => Promise<Screener>
  /** Opens the rules; rejects where they cannot be used. */
  readonly preparePolicy: () => Promise<void>
  readonly policyDesk: PolicyDesk
}

/** The group of the key that is made at the first start. */
const firstGroup = 'default'

/**
 * Serves HTTP until the handle is disposed; disposing drains. Sandboxes and sources are kept warm where a group may ask
 * the service's own model; else they start with the first request that needs them. Nothing is served from a source whose role
 * can do more than read, or whose policies name what is not there.
 */
export async function listen(parts: ServingParts, signal: AbortSignal): Promise<ServerHandle> {
  const { config, model, keys, identify, analysis, telemetry, storage } = parts
  const provider = model.scripted ? 'sallyport.demo' : 'openai'
  await telemetry.beginService({ name: model.id, provider })
  const served = servedSources(config)
  const proofs = served.length > 0 ? await checkSources({ config, ...(await analysis()) }, served, signal) : []
  for (const { name, role, excess } of proofs) {
    if (excess.length > 0) telemetry.onAcceptedExcess(name, { role, excess })
  }
  if (storage.replicas !== null) await refuseOtherKey(config, storage.replicas.sealingKey)
  const newKey = await makeFirstKey({ keys, notices: telemetry.notices }, firstGroup)
  telemetry.onExposedFiles(await exposedFiles(config))
  const { most: mostGuesses, window_ms: guessWindow } = config.gateway.identity.guesses
  const asksAnalyst = isGranted(ownModel, config.gateway)
  const filtersCalls = Object.values(config.gateway.groups).some((group) => group.call_filter_profile !== null)
  // What cannot be opened is said before anything is served.
  await parts.preparePolicy()
  if (asksAnalyst) await analysis()
  const readiness = new Readiness({
    storageState: () => storage.probe(),
    sandboxesAvailable: asksAnalyst ? () => parts.sandboxes.available() : null,
    isLackShared: () => config.sandbox.driver === 'kubernetes' && !parts.sandboxes.isDrained,
    degraded: () =>
      [
        parts.tokens?.faults() ?? [],
        telemetry.faults(),
        server.faults,
        parts.content.tuning.faults(),
        watching.faults(),
      ].flat(),
    auditAvailable: () => telemetry.auditAvailable(),
    detectorsAvailable: () => Promise.all([detectorsAvailable(config.privacy), parts.content.available()]),
    onUnready: (missing, error) => telemetry.log.error({ error }, missing),
  })
  await using stack = new AsyncDisposableStack()
  stack.use(await parts.content.tuning.begin(storage))
  const watching = stack.use(watchRollouts(parts))
  const complaints = await openComplaining(parts)
  const calls = stack.use(await openCalls({ ...parts, nameAnswer: complaints?.nameAnswer }))
  const endpoints = await endpointsOf(parts)
  if (endpoints !== null) stack.use(endpoints)
  stack.use(
    storage.retain({
      onForgotten: (counts) => telemetry.notices.onForgotten({ ...counts }),
      onFault: (error) =>
        telemetry.log.warn({ error }, 'the storage could not forget what is older than its retention'),
    }),
  )
  const tellOfApproval: TellOfApproval = (event, approval, about) =>
    telemetry.notices.onApproval(event, approval, about)
  stack.use(
    keepEnded({
      approvals: parts.approvals,
      tell: tellOfApproval,
      onFault: (error) =>
        telemetry.log.warn({ error }, 'approvals that are over could not be ended; it is tried again'),
    }),
  )
  const counted = new Guesses({ most: mostGuesses, windowMilliseconds: guessWindow })
  const guesses: Pick<Guesses, 'failed'> = {
    failed: (address) => {
      telemetry.onRefusedCredential(address)
      return counted.failed(address)
    },
  }
  const onTlsReload: HttpServerOptions['onTlsReload'] = (error) => {
    if (error === null) telemetry.log.info('the files of http.tls have changed and are in use')
    else telemetry.log.error({ error }, 'the files of http.tls have changed and are not taken')
  }
  const web = await webUseOf({ ...parts, knownQuestions: model.scripted ? demoQuestions : [] })
  const forAdmin = { web, guesses, calls, readiness, onTlsReload, serviceUrl: () => server.url }
  const admin = await openAdmin({ ...parts, ...forAdmin })
  if (admin !== null) stack.use(admin)
  const programs = programsOf(analysis)
  const sessions = createSessionService(async () => (await analysis()).sessions, parts.grantFor)
  const history = await servedHistory(parts)
  const containers = openContainers(parts, { sessions, desk: history.desk })
  const lease = storage.replicas?.lease ?? null
  if (lease !== null) {
    stack.use(endWithLease({ lease, analysis, containers, telemetry }))
    stack.use(await lease.hold())
  }
  const server = new HttpServer({
    settings: config.http,
    answer: parts.answer,
    pass: calls.pass,
    passToEndpoint: endpoints?.pass ?? null,
    receipts: calls.receipts,
    reporting: calls.reporting,
    searching: calls.searching,
    complaints,
    requestKeys: storage.replicas?.requestKeys ?? null,
    checkContent: createCheckContent({
      ...parts.content,
      grantFor: parts.grantFor,
      quota: parts.quota,
      rules: parts.contentRules,
      tell: (notice) => telemetry.notices.onContent(notice),
    }),
    checkAction: async (asked) => {
      const { createCheckAction } = await import('../gateway/check-action.ts')
      const { tools, system_messages: operatorWords } = config.actions
      return createCheckAction({
        actions: { tools, operatorWords },
        grantFor: parts.grantFor,
        quota: parts.quota,
        tellRefused: (refused) => telemetry.onRefusedRequest(refused),
        tell: (notice) => telemetry.notices.onAction(notice),
      })(asked)
    },
    statements: {
      run: async (received, request, inner) => (await analysis()).statements.run(received, request, inner),
      check: async (received, statement, inner) => (await analysis()).statements.check(received, statement, inner),
    },
    sources: askedSources(parts),
    executions: programs,
    programs,
    approvals: createApprovalDesk({
      approvals: parts.approvals,
      tell: tellOfApproval,
      onDecided: (id) => parts.decisions.decided(id),
    }),
    mcp: {
      files: programs,
      describe: async (received, inner) => (await analysis()).statements.describe(received, null, inner),
      grantFor: parts.grantFor,
      onCall: (call) => telemetry.notices.onMcpCall(call),
      issuers: Object.values(config.gateway.identity.issuers).map(({ issuer }) => issuer),
      version: packageVersion(),
    },
    sandboxes: createSandboxService(async () => (await analysis()).sessions, {
      grantFor: parts.grantFor,
      longestLifetimeMilliseconds: config.sessions.maximum_lifetime_ms,
      size: config.sandbox.limits,
    }),
    sessions,
    observe: telemetry.held,
    defusesFormulas: config.files.defuse_formulas,
    containers,
    history,
    codeUploads: codeUploadsOf(parts),
    responseHistory: { ...parts.history, limits: fileLimitsOf(config.files) },
    identify,
    guesses,
    web,
    modelsFor: createModelsFor(parts.grantFor, { model, passed: parts.routes }),
    label: model.scripted ? demoLabel : null,
    readiness: () => readiness.state(),
    metrics: metricsSource(parts),
    onTlsReload,
    onFault: (error, requestId) => telemetry.onHttpFault(error, requestId),
    onCallerFault: (principal, code) => parts.abuse.faulted(principal, code),
    onRequest: (request) => telemetry.onRequest(request),
    onResponse: (response) => telemetry.onResponse(response),
  })
  const envoy = await envoyOf({ ...parts, guesses, calls })
  if (envoy !== null) stack.use(envoy)
  await server.listen()
  if (asksAnalyst) parts.sandboxes.keepWarm()
  const warming = new AbortController()
  const onFault = (part: string, error: unknown): void => telemetry.log.warn({ part, error }, 'could not be warmed')
  const app = await openedApp({ config, signIns: parts.signIns, url: server.url, adminUrl: admin?.url ?? null })
  const opened = stack.move()
  const warm = async (): Promise<void> => {
    const prepared = parts.tokens?.prepare()
    if (asksAnalyst) {
      const [{ sources }, validators] = await Promise.all([analysis(), parts.validators()])
      await warmUp({ ...parts, sources, validators, onFault }, warming.signal)
    }
    if (filtersCalls) {
      await parts.content.warm(warming.signal).catch((error: unknown) => onFault('the filters of content', error))
    }
    await prepared
    readiness.warmed()
  }
  const warmed = warm()
  return {
    url: server.url,
    models: [...(asksAnalyst ? [ownModel] : []), ...parts.routes.keys()],
    newKey: newKey?.reveal() ?? null,
    keysPlace: await keys.place(),
    adminUrl: admin?.url ?? null,
    app,
    envoy: envoy === null ? null : config.envoy,
    [Symbol.asyncDispose]: async () => {
      warming.abort()
      await Promise.all([server[Symbol.asyncDispose](), warmed])
      await opened.disposeAsync()
    },
  }
}

/** null, and nothing of it loaded, where no endpoint is configured. */
async function endpointsOf(parts: ServingParts): Promise<Endpoints | null> {
  if (Object.keys(parts.config.endpoints).length === 0) return null
  const { openEndpoints } = await import('./endpoints.ts')
  return openEndpoints(parts)
}

/** null, and nothing of gRPC loaded, where no filter of Envoy is served. */
async function envoyOf(parts: EnvoyParts): Promise<EnvoyServer | null> {
  if (parts.config.envoy.roles.length === 0) return null
  const { openEnvoy } = await import('./envoy.ts')
  return openEnvoy(parts)
}
