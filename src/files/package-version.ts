import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The version in the nearest package.json above; sources and build lie at different depths. */
export function packageVersion(folder: string = import.meta.dirname): string {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version
  } catch {
    return folder === dirname(folder) ? 'unknown' : packageVersion(dirname(folder))
  }
}
