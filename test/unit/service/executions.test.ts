import { describe, expect, it } from 'vitest'
import type { ServiceError } from '../../../src/core/errors.ts'
import { defaultProfile } from '../../../src/filters/profile.ts'
import type { ProposedRun } from '../../../src/gateway/authorize/action-policy.ts'
import type { RunOptions } from '../../../src/sandbox/sandbox.ts'
import { fromCaller, openExecutions, program } from '../../support/executions/executions-desk.ts'
import { never } from '../../support/filters/filter-fixtures.ts'
import { cellResult } from '../../support/sandbox/cell-result.ts'
import { verifies } from '../../support/verifies.ts'

const bytes = async function* (text: string) {
  yield Buffer.from(text)
}

const open = async (desk: ReturnType<typeof openExecutions>, key = 'anna', limits = {}) =>
  (await desk.sessions.open(key, { limits, ceilings: { wall_ms: 5_000 } as never })).id

describe('a program that a caller brings', () => {
  it('runs, and its sandbox ends with the request that names no session', async () => {
    verifies('execute.runs')
    await using desk = openExecutions({
      run: async () => cellResult({ stdout: { text: 'mail anna.berg@example.com\n', truncated: false } }),
    })
    const answer = await desk.executions.run(fromCaller(), program(), never)
    expect(answer).toMatchObject({ kind: 'result', ranIn: 'gVisor (runsc)', renewed: null })
    expect(JSON.stringify(answer)).not.toContain('anna.berg')
    await expect.poll(() => desk.sandboxes[0]?.removed).toBe(true)
    expect(desk.sessions.list('anna')).toEqual([])
  })

  it('is not run where a validator refuses it, and no sandbox is claimed', async () => {
    verifies('execute.refused')
    await using desk = openExecutions()
    const answer = await desk.executions.run(fromCaller(), program({ code: 'def f(:' }), never)
    expect(answer.kind).toBe('refused')
    expect(desk.sandboxes).toEqual([])
  })

  it("is not found in another caller's session, which is as one that never was", async () => {
    verifies('execute.sessions')
    await using desk = openExecutions()
    const session = await open(desk, 'anna')
    const errors = [fromCaller('boris', session), fromCaller('boris', 'session_none')].map(async (received) =>
      desk.executions.run(received, program(), never).catch((thrown: unknown) => thrown),
    )
    const [others, none] = (await Promise.all(errors)) as ServiceError[]
    expect(others).toMatchObject({ code: 'not-found' })
    expect(others?.message.replace(session, 'X')).toBe(none?.message.replace('session_none', 'X'))
    expect(desk.sandboxes).toEqual([])
  })

  it('waits in one session for the one before it, which policy sees with what ran', async () => {
    const befores: string[][] = []
    const gate = Promise.withResolvers<void>()
    let running = 0
    let most = 0
    await using desk = openExecutions({
      mayRun: async (_request, _action, { before }: ProposedRun) => {
        befores.push([...(before() ?? [])])
        return null
      },
      run: async () => {
        running += 1
        most = Math.max(most, running)
        await gate.promise
        running -= 1
        return cellResult()
      },
    })
    const received = fromCaller('anna', await open(desk))
    const first = desk.executions.run(received, program({ code: 'a = 1' }), never)
    const second = desk.executions.run(received, program({ code: 'b = a', language: 'python' }), never)
    await expect.poll(() => running).toBe(1)
    gate.resolve()
    await Promise.all([first, second])
    expect(most).toBe(1)
    expect(befores).toEqual([[], ['a = 1']])
  })

  it('says what is gone where the sandbox of its session was lost before it, once', async () => {
    verifies('execute.lost')
    await using desk = openExecutions()
    const received = fromCaller('anna', await open(desk))
    await desk.executions.run(received, program(), never)
    if (desk.sandboxes[0] !== undefined) desk.sandboxes[0].alive = false
    const renewed = []
    for (let run = 0; run < 2; run += 1) renewed.push(await desk.executions.run(received, program(), never))
    expect(renewed).toMatchObject([{ renewed: expect.stringContaining('variables') }, { renewed: null }])
    expect(desk.sandboxes).toHaveLength(2)
  })

  it('has the wall time of its session, or the default, and never more than its group may ask', async () => {
    const walls: (number | undefined)[] = []
    await using desk = openExecutions({
      run: async (_code, { timeoutMilliseconds }: RunOptions) => {
        walls.push(timeoutMilliseconds)
        return cellResult()
      },
    })
    const session = await open(desk, 'anna', { wall_ms: 700 })
    await desk.executions.run(fromCaller('anna', session), program(), never)
    await desk.executions.run(fromCaller(), program(), never)
    await desk.executions.run(fromCaller(), program({ timeoutMilliseconds: 4_000 }), never)
    expect(walls).toEqual([700, 3_000, 4_000])
    const tooLong = desk.executions.run(fromCaller(), program({ timeoutMilliseconds: 6_000 }), never)
    await expect(tooLong).rejects.toMatchObject({ code: 'invalid-request', parameter: 'timeout_ms' })
  })

  it('is stopped where what is left of the time of sandboxes is used up, and the limit is used to its end', async () => {
    verifies('quotas.sandbox-time')
    const walls: (number | undefined)[] = []
    await using desk = openExecutions({
      quota: [{ per: 'key', unit: 'sandbox_ms', most: 2_000, every: 'day' }],
      run: async (_code, { timeoutMilliseconds = 0 }: RunOptions) => {
        walls.push(timeoutMilliseconds)
        const runMs = Math.min(timeoutMilliseconds, 900)
        return cellResult({ outcome: runMs < 900 ? 'timeout' : 'ok', timings: { queueMs: 0, runMs }, notice: null })
      },
    })
    const run = async (changes = {}) => desk.executions.run(fromCaller(), program(changes), never)
    for (const _ of [1, 2]) expect(await run()).toMatchObject({ cell: { outcome: 'ok' } })
    expect(await run()).toMatchObject({ cell: { outcome: 'timeout', notice: expect.stringContaining('sandbox_ms') } })
    expect(walls).toEqual([2_000, 1_100, 200])
    await expect(run()).rejects.toMatchObject({ message: expect.stringContaining('milliseconds of sandboxes') })
    // What its caller asks for by name has to be there whole.
    const named = desk.executions.run(fromCaller('boris'), program({ timeoutMilliseconds: 4_000 }), never)
    expect(await named).toMatchObject({ cell: { outcome: 'ok' } })
    const again = desk.executions.run(fromCaller('boris'), program({ timeoutMilliseconds: 1_500 }), never)
    await expect(again).rejects.toMatchObject({ message: expect.stringContaining('milliseconds of sandboxes') })
  })

  it('does not run where a limit leaves no time of sandboxes at all', async () => {
    await using desk = openExecutions({ quota: [{ per: 'key', unit: 'sandbox_ms', most: 0, every: 'day' }] })
    expect(await desk.executions.run(fromCaller(), program(), never)).toMatchObject({
      kind: 'refused',
      findings: [{ rule: 'quota/sandbox-time' }],
    })
    expect(desk.sandboxes).toEqual([])
  })

  it('does not run where policy says no, and its own words are not kept as run', async () => {
    const finding = { rule: 'policy/refused', line: 1, column: 1, message: 'Not at night.' }
    await using desk = openExecutions({ mayRun: async () => finding })
    const received = fromCaller('anna', await open(desk))
    expect(await desk.executions.run(received, program({ language: 'shell', code: 'ls' }), never)).toEqual({
      kind: 'refused',
      findings: [finding],
    })
    expect(desk.sandboxes).toEqual([])
  })

  it('is asked about with its tool, its language and an origin that nobody knows', async () => {
    const asked: unknown[] = []
    await using desk = openExecutions({
      mayRun: async (_request, { tool, language, provenance }) => {
        asked.push([tool, language, provenance])
        return null
      },
    })
    await desk.executions.run(fromCaller(), program({ language: 'typescript', code: 'const a: number = 1' }), never)
    await desk.executions.run(fromCaller(), program({ language: 'shell', code: 'ls' }), never)
    expect(asked).toEqual([
      ['run_javascript', 'javascript', ['unknown']],
      ['run_shell', 'shell', ['unknown']],
    ])
  })

  it('brings the files that it made, without those that no filter can read', async () => {
    await using desk = openExecutions({
      run: async () =>
        cellResult({
          artifacts: [
            { path: 'a.csv', bytes: 4 },
            { path: 'b.bin', bytes: 3 },
          ],
        }),
    })
    const received = fromCaller('anna', await open(desk))
    await desk.executions.putFile(received, 'a.csv', bytes('1,2\n'), never)
    await desk.executions.putFile(received, 'b.bin', bytes('\0\u0001\u0002'), never)
    const answer = await desk.executions.run(received, program({ bringsFiles: true }), never)
    if (answer.kind !== 'result') throw new Error('it was refused')
    expect(answer.files.map(({ name }) => name)).toEqual(['a.csv'])
    expect(answer.missing).toEqual([expect.stringContaining('b.bin')])
  })
})

describe('output of a program that is passed on while it runs', () => {
  const streamed = async (pieces: readonly string[], profile?: Parameters<typeof openExecutions>[0]) => {
    const said: string[] = []
    await using desk = openExecutions({
      ...profile,
      run: async (_code, { onOutput }, signal) => {
        for (const piece of pieces) onOutput?.('stdout', piece)
        await new Promise((resolve) => setImmediate(resolve))
        return cellResult({ outcome: signal.aborted ? 'cancelled' : 'ok' })
      },
    })
    const onOutput = (_stream: string, text: string) => void said.push(text)
    await desk.executions.run(fromCaller(), program({ onOutput }), never)
    return said.join('')
  }

  it('is what a terminal shows: what control characters would hide from a filter is put together first', async () => {
    expect(await streamed(['mail anna.be', 'rg\u001b[0m@exam', '\u0000ple.com now\nover', 'write\rOVER\n'])).toMatch(
      /^mail (?!anna)\S+ now\nOVERwrite\n$/,
    )
  })

  it('holds no value that came in pieces', async () => {
    verifies('execute.held')
    const text = `${'a long line of words that go on and on. '.repeat(40)}\ncard 4111 1111 1111 1111 end\n`
    const said = await streamed(text.split(''))
    expect(said).not.toContain('4111')
    expect(said).toContain('card ')
  })

  it('ends the program where its profile blocks, and nothing of it has left', async () => {
    const said: string[] = []
    const { pii } = defaultProfile.outbound
    const outbound = { ...defaultProfile.outbound, pii: { ...pii, action: 'block' as const } }
    const profile = { ...defaultProfile, outbound }
    let aborted = false
    await using desk = openExecutions({
      profile,
      run: async (_code, { onOutput }, signal) => {
        onOutput?.('stdout', `${'x y z. '.repeat(300)}\nanna.berg@example.com\n${'x y z.\n'.repeat(600)}`)
        await expect.poll(() => signal.aborted).toBe(true)
        aborted = true
        return cellResult({ outcome: 'cancelled' })
      },
    })
    const onOutput = (_stream: string, text: string) => void said.push(text)
    const answer = desk.executions.run(fromCaller(), program({ onOutput }), never)
    await expect(answer).rejects.toMatchObject({ code: 'refused' })
    expect(aborted).toBe(true)
    expect(said.join('')).not.toContain('anna')
  })
})

describe('files of a session', () => {
  it('are put, listed, read and deleted, by their owner alone', async () => {
    await using desk = openExecutions()
    const received = fromCaller('anna', await open(desk))
    expect(await desk.executions.putFile(received, 'in/a.txt', bytes('mail anna.berg@example.com'), never)).toEqual({
      path: 'in/a.txt',
      bytes: 26,
    })
    expect(await desk.executions.listFiles(received, never)).toEqual([{ path: 'in/a.txt', bytes: 26 }])
    const read = await desk.executions.readFile(received, 'in/a.txt', never)
    expect(read).toMatchObject({ name: 'in/a.txt', mediaType: 'text/plain', isMasked: true })
    expect(Buffer.from(read.content, 'base64').toString()).not.toContain('anna.berg')
    const other = fromCaller('boris', received.sessionId)
    for (const work of [
      desk.executions.listFiles(other, never),
      desk.executions.readFile(other, 'in/a.txt', never),
      desk.executions.deleteFile(other, 'in/a.txt', never),
      desk.executions.putFile(other, 'in/a.txt', bytes('x'), never),
    ]) {
      await expect(work).rejects.toMatchObject({ code: 'not-found' })
    }
    await desk.executions.deleteFile(received, 'in/a.txt', never)
    expect(await desk.executions.listFiles(received, never)).toEqual([])
  })

  it('that no filter can read are not given out', async () => {
    await using desk = openExecutions()
    const received = fromCaller('anna', await open(desk))
    await desk.executions.putFile(received, 'a.xlsx', bytes('PK\u0003\u0004'), never)
    await expect(desk.executions.readFile(received, 'a.xlsx', never)).rejects.toMatchObject({ code: 'refused' })
  })

  it('need a session that is named', async () => {
    await using desk = openExecutions()
    await expect(desk.executions.listFiles(fromCaller(), never)).rejects.toMatchObject({ parameter: 'session' })
  })
})
