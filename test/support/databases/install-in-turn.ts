import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Longer than a package manager takes over a slow line. */
const patience = 900_000

/**
 * Looks for programs, and installs those that are missing, while no other file of tests does: package managers refuse to
 * work beside each other, and what another one is half way through installing looks as if it were there. The lock is one
 * of SQLite, which ends with its holder; it stays in the folder.
 */
export function installInTurn<Result>(folder: string, install: () => Result): Result {
  mkdirSync(folder, { recursive: true })
  using lock = new DatabaseSync(join(folder, 'installing.sqlite'), { timeout: patience })
  lock.exec('BEGIN EXCLUSIVE')
  return install()
}
