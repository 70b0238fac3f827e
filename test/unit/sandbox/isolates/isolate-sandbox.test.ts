import { describe, expect, it, vi } from 'vitest'
import { IsolateSandbox } from '../../../../src/sandbox/isolates/isolate-sandbox.ts'
import { IsolateWorker } from '../../../../src/sandbox/isolates/isolate-worker.ts'
import { isolateOptions } from '../../../../src/sandbox/isolates/options.ts'
import { vettedJavaScript, vettedPython } from '../../../support/vetted.ts'
import { FakeIsolateChild, type FakeRun } from '../../../support/sandbox/fake-isolate-child.ts'

const never = new AbortController().signal
const program = await vettedJavaScript('1')
const silence = () => {}

function open(play: (child: FakeIsolateChild, run: FakeRun) => void, options: object = {}) {
  const parsed = isolateOptions.parse({ output_kb: 1, ...options })
  const child = new FakeIsolateChild({ play })
  const worker = new IsolateWorker(parsed, child)
  const release = vi.fn(async () => {})
  const sandbox = new IsolateSandbox({ id: 'isolate-1', worker, options: parsed, queueMilliseconds: 7, release })
  return { child, worker, release, sandbox }
}

describe('a run in an isolate', () => {
  it('has its value as text and as JSON, and what it printed, and what it took', async () => {
    const { sandbox } = open((child, { id }) => {
      child.say({ type: 'output', id, stream: 'stdout', text: 'out\n' })
      child.say({ type: 'output', id, stream: 'stderr', text: 'err\n' })
      child.done(id, { text: '[ 1 ]', json: '[1]', heapBytes: 5_000 })
    })
    const seen: string[] = []
    const result = await sandbox.run(program, { onOutput: (stream, text) => seen.push(`${stream}: ${text}`) }, never)
    expect(result).toEqual({
      outcome: 'ok',
      notice: null,
      sessionAlive: true,
      stdout: { text: 'out\n', truncated: false },
      stderr: { text: 'err\n', truncated: false },
      results: [{ isMain: true, text: '[ 1 ]', json: [1] }],
      error: null,
      artifacts: [],
      timings: { queueMs: expect.any(Number), runMs: expect.any(Number) },
      peakMemoryBytes: 5_000,
      truncated: [],
    })
    expect(seen).toEqual(['stdout: out\n', 'stderr: err\n'])
    expect(sandbox).toMatchObject({ id: 'isolate-1', driver: 'isolate', alive: true })
    expect(sandbox.missingWalls).toEqual(['light JavaScript runs in a separate process, not in gVisor'])
  })

  it.each([
    ['no value', { text: null, json: null }, []],
    ['a value that JSON cannot say', { text: 'Map(0) { }', json: null }, [{ isMain: true, text: 'Map(0) { }' }]],
    ['a value with the colors of a terminal', { text: '\u001b[1mx' }, [{ isMain: true, text: 'x' }]],
    ['the value of one that failed', { end: 'raised', text: 'x' }, []],
  ] as const)('shows %s', async (_what, ending, results) => {
    const { sandbox } = open((child, { id }) => child.done(id, ending))
    expect((await sandbox.run(program, {}, never)).results).toEqual(results)
  })

  it('tells what of it was cut, as its process says', async () => {
    const { sandbox } = open((child, { id }) => child.done(id, { truncated: ['stderr', 'results'] }))
    expect(await sandbox.run(program, {}, never)).toMatchObject({
      stdout: { truncated: false },
      stderr: { truncated: true },
      truncated: ['stderr', 'results'],
    })
  })

  it.each([
    ['1023 bytes and half a character', 'é'.repeat(511) + 'x', ['stdout']],
    ['1020 bytes', 'x'.repeat(1_020), []],
    ['1021 bytes, behind which a character of four bytes has no place', 'x'.repeat(1_021), ['stdout']],
    ['characters of two bytes up to the cap', 'é'.repeat(512), ['stdout']],
  ])('tells of a process that died what can have been cut of %s', async (_what, text, truncated) => {
    const { sandbox } = open((child, { id }) => {
      child.say({ type: 'output', id, stream: 'stdout', text })
      child.stdout.once('drain', silence)
      setImmediate(() => child.kill())
    })
    const result = await sandbox.run(program, {}, never)
    expect(result.stdout).toEqual({ text, truncated: truncated.length > 0 })
    expect(result.truncated).toEqual(truncated)
  })

  it('keeps nothing of a stream that goes on behind its cap', async () => {
    const { sandbox } = open((child, { id }) => {
      for (const text of ['x'.repeat(1_024), 'more']) child.say({ type: 'output', id, stream: 'stdout', text })
      child.say({ type: 'output', id, stream: 'stderr', text: 'own' })
      child.done(id)
    })
    const seen: string[] = []
    const result = await sandbox.run(program, { onOutput: (_stream, text) => seen.push(text) }, never)
    expect([result.stdout.text, result.stderr.text]).toEqual(['x'.repeat(1_024), 'own'])
    expect(seen).toEqual(['x'.repeat(1_024), 'own'])
  })

  it('that failed has its error as a terminal shows it', async () => {
    const error = { name: 'Error', value: '\u001b[31mred\u001b[0m', traceback: 'Error\u001b[0m' }
    const { sandbox } = open((child, { id }) => child.done(id, { end: 'raised', error }))
    expect(await sandbox.run(program, {}, never)).toMatchObject({
      outcome: 'user-error',
      sessionAlive: true,
      notice: null,
      error: { name: 'Error', value: 'red', traceback: 'Error' },
    })
  })

  it('is given the limit that it asks for, and without one the usual', async () => {
    const { child, sandbox } = open((process, { id }) => process.done(id), { wall_ms: 2_000, wall_ceiling_ms: 3_000 })
    await sandbox.run(program, { timeoutMilliseconds: 3_000 }, never)
    await sandbox.run(program, { timeoutMilliseconds: 1 }, never)
    await sandbox.run(program, {}, never)
    expect(child.received.map((frame) => 'timeoutMilliseconds' in frame && frame.timeoutMilliseconds)).toEqual([
      3_000, 1, 2_000,
    ])
  })

  it.each([3_001, Infinity, Number.NaN, 0, 0.5, -1])(
    'is refused with a limit of %d ms',
    async (timeoutMilliseconds) => {
      const { child, sandbox } = open(silence, { wall_ms: 2_000, wall_ceiling_ms: 3_000 })
      await expect(sandbox.run(program, { timeoutMilliseconds }, never)).rejects.toMatchObject({
        code: 'invalid-request',
        message: `A run may take 1 to 3000 ms, not ${timeoutMilliseconds}`,
        parameter: 'timeout_ms',
      })
      expect(child.received).toEqual([])
    },
  )

  it('is refused in another language', async () => {
    const { sandbox } = open(silence)
    await expect(sandbox.run(await vettedPython('1'), {}, never)).rejects.toMatchObject({
      code: 'invalid-request',
      message: 'the isolate runs JavaScript, not python',
      parameter: 'language',
    })
  })

  it('counts its wait for a process once, and its wait for the run ahead of it', async () => {
    const { sandbox } = open((child, { id }) => void setTimeout(() => child.done(id), 30))
    const [first, second] = await Promise.all([sandbox.run(program, {}, never), sandbox.run(program, {}, never)])
    expect(first.timings.queueMs).toBeGreaterThanOrEqual(7)
    expect(first.timings.queueMs).toBeLessThan(second.timings.queueMs)
    const next = async () => (await sandbox.run(program, {}, never)).timings.queueMs
    await expect.poll(next).toBeLessThan(7)
  })
})

describe('how a run in an isolate ended', () => {
  const stopped = 'The run was stopped at its limit of 10 ms.'
  const kept = 'The variables of the session are still there.'
  const gone = 'The session and its variables are gone.'

  it.each([
    [
      'at its limit, within the isolate',
      (child: FakeIsolateChild, { id }: FakeRun) => child.done(id, { end: 'sync-timeout' }),
      { outcome: 'timeout', sessionAlive: true, notice: `${stopped} ${kept}` },
    ],
    [
      'at its limit, with the process',
      (child: FakeIsolateChild) => child.say({ type: 'output', id: 1, stream: 'stdout', text: 'x' }),
      { outcome: 'timeout', sessionAlive: false, notice: `${stopped} ${gone}` },
    ],
    [
      'without memory, with the isolate',
      (child: FakeIsolateChild, { id }: FakeRun) => child.done(id, { end: 'memory' }),
      {
        outcome: 'out-of-memory',
        sessionAlive: false,
        notice: `An allocation failed: the program is at its memory limit. ${gone}`,
      },
    ],
    [
      'without memory, which the engine found',
      (child: FakeIsolateChild) => child.say({ type: 'fatal', reason: 'memory' }),
      {
        outcome: 'out-of-memory',
        sessionAlive: false,
        notice: `The run used more memory than the sandbox may. ${gone}`,
      },
    ],
    [
      'with an engine that gave up',
      (child: FakeIsolateChild) => child.say({ type: 'fatal', reason: 'engine' }),
      {
        outcome: 'sandbox-lost',
        sessionAlive: false,
        notice: `The sandbox was lost before the run ended (its process broke the rules). ${gone}`,
      },
    ],
    [
      'with its process',
      (child: FakeIsolateChild) => child.kill(),
      {
        outcome: 'sandbox-lost',
        sessionAlive: false,
        notice: `The sandbox was lost before the run ended (its process died). ${gone}`,
      },
    ],
  ] as const)('%s', async (_how, play, told) => {
    const { child, sandbox } = open(play)
    const result = await sandbox.run(program, { timeoutMilliseconds: 10 }, never)
    expect(result).toMatchObject({ ...told, results: [], peakMemoryBytes: null })
    expect(sandbox.alive).toBe(told.sessionAlive)
    expect(child.ended).toBe(!told.sessionAlive)
  })

  it('is the end of the session where its process died right behind its answer', async () => {
    const { sandbox } = open((child, { id }) => {
      child.done(id, { text: '1', json: '1' })
      child.kill()
    })
    const result = await sandbox.run(program, {}, never)
    expect([result.sessionAlive, sandbox.alive]).toEqual([false, false])
  })

  it('is cancelled for a caller that has gone, and costs the session', async () => {
    const stop = new AbortController()
    const { sandbox } = open(() => stop.abort())
    expect(await sandbox.run(program, {}, stop.signal)).toMatchObject({
      outcome: 'cancelled',
      sessionAlive: false,
      notice: `The run was cancelled. ${gone}`,
    })
    expect(await sandbox.run(program, {}, never)).toMatchObject({
      outcome: 'sandbox-lost',
      notice: 'The session and its variables are gone; claim a new one.',
      timings: { runMs: 0 },
    })
  })

  it('costs nothing where the caller was gone before it began', async () => {
    const { child, sandbox } = open((process, { id }) => process.done(id))
    expect(await sandbox.run(program, {}, AbortSignal.abort())).toMatchObject({
      outcome: 'cancelled',
      sessionAlive: true,
      notice: 'The run was cancelled before it began.',
    })
    expect(child.received).toEqual([])
    expect((await sandbox.run(program, {}, never)).outcome).toBe('ok')
  })

  it('does not hear of a caller that goes after it', async () => {
    const stop = new AbortController()
    const { sandbox } = open((child, { id }) => child.done(id))
    await sandbox.run(program, {}, stop.signal)
    stop.abort()
    expect(sandbox.alive).toBe(true)
  })

  it('is cancelled for a run whose engine was closed before it began', async () => {
    const { worker, sandbox } = open(silence)
    await worker.kill('disposed')
    expect(await sandbox.run(program, {}, never)).toMatchObject({
      outcome: 'cancelled',
      sessionAlive: false,
      notice: 'The run was cancelled before it began. The session and its variables are gone; claim a new one.',
    })
  })
})

describe('a session in an isolate', () => {
  it('is given back once, and runs nothing any more', async () => {
    const { worker, release, sandbox } = open((child, { id }) => child.done(id))
    await sandbox.run(program, {}, never)
    await Promise.all([sandbox[Symbol.asyncDispose](), sandbox[Symbol.asyncDispose]()])
    expect(release).toHaveBeenCalledExactlyOnceWith(worker)
    expect([sandbox.alive, worker.alive]).toEqual([false, true])
    expect((await sandbox.run(program, {}, never)).outcome).toBe('sandbox-lost')
  })

  it('that is given back during its run takes its process along', async () => {
    const { worker, sandbox } = open(silence)
    const running = sandbox.run(program, {}, never)
    await new Promise(setImmediate)
    await sandbox[Symbol.asyncDispose]()
    expect(await running).toMatchObject({ outcome: 'cancelled', sessionAlive: false })
    expect(worker.killed).toBe('disposed')
  })

  it('has no files, and says what to do', async () => {
    const { files } = open(silence).sandbox
    const refused = {
      code: 'invalid-request',
      message: 'the isolate has no files',
      advice: 'Pass values in the code, or run JavaScript in gVisor to work with files.',
    }
    expect(await files.list(never)).toEqual([])
    await expect(files.put('a', ReadableStream.from([]), never)).rejects.toMatchObject(refused)
    await expect(files.delete('a', never)).rejects.toMatchObject(refused)
    expect(() => files.get('a', never)).toThrow(expect.objectContaining(refused))
  })
})
