import { join } from 'node:path'
import type { Probe, Sallyport } from './cli/service.ts'
import { Answering } from './compose/answering.ts'
import { Databases } from './compose/databases.ts'
import { probesOf } from './compose/probes.ts'
import { runProgram } from './compose/programs.ts'
import { Sandboxes } from './compose/sandboxes.ts'
import { listen } from './compose/serving.ts'
import { Sources } from './compose/sources.ts'
import { openChecker, runStatement } from './compose/statements.ts'
import { Telemetry } from './compose/telemetry.ts'
import { createCodeValidators } from './compose/validators.ts'
import type { Config } from './config/schema.ts'
import type { Authorized, Received } from './core/request.ts'
import { createStandardChain } from './filters/standard-chain.ts'
import { createQuota } from './gateway/admit/quota.ts'
import { createIdentify } from './gateway/authenticate/authenticate.ts'
import { createKeyStore } from './gateway/authenticate/keys.ts'
import { createGrantFor } from './gateway/authorize/groups.ts'
import { createPipeline } from './gateway/pipeline.ts'
import type { Screener } from './gateway/screen/screener.ts'
import { createScreenerFor } from './gateway/screen/screener-for.ts'
import { createModel } from './models/create-model.ts'
import { demoQuestions } from './models/providers/demo/demo-model.ts'
import type { Sandbox } from './sandbox/sandbox.ts'
import { SessionStore } from './sessions/session-store.ts'

/** The name by which callers ask for the whole path; providers' own names come with the gateway's routing. */
const analyst = 'analyst'

interface OpenOptions {
  /** Told what a long first start is doing; without it the log is. */
  readonly onProgress?: (text: string) => void
}

/** Wires every part by the configuration. Nothing heavy starts before it is used; disposing ends everything that did. */
export async function openSallyport(config: Config, options: OpenOptions = {}): Promise<Sallyport> {
  await using stack = new AsyncDisposableStack()
  const telemetry = stack.use(new Telemetry(config))
  const model = createModel(config.model)
  const validators = createCodeValidators(config.code)
  const databases = stack.use(new Databases(config, options.onProgress ?? ((text) => telemetry.log.info(text))))
  const sources = stack.use(new Sources(config, databases, (event) => telemetry.onGateEvent(event)))
  const sandboxes = stack.use(new Sandboxes(config, (event) => telemetry.onSandboxEvent(event)))
  const sessions = stack.use(
    new SessionStore<Sandbox>({
      claim: (tenant, signal) => sandboxes.claim({ tenant, language: 'python' }, signal),
      idleMilliseconds: config.sessions.idle_ms,
      maximumPerTenant: config.sessions.maximum_per_tenant,
    }),
  )
  const { groups } = config.gateway
  const keys = createKeyStore({ path: config.gateway.keys_file ?? join(config.state_directory, 'keys.json') })
  const grantFor = createGrantFor({ groups, dataSources: sources.names(), models: [analyst] })
  const screenerFor = createScreenerFor({
    chain: createStandardChain({
      deadlineMilliseconds: config.filters.deadline_ms,
      onFailure: (failure) => telemetry.onFilterFailure(failure),
    }),
    profiles: config.filters.profiles,
    onDecisions: (_request, decisions) => telemetry.onFilterDecisions(decisions),
  })
  const onFault = telemetry.onRunFault.bind(telemetry)
  const answering = new Answering({ config, model, sessions, sandboxes, sources, validators, onFault })
  const pipeline = createPipeline({
    identify: createIdentify(keys),
    grantFor,
    quota: createQuota({
      limitsFor: ({ group }) => ({
        concurrentRequests: groups[group]?.concurrent_requests ?? 1,
        tokensPerDay: groups[group]?.tokens_per_day ?? 1_000,
      }),
    }),
    screenerFor,
    run: (request, received, signal) => answering.run(request, received, signal),
  })
  const answer: typeof pipeline = (received, signal) => telemetry.observe(received, pipeline(received, signal))
  const screener = (): Screener => screenerFor(operatorRequest(grantFor), 'outbound', () => null)
  const statements = { config, sources, databases, screener }
  const owned = stack.move()
  return {
    model: () => ({ id: model.id, scripted: model.scripted, questions: model.scripted ? demoQuestions : [] }),
    answer(received, { files }, signal) {
      answering.attach(received, files)
      return answer(received, signal)
    },
    runCode: (program, signal) => runProgram({ sandboxes, validators, screener }, program, signal),
    runSql: (statement, { source }, signal) => runStatement(statements, { statement, source }, signal),
    openSqlChecker: (source, signal) => openChecker(statements, source, signal),
    probes: (): readonly Probe[] => probesOf({ config, model, sandboxes, sources }),
    listen: () => listen({ config, model, keys, grantFor, answer, telemetry, sandboxes }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** The local operator's request for what runs without a model: its grant names the filter profile. */
function operatorRequest(grantFor: ReturnType<typeof createGrantFor>): Authorized {
  const principal = { id: 'local', kind: 'operator', group: 'operator' } as const
  const received: Received = {
    requestId: 'local',
    channel: 'cli',
    credential: null,
    model: analyst,
    messages: [],
    dataSource: null,
    sessionId: null,
  }
  return { ...received, principal, grant: grantFor(principal) }
}
