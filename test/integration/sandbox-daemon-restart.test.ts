import Docker from 'dockerode'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createDockerDriver } from '../../src/sandbox/containers/docker/docker-driver.ts'
import { createSandboxEngine } from '../../src/sandbox/engine/engine.ts'
import { sandboxOptions } from '../../src/sandbox/options.ts'
import { unvetted } from '../contract/sandbox-contract.ts'
import { gvisorRuntime, sandboxImage } from '../support/sandbox/docker-sandbox.ts'
import { SecondDaemon, whyNoSecondDaemon } from '../support/sandbox/second-daemon.ts'
import { verifies } from '../support/verifies.ts'

const never = new AbortController().signal
const claimRequest = { tenant: 'patient', language: 'python' } as const
const why = await whyNoSecondDaemon()
if (why !== null) process.stderr.write(`NOT SHOWN: that a restart of the Docker daemon is survived, because ${why}\n`)

/** Processes on this host that were started for one of these containers. */
async function processesOf(ids: ReadonlySet<string>): Promise<readonly string[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const texts = await Promise.all(names.map((name) => readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')))
  return texts.filter((text) => [...ids].some((id) => text.includes(id)))
}

describe.skipIf(why !== null)('a Docker daemon that is killed and started again', () => {
  it.each([
    ['ends the sandboxes it finds', []],
    ['lets them live', ['--live-restore']],
  ])('is survived, where it %s', async (_, flags) => {
    verifies('trouble.daemon-restart')
    const daemon = await SecondDaemon.start(sandboxImage(), flags)
    // Also where the test runs out of time: a daemon that is left keeps both processors busy with what it runs.
    onTestFinished(async () => await daemon[Symbol.asyncDispose]())
    const driver = createDockerDriver({
      socketPath: daemon.socketPath,
      image: sandboxImage(),
      runtime: gvisorRuntime,
    })
    const settings = sandboxOptions.parse({ pool: { minimum_ready: 1, maximum_ready: 1 }, sweep_ms: 1000 })
    const docker = new Docker({ socketPath: daemon.socketPath })
    const listed = async () => (await docker.listContainers({ all: true })).map((container) => container.Id)
    const containers = new Set<string>()
    {
      await using engine = createSandboxEngine({ driver, settings, warm: true })
      const claimed = [await engine.claim(claimRequest, never), await engine.claim(claimRequest, never)]
      const running = claimed.map((sandbox) => sandbox.run(unvetted('while True: pass'), {}, never))
      for (const id of await listed()) containers.add(id)
      expect((await processesOf(containers)).length).toBeGreaterThan(2)
      await daemon.kill()
      for (const result of await Promise.all(running)) {
        expect(result).toMatchObject({ outcome: 'sandbox-lost', sessionAlive: false })
        expect(result.notice).toContain('The session and its variables are gone')
      }
      expect(claimed.map((sandbox) => sandbox.alive)).toEqual([false, false])
      await expect(engine.claim(claimRequest, never)).rejects.toMatchObject({ code: 'sandbox-unavailable' })
      await daemon.run()
      // Nobody asks: the pool fills by itself.
      while (engine.figures.ready === 0) await sleep(100)
      await Promise.all(claimed.map((sandbox) => sandbox[Symbol.asyncDispose]()))
      await using after = await engine.claim(claimRequest, never)
      expect((await after.run(unvetted('6 * 7'), {}, never)).outcome).toBe('ok')
      await engine.sweep(never)
      const left = await listed()
      expect(left.filter((id) => containers.has(id))).toEqual([])
      for (const id of left) containers.add(id)
    }
    expect(await listed()).toEqual([])
    expect(await processesOf(containers)).toEqual([])
  })
})
