import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

/**
 * Path of a public corpus file, or null where the corpora are not on this machine. They live beside the checkout in
 * `../shared/data`, or where SALLYPORT_DATA points. Says so once on stderr, so that a skip is never silent.
 */
export function corpus(name: string): string | null {
  const folder = process.env['SALLYPORT_DATA'] ?? resolve(import.meta.dirname, '../../../../shared/data')
  const path = join(folder, name)
  if (existsSync(path)) return path
  process.stderr.write(`SKIPPED: corpus ${name} is not here (set SALLYPORT_DATA to the folder that holds it)\n`)
  return null
}
