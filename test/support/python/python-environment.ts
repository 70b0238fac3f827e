import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { installInTurn } from '../databases/install-in-turn.ts'

const cache = process.getuid?.() === 0 ? '/var/cache/sallyport-tests' : join(homedir(), '.cache/sallyport-tests')

/** Longer than a few hundred packages take over a slow line. */
const patience = 900_000

/** A Python with packages of its own. */
export interface PythonEnvironment {
  /** The interpreter. */
  readonly python: string
}

/**
 * The Python that has the packages of a list, which names every one of them with its version. It is made once, outside the
 * checkout, from ready-built packages alone, so that installing runs nothing of theirs; another list makes another one.
 * Why there is none, as a text, where it cannot be made.
 */
export function pythonEnvironment(name: string, list: string): PythonEnvironment | string {
  const { folder, python, whole } = placeOf(name, list)
  // What is there waits for nobody who installs something else.
  if (existsSync(whole)) return { python }
  return installInTurn(cache, () => {
    if (existsSync(whole)) return { python }
    rmSync(folder, { recursive: true, force: true })
    const problem =
      run('python3', ['-m', 'venv', folder]) ??
      run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary', ':all:', '--requirement', list])
    if (problem !== null) return problem
    writeFileSync(whole, '')
    return { python }
  })
}

/** The same where it was made before; why it is not there, as a text, for one that is too large to make on the way. */
export function madeEnvironment(name: string, list: string): PythonEnvironment | string {
  const { python, whole } = placeOf(name, list)
  return existsSync(whole) ? { python } : 'it is not installed'
}

function placeOf(name: string, list: string) {
  const hash = createHash('sha256').update(readFileSync(list)).digest('hex').slice(0, 12)
  const folder = join(cache, `python-${name}-${hash}`)
  return { folder, python: join(folder, 'bin/python'), whole: join(folder, 'whole') }
}

/** Null where it went well. */
function run(program: string, words: readonly string[]): string | null {
  const { status, stderr, error } = spawnSync(program, words, { encoding: 'utf8', timeout: patience })
  if (status === 0) return null
  return `${program} ${words[1]} ${words[2] ?? ''} failed: ${(error?.message ?? stderr).trim().slice(-300)}`
}
