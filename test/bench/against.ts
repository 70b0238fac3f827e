import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { pairFigures } from './pair-figures.ts'
import { report, type Figures } from './figures.ts'

const ownPath = join(import.meta.dirname, '../..')
const rounds = 3

/** What `npm run bench -- SUITE --json` of the checkout at `path` says. Rejects when it fails or says nothing. */
async function figuresOf(path: string, suite: string, options: readonly string[]): Promise<Figures> {
  const { stdout } = await promisify(execFile)('npm', ['run', '-s', 'bench', '--', suite, '--json', ...options], {
    cwd: path,
    maxBuffer: 1 << 26,
  })
  const line = stdout.split('\n').find((each) => each.startsWith('{'))
  if (line === undefined) throw new Error(`"npm run bench -- ${suite} --json" at ${path} printed no figures.`)
  return (JSON.parse(line) as { figures: Figures }).figures
}

/**
 * Runs the suite in this checkout and in the one at `path` in turn, each by its own `npm run bench`, so that the other one
 * may have any layout. Every round begins with the checkout that the round before ended with: a machine that grows slower
 * is to the harm of both.
 */
export async function benchAgainst(suite: string, path: string, options: readonly string[]): Promise<void> {
  const own: Figures[] = []
  const other: Figures[] = []
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? ([own, other] as const) : ([other, own] as const)
    for (const side of order) side.push(await figuresOf(side === own ? ownPath : path, suite, options))
    console.error(`${suite}: round ${round + 1} of ${rounds} is done.`)
  }
  const { figures, unpaired } = pairFigures(own, other)
  if (unpaired.length > 0) console.error(`Only one of the two has ${unpaired.join(', ')}.`)
  report(suite, figures)
}
