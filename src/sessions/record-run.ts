import { stateOfEnding, type RunWriter } from '../core/conversations.ts'
import { toServiceError, type ServiceError } from '../core/errors.ts'
import type { AgentEvent, AnswerArtifact } from '../core/events.ts'
import { brokenEnd, groundingOf, originsOf, RunParts, type RunPart, type ToolUse } from './run-parts.ts'
import { withoutPictures } from './without-pictures.ts'

/** Keeps what a run made as a file; null for one that cannot be kept. */
export type KeepFile = (artifact: AnswerArtifact, writer: RunWriter) => Promise<string | null>

/** Keeps each part of a run before it is told: what a caller has seen of a finished step is on the disk. */
export class RunRecord {
  readonly #writer: RunWriter
  readonly #keepFile: KeepFile

  constructor(writer: RunWriter, keepFile: KeepFile) {
    this.#writer = writer
    this.#keepFile = keepFile
  }

  /** The part as it is kept, which is how it is told: of a file with its id in the store. Rejects with `storage-unavailable`. */
  async keep(part: RunPart): Promise<RunPart> {
    const writer = this.#writer
    switch (part.type) {
      case 'text':
      case 'call':
        return part
      case 'message':
        await writer.add([
          { type: 'message', role: 'assistant', content: part.text, ...originsOf(part), ...groundingOf(part) },
        ])
        return part
      case 'plan':
        await writer.add([{ type: 'plan', steps: part.steps }])
        return part
      case 'tool-use': {
        const use = withoutLarge(part.use)
        await writer.add([use])
        return { ...part, use }
      }
      case 'artifact': {
        const { name, mediaType, content, isMasked = false } = part.artifact
        const fileId = await this.#keepFile(part.artifact, writer)
        const bytes = Buffer.byteLength(content, 'base64')
        const masked = isMasked ? { isMasked } : {}
        await writer.add([{ type: 'artifact', fileId, name, mediaType, bytes, ...masked, ...originsOf(part.artifact) }])
        return { ...part, fileId }
      }
      case 'end': {
        const { type: _type, ...end } = part.end
        await writer.end(stateOfEnding[end.ending], end)
        return part
      }
    }
  }
}

function withoutLarge(use: ToolUse): ToolUse {
  const { outcome } = use
  return outcome.kind === 'result' ? { ...use, outcome: { ...outcome, cell: withoutPictures(outcome.cell) } } : use
}

export interface Recording {
  /** The run that the events are kept in; asked for with the first event that has to be. Null where nothing is kept. */
  readonly writer: () => RunWriter | null
  readonly keepFile: KeepFile
}

/**
 * Passes the screened events of a run on, each finished step when it is on the disk: text when the next thing begins, a call of a tool with what came of it,
 * the end. An event that tells of something finished is passed on after it was kept, so that nothing that a caller has seen to be over is lost. Where the
 * storage cannot keep it, the run ends there with `storage-unavailable`.
 */
export async function* recordRun(events: AsyncIterable<AgentEvent>, recording: Recording): AsyncGenerator<AgentEvent> {
  const parts = new RunParts()
  let record: RunRecord | null = null
  let unkept: RunPart[] = []
  let isOver = false
  try {
    for await (const event of events) {
      const writer = recording.writer()
      record ??= writer === null ? null : new RunRecord(writer, recording.keepFile)
      if (writer === null || record === null) {
        yield event
        continue
      }
      let told = event
      unkept = [...parts.next(event)]
      for (let part = unkept[0]; part !== undefined; part = unkept[0]) {
        told = asKept(told, await record.keep(part), writer)
        unkept.shift()
      }
      isOver = event.type === 'end'
      yield told
    }
  } catch (thrown) {
    if (record !== null && !isOver) await leave(record, { unkept, parts }, toServiceError(thrown))
    throw thrown
  } finally {
    // Whoever reads the events may stop anywhere.
    await recording.writer()?.[Symbol.asyncDispose]()
  }
}

/** The event of a file with its place in the store. */
function asKept(event: AgentEvent, part: RunPart, { run }: RunWriter): AgentEvent {
  if (event.type !== 'artifact' || part.type !== 'artifact' || part.fileId === null) return event
  return { ...event, artifact: { ...event.artifact, stored: { id: part.fileId, principal: run.principal } } }
}

/** What broke off is kept as far as it came, with its reason; where that fails too, the run is interrupted. */
async function leave(
  record: RunRecord,
  { unkept, parts }: { readonly unkept: readonly RunPart[]; readonly parts: RunParts },
  { code, message }: ServiceError,
): Promise<void> {
  try {
    for (const part of [...unkept, ...parts.next(brokenEnd({ code, message }))]) {
      // It has another end now.
      if (part.type !== 'end' || !unkept.includes(part)) await record.keep(part)
    }
  } catch {}
}
