import { PendingWork } from '../concurrency/pending-work.ts'
import type { Config } from '../config/schema.ts'
import type { OnActivity } from '../core/activity.ts'
import type { Admitted } from '../core/request.ts'
import type { Files } from '../core/stored-files.ts'
import type { OnFileNotes } from '../core/table-format.ts'
import type { ActionPolicy } from '../gateway/authorize/action-policy.ts'
import type { ExecutionAuthorizer } from '../gateway/executions.ts'
import type { StatementAuthorizer } from '../gateway/statements.ts'
import type { Model } from '../models/model.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Sandboxes } from '../sandbox/sandboxes.ts'
import { Answering } from '../service/answering.ts'
import { Executions } from '../service/executions.ts'
import { Statements } from '../service/statements.ts'
import { SessionStore } from '../sessions/session-store.ts'
import { Databases } from '../sources/databases.ts'
import { Sources } from '../sources/sources.ts'
import type { Storage } from '../storage/storage.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { CodeValidators } from '../validators/code-validators.ts'
import { ledgerPlaceOf } from './ledger-place.ts'

interface AnalysisParts {
  readonly files: () => Promise<Files>
  readonly mayRun: ActionPolicy
  readonly config: Config
  readonly modelFor: (request: Admitted) => Model
  readonly telemetry: Telemetry
  readonly sandboxes: Sandboxes
  readonly validators: CodeValidators
  readonly authorize: StatementAuthorizer
  readonly authorizeProgram: ExecutionAuthorizer
  readonly onProgress: (text: string) => void
  readonly onActivity: OnActivity
  readonly onFileNotes: OnFileNotes
  readonly storage: () => Promise<Pick<Storage, 'replicas'>>
}

/** What works on data: sources with their databases and gates, statements, sessions and the agent. */
export interface Analysis extends AsyncDisposable {
  readonly sources: Sources
  readonly sessions: SessionStore<Sandbox>
  readonly statements: Statements
  readonly executions: Executions
  readonly answering: Answering
}

/** Opens no connection and starts no process. Disposing ends everything that was started since. */
export function openAnalysis(parts: AnalysisParts): Analysis {
  const { config, modelFor, mayRun, telemetry, sandboxes, validators, onActivity, onFileNotes, onProgress } = parts
  const onAcceptedExcess = telemetry.onAcceptedExcess.bind(telemetry)
  const ledgerPlace = ledgerPlaceOf(config)
  const databases = new Databases(config, { ledgerPlace, onFileNotes, onProgress, onAcceptedExcess }, sandboxes)
  const onGateEvent = telemetry.onGateEvent.bind(telemetry)
  const sources = new Sources(config, databases, { onGateEvent, onActivity })
  const sessions = new SessionStore<Sandbox>({
    claim: (tenant, wishes, signal) => sandboxes.claim({ tenant, language: 'python', ...wishes }, signal),
    idleMilliseconds: config.sessions.idle_ms,
    maximumPerTenant: config.sessions.maximum_per_tenant,
    held: async () => (await parts.storage()).replicas?.sessions ?? null,
    sandboxes: { perTenant: config.sandbox.pool.maximum_per_tenant, all: config.sandbox.pool.maximum },
  })
  const removals = new PendingWork()
  const onFault = telemetry.onRunFault.bind(telemetry)
  const observe = telemetry.observeStatement.bind(telemetry)
  return {
    sources,
    sessions,
    statements: new Statements({ config, sources, databases, authorize: parts.authorize, observe }),
    executions: new Executions({
      authorize: parts.authorizeProgram,
      observe: telemetry.executions,
      mayRun,
      sessions,
      validators,
      defaultMilliseconds: config.tools.python_timeout_ms,
      onRemoval: (removal) => removals.add(removal),
    }),
    answering: new Answering({
      files: parts.files,
      config,
      modelFor,
      mayRun,
      sessions,
      sandboxes,
      sources,
      validators,
      onFault,
      onProvenance: telemetry.policy.onProvenance.bind(telemetry.policy),
      onFileNotes,
    }),
    async [Symbol.asyncDispose]() {
      const stack = new AsyncDisposableStack()
      for (const part of [databases, sources, sessions, removals]) stack.use(part)
      await stack.disposeAsync()
    },
  }
}
