import { stat } from 'node:fs/promises'
import { withFileLock } from '../../files/file-lock.ts'
import { formerFiles } from './files.ts'
import { patience, trailName } from './last-line.ts'

/** A file of a trail, as far as it was written when it was looked at. */
export interface TrailFile {
  readonly path: string
  readonly size: number
}

/**
 * The files of a trail, the oldest first and the one that is written now last. They are listed under the lock, when no writer is in
 * the middle of a line or of a change of files.
 */
export async function trailFiles(given: string): Promise<readonly TrailFile[]> {
  const current = await trailName(given)
  return withFileLock(current, patience, async () => {
    const paths = [...(await formerFiles(current)).map(({ path }) => path), current]
    return Promise.all(paths.map(async (path) => ({ path, size: (await stat(path)).size })))
  })
}
