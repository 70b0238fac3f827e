import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'
import { valueSettings } from '../values.ts'

/** Nothing is kept on disk, so durability is worth nothing here; `DISCARD ALL` goes back to these values. */
const serverSettings: readonly (readonly [name: string, value: string])[] = [
  ['fsync', 'off'],
  ['max_parallel_workers_per_gather', '0'],
  ['temp_file_limit', '262144'],
  ['jit', 'off'],
  // pg_temp would be searched first for relations if it were not named.
  ['search_path', 'public, pg_temp'],
  ...valueSettings,
]

/** An image of a data directory (an uncompressed tar) and the SHA-256 it must have. */
export interface ImageFile {
  readonly path: string
  readonly sha256: string
}

/** A PGlite in memory, from an image or, with null, newly made. Throws when the image is not what it should be. */
export async function openPglite(image: ImageFile | null): Promise<PGlite> {
  const postgresqlconf = serverSettings.map(([name, value]) => `${name} = '${value}'`)
  // Segments of 1 MB instead of 16 keep an image small: it never holds more than a checkpoint's worth of log.
  if (image === null) return PGlite.create({ postgresqlconf, initDbStartParams: ['--wal-segsize=1'] })
  const bytes = await readFile(image.path)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (sha256 !== image.sha256) throw new Error(`${image.path} is damaged: its SHA-256 is ${sha256}`)
  return PGlite.create({ postgresqlconf, loadDataDir: new Blob([bytes]) })
}
