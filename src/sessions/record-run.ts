import { stateOfEnding, type ConversationItem, type RunWriter, type ToolOutcome } from '../core/conversations.ts'
import { toServiceError, type ServiceError } from '../core/errors.ts'
import type { AgentEvent, AnswerArtifact, ToolSource } from '../core/events.ts'
import { withoutPictures } from './without-pictures.ts'

type EndEvent = Extract<AgentEvent, { readonly type: 'end' }>
type ArtifactEvent = Extract<AgentEvent, { readonly type: 'artifact' }>

export interface Recording {
  /** The run that the events are kept in; asked for with the first event that has to be. Null where nothing is kept. */
  readonly writer: () => RunWriter | null
  /** Keeps what a run made as a file; null for one that cannot be kept. */
  readonly keepArtifact: (artifact: AnswerArtifact, writer: RunWriter) => Promise<string | null>
}

/**
 * Passes the screened events of a run on, each finished step when it is on the disk: text when the next thing begins, a call of a tool with what came of it,
 * the end. An event that tells of something finished is passed on after it was kept, so that nothing that a caller has seen to be over is lost. Where the
 * storage cannot keep it, the run ends there with `storage-unavailable`.
 */
export async function* recordRun(events: AsyncIterable<AgentEvent>, recording: Recording): AsyncGenerator<AgentEvent> {
  const gathering = new Gathering()
  let isOver = false
  try {
    for await (const event of events) {
      const writer = recording.writer()
      if (writer === null) {
        yield event
        continue
      }
      if (event.type === 'end') {
        await keep(writer, gathering.take())
        await writer.end(stateOfEnding[event.ending], endOf(event))
        isOver = true
        yield event
        continue
      }
      const kept = event.type === 'artifact' ? await keptArtifact(event, recording, writer) : event
      await keep(writer, gathering.next(kept))
      yield kept
    }
  } catch (thrown) {
    const writer = recording.writer()
    if (writer !== null && !isOver) await leave(writer, gathering.take(), toServiceError(thrown))
    throw thrown
  } finally {
    // Whoever reads the events may stop anywhere.
    await recording.writer()?.[Symbol.asyncDispose]()
  }
}

/** What broke off is kept as far as it came, with its reason; where that fails too, the run is interrupted. */
async function leave(writer: RunWriter, rest: readonly ConversationItem[], error: ServiceError): Promise<void> {
  const ending = error.code === 'cancelled' ? 'cancelled' : 'failed'
  const nothing = { usage: { inputTokens: 0, outputTokens: 0 }, steps: 0, milliseconds: 0 }
  try {
    await keep(writer, rest)
    await writer.end(ending, { ending, message: error.message, code: error.code, ...nothing })
  } catch {}
}

async function keep(writer: RunWriter, items: readonly ConversationItem[]): Promise<void> {
  if (items.length > 0) await writer.add(items)
}

function endOf({ type: _type, ...end }: EndEvent) {
  return end
}

async function keptArtifact(
  event: ArtifactEvent,
  { keepArtifact }: Recording,
  writer: RunWriter,
): Promise<ArtifactEvent> {
  const id = await keepArtifact(event.artifact, writer)
  if (id === null) return event
  return { ...event, artifact: { ...event.artifact, stored: { id, principal: writer.run.principal } } }
}

/** What of a run is finished by each of its events. */
class Gathering {
  readonly #sources = new Map<string, ToolSource | null>()
  #text = ''

  /** What the event finishes. */
  next(event: Exclude<AgentEvent, EndEvent>): readonly ConversationItem[] {
    if (event.type === 'text-delta') {
      this.#text += event.text
      return []
    }
    if (event.type === 'tool-call') {
      this.#sources.set(event.callId, event.source)
      return this.take()
    }
    const item = this.#itemOf(event)
    return item === null ? this.take() : [...this.take(), item]
  }

  /** Text that nothing follows. */
  take(): readonly ConversationItem[] {
    const content = this.#text
    this.#text = ''
    return content === '' ? [] : [{ type: 'message', role: 'assistant', content }]
  }

  #itemOf(
    event: Exclude<AgentEvent, EndEvent | { readonly type: 'text-delta' | 'tool-call' }>,
  ): ConversationItem | null {
    switch (event.type) {
      case 'step-start':
        return null
      case 'artifact': {
        const { content, stored, name, mediaType, isMasked } = event.artifact
        const bytes = Buffer.byteLength(content, 'base64')
        const fileId = stored?.id ?? null
        return { type: 'artifact', fileId, name, mediaType, bytes, ...(isMasked === undefined ? {} : { isMasked }) }
      }
      case 'tool-result': {
        const { type: _type, callId, tool, ...result } = event
        return this.#used(callId, tool, { kind: 'result', ...result, cell: withoutPictures(result.cell) })
      }
      case 'tool-refusal': {
        const { type: _type, callId, tool, ...refusal } = event
        return this.#used(callId, tool, { kind: 'refusal', ...refusal })
      }
      case 'tool-failure':
        return this.#used(event.callId, event.tool, { kind: 'failure', message: event.message })
    }
  }

  #used(callId: string, tool: string, outcome: ToolOutcome): ConversationItem {
    const source = this.#sources.get(callId) ?? null
    this.#sources.delete(callId)
    return { type: 'tool-use', callId, tool, source, outcome }
  }
}
