// Debian's Chromium, in which tests look at the web app. Nothing else of the project needs a browser.
import { installPackages } from './apt.mjs'
import { findProgram, SetupError } from './shell.mjs'
import { withLock } from './state.mjs'

/** The browser's path, or null. */
export const findBrowser = () => findProgram('chromium')

/**
 * Makes sure that it is there, with letters to show: a bare machine has no fonts.
 * @returns {Promise<string>}
 */
export async function ensureBrowser() {
  await withLock('browser', async () => {
    if (findBrowser() === null) await installPackages(['chromium', 'fonts-dejavu-core'])
  })
  const found = findBrowser()
  if (found === null)
    throw new SetupError('Chromium was installed, and yet there is no program "chromium".', 'Put it into the PATH.')
  return found
}
