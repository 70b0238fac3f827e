import { basename, dirname, extname, join } from 'node:path'
import type { CellResult } from '../core/result.ts'
import type { SessionFile } from './session-file.ts'
import type { SessionSandbox } from './session.ts'

export interface AfterProgram {
  readonly cell: Pick<CellResult, 'artifacts' | 'truncated' | 'unlistedFiles'>
  /** Did the person ask for another content of a file, or none? `count` is how many they have given. */
  readonly mayChange: (path: string, count: number) => boolean
}

/** A file of the person's that was put back. */
export interface PutBack {
  readonly path: string
  /** Where lies what the program has made of it; null where it has taken it away. */
  readonly changedTo: string | null
}

/** So many bytes of all files are looked at whatever the sandbox says: who writes through a map of memory changes no time of a file. */
const mostCompared = 4 * 1024 * 1024

/**
 * Files that were given to a sandbox, as they were given, where a program has written over one or taken it away that nobody asked it to change. Where the
 * sandbox could not say all that has changed, every one is put back.
 */
export async function putBackFiles(
  { files }: Pick<SessionSandbox, 'files'>,
  { given, cell, mayChange }: AfterProgram & { readonly given: readonly SessionFile[] },
  signal: AbortSignal,
): Promise<readonly PutBack[]> {
  const held = given.filter(({ path }) => !mayChange(path, given.length))
  if (held.length === 0) return []
  const isUnsaid = cell.truncated.includes('artifacts') || (cell.unlistedFiles ?? 0) > 0
  const changed = new Set(cell.artifacts.map(({ path }) => path))
  const there = new Set((await files.list(signal)).map(({ path }) => path))
  const areCompared = !isUnsaid && held.reduce((sum, { bytes }) => sum + bytes, 0) <= mostCompared
  const done: PutBack[] = []
  for (const { path, open } of held) {
    const isThere = there.has(path)
    const isChanged =
      changed.has(path) ||
      (isThere && areCompared && !(await bytesIn(files.get(path, signal))).equals(await bytesIn(open())))
    if (isThere && !isUnsaid && !isChanged) continue
    const changedTo = isThere && isChanged ? besides(path, there) : null
    if (changedTo !== null) {
      await files.put(changedTo, files.get(path, signal), signal)
      there.add(changedTo)
    }
    await files.put(path, open(), signal)
    if (!isThere || isChanged) done.push({ path, changedTo })
  }
  return done
}

async function bytesIn(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of content) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** `sales.changed.csv` for `sales.csv`, or one that is not there yet. */
function besides(path: string, there: ReadonlySet<string>): string {
  const extension = extname(path)
  const stem = join(dirname(path), basename(path, extension))
  for (let count = 1; ; count += 1) {
    const name = `${stem}.changed${count === 1 ? '' : `-${count}`}${extension}`
    if (!there.has(name)) return name
  }
}
