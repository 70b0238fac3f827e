import { ServiceError } from '../core/errors.ts'
import type { AnswerArtifact } from '../core/events.ts'
import type { ExecutionAnswer, ExecutionReceived, ExecutionRequest } from '../core/execution.ts'
import type { Grant, ToolName } from '../core/grant.ts'
import type { ProgramLanguage, SandboxLanguage } from '../core/languages.ts'
import type { Taint } from '../core/provenance.ts'
import type { Artifact, CellResult } from '../core/result.ts'
import type { Finding } from '../core/verdict.ts'
import type { Vetted } from '../core/vetted.ts'
import type { ActionPolicy } from '../gateway/authorize/action-policy.ts'
import {
  programTools,
  type ExecutionAuthorized,
  type ExecutionAuthorizer,
  type ExecutionTask,
  type ExecutionWish,
} from '../gateway/executions.ts'
import { screenArtifact } from '../gateway/screen/artifact.ts'
import { screenCell } from '../gateway/screen/cell.ts'
import { OutputScreen } from '../gateway/screen/output-screen.ts'
import { fileThing, sandboxThing } from '../provenance/lineage.ts'
import { describeSandbox } from '../sandbox/describe-sandbox.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { SandboxTime } from '../sandbox/sandbox-time.ts'
import type { Session } from '../sessions/session.ts'
import type { SessionStore } from '../sessions/session-store.ts'
import type { ObserveExecution } from '../telemetry/execution-observer.ts'
import { answerFileLimits, mediaTypeOf, readAll } from '../tools/cell-files.ts'
import { refusedForTime } from '../tools/refused-for-time.ts'
import type { CodeValidators } from '../validators/code-validators.ts'
import { broughtFiles, noFiles, type BroughtFiles } from './brought-files.ts'
import { programTime } from './program-time.ts'

interface ExecutionParts {
  readonly authorize: ExecutionAuthorizer
  readonly observe: ObserveExecution
  readonly mayRun: ActionPolicy
  readonly sessions: SessionStore<Sandbox>
  readonly validators: CodeValidators
  /** How long a program may take that does not say. */
  readonly defaultMilliseconds: number
  /** Gets the end of each session that ended with its request, which goes on after the answer. */
  readonly onRemoval: (removal: Promise<void>) => void
}

const toolOf: Readonly<Record<ProgramLanguage, ToolName>> = {
  python: 'run_python',
  javascript: 'run_javascript',
  typescript: 'run_javascript',
  shell: 'run_shell',
}

/** Programs that callers bring, and the files of their sessions: authorize → validate → ask policy → run → screen, for every interface. */
export class Executions {
  readonly #parts: ExecutionParts

  constructor(parts: ExecutionParts) {
    this.#parts = parts
  }

  /**
   * Runs one program in its session; programs of one session run one after the other. What the code does is an outcome of its
   * cell. Rejects with a ServiceError, `not-found` for a session that is not the caller's, and `refused` where a filter withholds
   * what comes out; aborting `signal` ends the program.
   */
  run(received: ExecutionReceived, asked: ExecutionRequest, signal: AbortSignal): Promise<ExecutionAnswer> {
    const { authorize, observe } = this.#parts
    const tool = toolOf[asked.language]
    const { sessionId } = received
    const most: ExecutionWish['most'] = ({ principal, grant }) => {
      const session = sessionId === null ? null : this.#parts.sessions.show(principal.id, sessionId)
      return this.#wall(asked, grant, session?.limits.wall_ms)
    }
    const takesLess = asked.takesLess ?? asked.timeoutMilliseconds === null
    return authorize(received, { tools: [tool], most, takesLess }, (task) => {
      const { requestId, channel, principal } = task.request
      const seen = { requestId, channel, principal, language: asked.language, code: asked.code }
      return observe.program({ ...seen, session: sessionId }, async () => {
        if (task.mostTime < 1) return refusedForTime
        const verdict = await this.#parts.validators.validate({ ...asked, profile: null }, signal)
        if (verdict.kind === 'refused') return { kind: 'refused', findings: verdict.findings }
        return await this.#runVetted(task, { vetted: verdict.value, asked }, signal)
      })
    })
  }

  /** Puts a file below `/mnt/data` of a session; one of the same path is replaced. */
  putFile(
    received: ExecutionReceived,
    path: string,
    content: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<Artifact> {
    return this.#withFiles(received, 'put', signal, (sandbox, _task, { lineage }) => {
      lineage.read(fileThing(path), 'file')
      lineage.enter(sandboxThing, [fileThing(path)])
      return sandbox.files.put(path, content, signal)
    })
  }

  /** The files of a session, by their names as they may leave. */
  listFiles(received: ExecutionReceived, signal: AbortSignal): Promise<readonly Artifact[]> {
    return this.#withFiles(received, 'list', signal, async (sandbox, { screener }) => {
      const files = await sandbox.files.list(signal)
      const paths = await screener().texts(
        files.map(({ path }) => ({ text: path, provenance: 'file' })),
        signal,
      )
      return files.map(({ bytes }, index) => ({ path: paths[index] ?? '', bytes }))
    })
  }

  /** A file of a session as it may leave; rejects with `refused` for one that no filter can read. */
  readFile(received: ExecutionReceived, path: string, signal: AbortSignal): Promise<AnswerArtifact> {
    return this.#withFiles(received, 'get', signal, async (sandbox, { screener }) => {
      const bytes = await readAll(sandbox.files.get(path, signal), answerFileLimits.fileBytes)
      if (bytes === null) {
        const most = answerFileLimits.fileBytes.toLocaleString('en')
        throw new ServiceError('invalid-file', `${JSON.stringify(path)} has more than ${most} bytes.`, {
          advice: 'Split it, or pack it, and read the parts.',
        })
      }
      const file = { name: path, mediaType: mediaTypeOf(path, bytes), content: bytes.toString('base64') }
      const passed = await screenArtifact(file, { screener: screener(), passesUnread: false }, signal)
      if (passed.kind === 'passes') return passed.artifact
      throw new ServiceError('refused', passed.message, {
        advice: 'Write it as text (CSV, JSON), PNG or JPEG: these can be checked.',
      })
    })
  }

  deleteFile(received: ExecutionReceived, path: string, signal: AbortSignal): Promise<void> {
    return this.#withFiles(received, 'delete', signal, (sandbox) => sandbox.files.delete(path, signal))
  }

  async #runVetted(
    task: ExecutionTask,
    { vetted, asked }: { readonly vetted: Vetted<SandboxLanguage>; readonly asked: ExecutionRequest },
    signal: AbortSignal,
  ): Promise<ExecutionAnswer> {
    const { request } = task
    const { grant, principal, sessionId } = request
    const wishes = { limits: {}, ceilings: grant.sandboxCeilings }
    const lease = await this.#parts.sessions.take(principal.id, sessionId, { wishes })
    let ran: RanProgram | null
    try {
      const { session } = lease
      // What ran before is what policy was told of, and nothing comes between a program and its files.
      const endTurn = await session.turns.take(signal)
      try {
        const finding = await this.#permit(request, { session, asked, text: vetted.text }, signal)
        if (finding !== null) return { kind: 'refused', findings: [finding] }
        ran = await this.#runIn(session, { vetted, asked, task }, signal)
      } finally {
        endTurn()
      }
    } finally {
      this.#parts.onRemoval(Promise.resolve(lease[Symbol.asyncDispose]()))
    }
    if (ran === null) return refusedForTime
    const { cell, made, ranIn, renewed, origins } = ran
    task.countBytes(Buffer.byteLength(asked.code) + bytesOf(cell, made))
    const screened = await screenCell(cell, task.screener(), { signal: unlessAborted(signal) })
    const { findings, ...files } = made
    const said = { ...screened, findings: [...(screened.findings ?? []), ...findings] }
    return { kind: 'result', cell: said, ...files, ranIn, renewed, origins }
  }

  /** Runs a program that policy allows, and reads the files that it made. */
  async #runIn(
    session: Session<Sandbox>,
    {
      vetted,
      asked,
      task,
    }: { readonly vetted: Vetted<SandboxLanguage>; readonly asked: ExecutionRequest; readonly task: ExecutionTask },
    signal: AbortSignal,
  ): Promise<RanProgram | null> {
    const { sandbox, renewed } = await session.sandboxFor(vetted.text, signal)
    session.programs.add(vetted.text)
    const wall = this.#wall(asked, task.request.grant, session.limits.wall_ms)
    const run = (most: number) => this.#cellOf(sandbox, { vetted, asked, task, wall: most }, signal)
    const cell = await new SandboxTime(task.mostTime, task.countTime).run({ wanted: wall, run }, signal)
    if (cell === null) return null
    const made = asked.bringsFiles
      ? await broughtFiles(cell, sandbox, { ...toCaller, screener: task.screener, signal: unlessAborted(signal) })
      : noFiles
    const origins = session.lineage.originsOf(sandboxThing)
    const files = made.files.map((file) => Object.assign({}, file, { origins }))
    return { cell, made: { ...made, files }, ranIn: describeSandbox(sandbox), renewed, origins }
  }

  /** Runs it, and passes on what it says as it comes where that is wanted; a refusal of a filter ends it. */
  async #cellOf(
    sandbox: Sandbox,
    {
      vetted,
      asked,
      task,
      wall: timeoutMilliseconds,
    }: {
      readonly vetted: Vetted<SandboxLanguage>
      readonly asked: ExecutionRequest
      readonly task: ExecutionTask
      readonly wall: number
    },
    signal: AbortSignal,
  ): Promise<CellResult> {
    const { onOutput } = asked
    if (onOutput === undefined) return await sandbox.run(vetted, { timeoutMilliseconds }, signal)
    const withheld = new AbortController()
    const running = AbortSignal.any([signal, withheld.signal])
    const onFault = (reason: unknown): void => withheld.abort(reason)
    const output = new OutputScreen({ screener: task.screener(), onOutput, onFault, signal })
    const push: typeof onOutput = (stream, text) => output.push(stream, text)
    const cell = await sandbox.run(vetted, { timeoutMilliseconds, onOutput: push }, running)
    if (signal.aborted) return cell
    await output.end()
    withheld.signal.throwIfAborted()
    return cell
  }

  #wall({ timeoutMilliseconds: wished }: ExecutionRequest, { sandboxCeilings }: Grant, ofSession?: number): number {
    return programTime({ wished, ofSession, usual: this.#parts.defaultMilliseconds, ceiling: sandboxCeilings.wall_ms })
  }

  /**
   * Asks policy. Who wrote a program that a caller brings nobody can tell: an agent of theirs may have read anything, so it comes
   * from what is not known.
   */
  async #permit(
    request: ExecutionAuthorized,
    {
      session,
      asked,
      text,
    }: { readonly session: Session<Sandbox>; readonly asked: ExecutionRequest; readonly text: string },
    signal: AbortSignal,
  ): Promise<Finding | null> {
    const language = asked.language === 'typescript' ? 'javascript' : asked.language
    const action = {
      tool: toolOf[asked.language],
      language,
      source: null,
      tables: [],
      columns: [],
      provenance: ['unknown' as const],
      spent: { tokens: 0, cost: 0 },
      budget: { cost: null },
    }
    return this.#parts.mayRun(request, action, { text, before: () => session.programs.texts }, signal)
  }

  /** Work on the files of a kept session. */
  #withFiles<T>(
    received: ExecutionReceived,
    action: 'put' | 'list' | 'get' | 'delete',
    signal: AbortSignal,
    work: (sandbox: Sandbox, task: ExecutionTask, session: Session<Sandbox>) => Promise<T>,
  ): Promise<T> {
    const { authorize, observe, sessions } = this.#parts
    return authorize(received, { tools: programTools, most: () => 0 }, (task) => {
      const { requestId, channel, principal, sessionId: session } = task.request
      return observe.files({ requestId, channel, principal, session, action }, async () => {
        if (session === null) {
          throw new ServiceError('invalid-request', 'The request names no session.', {
            parameter: 'session',
            advice: 'Open one, and name it: files live in sessions.',
          })
        }
        await using lease = await sessions.take(principal.id, session)
        return await work(await lease.session.sandbox(signal), task, lease.session)
      })
    })
  }
}

/** A cancelled run still has something to say; what it says is screened like anything else. */
function unlessAborted(signal: AbortSignal): AbortSignal {
  return signal.aborted ? new AbortController().signal : signal
}

interface RanProgram {
  /** Not screened yet. */
  readonly cell: CellResult
  readonly made: BroughtFiles
  readonly ranIn: string
  readonly renewed: string | null
  readonly origins: readonly Taint[]
}

/** What no filter can read is not given to callers. */
const toCaller = { limits: answerFileLimits, passesUnread: false }

/** What is answered of a program, roughly: its output and its files. */
function bytesOf({ stdout, stderr }: CellResult, { files }: BroughtFiles): number {
  const texts = Buffer.byteLength(stdout.text) + Buffer.byteLength(stderr.text)
  return files.reduce((sum, { content }) => sum + content.length, texts)
}
