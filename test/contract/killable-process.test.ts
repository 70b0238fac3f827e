import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { databaseProcessFaults } from '../../src/databases/process-faults.ts'
import { KillableProcess, type KillableProcessOptions } from '../../src/processes/killable-process.ts'
import { verifies } from '../support/verifies.ts'

const processUnderTest = join(import.meta.dirname, '../support/processes/process-under-test-process.ts')
const never = new AbortController().signal
const patient = { signal: never, timeoutMilliseconds: 60_000 }

function create(own: Partial<KillableProcessOptions> = {}): KillableProcess {
  return new KillableProcess({
    script: processUnderTest,
    name: 'the test process',
    open: async () => null,
    openMilliseconds: 60_000,
    faults: databaseProcessFaults,
    maximumMegabytes: 1000,
    ...own,
  })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('a killable process', () => {
  it('starts with the first call and answers', async () => {
    await using child = create()
    expect(child.pid).toBeNull()
    expect(await child.call('echo', { a: [1] }, patient)).toEqual({ a: [1] })
    expect(child.pid).not.toBeNull()
  })

  it('is killed at the deadline even while it spins, and the next call has a new one', async () => {
    verifies('security.isolate-killed')
    await using child = create()
    await child.warm(never)
    const { pid } = child
    await expect(child.call('spin', null, { signal: never, timeoutMilliseconds: 100 })).rejects.toMatchObject({
      code: 'deadline-exceeded',
    })
    expect(await child.call('echo', 1, patient)).toBe(1)
    expect(isAlive(pid ?? 0)).toBe(false)
  })

  it('is killed when its caller goes away', async () => {
    await using child = create()
    await child.warm(never)
    const running = child.call('spin', null, { signal: AbortSignal.timeout(100), timeoutMilliseconds: 60_000 })
    await expect(running).rejects.toMatchObject({ code: 'deadline-exceeded' })
    expect(child.pid).toBeNull()
  })

  it('lets a caller in the queue go away without harm to the one before', async () => {
    await using child = create()
    const controller = new AbortController()
    const first = child.call('echo', 'first', patient)
    const second = child.call('spin', null, { signal: controller.signal, timeoutMilliseconds: 60_000 })
    controller.abort()
    await expect(second).rejects.toMatchObject({ code: 'cancelled' })
    expect(await first).toBe('first')
    expect(await child.call('echo', 'third', patient)).toBe('third')
  })

  it('goes on with the answer to what it asks in the middle of a call', async () => {
    await using child = create()
    const answer = async (question: unknown) => ({ to: question })
    expect(await child.call('ask', 'a', { ...patient, answer })).toEqual(['a', { to: 'a' }])
    expect(await child.call('ask', 'b', { ...patient, answer: () => {} })).toEqual(['b', null])
  })

  it('gives a call up whose question is not answered, with the reason, and answers the next', async () => {
    await using child = create()
    await child.warm(never)
    const { pid } = child
    const answer = () => Promise.reject(new Error('not now'))
    await expect(child.call('ask', 1, { ...patient, answer })).rejects.toThrow('not now')
    await expect(child.call('ask', 1, patient)).rejects.toThrow('asked a question')
    expect(await child.call('echo', 2, patient)).toBe(2)
    expect(child.pid).toBe(pid)
  })

  it('is killed at the deadline while it waits for an answer', async () => {
    await using child = create()
    await child.warm(never)
    const answer = () => new Promise(() => {})
    const running = child.call('ask', 1, { signal: never, timeoutMilliseconds: 100, answer })
    await expect(running).rejects.toMatchObject({ code: 'deadline-exceeded' })
    expect(await child.call('echo', 1, patient)).toBe(1)
  })

  it('is killed when it grows beyond its memory', async () => {
    verifies('security.isolate-killed')
    await using child = create({ maximumMegabytes: 300 })
    await expect(child.call('grow', null, patient)).rejects.toMatchObject({ code: 'query-failed' })
    expect(await child.call('echo', 1, patient)).toBe(1)
  })

  it('reports its own death, and what it could not do, as faults', async () => {
    await using child = create()
    await expect(child.call('die', null, patient)).rejects.toMatchObject({
      code: 'database-unavailable',
      message: expect.stringContaining('exit code 3'),
    })
    await expect(child.call('fail', null, patient)).rejects.toMatchObject({ code: 'internal' })
    expect(await child.call('echo', 1, patient)).toBe(1)
  })

  it('is given one more try after what may be damaged was removed', async () => {
    let input = 'broken'
    await using child = create({
      open: async () => input,
      recover: async () => {
        input = 'repaired'
      },
    })
    expect(await child.call('echo', 1, patient)).toBe(1)
  })

  it('says that it did not start', async () => {
    await using child = create({ open: async () => 'broken' })
    await expect(child.call('echo', 1, patient)).rejects.toMatchObject({
      code: 'database-unavailable',
      message: expect.stringContaining('did not start'),
    })
  })

  it('ends by itself when its parent is killed, even while it spins', async () => {
    const parent = spawn(
      process.execPath,
      [new URL('../support/processes/parent-of-spinning-process.ts', import.meta.url).pathname],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const pid = Number(String(line))
    expect(isAlive(pid)).toBe(true)
    parent.kill('SIGKILL')
    await expect.poll(() => isAlive(pid)).toBe(false)
  })

  it('ends by itself when its parent was gone before it could look', async () => {
    // Pid 1 stands for a parent that this process never had.
    const orphan = fork(processUnderTest, ['1'], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    const [, signal] = (await once(orphan, 'exit')) as [number | null, string | null]
    expect(signal).toBe('SIGKILL')
  })
})
