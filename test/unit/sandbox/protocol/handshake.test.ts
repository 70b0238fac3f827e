import { getEventListeners } from 'node:events'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import type { UnaskedMessage } from '../../../../src/sandbox/protocol/connection.ts'
import type { AppliedLimits, Lack, LiveContainer } from '../../../../src/sandbox/driver.ts'
import { encodeControl, FrameDecoder } from '../../../../src/sandbox/protocol/frames.ts'
import { shakeHands } from '../../../../src/sandbox/protocol/handshake.ts'
import { createLimits } from '../../../../src/sandbox/limits.ts'
import { sandboxLimitOptions } from '../../../../src/sandbox/options.ts'
import { FakeSandboxDriver } from '../../../support/sandbox/fake-sandbox-driver.ts'
import { duplexPair, soundReady } from '../../../support/sandbox/fake-supervisor.ts'
import { verifies } from '../../../support/verifies.ts'

const never = new AbortController().signal
const limits = createLimits(sandboxLimitOptions.parse({}))
const specification = {
  id: 'sbx-0123456789abcdef',
  owner: { installation: 'test', process: 1, started: '1', boot: 'b', host: 'h' },
  limits,
} as never
const [worker] = soundReady.workers

/** Shakes hands with a sandbox whose `ready` differs from a sound one's in these members. */
async function meet(ready: Record<string, unknown>, asked: typeof limits | null = limits, lacks: readonly Lack[] = []) {
  const container = await new FakeSandboxDriver({ ready, lacks }).create(specification, never)
  const options = { limits: asked, languages: ['python' as const], onLoss: () => {} }
  return { container, handshake: shakeHands(container, options, never) }
}

function supervisor(member: object) {
  return { supervisor: { ...soundReady.supervisor, ...member } }
}

/** A sandbox whose writable folder at `path` differs in these members; in none of it where they are null. */
function folder(path: string, member: object | null) {
  const mounts = soundReady.mounts.flatMap((mount) => {
    if (mount.path !== path) return [mount]
    return member === null ? [] : [Object.assign({}, mount, member)]
  })
  return { mounts }
}

describe('a sandbox whose walls stand', () => {
  it('is accepted, under a nonce of its own', async () => {
    const { handshake } = await meet({})
    const { connection, nonce } = await handshake
    expect(connection.loss).toBeNull()
    expect(nonce).toHaveLength(16)
    expect(nonce.equals((await (await meet({})).handshake).nonce)).toBe(false)
    connection.lose(new Error('over') as never)
  })

  it.each([
    ['no keeper, where no language needs one', { keeper: null }],
    ['no worker yet', { workers: [] }],
    ['the groups of the supervisor and of the code', supervisor({ groups: [1000, 1001] })],
    ['any number of zeros for its capabilities', supervisor({ capabilities: '0000000000000000' })],
    ['no interface at all', { interfaces: [] }],
    ['a smaller disk', folder('/mnt/data', { bytes: 4096 })],
    ['further folders', { mounts: [...soundReady.mounts, { ...soundReady.mounts[0], path: '/dev' }] }],
  ])('may have %s', async (_what, ready) => {
    const { handshake } = await meet(ready)
    await expect(handshake).resolves.toMatchObject({ connection: { loss: null } })
  })
})

describe('a sandbox is refused', () => {
  it.each([
    ['no gVisor is known of', { gvisor: null }, 'its kernel is not gVisor'],
    ['the kernel is another', { gvisor: 'Linux version 6.12.1' }, 'its kernel is not gVisor'],
    ['the kernel says nothing', { gvisor: '' }, 'its kernel is not gVisor'],
    ['the supervisor is root', supervisor({ uid: 0 }), 'its supervisor runs as uid 0'],
    ["the supervisor is the code's user", supervisor({ uid: 1001 }), 'its supervisor runs as uid 1001'],
    ['the supervisor is in the group of root', supervisor({ gid: 0 }), 'its supervisor runs in group 0'],
    ['the supervisor is in a further group', supervisor({ groups: [1001, 0, 1000] }), 'it is in the group 0'],
    ['privileges can be gained', supervisor({ no_new_privileges: false }), 'it may gain privileges'],
    ['one capability is held', supervisor({ capabilities: '01' }), 'it holds capabilities (01)'],
    ['the highest capability is held', supervisor({ capabilities: '8000' }), 'it holds capabilities (8000)'],
    ['a capability is held among zeros', supervisor({ capabilities: '00a0' }), 'it holds capabilities (00a0)'],
    ['the keeper is root', { keeper: { pid: 2, uid: 0 } }, 'its keeper runs as uid 0'],
    ['the keeper is the supervisor', { keeper: { pid: 2, uid: 1000 } }, 'its keeper runs as uid 1000'],
    ['a worker is root', { workers: [{ ...worker, uid: 0 }] }, 'its worker runs as uid 0'],
    ['a worker is the supervisor', { workers: [worker, { ...worker, uid: 1000 }] }, 'its worker runs as uid 1000'],
    ['a worker has no limits', { workers: [{ ...worker, limits: null }] }, 'its python worker has no limits'],
    [
      'the second worker has no limits',
      { workers: [worker, { ...worker, language: 'javascript', limits: undefined }] },
      'its javascript worker has no limits',
    ],
    ['there is a network', { interfaces: ['lo', 'eth0'] }, 'it has a network (eth0)'],
    ['the network has the name of none', { interfaces: ['lo0'] }, 'it has a network (lo0)'],
    [
      'a disk is larger',
      folder('/mnt/data', { bytes: limits.dataBytes + 4096 }),
      `its /mnt/data has ${limits.dataBytes + 4096}, not ${limits.dataBytes} bytes`,
    ],
    [
      'a disk has no limit',
      folder('/tmp', { bytes: 0 }),
      `its /tmp has any number of, not ${limits.temporaryBytes} bytes`,
    ],
    ['a folder is on the root', folder('/dev/shm', null), 'its /dev/shm is no file system of its own'],
    ['a folder is of another', folder('/mnt/data', { uid: 0 }), 'its /mnt/data belongs to uid 0'],
    [
      'a folder is open to all',
      folder('/run/sallyport', { mode: 0o1777 }),
      'its /run/sallyport has the mode 1777, not 711',
    ],
    ['programs can be executed', folder('/tmp', { noexec: false }), 'programs can be executed in its /tmp'],
  ])('where %s, and with no other reason', async (_what, ready, reason) => {
    verifies('security.handshake')
    const { container, handshake } = await meet(ready)
    await expect(handshake).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: `A sandbox started but may not be used: ${reason}`,
    })
    expect(container.stream.destroyed).toBe(true)
  })

  it('with every wall named that does not stand', async () => {
    const { handshake } = await meet({
      ...supervisor({ uid: 0, no_new_privileges: false, capabilities: 'ff' }),
      gvisor: null,
      keeper: { pid: 2, uid: 0 },
      workers: [{ ...worker, uid: 0, limits: null }],
    })
    await expect(handshake).rejects.toThrow(
      'its kernel is not gVisor; its supervisor runs as uid 0; it may gain privileges; it holds capabilities (ff); ' +
        'its keeper runs as uid 0; its worker runs as uid 0; its python worker has no limits',
    )
  })

  it.each([
    ['capabilities that are no number', supervisor({ capabilities: '' })],
    ['another version', { version: 2 }],
    ['no word on new privileges', supervisor({ no_new_privileges: undefined })],
    ['no supervisor', { supervisor: undefined }],
    ['no workers', { workers: undefined }],
    ['no interfaces', { interfaces: undefined }],
    ['no folders', { mounts: undefined }],
  ])('that tells of %s', async (_what, ready) => {
    const { handshake } = await meet(ready)
    await expect(handshake).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringContaining('A sandbox started but may not be used: '),
    })
  })

  it('where the kernel has looser limits than were asked for', async () => {
    const container = await new FakeSandboxDriver({ applied: { hostTasks: null } }).create(specification, never)
    const options = { limits, languages: ['python' as const], onLoss: () => {} }
    await expect(shakeHands(container, options, never)).rejects.toThrow(
      `host tasks are limited to nothing, not ${limits.hostTasks}`,
    )
  })
})

describe('what a driver cannot give or show', () => {
  const executable = folder('/mnt/data', { noexec: false })
  const unread = { hostTasks: 'unreadable' } as const
  const shake = async (lacks: readonly Lack[], applied: Partial<AppliedLimits>) => {
    const container = await new FakeSandboxDriver({ ready: executable, applied, lacks }).create(specification, never)
    return shakeHands(container, { limits, languages: ['python'], onLoss: () => {} }, never)
  }

  it('is passed over where the driver declares it, and nothing else is', async () => {
    await expect(shake(['noexec', 'hostTasks'], unread)).resolves.toMatchObject({ connection: { loss: null } })
    await expect(shake(['noexec'], unread)).rejects.toThrow('host tasks are limited to what cannot be read here')
    await expect(shake(['hostTasks'], unread)).rejects.toThrow('programs can be executed in its /mnt/data')
    await expect(shake(['noexec', 'hostTasks'], { ...unread, cpus: null })).rejects.toThrow(
      'processors are limited to nothing',
    )
  })

  it('says nothing of a limit that can be read and is too high', async () => {
    await expect(shake(['noexec', 'hostTasks'], { hostTasks: 1e9 })).rejects.toThrow(
      'host tasks are limited to 1000000000',
    )
  })
})

describe('a template', () => {
  it('gets its limits after its restoration, and is held to every other wall', async () => {
    const unlimited = { workers: [{ ...worker, limits: null }] }
    await expect((await meet(unlimited, null)).handshake).resolves.toMatchObject({ connection: { loss: null } })
    const { handshake } = await meet({ ...unlimited, ...supervisor({ capabilities: '1' }) }, null)
    await expect(handshake).rejects.toThrow('it holds capabilities (1)')
  })

  it('is greeted again under a nonce of its own, and refuses to be greeted when it is gone', async () => {
    const { connection, nonce, greetAgain } = await (await meet({}, null)).handshake
    const second = await greetAgain()
    expect([second.length, second.equals(nonce), connection.loss]).toEqual([16, false, null])
    connection.lose(new ServiceError('sandbox-lost', 'It ended'))
    await expect(greetAgain()).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringContaining('It ended'),
    })
  })
})

/** A container whose supervisor is the test itself. */
function openContainer(diagnostics = '') {
  const [host, guest] = duplexPair()
  host.on('error', () => {})
  const keepers: AbortSignal[] = []
  const container: LiveContainer = {
    id: 'sbx-0123456789abcdef',
    stream: host,
    nonce: Buffer.alloc(16),
    origin: 'cold',
    exited: new Promise(() => {}),
    stopped: new Promise(() => {}),
    diagnostics: () => diagnostics,
    startKeeper: async (signal) => void keepers.push(signal),
    enforceLimits: async () => null,
    evidence: async () => ({ oomKills: 0, taskLimitHits: 0, peakMemoryBytes: null }),
    kill: async () => {},
    destroy: async () => {},
  }
  const decoder = new FrameDecoder(Buffer.alloc(16))
  const hello = new Promise<Record<string, unknown>>((resolve) => {
    guest.on('data', (piece: Buffer) => {
      for (const frame of decoder.push(piece)) {
        if (frame.kind === 'control') resolve(JSON.parse(frame.payload.toString()) as Record<string, unknown>)
      }
    })
  })
  /** Under the nonce that the host gave in its hello. */
  const say = async (message: object) => {
    guest.write(encodeControl(Buffer.from((await hello)['nonce'] as string, 'hex'), message))
  }
  return { container, guest, hello, say, keepers }
}

function shake(container: LiveContainer, signal = never) {
  const losses: UnaskedMessage[] = []
  const onLoss = (message: UnaskedMessage) => losses.push(message)
  const handshake = shakeHands(container, { limits, languages: ['python', 'shell'], onLoss }, signal)
  handshake.catch(() => {})
  return { handshake, losses }
}

describe('a handshake', () => {
  it('gives a sandbox its own seed, the time, its languages and every limit', async () => {
    const { container, hello } = openContainer()
    shake(container)
    const said = await hello
    expect(said).toMatchObject({ type: 'hello', version: 1, languages: ['python', 'shell'] })
    expect(said['seed']).toMatch(/^[0-9a-f]{64}$/)
    expect(said['nonce']).toMatch(/^[0-9a-f]{32}$/)
    expect(said['nonce']).not.toBe('0'.repeat(32))
    expect(Math.abs((said['unix_ms'] as number) - Date.now())).toBeLessThan(60_000)
    expect(said['limits']).toEqual({
      memory_mb: limits.memory_mb,
      watch_bytes: 1_125_899_906_842_624,
      processes: limits.processes,
      open_files: limits.openFiles,
      file_bytes: limits.fileBytes,
      output_bytes: limits.outputBytes,
      discard_bytes: 16 * limits.outputBytes,
      results: limits.results,
      results_bytes: limits.resultBytes,
      rows: limits.tableRows,
      pixels: limits.pixels,
      artifacts: limits.artifacts,
    })
  })

  it('starts the keeper when it is asked for, with the signal of the claim', async () => {
    const { container, say, keepers } = openContainer()
    const stop = new AbortController()
    const { handshake } = shake(container, stop.signal)
    await say({ type: 'need-keeper' })
    await say({ type: 'ready', ...soundReady })
    await handshake
    expect(keepers).toEqual([stop.signal])
  })

  it('is over with the fault of a keeper that does not start', async () => {
    const { container, say } = openContainer()
    const failing = { ...container, startKeeper: () => Promise.reject(new Error('no exec')) }
    const { handshake } = shake(failing)
    await say({ type: 'need-keeper' })
    await expect(handshake).rejects.toThrow('no exec')
    expect(container.stream.destroyed).toBe(true)
  })

  it('passes on what the sandbox says of its end, with the last of its diagnostics as the cause', async () => {
    const { container, say } = openContainer(`${'x'.repeat(600)} out of disk \n`)
    const { handshake } = shake(container)
    await say({ type: 'fatal', message: 'no room for a worker' })
    await expect(handshake).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: 'A sandbox started but may not be used: no room for a worker',
      cause: { message: `${'x'.repeat(488)} out of disk` },
    })
  })

  describe('with a container that answers no more', () => {
    afterEach(() => void vi.useRealTimers())

    it.each([
      ['to the hello', false],
      ['for its limits, once it is ready', true],
    ])('ends by itself after a minute: %s', async (_what, isReady) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      const { container, hello, say } = openContainer()
      const limiting = Promise.withResolvers<void>()
      const enforceLimits = (): Promise<never> => {
        limiting.resolve()
        return new Promise(() => {})
      }
      const { handshake } = shake({ ...container, enforceLimits })
      const settled = vi.fn<() => void>()
      handshake.catch(settled)
      await hello
      if (isReady) {
        await say({ type: 'ready', ...soundReady })
        await limiting.promise
      }
      await vi.advanceTimersByTimeAsync(59_999)
      expect(settled).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(1)
      await expect(handshake).rejects.toMatchObject({
        code: 'sandbox-unavailable',
        message: 'A sandbox started but may not be used: it did not answer within 60 s',
      })
      expect(container.stream.destroyed).toBe(true)
      expect(vi.getTimerCount()).toBe(0)
    })
  })

  it('has no cause where the sandbox left no diagnostics', async () => {
    const { container, guest } = openContainer(' \n')
    const { handshake } = shake(container)
    guest.end()
    const fault = await handshake.catch((thrown: unknown) => thrown as Error)
    expect(fault).toMatchObject({ message: 'A sandbox started but may not be used: The sandbox ended' })
    expect((fault as Error).cause).toBeUndefined()
  })

  it('hears of workers lost while nothing runs, also after it is over', async () => {
    const { container, say } = openContainer()
    const { handshake, losses } = shake(container)
    await say({ type: 'ready', ...soundReady })
    await handshake
    await say({ type: 'keeper-lost' })
    await expect.poll(() => losses).toEqual([{ type: 'keeper-lost' }])
  })

  it('says nothing to a sandbox whose claim was given up before', async () => {
    const { container, guest } = openContainer()
    const heard: unknown[] = []
    guest.on('data', (piece) => heard.push(piece))
    const { handshake } = shake(container, AbortSignal.abort(new Error('gone')))
    await expect(handshake).rejects.toThrow('gone')
    expect(heard).toEqual([])
    expect(container.stream.destroyed).toBe(true)
  })

  it('leaves nothing on the signal of its claim', async () => {
    const stop = new AbortController()
    const container = await new FakeSandboxDriver().create(specification, never)
    const options = { limits, languages: ['python' as const], onLoss: () => {} }
    const { connection } = await shakeHands(container, options, stop.signal)
    expect(getEventListeners(stop.signal, 'abort')).toEqual([])
    connection.lose(new Error('over') as never)
  })

  it('ends with the reason of a claim that is given up while it waits', async () => {
    const { container, hello } = openContainer()
    const stop = new AbortController()
    const { handshake } = shake(container, stop.signal)
    await hello
    stop.abort(new Error('changed my mind'))
    await expect(handshake).rejects.toThrow('changed my mind')
    expect(container.stream.destroyed).toBe(true)
  })
})
