import type { FileHandle } from 'node:fs/promises'
import { withFileLock } from '../../files/file-lock.ts'
import { openRegularFile } from '../../files/regular-file.ts'
import { formerFiles } from './files.ts'
import { patience, trailName } from './last-line.ts'

const unbounded = { bytes: Number.MAX_SAFE_INTEGER, setting: null }

/** A file of a trail, as far as it was written when it was opened. */
export interface TrailFile {
  readonly path: string
  /** The number of its first line, of a full file. */
  readonly first: number | null
  readonly size: number
  readonly handle: FileHandle
}

/** The files of a trail, the oldest first and the one that is written now last. */
export interface OpenedTrail extends AsyncDisposable {
  readonly files: readonly TrailFile[]
}

/**
 * Opens a trail to be read. All of its files are opened under the lock, when no writer is in the middle of a line or of a change of
 * files: what is read stays what it was then, also where a former file is let go meanwhile, or the current one gets a former
 * name. Rejects with `invalid-file` for one that cannot be read.
 */
export async function openTrailFiles(given: string): Promise<OpenedTrail> {
  const current = await trailName(given)
  return withFileLock(current, patience, async () => {
    await using stack = new AsyncDisposableStack()
    const files: TrailFile[] = []
    for (const { path, first } of [...(await formerFiles(current)), { path: current, first: null }]) {
      const { handle, bytes } = await openRegularFile(path, unbounded)
      stack.use(handle)
      files.push({ path, first, size: bytes, handle })
    }
    const opened = stack.move()
    return { files, [Symbol.asyncDispose]: () => opened.disposeAsync() }
  })
}
