import Docker from 'dockerode'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findCgroups, readAppliedLimits } from '../../src/sandbox/containers/cgroup.ts'
import type { OperableSandboxEngine } from '../../src/sandbox/engine/engine.ts'
import { readOwner } from '../../src/sandbox/engine/owner.ts'
import { createLimits } from '../../src/sandbox/limits.ts'
import { sandboxOptions } from '../../src/sandbox/options.ts'
import { shakeHands } from '../../src/sandbox/protocol/handshake.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { unvetted } from '../contract/sandbox-contract.ts'
import { createTestDriver, createTestEngine, dockerSocket, gvisorRuntime } from '../support/sandbox/docker-sandbox.ts'
import { verifies } from '../support/verifies.ts'

const never = new AbortController().signal
const docker = new Docker({ socketPath: dockerSocket })

describe('a live sandbox under Docker', () => {
  let engine: OperableSandboxEngine
  let sandbox: Sandbox

  beforeAll(async () => {
    engine = createTestEngine()
    sandbox = await engine.claim({ tenant: 'walls', language: 'python' }, never)
  })
  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]()
    await engine[Symbol.asyncDispose]()
  })

  const python = async (text: string) => {
    const result = await sandbox.run(unvetted(text), {}, never)
    return result.stdout.text.trim()
  }

  it('shows every wall in docker inspect', async () => {
    const { limits } = engine
    const found = await docker.getContainer(sandbox.id).inspect()
    expect(found.Config).toMatchObject({
      User: '1000:1000',
      Hostname: sandbox.id,
      Tty: false,
      OpenStdin: true,
      StdinOnce: true,
      Labels: { 'sallyport.sandbox': sandbox.id, 'sallyport.owner-pid': String(process.pid) },
    })
    expect(found.HostConfig).toMatchObject({
      Runtime: gvisorRuntime,
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      Privileged: false,
      Memory: limits.sandboxMemoryBytes,
      MemorySwap: limits.sandboxMemoryBytes,
      PidsLimit: limits.hostTasks,
      NanoCpus: limits.cpus * 1e9,
      IpcMode: 'none',
      LogConfig: { Type: 'none' },
      RestartPolicy: { Name: 'no' },
      AutoRemove: false,
    })
    expect(found.HostConfig.CapAdd ?? []).toEqual([])
    expect(found.HostConfig.Binds ?? []).toEqual([])
    expect(found.HostConfig.Devices ?? []).toEqual([])
    expect(Object.keys(found.HostConfig.Tmpfs ?? {}).sort()).toEqual([
      '/dev/shm',
      '/mnt/data',
      '/run/sallyport',
      '/tmp',
    ])
    for (const flags of Object.values(found.HostConfig.Tmpfs ?? {})) {
      expect(flags).toMatch(/rw,nosuid,nodev,noexec,size=\d+k/)
    }
    expect(found.Mounts).toEqual([])
    expect(Object.keys(found.NetworkSettings.Networks).filter((name) => name !== 'none')).toEqual([])
    const limit = (name: string) => found.HostConfig.Ulimits?.find((entry) => entry.Name === name)
    expect(limit('nofile')).toMatchObject({ Soft: limits.openFiles, Hard: limits.openFiles })
    expect(limit('fsize')).toMatchObject({ Soft: limits.fileBytes, Hard: limits.fileBytes })
    expect(limit('core')).toMatchObject({ Soft: 0, Hard: 0 })
  })

  it('has its limits in the cgroups of the host', async () => {
    const { State } = await docker.getContainer(sandbox.id).inspect()
    const cgroups = await findCgroups(State.Pid)
    if (cgroups === null) throw new Error('no cgroups')
    const applied = await readAppliedLimits(cgroups)
    const { limits } = engine
    expect(applied).toMatchObject({
      sandboxMemoryBytes: limits.sandboxMemoryBytes,
      hostTasks: limits.hostTasks,
      cpus: limits.cpus,
    })
    expect([null, limits.sandboxMemoryBytes]).toContain(applied.memoryAndSwapBytes)
  })

  it('runs on gVisor, seen from the process table of the host', async () => {
    verifies('sandbox.gvisor')
    const { State } = await docker.getContainer(sandbox.id).inspect()
    const command = await readFile(`/proc/${State.Pid}/cmdline`, 'utf8')
    expect(command.split('\0')).toEqual(expect.arrayContaining([expect.stringMatching(/^runsc/), '--network=none']))
  })

  it('has nowhere to write but its own small places', async () => {
    verifies('sandbox.read-only-root')
    const text = await python(`
import os
for place in ['/', '/etc', '/usr', '/opt/sallyport', '/opt/sallyport/supervisor', '/run/sallyport', '/proc/1', '/dev', '/var/tmp', '/home', '/mnt']:
    try:
        open(os.path.join(place, 'x'), 'w')
        print(place)
    except OSError:
        pass
`)
    expect(text).toBe('')
    expect(await python("open('/mnt/data/x', 'w'); open('/tmp/x', 'w'); print('both')")).toBe('both')
  })

  it('has no network but its own loopback', async () => {
    verifies('sandbox.no-network')
    const text = await python(`
import socket
print(sorted(name for _, name in socket.if_nameindex()))
for address in ['1.1.1.1', '169.254.169.254', '172.17.0.1']:
    try:
        socket.create_connection((address, 80), timeout=2)
        print('reached', address)
    except OSError:
        pass
try:
    socket.getaddrinfo('example.com', 80)
    print('resolved')
except OSError:
    pass
`)
    expect(['[]', "['lo']"]).toContain(text)
  })

  it('runs user code as nobody in particular, without capabilities', async () => {
    verifies('security.unprivileged')
    const text = await python(`
import os
status = open('/proc/self/status').read()
print(os.getresuid(), os.getresgid(), os.getgroups(), [line for line in status.splitlines() if line.startswith(('Cap', 'NoNewPrivs'))])
`)
    expect(text).toMatch(/^\(1001, 1001, 1001\) \(1001, 1001, 1001\) \[[1001, ]*\]/)
    expect(text).toMatch(/NoNewPrivs:\\t1/)
    for (const set of text.matchAll(/Cap\w+:\\t([0-9a-f]+)/g)) expect(Number.parseInt(set[1] ?? 'f', 16)).toBe(0)
  })

  it('has no process of root, none with a capability and none that may gain one', async () => {
    verifies('security.unprivileged')
    const text = await python(`
import os
for pid in sorted(filter(str.isdigit, os.listdir('/proc')), key=int):
    status = dict(line.split(':', 1) for line in open(f'/proc/{pid}/status'))
    caps = {name: value.strip() for name, value in status.items() if name.startswith('Cap')}
    print(status['Uid'].split(), status['Gid'].split(), status['NoNewPrivs'].strip(), len(caps), {int(v, 16) for v in caps.values()})
`)
    const processes = text.split('\n').toSorted()
    const line = (id: number) => `${`['${id}', '${id}', '${id}', '${id}'] `.repeat(2)}1 5 {0}`
    // Supervisor; keeper and worker.
    expect(processes).toEqual([line(1000), line(1001), line(1001)])
  })

  it('cannot touch the supervisor', async () => {
    verifies('security.supervisor')
    const text = await python(`
import os, signal
for attempt in [lambda: os.kill(1, signal.SIGKILL), lambda: open('/proc/1/mem', 'r+b'), lambda: open('/proc/1/fd/1', 'wb'), lambda: os.listdir('/proc/1/fd')]:
    try:
        attempt()
        print('done')
    except OSError:
        pass
`)
    expect(text).toBe('')
  })

  it('gives the code no environment of the host', async () => {
    const names = (await python("import os\nprint(' '.join(sorted(os.environ)))")).split(' ')
    const known =
      /^(HOME|LANG|LC_ALL|LC_CTYPE|MATPLOTLIBRC|MPLCONFIGDIR|PATH|PWD|TZ|PYTHON\w+|MPLBACKEND|TMPDIR|USER|\w+_(NUM|MAX)_THREADS|ARROW_DEFAULT_MEMORY_POOL|LOKY_MAX_CPU_COUNT|MALLOC_ARENA_MAX|OMP_WAIT_POLICY)$/
    expect(names.filter((name) => !known.test(name))).toEqual([])
  })
})

describe('a driver without its walls', () => {
  it('refuses a runtime that is not gVisor', async () => {
    verifies('sandbox.gvisor')
    await expect(createTestDriver('runc').prepare(never)).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringContaining('not gVisor'),
    })
  })

  it('refuses a runtime that is not there, and says how to get it', async () => {
    verifies('security.no-weaker-fallback')
    await expect(createTestDriver('nothing').prepare(never)).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      advice: expect.stringContaining('doctor --fix'),
    })
  })

  it('refuses an image that is not there', async () => {
    await expect(createTestDriver(gvisorRuntime, 'sallyport-python:nothing').prepare(never)).rejects.toMatchObject({
      message: expect.stringContaining('image'),
      advice: expect.stringContaining('doctor --fix'),
    })
  })

  it('refuses a sandbox whose disk is larger than its limit, as the sandbox itself reads it', async () => {
    verifies('security.handshake')
    const limits = createLimits(sandboxOptions.parse({}).limits)
    await using driver = createTestDriver()
    await driver.prepare(never)
    const id = `sbx-${randomBytes(8).toString('hex')}`
    const container = await driver.create({ id, owner: await readOwner(), limits }, never)
    try {
      const smaller = { ...limits, dataBytes: limits.dataBytes / 2 }
      const shaken = shakeHands(container, { limits: smaller, languages: [], onLoss: () => {} }, never)
      await expect(shaken).rejects.toThrow(`its /mnt/data has ${limits.dataBytes}, not ${limits.dataBytes / 2} bytes`)
    } finally {
      await container.destroy()
    }
  })
})
