import { randomUUID } from 'node:crypto'
import type { Probe, Sallyport } from './service/sallyport.ts'
import { Answering } from './service/answering.ts'
import { Databases } from './sources/databases.ts'
import { openKeyStore } from './service/api-keys.ts'
import { makeGrantScript } from './sources/grant-script.ts'
import { probesOf } from './service/probes.ts'
import { runProgram } from './service/run-program.ts'
import { Sandboxes } from './sandbox/sandboxes.ts'
import { listen } from './compose/serving.ts'
import { checkSources } from './sources/check-source.ts'
import { Sources } from './sources/sources.ts'
import { Statements } from './service/statements.ts'
import { Telemetry } from './telemetry/telemetry.ts'
import { createCodeValidators } from './validators/code-validators.ts'
import type { Config } from './config/schema.ts'
import type { OnFileNotes } from './core/table-format.ts'
import { ignoreActivity, type OnActivity } from './core/activity.ts'
import { createStandardChain } from './filters/standard-chain.ts'
import { createQuota } from './gateway/admit/quota.ts'
import { createIdentify } from './gateway/authenticate/authenticate.ts'
import { createGrantFor, type GrantFor } from './gateway/authorize/groups.ts'
import { groupsInForce } from './gateway/options.ts'
import { createPipeline } from './gateway/pipeline.ts'
import { createStatementAuthorizer, type StatementReceived } from './gateway/statements.ts'
import type { Screener } from './gateway/screen/screener.ts'
import { createScreenerFor, type Granted } from './gateway/screen/screener-for.ts'
import { createModel } from './models/create-model.ts'
import { demoQuestions } from './models/providers/demo/demo-model.ts'
import { defaultCeilings } from './sandbox/limits.ts'
import type { Sandbox } from './sandbox/sandbox.ts'
import { SessionStore } from './sessions/session-store.ts'

/** The name by which callers ask for the whole path, from question to answer. */
const analyst = 'analyst'

interface OpenOptions {
  /** Told what a long first start is doing; without it the log is. */
  readonly onProgress?: (text: string) => void
  /** Told what a caller waits for. */
  readonly onActivity?: OnActivity
  /** Told how files were read as tables; without it the log is. */
  readonly onFileNotes?: OnFileNotes
}

/** Wires every part by the configuration. Nothing heavy starts before it is used; disposing ends everything that did. */
export async function openSallyport(config: Config, options: OpenOptions = {}): Promise<Sallyport> {
  await using stack = new AsyncDisposableStack()
  const telemetry = stack.use(new Telemetry(config, [analyst]))
  const model = createModel(config.model)
  const validators = createCodeValidators(config.code)
  const onFileNotes =
    options.onFileNotes ??
    ((file: string, notes: readonly string[]) => {
      for (const note of notes) telemetry.log.info(`${file}: ${note}`)
    })
  const told = {
    onFileNotes,
    onProgress: options.onProgress ?? ((text: string) => telemetry.log.info(text)),
    onAcceptedExcess: telemetry.onAcceptedExcess.bind(telemetry),
  }
  const onActivity = options.onActivity ?? ignoreActivity
  const onEvent = telemetry.onSandboxEvent.bind(telemetry)
  const sandboxes = stack.use(new Sandboxes(config, { onEvent, onActivity }))
  const databases = stack.use(new Databases(config, told, sandboxes))
  const sources = stack.use(
    new Sources(config, databases, { onGateEvent: telemetry.onGateEvent.bind(telemetry), onActivity }),
  )
  const sessions = stack.use(
    new SessionStore<Sandbox>({
      claim: (tenant, wishes, signal) => sandboxes.claim({ tenant, language: 'python', ...wishes }, signal),
      idleMilliseconds: config.sessions.idle_ms,
      maximumPerTenant: config.sessions.maximum_per_tenant,
    }),
  )
  const groups = groupsInForce(config.gateway)
  const keys = openKeyStore(config)
  const sandboxCeilings = defaultCeilings(config.sandbox.limits)
  const grantFor = createGrantFor({ groups, dataSources: sources.names(), models: [analyst], sandboxCeilings })
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
  const onFault = telemetry.onRunFault.bind(telemetry)
  const answering = new Answering({ config, model, sessions, sandboxes, sources, validators, onFault, onFileNotes })
  const identify = createIdentify(keys)
  const quota = createQuota({
    limitsFor: ({ group }) => ({
      concurrentRequests: groups[group]?.concurrent_requests ?? 1,
      tokensPerDay: groups[group]?.tokens_per_day ?? 1_000,
    }),
  })
  const pipeline = createPipeline({
    identify,
    grantFor,
    quota,
    screenerFor,
    async *run(request, received, signal) {
      await telemetry.admitted(request)
      yield* answering.run(request, received, signal)
    },
  })
  const answer: typeof pipeline = (received, signal) => telemetry.observe(received, pipeline(received, signal))
  const screener = (): Screener => screenerFor(operatorGranted(grantFor), 'outbound', () => null)
  const authorize = createStatementAuthorizer({ identify, grantFor, quota, screenerFor })
  const observe = telemetry.observeStatement.bind(telemetry)
  const statements = new Statements({ config, sources, databases, authorize, observe })
  const owned = stack.move()
  return {
    model: () => ({ id: model.id, scripted: model.scripted, questions: model.scripted ? demoQuestions : [] }),
    answer(received, { files }, signal) {
      answering.attach(received, files)
      return answer(received, signal)
    },
    runCode: (program, signal) => {
      const ceilings = operatorGranted(grantFor).grant.sandboxCeilings
      return runProgram({ sandboxes, validators, screener, ceilings }, program, signal)
    },
    runSql: (statement, { source }, signal) =>
      statements.run(fromOperator(source), { statement, maximumRows: null }, signal),
    openSqlChecker: (source, signal) => statements.openChecker(fromOperator(null), source, signal),
    explainSql: (statement, { source }, signal) => statements.explain(fromOperator(source), statement, signal),
    describeSource: ({ source, group }, signal) => statements.describe(fromOperator(source), group, signal),
    grantScript: (request, signal) => makeGrantScript({ config, sources }, request, signal),
    checkSources: (signal) => checkSources({ config, sources }, sources.names(), signal),
    probes: (): readonly Probe[] => probesOf({ config, model, sandboxes, sources }),
    listen: (signal) =>
      listen(
        {
          config,
          model,
          keys,
          identify,
          grantFor,
          answer,
          statements,
          sources,
          telemetry,
          sandboxes,
          sessions,
          validators,
          screener,
        },
        signal,
      ),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** The local operator, for what runs without a model: the grant names the filter profile. */
function operatorGranted(grantFor: GrantFor): Granted {
  const principal = { id: 'local', kind: 'operator', group: 'operator' } as const
  return { principal, grant: grantFor(principal) }
}

function fromOperator(dataSource: string | null): StatementReceived {
  return { requestId: randomUUID(), channel: 'cli', credential: null, dataSource }
}
