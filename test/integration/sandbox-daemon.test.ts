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
