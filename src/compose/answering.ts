import type { Config } from '../config/schema.ts'
import { runAgent } from '../agent/run.ts'
import { dialectName } from '../core/dialect-name.ts'
import type { ServiceError } from '../core/errors.ts'
import type { AgentEvent } from '../core/events.ts'
import type { Admitted, Received } from '../core/request.ts'
import type { Model } from '../models/model.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { attachFile } from '../sessions/attach-file.ts'
import type { SessionLease, SessionStore } from '../sessions/session-store.ts'
import { createTools } from '../tools/registry.ts'
import { createFence } from '../tools/untrusted.ts'
import type { Sandboxes } from './sandboxes.ts'
import type { Sources } from './sources.ts'
import type { CodeValidators } from './validators.ts'

interface AnsweringParts {
  readonly config: Config
  readonly model: Model
  readonly sessions: SessionStore<Sandbox>
  readonly sandboxes: Sandboxes
  readonly sources: Sources
  readonly validators: CodeValidators
  readonly onFault: (fault: ServiceError, requestId: string) => void
}

/** A local file that belongs to a request, by its absolute path. */
export interface RequestFile {
  readonly name: string
  readonly path: string
}

/**
 * The middle of the pipeline: an admitted request becomes a run of the agent in a session with its tools. Files are
 * looked up by the request as it was received, since no stage may carry what only the local command line can give.
 */
export class Answering {
  readonly #parts: AnsweringParts
  readonly #files = new WeakMap<Received, readonly RequestFile[]>()
  /** Sessions the local caller named itself: theirs until everything is disposed. */
  readonly #named = new Map<string, string>()

  constructor(parts: AnsweringParts) {
    this.#parts = parts
  }

  attach(received: Received, files: readonly RequestFile[]): void {
    this.#files.set(received, files)
  }

  /** Never throws once it has begun: the agent's own `end` says how it ended. */
  async *run(request: Admitted, received: Received, signal: AbortSignal): AsyncGenerator<AgentEvent> {
    const { config, model, validators, sandboxes } = this.#parts
    await using lease = this.#lease(request)
    const { session } = lease
    const limits = { maximumBytes: config.sessions.maximum_file_bytes }
    for (const file of this.#files.get(received) ?? []) {
      if (session.files.some((known) => known.path === file.name)) continue
      await session.addFile(await attachFile(file.path, { ...limits, name: file.name }, signal), signal)
    }
    const { tools: options } = config
    const { query } = config.databases
    const { grant, dataSource, principal } = request
    const wall = session.limits.wall_ms ?? Math.min(options.python_timeout_ms, grant.sandboxCeilings.wall_ms)
    const source = dataSource === null ? null : this.#parts.sources.forTools(dataSource, principal.group)
    const tools = createTools({
      granted: grant.tools,
      session,
      source,
      python: { validator: validators.python, timeoutMilliseconds: wall },
      javascript: {
        validator: validators.javascript,
        timeoutMilliseconds: options.javascript_timeout_ms,
        claim: (claimSignal) => sandboxes.claimIsolate(principal.id, claimSignal),
      },
      queryLimits: {
        maximumRows: query.maximum_rows,
        maximumBytes: query.maximum_bytes,
        timeoutMilliseconds: query.timeout_milliseconds,
      },
      previewRows: options.preview_rows,
    })
    yield* runAgent(
      {
        model,
        tools,
        fence: createFence(),
        dataSource,
        ...(source === null ? {} : { dialect: dialectName(source.database.kind) }),
        files: session.files,
        revealSql: grant.revealSql,
        budget: grant.budget,
        conversation: request.messages,
        maximumOutputTokens: config.model.max_output_tokens,
        maximumResultCharacters: options.result_characters,
        onFault: (fault) => this.#parts.onFault(fault, request.requestId),
      },
      signal,
    )
  }

  #lease({ principal, sessionId, channel, grant }: Admitted): SessionLease<Sandbox> {
    const { sessions } = this.#parts
    const wishes = { limits: {}, ceilings: grant.sandboxCeilings }
    if (sessionId === null || channel !== 'cli') return sessions.lease(principal.id, sessionId, { wishes })
    const known = this.#named.get(sessionId)
    if (known !== undefined) return sessions.lease(principal.id, known)
    const lease = sessions.lease(principal.id, null, { keep: true, wishes })
    this.#named.set(sessionId, lease.session.id)
    return lease
  }
}
