import { bytesOf } from '../core/sizes.ts'
import { extname } from 'node:path'
import type { DatabasesOptions } from '../databases/options.ts'
import { readingOptions } from '../databases/reading/options.ts'
import { createQuarantine } from '../agent/quarantine.ts'
import { runAgent } from '../agent/run.ts'
import { dialectName } from '../core/dialect-name.ts'
import { ServiceError } from '../core/errors.ts'
import { costOf } from '../core/price.ts'
import { budgetOf, replayOf } from './run-replay.ts'
import { invalidFile } from '../files/regular-file.ts'
import type { OnFileNotes } from '../core/table-format.ts'
import type { AgentEvent, TokenUsage } from '../core/events.ts'
import type { ProvenanceNotice } from '../core/facts.ts'
import type { Admitted } from '../core/request.ts'
import type { AnswerReview } from '../gateway/ground/run-grounding.ts'
import type { ActionPolicy } from '../gateway/authorize/action-policy.ts'
import type { Model } from '../models/model.ts'
import type { ModelOptions } from '../models/options.ts'
import type { ProvenanceOptions } from '../provenance/options.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { SandboxTime } from '../sandbox/sandbox-time.ts'
import type { SessionOptions } from '../sessions/options.ts'
import type { ToolOptions } from '../tools/options.ts'
import { attachFile, attachStored } from '../sessions/attach-file.ts'
import { originsOfFile, type Files } from '../core/stored-files.ts'
import { isTable } from '../sessions/describe-content.ts'
import { describeTable, previewNotes } from '../sessions/describe-table.ts'
import type { Session } from '../sessions/session.ts'
import type { SessionLease, SessionStore } from '../sessions/session-store.ts'
import { createTools } from '../tools/registry.ts'
import { createFence } from '../text/untrusted.ts'
import type { Sandboxes } from '../sandbox/sandboxes.ts'
import type { Sources } from '../sources/sources.ts'
import type { AnswerOptions } from './sallyport.ts'
import type { AttachedFile } from './attached-file.ts'
import { filesToChange } from '../provenance/files-to-change.ts'
import { HeldCalls } from './held-calls.ts'
import { whyNoRoom } from './room-beside-run.ts'
import { createRunPermit } from './run-permit.ts'
import { createRunProvenance } from './run-provenance.ts'
import { RunRecord } from './run-record.ts'
import { createRunTablePlan } from './run-table-plan.ts'
import { previewTables, saidSettings } from './table-previews.ts'
import type { CodeValidators } from '../validators/code-validators.ts'

interface AnsweringConfig {
  readonly databases: DatabasesOptions
  readonly model: ModelOptions
  readonly provenance: ProvenanceOptions
  readonly sessions: SessionOptions
  readonly tools: ToolOptions
}

interface AnsweringParts {
  /** Files that callers keep here. */
  readonly files: () => Promise<Files>
  readonly mayRun: ActionPolicy
  readonly config: AnsweringConfig
  /** The model as it is for whoever asks: what their profile hides, it does not see. */
  readonly modelFor: (request: Admitted) => Model
  readonly sessions: SessionStore<Sandbox>
  readonly sandboxes: Sandboxes
  readonly sources: Sources
  readonly validators: CodeValidators
  readonly onFault: (fault: ServiceError, requestId: string) => void
  /** Told of what provenance decides of each call. */
  readonly onProvenance: (notice: ProvenanceNotice) => void
  /** How a file was read as a table, where another reader might read it otherwise. */
  readonly onFileNotes: OnFileNotes
}

/**
 * The middle of the pipeline: an admitted request becomes a run of the agent in a session with its tools. Files come
 * beside the request, since no stage may carry what only the local command line can give.
 */
export class Answering {
  readonly #parts: AnsweringParts
  /** Sessions the local caller named itself: theirs until everything is disposed. */
  readonly #named = new Map<string, string>()

  constructor(parts: AnsweringParts) {
    this.#parts = parts
  }

  /** Never throws once it has begun: the agent's own `end` says how it ended. */
  async *run(
    request: Admitted,
    { files, approver, answers }: AnswerOptions & { readonly answers: AnswerReview },
    signal: AbortSignal,
  ): AsyncGenerator<AgentEvent> {
    const { config, modelFor, validators, sandboxes } = this.#parts
    await using lease = await this.#lease(request)
    const { session } = lease
    const { tools: options } = config
    await this.#attach(session, [...files, ...(await this.#storedFiles(request))], signal)
    const { query } = config.databases
    const { grant, dataSource, principal } = request
    const wall = session.limits.wall_ms ?? Math.min(options.python_timeout_ms, grant.sandboxCeilings.wall_ms)
    const source = dataSource === null ? null : this.#parts.sources.forTools(dataSource, principal.group)
    const record = new RunRecord({ request, session, hasFileSource: source?.database.kind === 'duckdb' })
    const { mode, groups, plan } = config.provenance
    const modeOfGroup = (Object.hasOwn(groups, principal.group) ? groups[principal.group] : undefined) ?? mode
    const price = config.model.price ?? null
    const model = modelFor(request)
    let spent: TokenUsage = { inputTokens: 0, outputTokens: 0 }
    const whyNot = (most: TokenUsage): string | null => whyNoRoom(most, { request, price, spent })
    const onFault = (fault: ServiceError) => this.#parts.onFault(fault, request.requestId)
    // What is written in advance plans nothing, and heads of files are whoever's who wrote the files.
    const isPlanning = plan === 'model' && source !== null && !model.scripted && source.database.kind !== 'duckdb'
    const tablePlan = isPlanning ? createRunTablePlan({ model, whyNot, request, source, onFault }) : null
    const provenance = createRunProvenance({
      request,
      record,
      mode: modeOfGroup,
      session,
      catalog: source?.catalogOfGate ?? null,
      planTables: tablePlan?.tables ?? null,
      onDecision: this.#parts.onProvenance,
    })
    const held = new HeldCalls()
    const { permit, onTurn } = createRunPermit({
      request,
      mayRun: this.#parts.mayRun,
      record,
      programs: session.programs,
      provenance,
      held,
      approver,
    })
    const tools = createTools({
      quarantined: createQuarantine({ model, whyNot }),
      permit,
      granted: grant.tools,
      session,
      // Whoever only watches what the policy would do changes nothing by it.
      mayChange: modeOfGroup === 'shadow' ? () => true : filesToChange(wordsOfPerson(request)),
      source,
      time: new SandboxTime(grant.budget.maximumSandboxMilliseconds ?? Number.POSITIVE_INFINITY, (used) =>
        request.reservation.use({ sandbox_ms: Math.ceil(used) }),
      ),
      python: { validator: validators.python, timeoutMilliseconds: wall },
      javascript: {
        validator: validators.javascript,
        typescript: validators.typescript,
        timeoutMilliseconds: options.javascript_timeout_ms,
        claim: (claimSignal) => sandboxes.claimIsolate(principal.id, claimSignal),
      },
      queryLimits: {
        maximumRows: query.maximum_rows,
        maximumBytes: bytesOf.mb(query.maximum_mb),
        timeoutMilliseconds: query.timeout_ms,
      },
      previewRows: options.preview_rows,
    })
    for (const { description } of session.files) answers.onRead(description)
    const replay = await replayOf(request, session)
    const events = runAgent(
      {
        model: replay?.model ?? model,
        tools,
        fence: createFence(),
        dataSource,
        ...(source === null ? {} : { dialect: dialectName(source.database.kind) }),
        files: session.files,
        revealSql: grant.revealSql,
        budget: budgetOf(request),
        price,
        ...(request.caps === undefined ? {} : { caps: request.caps }),
        conversation: request.messages,
        maximumOutputTokens: config.model.max_output_tokens,
        maximumResultCharacters: options.result_characters,
        onRead: (read) => {
          record.add(read)
          answers.onRead(read.text)
        },
        review: answers.review,
        mayTell: answers.mayTell,
        onFault,
        ...(tablePlan === null ? {} : { takeUsedAside: tablePlan.takeUsed }),
        onUsage: ({ inputTokens, outputTokens }) => {
          spent = { inputTokens, outputTokens }
          const cost = price === null ? null : costOf({ inputTokens, outputTokens }, price)
          onTurn({ tokens: inputTokens + outputTokens, cost })
          request.reservation.use({ input_tokens: inputTokens, output_tokens: outputTokens })
        },
      },
      signal,
    )
    for await (const event of events) {
      replay?.see(event)
      held.see(event)
      const told = record.tell(event)
      if (told.type !== 'end') yield told
      else yield { ...told, ...(held.all.length > 0 ? { held: held.all } : {}), planned: provenance.planned }
    }
  }

  /** Files of the caller's that the request names. Throws `not-found` for one that is not theirs. */
  async #storedFiles({ files = [], principal }: Admitted): Promise<readonly AttachedFile[]> {
    const reading = readingOptions.parse({})
    return Promise.all(
      [...new Set(files)].map(async (id) => {
        const stored = await this.#parts.files()
        const file = await stored.show(principal.id, id)
        if (file === null) throw noFile(id)
        const { name, bytes } = file
        const open = async function* (): AsyncGenerator<Uint8Array> {
          const content = await stored.open(principal.id, id)
          if (content === null) throw noFile(id)
          yield* content
        }
        return { name, path: id, reading, bytes, isMade: file.run !== null, origins: originsOfFile(file), open }
      }),
    )
  }

  /** Gives the session files it does not have yet, and has its sandbox say what the tables among them hold. */
  async #attach(session: Session<Sandbox>, files: readonly AttachedFile[], signal: AbortSignal): Promise<void> {
    const { config, onFileNotes } = this.#parts
    const maximumBytes = bytesOf.mb(config.sessions.maximum_file_mb)
    const known = new Set(session.files.map(({ path }) => path))
    const paths = new Map<AttachedFile, string>()
    for (const file of files) {
      const { name, reading } = file
      const options = { name, maximumBytes, encoding: reading.encoding }
      const attached = await (file.bytes === undefined
        ? attachFile(file.path, options, signal)
        : attachStored({ ...file, bytes: file.bytes }, options))
      if (known.has(attached.path)) continue
      const namesake = [...paths].find(([, path]) => path === attached.path)
      if (namesake !== undefined && namesake[0].path !== file.path) {
        throw invalidFile(file.path, `two files are named ${attached.path}; rename one of them`)
      }
      paths.set(file, attached.path)
      const { origins, isMade = false } = file
      const come = { isMade, ...(origins === undefined ? {} : { origins }) }
      if (namesake === undefined) await session.addFile({ ...attached, ...come }, signal)
    }
    const tables = [...paths].filter(([{ name, reading }]) => reading.format !== null || isTable(extname(name)))
    if (tables.length === 0) return
    const defaults = readingOptions.parse({})
    const requests = tables.map(([{ reading }, name]) => ({ name, settings: saidSettings(reading, defaults) }))
    const timeoutMilliseconds = config.tools.python_timeout_ms
    const previews = await previewTables(await session.sandbox(signal), requests, { timeoutMilliseconds, signal })
    const told = new Map<string, string[]>()
    for (const [index, preview] of previews.entries()) {
      const { name, settings } = requests[index] ?? { name: preview.name, settings: {} }
      onFileNotes(name, previewNotes(preview))
      told.set(name, [...(told.get(name) ?? []), describeTable(preview, name, settings)])
    }
    for (const [name, descriptions] of told) session.describe(name, descriptions.join('\n'))
  }

  async #lease({ principal, sessionId, channel, grant, sandboxLimits = {} }: Admitted): Promise<SessionLease<Sandbox>> {
    const { sessions } = this.#parts
    const wishes = { limits: sandboxLimits, ceilings: grant.sandboxCeilings }
    const isOpen = sessions.list(principal.id).some(({ id }) => id === sessionId)
    if (sessionId === null || channel !== 'cli' || isOpen) return sessions.take(principal.id, sessionId, { wishes })
    const known = this.#named.get(sessionId)
    if (known !== undefined) return sessions.lease(principal.id, known)
    const lease = sessions.lease(principal.id, null, { keep: true, wishes })
    this.#named.set(sessionId, lease.session.id)
    return lease
  }
}

const wordsOfPerson = ({ messages }: Pick<Admitted, 'messages'>): readonly string[] =>
  messages.flatMap(({ role, content }) => (role === 'user' ? [content] : []))

function noFile(id: string): ServiceError {
  return new ServiceError('not-found', `There is no file "${id.slice(0, 100)}".`, {
    parameter: 'files',
    advice: 'GET /v1/files lists yours.',
  })
}
