import type { FileHandle } from 'node:fs/promises'
import { longestLine } from './entry.ts'

const newline = 10

export interface TrailLine {
  readonly line: Buffer
  /** Does a line feed stand behind it? */
  readonly ended: boolean
}

/**
 * Lines of the first `size` bytes of a file that stays open, cut at line feeds and nowhere else; none behind one that is longer
 * than any of a trail.
 */
export async function* linesOf(file: FileHandle, size: number): AsyncIterable<TrailLine> {
  if (size === 0) return
  let pieces: Buffer[] = []
  let gathered = 0
  for await (const chunk of file.createReadStream({
    start: 0,
    end: size - 1,
    autoClose: false,
  }) as AsyncIterable<Buffer>) {
    let from = 0
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      yield { line: Buffer.concat([...pieces, chunk.subarray(from, at)]), ended: true }
      pieces = []
      from = at + 1
    }
    if (from < chunk.length) pieces.push(chunk.subarray(from))
    gathered = (from > 0 ? 0 : gathered) + chunk.length - from
    // A file other than a trail may have no line feed at all.
    if (gathered > longestLine) break
  }
  if (pieces.length > 0) yield { line: Buffer.concat(pieces), ended: false }
}
