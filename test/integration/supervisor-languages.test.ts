import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HarnessRun, SupervisorHarness } from '../support/sandbox/supervisor-harness.ts'

let supervisor: SupervisorHarness
beforeAll(async () => {
  supervisor = await SupervisorHarness.start({ languages: ['javascript', 'shell'] })
})
afterAll(async () => {
  await supervisor[Symbol.asyncDispose]()
})

const javascript = (code: string, hooks = {}): Promise<HarnessRun> =>
  supervisor.run(code, { language: 'javascript', ...hooks })
const shell = (code: string, hooks = {}): Promise<HarnessRun> => supervisor.run(code, { language: 'shell', ...hooks })

describe('a cell of JavaScript', () => {
  it('keeps its declarations for the next, which may repeat them', async () => {
    await javascript('const a = 1; class K { m() { return a } }')
    expect((await javascript('const a = 2; class K { m() { return a } }\nnew K().m()')).items).toEqual([{ text: '2' }])
  })

  it('shows the last value, as JSON where it is plain data, and promises by what they settle to', async () => {
    expect((await javascript('({ x: [1, 2] })')).items).toEqual([{ text: '{ x: [ 1, 2 ] }', json: { x: [1, 2] } }])
    expect((await javascript('Promise.resolve(9)')).items).toEqual([{ text: '9' }])
  })

  it('may import, require and await at the top level', async () => {
    const code =
      "import { sep } from 'node:path'; const { basename } = require('path'); await null; sep + basename('/a/b')"
    expect((await javascript(code)).items).toEqual([{ text: "'/b'" }])
    expect((await javascript('sep')).items).toEqual([{ text: "'/'" }])
  })

  it.each([
    ['require.main === module', "if (require.main === module) console.log('main')"],
    ['import.meta.main', "if (import.meta.main) console.log('main')"],
    [
      'its path',
      "import { fileURLToPath } from 'node:url'\nif (process.argv[1] === fileURLToPath(import.meta.url)) console.log('main')",
    ],
    ['its address', 'if (import.meta.url === `file://${process.argv[1]}`) await console.log("main")'],
    ['its name', "if (process.argv[1] === __filename) console.log('main')"],
  ])('W9: is the program that is run, by %s', async (_, code) => {
    const { stdout, done } = await javascript(code)
    expect([stdout, done.error]).toEqual(['main\n', null])
  })

  it('W9: knows its folder, in functions and default exports too', async () => {
    const code =
      "export default class A { where() { return [import.meta.dirname, import.meta.resolve('./b.json')] } }\nnew A().where()"
    expect((await javascript(code)).items).toMatchObject([{ json: ['/mnt/data', 'file:///mnt/data/b.json'] }])
    const words = "`${import.meta.filename}` + ' import.meta'"
    expect((await javascript(words)).items).toEqual([{ text: "'/mnt/data/cell.js import.meta'" }])
  })

  it('goes on until its timers are done, as a program does', async () => {
    expect((await javascript("setTimeout(() => console.log('late'), 100)")).stdout).toBe('late\n')
  })

  it.each([
    ['a throw', "throw new TypeError('x')", 'TypeError'],
    ['a late throw', "setTimeout(() => { throw new RangeError('x') }, 10)", 'RangeError'],
    ['a rejection', "Promise.reject(new Error('r'))", 'Error'],
    ['something thrown that is no error', 'throw 1', 'Thrown'],
    ['a syntax error', 'let x = ;', 'SyntaxError'],
    ['process.exit(3)', 'process.exit(3)', 'Exit'],
    ['a promise that never settles', 'await new Promise(() => {})', 'Error'],
  ])('fails by %s', async (_, code, name) => {
    const { done } = await javascript(code)
    expect([done.reason, done.error?.name, done.worker_alive]).toEqual(['raised', name, true])
    expect(done.error?.traceback).not.toContain('sallyport')
  })

  it('ends well by process.exit()', async () => {
    expect((await javascript('process.exit()')).done.reason).toBe('completed')
  })

  it.each([
    ['a loop', 'while (true) {}'],
    ['an interval', 'setInterval(() => 0, 10)'],
    ['an endless wait', 'await new Promise(() => setInterval(() => 0, 1000))'],
  ])('is interrupted in %s and keeps its variables', async (_, code) => {
    await javascript('var kept = 1')
    const { done } = await javascript(code, { interruptAfter: 300 })
    expect([done.reason, done.worker_alive]).toEqual(['interrupted', true])
    expect((await javascript('kept')).items).toEqual([{ text: '1' }])
  })

  it.each([
    ['a loop', 'while (true) {}'],
    ['an endless wait', 'await new Promise(() => setInterval(() => 0, 1000))'],
  ])('is interrupted before it has begun with %s, and keeps its variables', async (_, code) => {
    await javascript('var kept = 2')
    for (let round = 0; round < 5; round += 1) {
      const { done } = await javascript(code, { interruptAfter: 0 })
      expect([done.reason, done.worker_alive]).toEqual(['interrupted', true])
    }
    expect((await javascript('kept')).items).toEqual([{ text: '2' }])
  })

  it('that fills its heap dies with evidence of memory', async () => {
    const { done } = await javascript('const l = []; while (true) l.push(new Array(1000).fill(l.length))')
    expect([done.reason, done.evidence, done.worker_alive]).toEqual(['worker-died', 'memory', false])
    expect((await supervisor.ask({ type: 'start', language: 'javascript' }, 'started')).type).toBe('started')
  })
})

describe('a cell of shell', () => {
  it('says how the shell ended', async () => {
    expect((await shell('echo hi')).stdout).toBe('hi\n')
    const failed = await shell('exit 3')
    expect([failed.done.reason, failed.done.status]).toEqual(['raised', { exited: 3 }])
    expect((await shell('kill -9 $$')).done.status).toEqual({ signaled: 9 })
  })

  it('reads nothing, is interrupted with all its children, and leaves nothing behind', async () => {
    expect((await shell('cat')).done.reason).toBe('completed')
    expect((await shell('sleep 100', { interruptAfter: 200 })).done.reason).toBe('interrupted')
    const { done } = await shell('sleep 1000 & sleep 1000 & echo started')
    expect([done.processes_found, done.processes_left]).toEqual([2, 0])
  })

  it('that leaves a process behind is distinguished from one that does not, with other workers alive', async () => {
    expect((await shell('sleep 1000 & echo started')).done.processes_found).toBe(1)
    expect((await shell('echo nothing')).done.processes_found).toBe(0)
  })

  it('that is a fork bomb is ended, with the number of tasks as evidence', async () => {
    const { done } = await shell('f() { f | f & }; f; sleep 1')
    expect([done.evidence, done.processes_left]).toEqual(['processes', 0])
  })
})
