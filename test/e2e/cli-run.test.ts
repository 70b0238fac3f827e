import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ContainerDriver } from '../../src/core/drivers.ts'
import { sallyport, startSallyport } from '../support/cli/sallyport-process.ts'
import { verifies } from '../support/verifies.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-run-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function program(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** Those that this user can start at all. */
const drivers: readonly ContainerDriver[] = process.getuid?.() === 0 ? ['docker', 'runsc'] : ['docker']

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47])

describe('run', () => {
  it('runs a program in gVisor, prints what it printed and saves its figure', async () => {
    verifies('run.gvisor')
    const path = program('plot.py', 'import matplotlib.pyplot as plt\nprint("drawn")\nplt.plot([1, 2, 3])\n')
    const { code, stdout, stderr } = await sallyport(['run', path], { folder })
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stdout).toMatch(/^drawn\n/)
    const chart = /^Chart: (sallyport-output\/\S+\.png)$/m.exec(stdout)?.[1] ?? ''
    expect(readFileSync(join(folder, chart)).subarray(0, 4)).toEqual(pngSignature)
    expect(stderr).toContain('gVisor')
  })

  it.each([
    ['answer.ts', 'const half: number = 21; console.log(half * 2)'],
    ['answer.mts', 'enum Half { One = 21 }\nconst twice = (n: number): number => n * 2\nconsole.log(twice(Half.One))'],
    ['answer.js', 'console.log(6 * 7)'],
  ])('G10: runs %s without a warning of Node on standard error', async (name, text) => {
    const { code, stdout, stderr } = await sallyport(['run', program(name, text)], { folder, flags: [] })
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: '42\n' })
    expect(stderr).not.toMatch(/warning|experimental|node:\d|--trace/i)
  })

  it.each([
    ['does not parse', 'print("x"', 3, /line \d+, column \d+: /],
    ['fails', 'x = {}\nx["missing"]', 8, /KeyError: 'missing'/],
    ['loops', 'while True:\n    pass', 124, /timeout/],
    ['exhausts memory', 'x = bytearray(50 * 1024 ** 3)', 8, /out-of-memory/],
    ['reaches for the network', 'import socket', 3, /\[python\/network\]/],
  ])('ends a program that %s with a clear outcome', async (name, text, exit, message) => {
    const { code, stderr } = await sallyport([
      'run',
      program(`${name.replaceAll(' ', '-')}.py`, text),
      '--timeout-ms',
      '3000',
    ])
    expect({ code, stderr }).toMatchObject({ code: exit })
    expect(stderr).toMatch(message)
  })

  it('takes the fastest driver whose walls stand, says which and why, and takes the one that is named', async () => {
    verifies('driver.auto', 'driver.named')
    const path = program('short.py', 'print(1)')
    const { stdout, stderr } = await sallyport(['run', path, '--output', 'json'], { folder })
    const { driver, driver_reason: reason, ran_in: place } = JSON.parse(stdout) as Record<string, string>
    expect({ stderr, place }).toMatchObject({ place: `gVisor (${driver})` })
    expect(drivers).toContain(driver)
    expect(reason).toMatch(driver === 'runsc' ? /^its walls stand here/ : /^runsc was not taken: ./)
    const named = await sallyport(['run', path, '--output', 'json', '--driver', 'docker'], { folder })
    expect(JSON.parse(named.stdout)).toMatchObject({ driver: 'docker', driver_reason: null, ran_in: 'gVisor (docker)' })
    const text = await sallyport(['run', path], { folder })
    expect(text.stderr).toMatch(new RegExp(`^ok, .* gVisor \\(${driver}\\)$`, 'm'))
  })

  it.each([
    ['a request to end', (child: ChildProcess) => child.kill('SIGTERM'), 130],
    ['a reader that leaves', (child: ChildProcess) => child.stdout?.destroy(), 0],
  ])('ends at %s though nobody closes its input', async (_, end, exit) => {
    const child = startSallyport(['run', '--jsonl', '--driver', 'isolate'], { folder })
    const closed = once(child, 'exit')
    child.stdin?.on('error', () => {})
    child.stdin?.write('{"id":1,"language":"javascript","code":"1"}\n')
    await once(child.stdout ?? child, 'data')
    end(child)
    child.stdin?.write('{"id":2,"language":"javascript","code":"2"}\n')
    expect((await closed)[0]).toBe(exit)
    child.stdin?.destroy()
  })

  it('names the line that does not hold a program, by its own id where it has one', async () => {
    const input =
      '\u{FEFF}{"id":"a","language":"cobol","code":"x"}\r\n{"language":"python","code":"1"}\n{"id":"c","lang'
    const { code, stdout } = await sallyport(['run', '--jsonl', '--driver', 'isolate'], { input })
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; line: number; outcome: string })
    expect(code).toBe(2)
    expect(answers.map(({ id, line, outcome }) => [id, line, outcome])).toEqual([
      ['a', 1, 'rejected'],
      [null, 2, 'rejected'],
      [null, 3, 'rejected'],
    ])
  })

  it('takes programs as lines of JSON and answers each with its id', async () => {
    verifies('run.jsonl')
    const input = [
      '{"id":"sum","language":"python","code":"print(1+1)"}',
      '{"id":"broken","language":"python","code":"1/0"}',
      '{"id":"js","language":"javascript","code":"console.log(6*7)"}',
      'this is no JSON',
    ].join('\n')
    const { code, stdout, stderr } = await sallyport(['run', '--jsonl'], { input })
    expect({ code, stderr }).toMatchObject({ code: 2 })
    const results = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Result)
    const byId = new Map(results.map((result) => [result.id, result]))
    expect(byId.get('sum')).toMatchObject({ outcome: 'ok', stdout: '2\n' })
    expect(byId.get('broken')).toMatchObject({ outcome: 'user-error', error: { name: 'ZeroDivisionError' } })
    expect(byId.get('js')).toMatchObject({ outcome: 'ok', stdout: '42\n' })
    expect(byId.get(null)).toMatchObject({ outcome: 'rejected', line: 4 })
  })
})

interface Result {
  readonly id: string | null
}

describe('sql', () => {
  it('answers from the sample shop as CSV', async () => {
    const { code, stdout, stderr } = await sallyport([
      'sql',
      'SELECT count(*) > 1000 AS many FROM orders',
      '--output',
      'csv',
    ])
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: 'many\ntrue\n' })
  })

  it.each([
    ['is not a SELECT', 'DROP TABLE orders', /line 1, column \d+: /],
    ['names a forbidden table', 'SELECT * FROM staff_salaries', /staff_salaries/],
    ['does not parse', 'SELEC 1', /line 1, column \d+: /],
  ])('refuses a statement that %s, with what is allowed instead', async (_, statement, message) => {
    const { code, stdout, stderr } = await sallyport(['sql', statement])
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toMatch(message)
  })

  it('checks statements against a schema of their own, without a database', async () => {
    verifies('sql.check')
    const schema = program('schema.sql', 'CREATE TABLE orders (id int, total numeric); CREATE TABLE secrets (id int);')
    const input = ['SELECT sum(total) FROM orders', 'SELECT * FROM secrets', 'DELETE FROM orders']
      .map((sql, id) => JSON.stringify({ id, sql }))
      .join('\n')
    const words = ['sql', 'check', '--jsonl', '--schema', schema, '--allow', 'orders(*)']
    const { code, stdout, stderr } = await sallyport(words, { input })
    expect({ code, stderr }).toMatchObject({ code: 0 })
    const verdicts = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number; verdict: string })
    expect(verdicts.toSorted((left, right) => left.id - right.id).map(({ verdict }) => verdict)).toEqual([
      'allow',
      'refuse',
      'refuse',
    ])
  })
})

describe('demo', () => {
  it('answers with SQL, Python in gVisor and a chart, and says how long each took', async () => {
    verifies('demo.answers')
    const { code, stdout, stderr } = await sallyport(['demo', '--questions', '1'], { folder })
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stdout).toContain('[Scripted answer of the demo model')
    expect(stderr).toMatch(/✔ run_sql: .*\(\d/)
    expect(stderr).toMatch(/✔ run_python: .*gVisor/)
    const chart = /^Chart: (\S+\.png)$/m.exec(stdout)?.[1] ?? ''
    expect(readFileSync(join(folder, chart)).subarray(0, 4)).toEqual(pngSignature)
  })
})

describe('doctor', () => {
  it('proves every part on a machine that was set up', async () => {
    verifies('doctor.each-part')
    const { stdout } = await sallyport(['doctor', '--output', 'json', '--set', 'http.port=0'])
    const { probes } = JSON.parse(stdout) as {
      probes: readonly { name: string; passed: boolean; fix: string | null }[]
    }
    expect(probes.filter(({ passed }) => !passed)).toEqual([])
    expect(probes.map(({ name }) => name)).toEqual(expect.arrayContaining(['Node', 'Docker answers', 'Sandbox image']))
  })

  it('exits with 5 and names a fix when no sandbox can be started', async () => {
    verifies('security.no-weaker-fallback')
    const { code, stdout } = await sallyport([
      'doctor',
      '--output',
      'json',
      '--set',
      'sandbox.image=sallyport-python:none',
    ])
    expect(code).toBe(5)
    const { ok, probes } = JSON.parse(stdout) as {
      ok: boolean
      probes: readonly { passed: boolean; fix: string | null }[]
    }
    expect(ok).toBe(false)
    expect(probes.filter(({ passed }) => !passed).every(({ fix }) => fix !== null)).toBe(true)
  })
})
