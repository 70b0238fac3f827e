// Plain JavaScript: it is needed before anything may be loaded that Node has to take types out of.
import { lstatSync } from 'node:fs'
import { dirname } from 'node:path'

const writableByOthers = 0o022
const onlyOwnersRename = 0o1000

/**
 * Is the folder this user's, and can nobody but root write to it or to a folder above it, and so put another in its place?
 * @param {string} folder
 * @param {number} [user]
 * @returns {boolean}
 */
export function isOnlyOurs(folder, user = process.getuid?.() ?? 0) {
  const facts = lstatSync(folder)
  if (!facts.isDirectory() || facts.uid !== user || (facts.mode & writableByOthers) !== 0) return false
  for (let above = dirname(folder); ; above = dirname(above)) {
    const { uid, mode } = lstatSync(above)
    if (uid !== user && uid !== 0) return false
    if ((mode & writableByOthers) !== 0 && (mode & onlyOwnersRename) === 0) return false
    if (above === dirname(above)) return true
  }
}
