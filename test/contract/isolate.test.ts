import { afterAll, describe, expect, it } from 'vitest'
import { IsolateEngine } from '../../src/sandbox/isolates/isolate-engine.ts'
import { isolateOptions } from '../../src/sandbox/isolates/options.ts'
import { createTypeScriptValidator } from '../../src/validators/javascript/javascript-validator.ts'
import { codeValidatorOptions } from '../../src/validators/options.ts'
import { vettedJavaScript, vettedPython } from '../support/vetted.ts'
import { verifies } from '../support/verifies.ts'

const never = new AbortController().signal
const engine = new IsolateEngine(isolateOptions.parse({ wall_ms: 2_000, maximum: 3 }))
const claim = (tenant = 'a') => engine.claim({ tenant, language: 'javascript' }, never)
const run = async (sandbox: Awaited<ReturnType<typeof claim>>, code: string, signal = never) =>
  sandbox.run(await vettedJavaScript(code), {}, signal)

afterAll(() => engine[Symbol.asyncDispose]())

describe('the isolate', () => {
  it('answers with the value of the last expression, as text and as JSON', async () => {
    await using sandbox = await claim()
    const result = await run(sandbox, 'const rows = [{ a: 1 }, { a: 2 }]; rows')
    expect(result).toMatchObject({
      outcome: 'ok',
      results: [{ isMain: true, text: '[ { a: 1 }, { a: 2 } ]', json: [{ a: 1 }, { a: 2 }] }],
    })
  })

  it('keeps variables from run to run, and from session to session none', async () => {
    {
      await using sandbox = await claim()
      await run(sandbox, 'const x = 40; let y = 1; function add() { return x + y }')
      expect((await run(sandbox, 'y += 1; add()')).results[0]?.json).toBe(42)
    }
    await using next = await claim()
    expect((await run(next, 'typeof x')).results[0]?.json).toBe('undefined')
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

  it('keeps the session after a time limit within the isolate, and says so', async () => {
    await using sandbox = await claim()
    await run(sandbox, 'globalThis.kept = 1')
    const code = await vettedJavaScript('for (;;) {}')
    const result = await sandbox.run(code, { timeoutMilliseconds: 100 }, never)
    expect(result).toMatchObject({ outcome: 'timeout', sessionAlive: true })
    expect(result.notice).toContain('still there')
    expect((await run(sandbox, 'kept')).results[0]?.json).toBe(1)
  })

  it('offers no function of the host', async () => {
    await using sandbox = await claim()
    expect((await run(sandbox, 'typeof host')).results[0]?.json).toBe('undefined')
  })

  it('ends a run whose caller has gone, and says the session is lost', async () => {
    await using sandbox = await claim()
    const abort = new AbortController()
    const pending = run(sandbox, 'await new Promise(() => {})', abort.signal)
    setTimeout(() => abort.abort(), 50)
    expect(await pending).toMatchObject({ outcome: 'cancelled', sessionAlive: false })
    expect(await run(sandbox, '1', AbortSignal.abort())).toMatchObject({ outcome: 'cancelled' })
  })

  it('runs one after the other within a session', async () => {
    await using sandbox = await claim()
    await run(sandbox, 'globalThis.log = []')
    const slow = run(sandbox, "await new Promise((r) => setTimeout(r, 50)); log.push('slow')")
    const quick = run(sandbox, "log.push('quick'); log.join()")
    expect((await slow).outcome).toBe('ok')
    expect((await quick).results[0]?.json).toBe('slow,quick')
  })

  it('refuses a time limit above its ceiling, another language, and files', async () => {
    await using sandbox = await claim()
    const code = await vettedJavaScript('1')
    await expect(sandbox.run(code, { timeoutMilliseconds: 1e9 }, never)).rejects.toThrow('30000 ms at most')
    await expect(sandbox.run(await vettedPython('1'), {}, never)).rejects.toThrow('runs JavaScript')
    await expect(engine.claim({ tenant: 'a', language: 'python' }, never)).rejects.toThrow('runs JavaScript')
    await expect(sandbox.files.delete('a', never)).rejects.toThrow('no files')
  })

  // What V8 itself did is told in decision 4; a signal does the same to the process and needs no expression for it.
  it.each([
    ['hangs where nothing in it can end it', 'SIGSTOP', 'timeout'],
    ['aborts as an engine does that finds itself broken', 'SIGTRAP', 'sandbox-lost'],
    ['is ended by nobody knows whom', 'SIGKILL', 'sandbox-lost'],
  ] as const)('tells a process that %s, and gives its tenant another', async (_how, signal, outcome) => {
    verifies('security.isolate-killed')
    const own = new IsolateEngine(isolateOptions.parse({ maximum: 2, ready: 0 }))
    {
      await using sandbox = await own.claim({ tenant: 'one', language: 'javascript' }, never)
      const code = await vettedJavaScript('await new Promise(() => {})')
      const pending = sandbox.run(code, { timeoutMilliseconds: 500 }, never)
      for (const pid of own.processIds()) process.kill(pid, signal)
      expect(await pending).toMatchObject({ outcome, sessionAlive: false })
      expect(sandbox.alive).toBe(false)
    }
    await using next = await own.claim({ tenant: 'one', language: 'javascript' }, never)
    expect((await run(next, '1 + 1')).results[0]?.json).toBe(2)
    await own[Symbol.asyncDispose]()
    expect(own.processes).toBe(0)
  })

  it('never gives a process to a second tenant', async () => {
    verifies('isolates.one-tenant')
    const own = new IsolateEngine(isolateOptions.parse({ maximum: 1, ready: 0 }))
    const pidOf = async (tenant: string): Promise<readonly number[]> => {
      await using sandbox = await own.claim({ tenant, language: 'javascript' }, never)
      expect((await run(sandbox, '1')).outcome).toBe('ok')
      return own.processIds()
    }
    const one = await pidOf('one')
    expect(await pidOf('one')).toEqual(one)
    expect(await pidOf('two')).not.toEqual(one)
    await own[Symbol.asyncDispose]()
  })

  it('says it is busy when every process is taken for too long', async () => {
    const small = new IsolateEngine(isolateOptions.parse({ maximum: 1, ready: 0, queue_ms: 100 }))
    const held = await small.claim({ tenant: 'a', language: 'javascript' }, never)
    await expect(small.claim({ tenant: 'b', language: 'javascript' }, never)).rejects.toThrow('no isolate became free')
    const waiting = small.claim({ tenant: 'c', language: 'javascript' }, never)
    await held[Symbol.asyncDispose]()
    await using got = await waiting
    expect((await run(got, '3')).results[0]?.json).toBe(3)
    await small[Symbol.asyncDispose]()
  })

  it('T2: tells every run stopped at its limit as timeout, also the first of a process that was just given back', async () => {
    const own = new IsolateEngine(isolateOptions.parse({ maximum: 2, ready: 0 }))
    const once = async (): Promise<string> => {
      await using sandbox = await own.claim({ tenant: 'a', language: 'javascript' }, never)
      const code = await vettedJavaScript('for (;;) {}')
      const { outcome, sessionAlive, notice } = await sandbox.run(code, { timeoutMilliseconds: 50 }, never)
      return `${outcome} ${String(sessionAlive)} ${notice}`
    }
    const said = new Set<string>()
    for (let round = 0; round < 15; round += 1) {
      for (const line of await Promise.all([once(), once()])) said.add(line)
    }
    expect([...said]).toEqual([
      'timeout true The run was stopped at its limit of 50 ms. The variables of the session are still there.',
    ])
    await own[Symbol.asyncDispose]()
  })

  it('T2: is told by our clock, so that a program which throws what the engine throws at a limit has failed', async () => {
    await using sandbox = await claim()
    expect(await run(sandbox, "throw new Error('Script execution timed out.')")).toMatchObject({
      outcome: 'user-error',
      sessionAlive: true,
    })
  })

  it('T3: gives nothing dead out after claims that were given back unused, however many and however fast', async () => {
    const own = new IsolateEngine(isolateOptions.parse({ maximum: 2, ready: 1 }))
    const use = async (code: string): Promise<unknown> => {
      await using sandbox = await own.claim({ tenant: 'a', language: 'javascript' }, never)
      return (await run(sandbox, code)).results[0]?.json
    }
    for (let unused = 0; unused < 4; unused += 1) {
      expect(await use('globalThis.left = 1')).toBe(1)
      for (let index = 0; index < unused; index += 1) {
        const sandbox = await own.claim({ tenant: 'a', language: 'javascript' }, never)
        await sandbox[Symbol.asyncDispose]()
      }
      expect(await use('typeof left')).toBe('undefined')
    }
    await own[Symbol.asyncDispose]()
  })

  it('T3: refuses another language before anything is claimed for it', async () => {
    const own = new IsolateEngine(isolateOptions.parse({ ready: 0 }))
    for (const language of ['python', 'shell'] as const) {
      await expect(own.claim({ tenant: 'a', language }, never)).rejects.toMatchObject({ code: 'invalid-request' })
    }
    expect(own.processes).toBe(0)
    await own[Symbol.asyncDispose]()
  })

  it('T2: ends a session that is given back while its run goes on, and says so', async () => {
    const sandbox = await claim('impatient')
    const pending = run(sandbox, 'await new Promise(() => {})')
    const next = run(sandbox, '1')
    setTimeout(() => void sandbox[Symbol.asyncDispose](), 20)
    expect(await pending).toMatchObject({ outcome: 'cancelled', sessionAlive: false })
    expect(await next).toMatchObject({ outcome: 'sandbox-lost', sessionAlive: false })
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
