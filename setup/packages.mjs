// The project's npm packages, including the Node that runs it: in place, or installed exactly as package-lock.json says.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createHash } from 'node:crypto'
import { ask, runShown, SetupError } from './shell.mjs'
import { logFile, withLock } from './state.mjs'

/** The checkout, or the installed package, without a trailing slash. */
export const PROJECT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')

/** The Node of the version this code needs, inside node_modules; null where another Node brought us here as an installed package. */
export function projectNode() {
  const path = join(PROJECT, 'node_modules', 'node', 'bin', 'node')
  return existsSync(path) ? path : null
}

/**
 * Why the packages have to be installed, or null when all are there at the versions of the lock file.
 * @param {string} [project]
 * @returns {string | null}
 */
export function packagesProblem(project = PROJECT) {
  const wanted = lockedVersions(join(project, 'package-lock.json'))
  if (wanted === null) return null
  const present = lockedVersions(join(project, 'node_modules', '.package-lock.json'))
  if (present === null) return 'node_modules is missing or was not finished'
  for (const [path, { version, optional }] of wanted) {
    const found = present.get(path)
    if (found === undefined && optional) continue
    if (found?.version !== version)
      return `${path.replace('node_modules/', '')} is ${found?.version ?? 'missing'}, not ${version}`
  }
  try {
    accessSync(join(project, 'node_modules', 'node', 'bin', 'node'), constants.X_OK)
    return null
  } catch {
    return 'the Node that runs this project is missing'
  }
}

/**
 * @param {string} file
 * @returns {Map<string, { version: string, optional: boolean }> | null}
 */
function lockedVersions(file) {
  try {
    const { packages } = JSON.parse(readFileSync(file, 'utf8'))
    const entries = Object.entries(packages).filter(([path, entry]) => path !== '' && !entry.link)
    return new Map(
      entries.map(([path, entry]) => [
        path,
        { version: entry.version, optional: Boolean(entry.optional || entry.devOptional || entry.peer) },
      ]),
    )
  } catch {
    return null
  }
}

/** Installs the packages, once at a time for each checkout, and proves that the Node among them runs. */
export async function installPackagesFromLock() {
  if (PROJECT.split(sep).includes('node_modules'))
    throw new SetupError('The installed package is incomplete.', 'Install it again with npm.')
  const name = `packages-${createHash('sha256').update(PROJECT).digest('hex').slice(0, 12)}`
  await withLock(name, async () => {
    if (packagesProblem() === null) return
    await runShown('npm ci', ['npm', 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
      log: logFile('npm-ci'),
      folder: PROJECT,
      advice: 'Its message stands above; most often the npm registry could not be reached.',
    })
    const node = projectNode()
    const answer = ask(node ?? '', ['--version'])
    if (!answer.ok)
      throw new SetupError(
        `npm ci ended well, but the package "node" brought no Node that runs: ${answer.problem}`,
        'Allow its install script (package.json names it in allowScripts), then run: npm rebuild node',
      )
  })
}
