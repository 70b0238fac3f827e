import type { Container } from 'dockerode'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { AttachedStream } from '../../../../../src/sandbox/containers/docker/attached-stream.ts'
import { DockerContainer, startKeeper } from '../../../../../src/sandbox/containers/docker/docker-container.ts'
import { temporaryFolder } from '../../../../support/temporary-folder.ts'

const never = new AbortController().signal
const settle = () => new Promise((resolve) => setTimeout(resolve, 20))

/** A container of a daemon that notices its end when it is told to; its cgroup is a folder of files. */
function open({ keeper = Promise.resolve() }: { readonly keeper?: Promise<void> } = {}) {
  const folder = temporaryFolder('cgroup-')
  const files = {
    'cgroup.procs': '',
    'cpu.max': '200000 100000',
    'memory.max': '5000',
    'memory.swap.max': '0',
    'pids.max': '300',
    'memory.events': 'oom_kill 2',
    'pids.events': 'max 3',
    'memory.peak': '4000',
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const asked: string[] = []
  const noticed = Promise.withResolvers<{ StatusCode: number }>()
  const removal = Promise.withResolvers<void>()
  const container = {
    wait: () => noticed.promise,
    remove: async (options: object) => {
      asked.push(`remove ${JSON.stringify(options)}`)
      await removal.promise
    },
    inspect: async () => {
      asked.push('inspect')
      if (asked.some((each) => each.startsWith('remove'))) throw Object.assign(new Error('gone'), { statusCode: 404 })
      return { State: { OOMKilled: true } }
    },
  }
  const live = new DockerContainer({
    id: 'sbx-0123456789abcdef',
    container: container as unknown as Container,
    stream: new AttachedStream(new PassThrough(), () => {}),
    cgroups: { memory: folder, pids: folder, cpu: folder, version: 2 },
    cpus: 1.5,
    keeper,
    diagnostics: () => '',
  })
  const hasStopped = async () => Promise.race([live.stopped.then(() => true), settle().then(() => false)])
  return { live, asked, noticed, removal, folder, hasStopped }
}

describe('a container of Docker', () => {
  it('has ended when its cgroup is empty, and is removed when Docker has seen it', async () => {
    const { live, asked, noticed, removal, hasStopped } = open()
    expect(await hasStopped()).toBe(false)
    const destroyed = live.destroy()
    expect(await hasStopped()).toBe(true)
    expect(asked).toEqual([])
    noticed.resolve({ StatusCode: 137 })
    await settle()
    expect(asked).toEqual(['remove {"force":true,"v":true}'])
    removal.resolve()
    await destroyed
    expect(asked).toEqual(['remove {"force":true,"v":true}', 'inspect'])
  })

  it('that was killed has ended before anybody removes it', async () => {
    const { live, asked, hasStopped } = open()
    await live.kill()
    expect([await hasStopped(), asked]).toEqual([true, []])
  })

  it('that ended by itself is asked about only where somebody wants to know why', async () => {
    const { live, asked, noticed } = open()
    noticed.resolve({ StatusCode: 70 })
    await settle()
    expect(asked).toEqual([])
    expect(await live.exited).toEqual({ exitCode: 70, oomKilled: true })
    await live.exited
    expect(asked).toEqual(['inspect'])
  })

  it('is held to its share of the processors before its limits are read', async () => {
    const { live, folder } = open()
    expect(await live.enforceLimits()).toEqual({
      sandboxMemoryBytes: 5000,
      memoryAndSwapBytes: 5000,
      hostTasks: 300,
      cpus: 1.5,
    })
    expect(readFileSync(join(folder, 'cpu.max'), 'utf8')).toBe('150000 100000')
  })

  it('keeps what its cgroup counted', async () => {
    const { live } = open()
    expect(await live.evidence()).toEqual({ oomKills: 2, taskLimitHits: 3, peakMemoryBytes: 4000 })
  })

  it('has the keeper that was started with it, or says why there is none', async () => {
    await open().live.startKeeper()
    const keeper = Promise.reject(new Error('no exec'))
    keeper.catch(() => {})
    await expect(open({ keeper }).live.startKeeper()).rejects.toThrow('no exec')
  })
})

describe('the keeper', () => {
  const containerThat = (start: (options: object) => Promise<void>, asked: object[] = []) =>
    ({
      exec: async (options: object) => {
        asked.push(options)
        return { start }
      },
    }) as unknown as Container

  it('is started as the user, for nobody to hear', async () => {
    const asked: object[] = []
    await startKeeper(
      containerThat(async (options) => void asked.push(options), asked),
      never,
    )
    expect(asked).toEqual([
      {
        Cmd: ['/usr/bin/python3', '-I', '-S', '-B', '/opt/sallyport/supervisor/keeper.py'],
        User: '1001:1001',
        AttachStdout: false,
        AttachStderr: false,
        abortSignal: never,
      },
      { Detach: true, abortSignal: never },
    ])
  })

  it('that cannot be started is a fault that says so', async () => {
    const failing = containerThat(() => Promise.reject(Object.assign(new Error('not running'), { statusCode: 409 })))
    await expect(startKeeper(failing, never)).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: 'Docker failed while starting a process in a sandbox: not running',
    })
  })
})
