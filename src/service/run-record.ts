import type { AgentEvent } from '../core/events.ts'
import type { ToolName } from '../core/grant.ts'
import type { Provenance, Taint, Thing } from '../core/provenance.ts'
import type { Admitted } from '../core/request.ts'
import type { OnRead } from '../agent/calls.ts'
import { RunReads } from '../provenance/analyst/run-reads.ts'
import { originOfTool } from '../provenance/analyst/tool-origins.ts'
import { fileThing, isTrusted, modelThing, sandboxThing, type Lineage } from '../provenance/lineage.ts'
import type { SessionFile } from '../sessions/session-file.ts'

interface RunRecordParts {
  readonly request: Pick<Admitted, 'requestId' | 'messages' | 'saidBefore' | 'sessionId'>
  /** Of the session in which the run runs: what was there before it stays. */
  readonly session: { readonly files: readonly SessionFile[]; readonly lineage: Lineage }
  /** Are the tables of its source files, whose heads are whoever's who wrote the files? */
  readonly hasFileSource?: boolean
}

/** Where the arguments of a call may come from, as rules are told. */
type CallOrigin = Provenance | 'unknown'

/** Whatever else is called brings what nobody has followed. */
const originOf = (tool: string): Taint =>
  Object.hasOwn(originOfTool, tool) ? originOfTool[tool as ToolName] : 'unknown'

/**
 * The one record of what a run has read. Its model begins with the words of the conversation, with what was said in it before and with
 * what it is told of files; each result that goes back to it adds to that, and whatever it writes from its next turn on, programs too,
 * is made of all of it. Three ask it: whoever decides about calls by what stands in the `reads`; rules, by `origins`; and, by the lineage of
 * the session, which goes on with what it has noted there, whoever is told where an event came from.
 */
export class RunRecord {
  /** What is compared with what is to run. */
  readonly reads: RunReads
  readonly #run: string
  readonly #session: RunRecordParts['session']
  readonly #hasFileSource: boolean
  /** Of those that its model was told of when it began. */
  readonly #files: readonly string[]
  #origins: readonly CallOrigin[]
  /** Of calls of this turn, which the model has not read yet. */
  #coming: readonly CallOrigin[] = []
  #calls = 0

  constructor({ request, session, hasFileSource = false }: RunRecordParts) {
    const { requestId, messages, saidBefore = ['unknown'], sessionId } = request
    const { files, lineage } = session
    const hasAnswers = messages.some(({ role }) => role === 'assistant')
    const hasInstructions = messages.some(({ role }) => role === 'system')
    this.#run = requestId
    this.#session = session
    this.#hasFileSource = hasFileSource
    this.#files = files.map(({ path }) => path)
    this.#origins = [
      'model',
      'user',
      ...(hasInstructions ? (['operator'] as const) : []),
      // Earlier answers, and a session that is continued, hold what nobody can trace any more.
      ...(hasAnswers || sessionId !== null ? (['unknown'] as const) : []),
      ...(files.length > 0 ? (['file'] as const) : []),
    ]
    // What people wrote: whoever asks, and the operator where there are instructions.
    const begun = ['words', ...this.#files.map(fileThing)]
    lineage.read('words', 'user')
    if (hasInstructions) lineage.read('words', 'operator')
    if (hasAnswers) {
      const before = `before:${requestId}`
      lineage.bring(before, 'turn', saidBefore)
      begun.push(before)
    }
    lineage.make(modelThing, 'turn', begun)
    this.reads = new RunReads(requestId)
    for (const { path, kind, description } of files) {
      this.reads.begin({ origin: kind === 'attached' ? 'file' : 'row', name: path, text: description })
    }
    // Answers of which nobody knows anything, and those that were made of what others have written.
    const doubtful = saidBefore.filter((origin) => !isTrusted(origin))
    for (const { role, content } of messages) {
      if (role === 'assistant') for (const origin of doubtful) this.reads.begin({ origin, text: content })
    }
    for (const origin of lineage.originsOf(modelThing)) if (!isTrusted(origin)) this.reads.begin({ origin, text: '' })
  }

  /** Where what its model writes now may come from, sorted. */
  get origins(): CallOrigin[] {
    return this.#origins.toSorted()
  }

  /** Takes what goes back to the model for a call. */
  add({ callId, tool, text }: Parameters<OnRead>[0]): void {
    const isOfFiles = tool === 'describe_data' && (this.#hasFileSource || this.#session.files.length > 0)
    const origin = isOfFiles ? 'file' : originOfTool[tool]
    this.reads.add({ callId, tool, origin, text })
  }

  /** A call of this tool was decided on: its result, or why there is none, is read next. */
  decided(tool: ToolName): void {
    this.#coming = [...this.#coming, originOfTool[tool]]
  }

  /** The model has written its next turn: it has read everything that came back until then. */
  nextTurn(): void {
    this.reads.nextTurn()
    this.#origins = [...new Set([...this.#origins, ...this.#coming])]
    this.#coming = []
  }

  /** Takes an event as it comes, and gives it with where it came from. */
  tell(event: AgentEvent): AgentEvent {
    const { lineage } = this.#session
    switch (event.type) {
      case 'step-start':
        return { ...event, origins: lineage.originsOf(modelThing) }
      case 'tool-result':
      case 'tool-failure':
        return { ...event, origins: lineage.originsOf(this.#noteResult(event.tool)) }
      case 'artifact': {
        const id = `artifact:${event.artifact.name}`
        lineage.make(id, 'artifact', [sandboxThing])
        return { ...event, artifact: { ...event.artifact, origins: lineage.originsOf(id) } }
      }
      case 'end':
        return { ...event, lineage: numbered(lineage.things) }
      default:
        return event
    }
  }

  /** A program's output and its files are made of all that its sandbox has had. */
  #noteResult(tool: string): string {
    const { lineage } = this.#session
    this.#calls += 1
    const id = `call:${this.#run}:${this.#calls}`
    if (tool === 'run_python') lineage.make(id, 'read', [sandboxThing])
    else if (tool === 'describe_data' && this.#files.length > 0) lineage.make(id, 'read', this.#files.map(fileThing))
    else if (tool === 'run_javascript' || tool === 'extract_values') lineage.make(id, 'read', [modelThing])
    lineage.bring(id, 'read', [originOf(tool)])
    lineage.make(modelThing, 'turn', [id])
    return id
  }
}

/** Names of files and of charts may be anybody's words: only their numbers are told. */
function numbered(things: readonly Thing[]): readonly Thing[] {
  const counts = new Map<string, number>()
  const names = new Map<string, string>()
  for (const { id } of things) {
    const [kind = id, ...rest] = id.split(':')
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    names.set(id, rest.length === 0 ? id : `${kind}-${count}`)
  }
  return things.map((thing) =>
    Object.assign({}, thing, {
      id: names.get(thing.id) ?? 'unknown',
      from: thing.from.map((id) => names.get(id) ?? 'unknown'),
    }),
  )
}
