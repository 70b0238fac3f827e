import { describe, expect, it } from 'vitest'
import { IsolateEngine } from '../../src/sandbox/isolates/isolate-engine.ts'
import { isolateOptions } from '../../src/sandbox/isolates/options.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { vettedJavaScript } from '../support/vetted.ts'
import { verifies } from '../support/verifies.ts'

const never = new AbortController().signal
const run = async (sandbox: Sandbox, code: string) => sandbox.run(await vettedJavaScript(code), {}, never)

describe('the processes of the isolate', () => {
  // Decision 4 says what V8 itself did; a signal does the same to the process and needs no expression for it.
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
})
