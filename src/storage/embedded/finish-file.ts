import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/** Makes a file of a storage that nobody has open one file alone, without a log of writes beside it. */
export function finishFile(path: string): void {
  if (!existsSync(path)) return
  using file = new DatabaseSync(path)
  file.exec('PRAGMA journal_mode = DELETE')
}
