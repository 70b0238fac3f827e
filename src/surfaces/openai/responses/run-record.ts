import { stateOfEnding, type RunState, type RunWriter } from '../../../core/conversations.ts'
import type { AnswerArtifact } from '../../../core/events.ts'
import type { FileLimits, Files } from '../../../core/stored-files.ts'
import type { RunPart } from './run-parts.ts'

export interface RunRecordParts {
  readonly writer: RunWriter
  readonly files: Pick<Files, 'keep'>
  readonly limits: FileLimits
  /** Told of a file that could not be kept; the answer goes on without it. */
  readonly onUnkept: (error: unknown) => void
}

/** Keeps each part of a run before it is told: what a caller has seen of a finished step is on the disk. */
export class RunRecord {
  readonly #parts: RunRecordParts

  constructor(parts: RunRecordParts) {
    this.#parts = parts
  }

  /** The part as it is told: of a file with its id in the store. */
  async keep(part: RunPart): Promise<RunPart> {
    const { writer } = this.#parts
    switch (part.type) {
      case 'text':
      case 'call':
        return part
      case 'message':
        await writer.add([{ type: 'message', role: 'assistant', content: part.text }])
        return part
      case 'tool-use':
        await writer.add([part.use])
        return part
      case 'artifact': {
        const fileId = await this.#keepFile(part.artifact)
        const { name, mediaType, content, isMasked = false } = part.artifact
        const bytes = Buffer.byteLength(content, 'base64')
        await writer.add([{ type: 'artifact', fileId, name, mediaType, bytes, ...(isMasked ? { isMasked } : {}) }])
        return { ...part, fileId }
      }
      case 'end': {
        const { type: _type, ...end } = part.end
        const state: Exclude<RunState, 'running'> = endedState(stateOfEnding[end.ending])
        await writer.end(state, end)
        return part
      }
    }
  }

  async #keepFile({ name, mediaType, content }: AnswerArtifact): Promise<string | null> {
    const { writer, files, limits, onUnkept } = this.#parts
    const { id: run, conversation, principal } = writer.run
    const words = { name, mediaType, preview: null }
    try {
      const kept = await files.keep(
        { ...words, principal, run, conversation, later: async () => ({ purpose: 'artifact', expires: null }) },
        chunksOf(Buffer.from(content, 'base64')),
        limits,
      )
      return kept.id
    } catch (error) {
      onUnkept(error)
      return null
    }
  }
}

const endedState = (state: RunState): Exclude<RunState, 'running'> => (state === 'running' ? 'failed' : state)

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
