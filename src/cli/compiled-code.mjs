// Plain JavaScript: it is needed before anything may be loaded that Node has to take types out of.
import { mkdirSync, realpathSync } from 'node:fs'
import nodeModule from 'node:module'
import { join } from 'node:path'
import { userFolder } from '../config/user-folder.mjs'
import { isOnlyOurs } from '../files/only-ours.mjs'

/**
 * `$XDG_CACHE_HOME/sallyport/compiled`, usually `~/.cache/sallyport/compiled`.
 * @param {import('../config/environment.ts').Variables} variables
 * @returns {string}
 */
export function compiledCodeFolder(variables) {
  return join(userFolder(variables, 'XDG_CACHE_HOME', '.cache'), 'sallyport', 'compiled')
}

/**
 * Keeps the program's compiled code in `folder` between starts: compiling is half of the time of a short command. False
 * where it is not kept. Whatever lies there is run as it is, so the folder has to be one that nobody else can write or
 * replace.
 * @param {string} folder
 * @returns {boolean}
 */
export function keepCompiledCode(folder) {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const place = realpathSync(folder)
    if (!isOnlyOurs(place)) return false
    // By its name alone it could not be imported in a Node that is too old, which is to be told so.
    nodeModule.enableCompileCache(place)
    return true
  } catch {
    // No home, a full or read-only disk: the program starts all the same.
    return false
  }
}
