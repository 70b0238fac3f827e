import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDockerDriver } from '../../src/sandbox/containers/docker/docker-driver.ts'
import { createSandboxEngine } from '../../src/sandbox/engine/engine.ts'
import { sandboxOptions } from '../../src/sandbox/options.ts'
import { unvetted } from '../contract/sandbox-contract.ts'
import { CutSocket } from '../support/http/cut-socket.ts'
import { createTestDriver, dockerSocket, gvisorRuntime, sandboxImage } from '../support/sandbox/docker-sandbox.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const never = new AbortController().signal
const claimRequest = { tenant: 'patient', language: 'python' } as const

function engineBehind(socket: CutSocket) {
  const driver = createDockerDriver({ socketPath: socket.path, image: sandboxImage(), runtime: gvisorRuntime })
  return createSandboxEngine({ driver, settings: sandboxOptions.parse({}), warm: false })
}

function newSocket(): CutSocket {
  const folder = temporaryFolder('sallyport-daemon-')
  return new CutSocket(join(folder, 'docker.sock'), dockerSocket)
}

describe('a Docker daemon that goes away', () => {
  it('is named, with what to do, when a sandbox is claimed', async () => {
    await using socket = newSocket()
    const engine = engineBehind(socket)
    await expect(engine.claim(claimRequest, never)).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringContaining('Docker does not answer'),
      advice: expect.stringContaining('doctor --fix'),
    })
    await engine[Symbol.asyncDispose]()
  })

  it('ends a run as lost, and serves the next claim once it is back', async () => {
    await using socket = newSocket()
    await socket.mend()
    const engine = engineBehind(socket)
    const sandbox = await engine.claim(claimRequest, never)
    const running = sandbox.run(unvetted('import time\ntime.sleep(60)'), { timeoutMilliseconds: 60_000 }, never)
    setTimeout(() => void socket.cut(), 200)
    const result = await running
    expect(result).toMatchObject({ outcome: 'sandbox-lost', sessionAlive: false })
    expect(result.notice).toMatch(/lost/)
    expect(sandbox.alive).toBe(false)
    await expect(engine.claim(claimRequest, never)).rejects.toMatchObject({ code: 'sandbox-unavailable' })
    await socket.mend()
    await sandbox[Symbol.asyncDispose]()
    const after = await engine.claim(claimRequest, never)
    expect((await after.run(unvetted('6 * 7'), {}, never)).outcome).toBe('ok')
    await after[Symbol.asyncDispose]()
    await engine[Symbol.asyncDispose]()
    const left = (await createTestDriver().list(never)).map((entry) => entry.id)
    expect(left).not.toContain(sandbox.id)
    expect(left).not.toContain(after.id)
  })
})

describe('a sandbox under Docker', () => {
  it('asks the daemon nine times in its life, and for nothing while it is used', async () => {
    const asked: string[] = []
    const onRequest = (message: unknown) => {
      const { method, path } = (message as { request: { method: string; path: string } }).request
      asked.push(`${method} ${path.replace(/\?.*|[0-9a-f]{64}/g, '').replace(/sbx-[0-9a-f]+/, 'ID')}`)
    }
    const engine = createSandboxEngine({
      driver: createTestDriver(),
      settings: sandboxOptions.parse({ sweep_ms: 3_600_000 }),
      warm: false,
    })
    // The walls are proven and leftovers looked for with the first one.
    await (await engine.claim(claimRequest, never))[Symbol.asyncDispose]()
    subscribe('http.client.request.created', onRequest)
    try {
      const sandbox = await engine.claim(claimRequest, never)
      const beforeUse = asked.length
      await sandbox.run(unvetted('6 * 7'), {}, never)
      expect(asked).toHaveLength(beforeUse)
      await sandbox[Symbol.asyncDispose]()
    } finally {
      unsubscribe('http.client.request.created', onRequest)
    }
    await engine[Symbol.asyncDispose]()
    expect(asked.toSorted()).toEqual([
      'DELETE /containers/ID',
      'GET /containers/ID/json',
      'GET /containers/ID/json',
      'POST /containers/ID/attach',
      'POST /containers/ID/exec',
      'POST /containers/ID/start',
      'POST /containers/ID/wait',
      'POST /containers/create',
      'POST /exec//start',
    ])
  })
})
