// The Python of an example, with exactly the packages that its requirements.txt names. It is made once, outside the checkout.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT } from './packages.mjs'
import { ask, findProgram, runShown, SetupError } from './shell.mjs'
import { logFile, stateFolder, withLock } from './state.mjs'

/** The oldest Python that the examples run on. */
const OLDEST = { major: 3, minor: 10 }

/** The one that the person uses first; then those that stand beside it under names of their own. */
const NAMES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10']

/**
 * The interpreter of `docs/examples/NAME`. Makes it where it is not there, or where the Python it was made from has gone.
 * Packages are ready-built and held against the hashes of the list, so that installing runs nothing of theirs.
 * Rejects with SetupError where there is no Python, no venv or no way to the package index.
 * @param {string} name
 * @param {{ project?: string, folder?: string }} [places]
 * @returns {Promise<{ python: string }>}
 */
export async function examplePython(name, { project = PROJECT, folder = stateFolder() } = {}) {
  const list = join(project, 'docs', 'examples', name, 'requirements.txt')
  if (!/^[a-z-]+$/.test(name) || !existsSync(list))
    throw new SetupError(`There is no example "${name}" with a requirements.txt.`, 'See docs/examples.')
  const hash = createHash('sha256').update(readFileSync(list)).digest('hex').slice(0, 12)
  const environment = join(folder, 'examples', `${name}-${hash}`)
  const [python, whole] = [join(environment, 'bin', 'python'), join(environment, 'whole')]
  const isThere = () => existsSync(whole) && ask(python, ['-c', '']).ok
  if (isThere()) return { python }
  await withLock(
    `example-${name}`,
    async () => {
      if (isThere()) return
      rmSync(environment, { recursive: true, force: true })
      await runShown(`make a Python for the example ${name}`, [findPython(), '-m', 'venv', environment], {
        log: logFile(`example-${name}-venv`),
        advice: 'Install the module venv of that Python (Debian: apt-get install python3-venv), then run this again.',
      })
      const options = ['--quiet', '--disable-pip-version-check', '--require-hashes', '--only-binary', ':all:']
      await runShown(
        `install the packages of ${name}`,
        [python, '-m', 'pip', 'install', ...options, '--requirement', list],
        {
          log: logFile(`example-${name}-pip`),
          advice: 'Its message stands above; most often the Python package index could not be reached.',
        },
      )
      writeFileSync(whole, '')
    },
    { folder },
  )
  return { python }
}

/**
 * The absolute path of a Python that is not too old. Throws SetupError where none is.
 * @param {(name: string) => string | null} [find]
 */
export function findPython(find = findProgram) {
  /** @type {string[]} */
  const others = []
  const script = 'import sys; print(*sys.version_info[:2])'
  for (const name of NAMES) {
    const program = find(name)
    if (program === null) continue
    const { ok, output } = ask(program, ['-c', script])
    const [major = 0, minor = 0] = output.split(' ').map(Number)
    if (ok && major === OLDEST.major && minor >= OLDEST.minor) return program
    if (ok) others.push(`${major}.${minor} (${program})`)
  }
  const needed = `Python ${OLDEST.major}.${OLDEST.minor} or later`
  throw new SetupError(
    others.length === 0 ? `${needed} is not on this machine.` : `${needed} is needed; here is ${others.join(', ')}.`,
    'Install it with its module venv (Debian: apt-get install python3 python3-venv), then run this again.',
  )
}
