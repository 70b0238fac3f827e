import type { AgentEvent } from '../core/events.ts'
import type { ToolName } from '../core/grant.ts'
import type { Taint, Thing } from '../core/provenance.ts'
import type { Admitted } from '../core/request.ts'
import { originOfTool } from '../provenance/analyst/tool-origins.ts'
import { fileThing, modelThing, sandboxThing, type Lineage } from '../provenance/lineage.ts'

interface RunLineageParts {
  /** Of the session in which the run runs: what was there before it stays. */
  readonly lineage: Lineage
  readonly request: Pick<Admitted, 'requestId' | 'messages' | 'saidBefore'>
  /** Paths of the files that the model is told of. */
  readonly files: readonly string[]
}

/** Of a run, as it goes on: says of its events where they came from, and notes what the model has read by them. */
export type TellOrigins = (event: AgentEvent) => AgentEvent

/** Whatever else is called brings what nobody has followed. */
const originOf = (tool: string): Taint =>
  Object.hasOwn(originOfTool, tool) ? originOfTool[tool as ToolName] : 'unknown'

/**
 * Follows one run: the model begins with the words of the conversation, with what was said in it before and with what it is told of files; each
 * result that goes back to it adds to that, and whatever it writes from then on, programs too, is made of all of it. A program's output and its files
 * are made of all that its sandbox has had.
 */
export function followRun({ lineage, request, files }: RunLineageParts): TellOrigins {
  const { requestId, messages, saidBefore } = request
  const begun = [wordsOf(lineage, messages), ...files.map(fileThing)]
  if (messages.some(({ role }) => role === 'assistant')) {
    const id = `before:${requestId}`
    lineage.bring(id, 'turn', saidBefore ?? ['unknown'])
    begun.push(id)
  }
  lineage.make(modelThing, 'turn', begun)
  let calls = 0
  const read = (tool: string): string => {
    calls += 1
    const id = `call:${requestId}:${calls}`
    if (tool === 'run_python') lineage.make(id, 'read', [sandboxThing])
    else if (tool === 'describe_data' && files.length > 0) lineage.make(id, 'read', files.map(fileThing))
    else if (tool === 'run_javascript' || tool === 'extract_values') lineage.make(id, 'read', [modelThing])
    lineage.bring(id, 'read', [originOf(tool)])
    lineage.make(modelThing, 'turn', [id])
    return id
  }
  return (event) => {
    switch (event.type) {
      case 'step-start':
        return { ...event, origins: lineage.originsOf(modelThing) }
      case 'tool-result':
      case 'tool-failure':
        return { ...event, origins: lineage.originsOf(read(event.tool)) }
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
}

/** What people wrote: whoever asks, and the operator where there are instructions. */
function wordsOf(lineage: Lineage, messages: Admitted['messages']): string {
  const id = 'words'
  lineage.read(id, 'user')
  if (messages.some(({ role }) => role === 'system')) lineage.read(id, 'operator')
  return id
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
