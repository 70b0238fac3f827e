import type { AnswerArtifact } from '../../core/events.ts'
import type { CommandContext } from '../context.ts'
import { inlinePicture, pictureProtocol } from './inline-picture.ts'

/** Longer than this nobody waits for a picture whose path is shown anyway, in milliseconds. */
const patienceMilliseconds = 15_000

/**
 * What draws a picture on standard output: drawn anew first, since a terminal decodes what it is given at once. Null where standard
 * output is no terminal that says it can, without colours, and for what cannot be drawn anew: a path stands for every picture.
 */
export function createDrawing({ terminal: { out }, variables, drawAnew }: CommandContext) {
  const protocol = out.isTerminal && out.colour ? pictureProtocol(variables) : null
  return async (picture: AnswerArtifact): Promise<string | null> => {
    if (protocol === null) return null
    const drawn = await drawAnew(picture, AbortSignal.timeout(patienceMilliseconds)).catch(() => null)
    return drawn === null ? null : inlinePicture(drawn, { protocol, columns: out.width ?? 80 })
  }
}
