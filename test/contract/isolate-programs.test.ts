import { afterAll, describe, expect, it } from 'vitest'
import { IsolateEngine } from '../../src/sandbox/isolates/isolate-engine.ts'
import { isolateOptions } from '../../src/sandbox/isolates/options.ts'
import { createTypeScriptValidator } from '../../src/validators/javascript/javascript-validator.ts'
import { codeValidatorOptions } from '../../src/validators/options.ts'
import { vettedJavaScript } from '../support/vetted.ts'

const never = new AbortController().signal
const engine = new IsolateEngine(isolateOptions.parse({ wall_ms: 2_000, maximum: 3 }))
const claim = () => engine.claim({ tenant: 'a', language: 'javascript' }, never)
const run = async (sandbox: Awaited<ReturnType<typeof claim>>, code: string) =>
  sandbox.run(await vettedJavaScript(code), {}, never)

afterAll(() => engine[Symbol.asyncDispose]())

describe('a program in the isolate', () => {
  it('answers with the value of the last expression, as text and as JSON', async () => {
    await using sandbox = await claim()
    const result = await run(sandbox, 'const rows = [{ a: 1 }, { a: 2 }]; rows')
    expect(result).toMatchObject({
      outcome: 'ok',
      results: [{ isMain: true, text: '[ { a: 1 }, { a: 2 } ]', json: [{ a: 1 }, { a: 2 }] }],
    })
  })

  it('awaits at the top level, and keeps what was declared there', async () => {
    await using sandbox = await claim()
    const code =
      'const { a, ...rest } = await Promise.resolve({ a: 1, b: 2 }); let [c = 5] = []; function f() { return a + rest.b + c }\nawait f()'
    expect((await run(sandbox, code)).results[0]?.json).toBe(8)
    expect((await run(sandbox, 'f() + c')).results[0]?.json).toBe(13)
  })

  it('awaits a promise that is the value', async () => {
    await using sandbox = await claim()
    const code = "new Promise((resolve) => setTimeout(resolve, 5, 'later'))"
    expect((await run(sandbox, code)).results[0]?.json).toBe('later')
  })

  it('captures the console by stream', async () => {
    await using sandbox = await claim()
    const seen: string[] = []
    const code = await vettedJavaScript("console.log('out', { a: [1] }); console.error('err')")
    const result = await sandbox.run(code, { onOutput: (stream, text) => seen.push(`${stream}:${text}`) }, never)
    expect(result).toMatchObject({
      stdout: { text: 'out { a: [ 1 ] }\n', truncated: false },
      stderr: { text: 'err\n' },
    })
    expect(seen).toEqual(['stdout:out { a: [ 1 ] }\n', 'stderr:err\n'])
  })

  it('reports an error with its name, its message and the lines of the program only', async () => {
    await using sandbox = await claim()
    const { outcome, error } = await run(sandbox, 'function f() { null.x }\nf()')
    expect(outcome).toBe('user-error')
    expect(error).toMatchObject({ name: 'TypeError', value: "Cannot read properties of null (reading 'x')" })
    expect(error?.traceback).toContain('cell.js:1')
    expect(error?.traceback).not.toMatch(/file:|node_modules|isolate-process/)
  })

  it('gives texts that are Unicode, whatever the code made', async () => {
    await using sandbox = await claim()
    const thrown = await run(sandbox, "throw new Error('a\\ud800b')")
    const shown = await run(sandbox, "({ half: 'a\\ud800b' })")
    const printed = await run(sandbox, "console.log('a\\ud800b')")
    expect(thrown.error?.value).toBe('a\uFFFDb')
    expect(shown.results[0]?.json).toEqual({ half: 'a\uFFFDb' })
    expect(printed.stdout.text).toBe('a\uFFFDb\n')
    expect(thrown.error?.traceback.isWellFormed()).toBe(true)
  })

  it('offers no function of the host', async () => {
    await using sandbox = await claim()
    expect((await run(sandbox, 'typeof host')).results[0]?.json).toBe('undefined')
  })

  it.each([
    ['({ id: 12345678901234567890n, a: [1n] })', { id: '12345678901234567890', a: ['1'] }],
    [
      '({ a: [1, "b", null, true, { c: undefined }], d: new Date(0) })',
      { a: [1, 'b', null, true, {}], d: '1970-01-01T00:00:00.000Z' },
    ],
    ['({ p: new (class { x = 1 })() })', { p: { x: 1 } }],
  ])('D8: gives %s as JSON with every digit', async (code, json) => {
    await using sandbox = await claim()
    expect((await run(sandbox, code)).results[0]?.json).toEqual(json)
  })

  it.each([
    '[NaN]',
    '({ a: { b: -Infinity } })',
    '[undefined]',
    '({ a: new Map([[1, 2]]) })',
    '[new Set([1])]',
    '[/x/]',
    '[new Uint8Array(2)]',
    '({ f() {} })',
    '[new Date(NaN)]',
    '[new Error("x")]',
  ])('D8: gives no JSON of %s, which JSON cannot say, and its text all the same', async (code) => {
    await using sandbox = await claim()
    const [item] = (await run(sandbox, code)).results
    expect(item?.json).toBeUndefined()
    expect(item?.text).toEqual(expect.any(String))
  })

  it('D13: shows output as a terminal does', async () => {
    await using sandbox = await claim()
    const result = await run(
      sandbox,
      "console.log('a\\rb\\rc'); console.log('\\u001b[31mred\\u001b[0m'); throw new Error('\\u001b[1mbold')",
    )
    expect(result.stdout.text).toBe('c\nred\n')
    expect(result.error?.value).toBe('bold')
  })

  it('G5, G7: runs TypeScript and resources of the newest JavaScript', async () => {
    await using sandbox = await claim()
    const typescript = createTypeScriptValidator(codeValidatorOptions.parse({}))
    const value = async (source: string): Promise<unknown> => {
      const verdict = await typescript.validate(source, never)
      if (verdict.kind === 'refused') throw new Error(JSON.stringify(verdict.findings))
      return (await sandbox.run(verdict.value, {}, never)).results[0]?.json
    }
    expect(await value('enum E { A = 4 }\nconst first = <T,>(all: T[]) => all[0]!\nfirst<number>([E.A])')).toBe(4)
    expect(await value('using x = { v: 6, [Symbol.dispose]() { this.v = 0 } }\nx.v')).toBe(6)
    await value('await using y = { v: 7, async [Symbol.asyncDispose]() { this.v = 0 } }\nvar z = y.v')
    expect(await value('z')).toBe(7)
  })
})
