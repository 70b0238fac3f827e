import { spawn, type ChildProcess } from 'node:child_process'
import Docker from 'dockerode'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { unvetted } from '../contract/sandbox-contract.ts'
import { createTestEngine, dockerSocket } from '../support/docker-sandbox.ts'

const never = new AbortController().signal
const docker = new Docker({ socketPath: dockerSocket })

async function idsOwnedBy(pid: number): Promise<string[]> {
  const found = await docker.listContainers({ all: true, filters: { label: [`sallyport.owner-pid=${pid}`] } })
  return found.map((entry) => entry.Labels['sallyport.sandbox'] ?? '')
}

async function startService(): Promise<{ child: ChildProcess; pid: number; sandbox: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../support/engine-process.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer]
  return { child, pid: child.pid ?? 0, sandbox: line.toString().trim() }
}

describe('a service that is killed', () => {
  it('leaves nothing after the next one has swept, and the next one spares the living', async () => {
    const [killed, living] = await Promise.all([startService(), startService()])
    try {
      expect(await idsOwnedBy(killed.pid)).toContain(killed.sandbox)
      killed.child.kill('SIGKILL')
      await once(killed.child, 'exit')
      await using engine = createTestEngine()
      const report = await engine.sweep(never)
      expect(report.failed).toEqual([])
      expect(await idsOwnedBy(killed.pid)).toEqual([])
      expect(await idsOwnedBy(living.pid)).toContain(living.sandbox)
    } finally {
      living.child.kill('SIGKILL')
      await once(living.child, 'exit')
      await using engine = createTestEngine()
      await engine.sweep(never)
    }
    expect(await idsOwnedBy(living.pid)).toEqual([])
  })

  it('leaves nothing when it is cancelled while a sandbox starts', async () => {
    const engine = createTestEngine()
    const stop = new AbortController()
    const claim = engine.claim({ tenant: 'impatient', language: 'python' }, stop.signal)
    setTimeout(() => stop.abort(new Error('impatient')), 150)
    await expect(claim).rejects.toThrow('impatient')
    await engine[Symbol.asyncDispose]()
    expect(await idsOwnedBy(process.pid)).toEqual([])
  })

  it('has nothing left of a sandbox once its owner let go of it', async () => {
    await using engine = createTestEngine()
    const sandbox = await engine.claim({ tenant: 'tidy', language: 'python' }, never)
    const running = sandbox.run(unvetted('while True: pass'), {}, never)
    expect(await idsOwnedBy(process.pid)).toEqual([sandbox.id])
    await sandbox[Symbol.asyncDispose]()
    expect(await idsOwnedBy(process.pid)).toEqual([])
    expect((await running).outcome).toBe('sandbox-lost')
  })
})
