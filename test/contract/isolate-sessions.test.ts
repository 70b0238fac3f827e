import { afterAll, describe, expect, it } from 'vitest'
import { IsolateEngine } from '../../src/sandbox/isolates/isolate-engine.ts'
import { isolateOptions } from '../../src/sandbox/isolates/options.ts'
import { vettedJavaScript, vettedPython } from '../support/vetted.ts'

const never = new AbortController().signal
const engine = new IsolateEngine(isolateOptions.parse({ wall_ms: 2_000, maximum: 3 }))
const claim = (tenant = 'a') => engine.claim({ tenant, language: 'javascript' }, never)
const run = async (sandbox: Awaited<ReturnType<typeof claim>>, code: string, signal = never) =>
  sandbox.run(await vettedJavaScript(code), {}, signal)

afterAll(() => engine[Symbol.asyncDispose]())

describe('a session in the isolate', () => {
  it('keeps variables from run to run, and from session to session none', async () => {
    {
      await using sandbox = await claim()
      await run(sandbox, 'const x = 40; let y = 1; function add() { return x + y }')
      expect((await run(sandbox, 'y += 1; add()')).results[0]?.json).toBe(42)
    }
    await using next = await claim()
    expect((await run(next, 'typeof x')).results[0]?.json).toBe('undefined')
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
    await expect(sandbox.run(code, { timeoutMilliseconds: 1e9 }, never)).rejects.toThrow('1 to 30000 ms')
    await expect(sandbox.run(await vettedPython('1'), {}, never)).rejects.toThrow('runs JavaScript')
    await expect(engine.claim({ tenant: 'a', language: 'python' }, never)).rejects.toThrow('runs JavaScript')
    await expect(sandbox.files.delete('a', never)).rejects.toThrow('no files')
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
    for (let round = 0; round < 8; round += 1) {
      for (const line of await Promise.all([once(), once()])) said.add(line)
    }
    const stopped = 'The run was stopped at its limit of 50 ms.'
    // On a crowded machine a process may be late and lose its session, which is then said.
    said.delete(`timeout false ${stopped} The session and its variables are gone.`)
    expect([...said]).toEqual([`timeout true ${stopped} The variables of the session are still there.`])
    await own[Symbol.asyncDispose]()
  })

  it('T2: counts as timed out by our clock alone, so that a program which throws what the engine throws at a limit has failed', async () => {
    await using sandbox = await claim()
    expect(await run(sandbox, "throw new Error('Script execution timed out.')")).toMatchObject({
      outcome: 'user-error',
      sessionAlive: true,
    })
  })

  it('T2: ends a session that is given back while its run goes on, and says so', async () => {
    const sandbox = await claim('impatient')
    const pending = run(sandbox, 'await new Promise(() => {})')
    const next = run(sandbox, '1')
    setTimeout(() => void sandbox[Symbol.asyncDispose](), 20)
    expect(await pending).toMatchObject({ outcome: 'cancelled', sessionAlive: false })
    expect(await next).toMatchObject({ outcome: 'sandbox-lost', sessionAlive: false })
  })
})
