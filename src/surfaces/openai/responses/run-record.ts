import { stateOfEnding, type RunWriter } from '../../../core/conversations.ts'
import type { FileLimits, Files } from '../../../core/stored-files.ts'
import { keepArtifact } from '../../../sessions/keep-artifact.ts'
import { withoutPictures } from '../../../sessions/without-pictures.ts'
import type { RunPart, ToolUse } from './run-parts.ts'

export interface RunRecordParts {
  readonly writer: RunWriter
  readonly files: Pick<Files, 'keep'>
  readonly limits: FileLimits
}

/** Keeps each part of a run before it is told: what a caller has seen of a finished step is on the disk. */
export class RunRecord {
  readonly #parts: RunRecordParts

  constructor(parts: RunRecordParts) {
    this.#parts = parts
  }

  /** The part as it is kept, which is how it is told: of a file with its id in the store. Rejects with `storage-unavailable`. */
  async keep(part: RunPart): Promise<RunPart> {
    const { writer } = this.#parts
    switch (part.type) {
      case 'text':
      case 'call':
        return part
      case 'message':
        await writer.add([{ type: 'message', role: 'assistant', content: part.text }])
        return part
      case 'tool-use': {
        const use = withoutLarge(part.use)
        await writer.add([use])
        return { ...part, use }
      }
      case 'artifact': {
        const { name, mediaType, content, isMasked = false } = part.artifact
        const fileId = await keepArtifact(part.artifact, { ...this.#parts, run: writer.run })
        const bytes = Buffer.byteLength(content, 'base64')
        await writer.add([{ type: 'artifact', fileId, name, mediaType, bytes, ...(isMasked ? { isMasked } : {}) }])
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
