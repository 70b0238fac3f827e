import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hunt } from '../mutants/hunt.ts'
import { endProcessesIn, processesIn } from '../mutants/processes-in.ts'
import { TreeCopy } from '../mutants/tree-copy.ts'
import { verifies } from '../support/verifies.ts'

const checkout = resolve(import.meta.dirname, '../..')
const never = new AbortController().signal
const options = { folders: ['src'], seed: 1, count: 100, budget: 120_000, workers: 1, steps: 100, onFate: () => {} }

/** A tree with a source and tests of its own, over the checkout's packages; copies of it are made beside it. */
let folder: string
let root: string
const temporary = process.env['TMPDIR']

function write(path: string, text: string): void {
  mkdirSync(join(root, dirname(path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hunt-'))
  root = join(folder, 'root')
  for (const path of ['vitest.config.ts', 'test/support/lane-order.ts', 'test/mutants/vitest.mutants.config.ts']) {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    cpSync(join(checkout, path), join(root, path))
  }
  symlinkSync(join(checkout, 'node_modules'), join(root, 'node_modules'))
  process.env['TMPDIR'] = folder
})

afterEach(() => {
  if (temporary === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = temporary
  rmSync(folder, { recursive: true, force: true })
})

/** A process that has ended may still be listed, without its words. */
function runs(pid: number | undefined): boolean {
  const path = `/proc/${pid}/cmdline`
  return existsSync(path) && readFileSync(path, 'utf8') !== ''
}

function testOf(module: string, body: string): string {
  return `import { expect, it } from 'vitest'\nimport * as module from '../../src/${module}.ts'\nit('holds', () => { ${body} })\n`
}

describe('a hunt', () => {
  it('finds the faults that no test finds, and leaves nothing behind', async () => {
    verifies('mutants.finds-untested')
    write('src/guarded.ts', 'export const isSmall = (a: number) => a < 3\n')
    write('src/unguarded.ts', 'export const isLarge = (a: number) => a > 3\n')
    write('src/alone.ts', 'export const isEqual = (a: number) => a === b\nconst b = 3\n')
    write('src/remover.ts', "export const remove = () => rm('/nowhere', a < 3)\n")
    write('test/unit/guarded.test.ts', testOf('guarded', 'expect([2, 3].map(module.isSmall)).toEqual([true, false])'))
    write('test/unit/unguarded.test.ts', testOf('unguarded', 'expect(module.isLarge(9)).toBe(true)'))
    write('test/unit/failing.test.ts', testOf('guarded', 'expect(1).toBe(2)'))
    const report = await hunt({ ...options, root }, never)
    expect(report).toMatchObject({
      possible: 6,
      sampled: 6,
      killed: 2,
      hung: 0,
      notRun: 0,
      score: 2 / 6,
      filesLeftOut: ['src/remover.ts'],
      testsLeftOut: ['test/unit/failing.test.ts'],
    })
    expect(report.survived.map(({ file, after }) => `${file} ${after}`).toSorted()).toEqual([
      'src/alone.ts !==',
      'src/alone.ts 4',
      'src/unguarded.ts 4',
      'src/unguarded.ts >=',
    ])
    expect(readdirSync(folder)).toEqual(['root'])
    expect(readFileSync(join(root, 'src/guarded.ts'), 'utf8')).toContain('a < 3')
    expect(readdirSync(root).toSorted()).toEqual(['node_modules', 'src', 'test', 'vitest.config.ts'])
  })

  it('puts faults into each folder that is named, and once into what is named twice', async () => {
    for (const name of ['one/a', 'two/b', 'three/c'])
      write(`src/${name}.ts`, 'export const isSmall = (a: number) => a < 3\n')
    const folders = ['src/two', 'src/one/a.ts', 'src/one']
    const report = await hunt({ ...options, root, folders, budget: 0 }, never)
    expect(report).toMatchObject({ folders, possible: 4, sampled: 4 })
  })

  it('begins nothing when its time is used up, and says so', async () => {
    verifies('mutants.time')
    write('src/guarded.ts', 'export const isSmall = (a: number) => a < 3\n')
    const report = await hunt({ ...options, root, budget: 0 }, never)
    expect(report).toMatchObject({ sampled: 2, notRun: 2, killed: 0, score: null })
  })

  it('leaves nothing when it is stopped in the middle', async () => {
    write('src/guarded.ts', 'export const isSmall = (a: number) => a < 3\n')
    write('test/unit/guarded.test.ts', testOf('guarded', 'while (true) {}'))
    const stop = new AbortController()
    setTimeout(() => stop.abort(new Error('enough')), 2_000)
    await expect(hunt({ ...options, root }, stop.signal)).rejects.toThrow('enough')
    expect(readdirSync(folder)).toEqual(['root'])
    expect(await processesIn(folder)).toEqual([])
  })
})

describe('a copy of the tree', () => {
  it('has a test that hangs ended at its deadline, with what it started', async () => {
    verifies('mutants.hanging-tests')
    write('src/guarded.ts', '')
    write(
      'test/unit/guarded.test.ts',
      "import { spawn } from 'node:child_process'\nimport { writeFileSync } from 'node:fs'\nimport { tmpdir } from 'node:os'\n" +
        "const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })\n" +
        'writeFileSync(`${tmpdir()}/pid`, String(child.pid))\nwhile (true) {}\n',
    )
    await using copy = await TreeCopy.make(root, join(folder, 'copy'))
    const { kind } = await copy.runTests(['test/unit/guarded.test.ts'], 5_000, never)
    expect(kind).toBe('hung')
    // It wrote below its own folder, and what it started is gone.
    const pid = readFileSync(join(folder, 'copy/tmp/pid'), 'utf8')
    expect(runs(Number(pid))).toBe(false)
    expect(await processesIn(folder)).toEqual([])
  })

  it('has what was changed put back, also when the work fails', async () => {
    write('src/guarded.ts', 'const a = 1\n')
    await using copy = await TreeCopy.make(root, join(folder, 'copy'))
    const path = join(folder, 'copy/tree/src/guarded.ts')
    const work = copy.changed(
      'src/guarded.ts',
      (text) => text.replace('1', '2'),
      async () => {
        expect(readFileSync(path, 'utf8')).toBe('const a = 2\n')
        throw new Error('broken')
      },
    )
    await expect(work).rejects.toThrow('broken')
    expect(readFileSync(path, 'utf8')).toBe('const a = 1\n')
  })
})

describe('the processes in a folder', () => {
  it('are those that work there, and no others', async () => {
    const inside = spawn('sleep', ['600'], { cwd: folder, stdio: 'ignore' })
    const outside = spawn('sleep', ['600'], { cwd: dirname(folder), stdio: 'ignore' })
    try {
      await expect.poll(() => processesIn(folder)).toEqual([inside.pid])
      await endProcessesIn(folder)
      expect(await processesIn(folder)).toEqual([])
      expect(outside.exitCode).toBeNull()
      expect(runs(outside.pid)).toBe(true)
      expect(runs(inside.pid)).toBe(false)
    } finally {
      inside.kill('SIGKILL')
      outside.kill('SIGKILL')
    }
  })
})
