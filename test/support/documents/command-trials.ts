import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { TARGETS } from '../../../setup/targets.mjs'
import { laneArguments } from '../../lanes/lane-arguments.ts'
import { huntArguments } from '../../mutants/arguments.ts'
import { cleanEnvironment } from '../cli/sallyport-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const root = resolve(import.meta.dirname, '../../..')
const run = promisify(execFile)
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }

const npm = (...words: readonly string[]) => run('npm', words, { cwd: root, env: cleanEnvironment() })

/** A test that runs a command whole: it has to be there still, under this title. */
export function expectTestOf(file: string, title: string): void {
  expect(readFileSync(join(root, file), 'utf8')).toContain(`it('${title}'`)
}

/** Clones this checkout, as its address is an example, and looks that what the README names came with it. */
export async function expectClone(): Promise<void> {
  const folder = join(temporaryFolder('sallyport-clone-'), 'sallyport')
  await run('git', ['clone', '--quiet', '--depth', '1', `file://${root}`, folder])
  const readme = readFileSync(join(folder, 'README.md'), 'utf8')
  const named = [...readme.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target = '']) => target)
  expect(named.length).toBeGreaterThan(10)
  expect([...named, 'package-lock.json'].filter((target) => !existsSync(join(folder, target)))).toEqual([])
  // Nothing is installed there yet: the entry of every script has to run without packages.
  const { stderr, code } = (await run('node', ['setup/run.mjs', 'nothing'], { cwd: folder }).catch(
    (error: { stderr: string; code: number }) => error,
  )) as { stderr: string; code?: number }
  expect({ stderr, code }).toMatchObject({ code: 2, stderr: expect.stringContaining('demo') as string })
}

/** Is the script what the tests of the command line run? */
export function expectDemo(): void {
  expect(scripts['demo']).toBe('exec node setup/run.mjs demo')
  expect(TARGETS['demo']?.commands).toEqual([['node', '--max-semi-space-size=16', 'src/cli/start.mjs', 'demo']])
  expectTestOf(
    'test/e2e/cli-run.test.ts',
    'answers with SQL, Python in gVisor and a chart, and says how long each took',
  )
}

/** Runs the line, and looks that what it writes names what is installed. */
export async function expectBill(line: string): Promise<void> {
  const folder = temporaryFolder('sallyport-bill-')
  const [script = '', file = ''] = line.replace('npm run -s ', '').split(' > ')
  await run('bash', ['-c', 'npm --prefix "$1" run -s "$2" > "$3"', 'bash', root, script, file], {
    cwd: folder,
    env: cleanEnvironment(),
  })
  const bill = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { components: { purl: string }[] }
  const purls = bill.components.map(({ purl }) => purl)
  for (const name of ['pkg:npm/express@', 'pkg:pypi/pandas@', 'pkg:golang/gvisor.dev/gvisor@']) {
    expect(purls.filter((purl) => purl.startsWith(name))).toHaveLength(1)
  }
}

/** Runs one small file of the kind that the line asks for, by the line itself. */
export async function expectTests(line: string): Promise<void> {
  const [, project = 'unit'] = /--project (\w+)/.exec(line) ?? []
  const file = { unit: 'test/unit/core/error-table.test.ts', attack: 'test/attack/filters.test.ts' }[project] ?? ''
  expect(file, 'a kind of test without a file to try it with').not.toBe('')
  const { stdout } = await npm(...line.replace(/^npm test( --)?/, 'test --').split(' '), file)
  expect(stdout).toMatch(/\n[1-9]\d* passed, 0 failed, 0 skipped\n$/)
}

/** Runs the step that takes a second, and looks that the others are scripts, and that a test holds which of them are run. */
export async function expectCheck(): Promise<void> {
  expect(TARGETS['check']?.commands).toEqual([['node', 'setup/check.mjs']])
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['lint', 'format:check', 'unused', 'test:unit']))
  expectTestOf('test/unit/setup/check.test.ts', 'is good where everything it runs is, and says nothing')
  await npm('run', '--silent', 'format:check')
}

/** Asks for a suite that there is none of, and looks for the line's own among those there are. */
export async function expectBench(line: string): Promise<void> {
  const [, suite] = /^npm run bench -- ([\w-]+)/.exec(line) ?? []
  const error = (await npm('run', 'bench', '--', 'nothing').catch((reason: unknown) => reason)) as { stderr?: string }
  expect(error.stderr).toMatch(new RegExp(`There are: [^.]*\\b${suite}\\b`))
}

/** Runs the lane at a small size, and records nothing. */
export async function expectLane(line: string): Promise<void> {
  const [, name = ''] = /^npm run lane -- (\w+)/.exec(line) ?? []
  expect(laneArguments(line.split(/\s+/).slice(4))).toMatchObject({ name })
  const { stdout } = await npm('run', 'lane', '--', name, '--size', '10')
  expect(stdout).toMatch(/\n1 passed, 0 failed, 0 skipped\n$/)
}

/** A measurement takes minutes: its program reads what it is given, and a test does the rest. */
export async function expectLayers(line: string): Promise<void> {
  expect(line.split(' ').at(-1)).toBe('layers')
  const error = (await npm('run', 'layers', '--', '--nothing').catch((reason: unknown) => reason)) as {
    stderr?: string
  }
  expect(error.stderr).toContain('Use: npm run layers')
  expectTestOf('test/attack/layers.test.ts', 'are refused by at least one layer with all others off')
}

/** Reads the line as the program does; a hunt takes minutes. */
export function expectMutants(line: string): void {
  expect(scripts['mutants']).toBe('exec node setup/run.mjs mutants')
  expect(TARGETS['mutants']?.commands).toEqual([['node', 'test/mutants/main.ts']])
  expect(huntArguments(line.split(/\s+/).slice(4), root)).toMatchObject({
    folders: expect.arrayContaining([expect.stringMatching(/^src\//)]),
  })
  expectTestOf('test/e2e/mutants.test.ts', 'finds the faults that no test finds, and leaves nothing behind')
}
