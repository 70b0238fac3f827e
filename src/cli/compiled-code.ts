import { lstatSync, mkdirSync, realpathSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { dirname } from 'node:path'

/**
 * Keeps the program's compiled code in `folder` between starts: compiling is half of the time of a short command. False
 * where it is not kept. Whatever lies there is run as it is, so the folder has to be one that nobody else can write or
 * replace.
 */
export function keepCompiledCode(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const place = realpathSync(folder)
    if (!isOnlyOurs(place)) return false
    enableCompileCache(place)
    return true
  } catch {
    // No home, a full or read-only disk: the program starts all the same.
    return false
  }
}

const writableByOthers = 0o022
const onlyOwnersRename = 0o1000

/** Is the folder this user's, and can nobody but root write to it or to a folder above it, and so put another in its place? */
export function isOnlyOurs(folder: string, user = process.getuid?.() ?? 0): boolean {
  const facts = lstatSync(folder)
  if (!facts.isDirectory() || facts.uid !== user || (facts.mode & writableByOthers) !== 0) return false
  for (let above = dirname(folder); ; above = dirname(above)) {
    const { uid, mode } = lstatSync(above)
    if (uid !== user && uid !== 0) return false
    if ((mode & writableByOthers) !== 0 && (mode & onlyOwnersRename) === 0) return false
    if (above === dirname(above)) return true
  }
}
