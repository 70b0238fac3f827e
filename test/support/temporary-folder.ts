import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** As it was before a file of tests was given one of its own. */
export const outerFolder = tmpdir()

const made = new Set<string>()

/** A new folder for whoever tests: it stays until the file of tests, or the program, has ended. */
export function temporaryFolder(prefix: string, parent = tmpdir()): string {
  const folder = mkdtempSync(join(parent, prefix))
  made.add(folder)
  return folder
}

/** What stands in a folder beside those that `temporaryFolder` made there. */
export function foundBesideTemporaryFolders(folder: string): string[] {
  return readdirSync(folder).filter((name) => !made.has(join(folder, name)))
}

export function removeTemporaryFolders(): void {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
  made.clear()
}

process.once('exit', removeTemporaryFolders)
