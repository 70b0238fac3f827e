import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_SERVICE } from '../../setup/kubernetes/places.mjs'
import type { OperableSandboxEngine } from '../../src/sandbox/engine/engine.ts'
import { readOwner } from '../../src/sandbox/engine/owner.ts'
import { createLimits } from '../../src/sandbox/limits.ts'
import { sandboxOptions } from '../../src/sandbox/options.ts'
import { shakeHands } from '../../src/sandbox/protocol/handshake.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { unvetted } from '../contract/sandbox-contract.ts'
import { patientSettings } from '../contract/sandbox-programs.ts'
import { kubectl } from '../support/kubernetes/kubectl.ts'
import { isClusterLane } from '../support/kubernetes/lane.ts'
import { withoutCluster } from '../support/kubernetes/without-cluster.ts'
import { createClusterDriver, createTestClusterEngine } from '../support/sandbox/kubernetes-sandbox.ts'
import { verifies } from '../support/verifies.ts'

const never = new AbortController().signal
const isMissing = withoutCluster(process.env) !== null
const limits = createLimits(sandboxOptions.parse({}).limits)
const namespace = 'sallyport-sandboxes'

/** What is there of our Pods, by name. */
function podNames(): string[] {
  const { stdout } = kubectl('administrator', ['-n', namespace, 'get', 'pods', '-l', 'sallyport.sandbox', '-o', 'name'])
  return stdout.split('\n').filter((line) => line !== '')
}

async function create(runtimeClass: string, options: { startMilliseconds?: number } = {}) {
  const driver = createClusterDriver(runtimeClass, options)
  await driver.prepare(never)
  const id = `sbx-${randomBytes(8).toString('hex')}`
  const container = await driver
    .create({ id, owner: await readOwner(), limits }, never)
    .catch(async (thrown: unknown) => {
      await driver[Symbol.asyncDispose]()
      throw thrown
    })
  return {
    id,
    container,
    shaken: () => shakeHands(container, { limits, languages: ['python'], onLoss: () => {} }, never),
    [Symbol.asyncDispose]: async () => {
      await container.destroy()
      await driver[Symbol.asyncDispose]()
    },
  }
}

describe.skipIf(isMissing)('a Pod without its walls', () => {
  it('is refused where its node gives it a network', async () => {
    verifies('security.handshake')
    await using pod = await create('gvisor-with-network')
    await expect(pod.shaken()).rejects.toThrow('it has a network (eth0)')
  })

  it('is refused where its node passes no annotations on, and the advice says how it does', async () => {
    await expect(create('gvisor-without-hints')).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringContaining('the folders are not mounted as the annotations of the Pod say'),
      advice: expect.stringContaining('pod_annotations'),
    })
  })

  it('is refused where its runtime is not gVisor, whatever its class is called', async () => {
    verifies('sandbox.gvisor')
    const used = async () => {
      await using pod = await create('not-gvisor')
      return await pod.shaken()
    }
    await expect(used()).rejects.toMatchObject({ code: 'sandbox-unavailable' })
  })

  it('is refused in bounded time where no node knows the handler, and removed', async () => {
    verifies('security.no-weaker-fallback')
    await expect(create('no-such-handler', { startMilliseconds: 3000 })).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringContaining('did not run within 3 s'),
      advice: expect.stringContaining('handler of the RuntimeClass'),
    })
    await expect.poll(podNames).toEqual([])
  })

  it('is refused before it is made where there is no such class', async () => {
    await using driver = createClusterDriver('nothing')
    await expect(driver.prepare(never)).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringContaining('The cluster has no such RuntimeClass'),
    })
  })
})

describe.skipIf(isMissing)('a live sandbox in a cluster', () => {
  let engine: OperableSandboxEngine
  let sandbox: Sandbox

  beforeAll(async () => {
    engine = createTestClusterEngine({ settings: patientSettings })
    sandbox = await engine.claim({ tenant: 'walls', language: 'python' }, never)
  })
  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]()
    await engine[Symbol.asyncDispose]()
  })

  const python = async (text: string) => {
    const result = await sandbox.run(unvetted(text), { timeoutMilliseconds: 30_000 }, never)
    expect(result.error).toBeNull()
    return result.stdout.text.trim()
  }

  it('leaves nothing of what is said in a log of its node', async () => {
    await python("print('a word of a tenant')")
    for (const container of ['supervisor', 'keeper']) {
      const { ok, stdout } = kubectl('administrator', ['-n', namespace, 'logs', sandbox.id, '-c', container])
      expect([ok, stdout]).toEqual([true, ''])
    }
  })

  it('has nowhere to write but its own small places, and not the file in which its end is told', async () => {
    verifies('sandbox.read-only-root')
    const text = await python(`
import os
for place in ['/', '/etc', '/usr', '/opt/sallyport', '/run', '/run/sallyport', '/proc/1', '/dev', '/var/tmp', '/home', '/mnt', '/root']:
    try:
        open(os.path.join(place, 'x'), 'w')
        print(place)
    except OSError:
        pass
for file in ['/root/end', '/dev/termination-log', '/etc/hosts', '/etc/hostname', '/etc/resolv.conf', '/run/sallyport/hold.sock']:
    try:
        open(file, 'r+')
        print(file)
    except OSError:
        pass
`)
    expect(text).toBe('')
  })

  it('keeps its disks at their sizes: what does not fit is refused', async () => {
    const text = await python(`
import os
for place, mebibytes in [('/tmp', 128), ('/dev/shm', 16), ('/mnt/data', 512)]:
    written = 0
    try:
        for part in range(64):
            with open(f'{place}/{part}', 'wb') as file:
                file.write(bytes(16 << 20))
            written += 16
    except OSError as error:
        print(place, error.errno, written < mebibytes + 16)
    for part in range(64):
        if os.path.exists(f'{place}/{part}'):
            os.unlink(f'{place}/{part}')
`)
    expect(text.split('\n')).toEqual(['/tmp 28 True', '/dev/shm 28 True', '/mnt/data 28 True'])
  })

  it('has no network, no address of the cluster and no token', async () => {
    verifies('sandbox.no-network')
    const text = await python(`
import os, socket
print([name for _, name in socket.if_nameindex()])
for pid in filter(str.isdigit, os.listdir('/proc')):
    try:
        if 'KUBERNETES' in open(f'/proc/{pid}/environ').read():
            print('told by', pid)
    except OSError:
        pass
print(os.path.exists('/var/run/secrets'))
for address in ['${API_SERVICE}', '169.254.169.254']:
    try:
        socket.create_connection((address, 443), timeout=2)
        print('reached', address)
    except OSError:
        pass
`)
    expect(text.split('\n')).toEqual(["['lo']", 'False'])
  })

  it('runs code as nobody in particular beside what it cannot touch', async () => {
    verifies('security.unprivileged')
    verifies('security.supervisor')
    const text = await python(`
import os, signal
for pid in sorted(map(int, filter(str.isdigit, os.listdir('/proc')))):
    status = dict(line.split(':', 1) for line in open(f'/proc/{pid}/status'))
    uid = int(status['Uid'].split()[0])
    held = int(status['CapEff'], 16) | int(status['CapPrm'], 16) | int(status['CapAmb'], 16)
    touched = []
    for attempt in [lambda: os.kill(pid, signal.SIGCONT), lambda: open(f'/proc/{pid}/mem', 'r+b'), lambda: os.listdir(f'/proc/{pid}/fd')]:
        try:
            attempt()
            touched.append(True)
        except OSError:
            pass
    print(uid, held, status['NoNewPrivs'].strip(), bool(touched))
`)
    const lines = text.split('\n').toSorted()
    expect(lines.filter((line) => line.startsWith('1001'))).toHaveLength(2)
    expect(lines.filter((line) => line.startsWith('1000'))).toEqual(['1000 0 1 False', '1000 0 1 False'])
    // The Pod's own first process, which is the runtime's.
    expect(lines.filter((line) => !/^100[01] /.test(line))).toHaveLength(1)
    expect(lines.filter((line) => /^\d+ 0 1 True$/.test(line)).every((line) => line.startsWith('1001'))).toBe(true)
  })

  it('ends what a cell leaves behind, and nothing else', async () => {
    const result = await sandbox.run(
      unvetted("import subprocess\nsubprocess.Popen(['sleep', '600'])\nkept = 1"),
      {},
      never,
    )
    expect(result.notice).toContain('1 processes the code left behind were ended.')
    expect(await python('print(kept)')).toBe('1')
  })
})

describe.skipIf(isMissing)('the end of a sandbox in a cluster', () => {
  // The lane has each such program besides.
  it.skipIf(!isClusterLane)('is told as out of memory where the kernel ended it', async () => {
    await using engine = createTestClusterEngine({
      settings: {
        ...patientSettings,
        limits: { memory_mb: 256, memory_reserve_mb: 128, data_mb: 64, temporary_mb: 16 },
      },
    })
    await using sandbox = await engine.claim({ tenant: 'memory', language: 'python' }, never)
    // Several programs, none of them above its own limit.
    const hungry = `
import os, time
for _ in range(8):
    if os.fork() == 0:
        held = bytearray(os.urandom(1 << 20)) * 200
        time.sleep(60)
time.sleep(60)`
    const result = await sandbox.run(unvetted(hungry), { timeoutMilliseconds: 60_000 }, never)
    expect([result.outcome, result.sessionAlive]).toEqual(['out-of-memory', false])
  })

  it('is told as a loss where somebody deletes its Pod, and the next claim has another', async () => {
    await using engine = createTestClusterEngine({ settings: patientSettings })
    await using sandbox = await engine.claim({ tenant: 'lost', language: 'python' }, never)
    const running = sandbox.run(unvetted('import time\ntime.sleep(60)'), { timeoutMilliseconds: 60_000 }, never)
    kubectl('administrator', ['-n', namespace, 'delete', 'pod', sandbox.id, '--wait=false', '--grace-period=1'])
    expect((await running).outcome).toBe('sandbox-lost')
    await using next = await engine.claim({ tenant: 'lost', language: 'python' }, never)
    expect((await next.run(unvetted('print(1)'), {}, never)).outcome).toBe('ok')
    await next[Symbol.asyncDispose]()
    await sandbox[Symbol.asyncDispose]()
    await engine[Symbol.asyncDispose]()
    await expect.poll(podNames).toEqual([])
  })
})
