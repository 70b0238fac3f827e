import { mkdirSync, realpathSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { isOnlyOurs } from '../files/only-ours.ts'

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
