import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { ContainerDriver } from '../../src/core/drivers.ts'
import { createContainerDrivers } from '../../src/sandbox/container-driver.ts'
import { sandboxOptions } from '../../src/sandbox/options.ts'
import { containersOf, untilNothing } from '../support/sandbox/leftovers.ts'
import { serve, startSallyport } from '../support/cli/sallyport-process.ts'
import { ScriptedOpenAiServer } from '../support/http/scripted-openai-server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const folder = temporaryFolder('sallyport-left-')

function program(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** Those that this user can start at all. */
const drivers: readonly ContainerDriver[] = process.getuid?.() === 0 ? ['docker', 'runsc'] : ['docker']

/** Sandboxes of one process, by the driver's own list of what is on this host. */
async function sandboxesOf(pid: number, name: ContainerDriver): Promise<readonly string[]> {
  await using driver = await createContainerDrivers(sandboxOptions.parse({})).open(name, {
    warm: false,
    onSnapshotFault: () => {},
  })
  const found = await driver.list(AbortSignal.timeout(30_000))
  return found.filter(({ owner }) => owner.pid === pid).map(({ id }) => id)
}

/** Asks for one endless cell, and says so when its result comes back. */
const endless = {
  kind: 'turn',
  text: 'I run it.',
  calls: [{ name: 'run_python', arguments: JSON.stringify({ code: 'while True:\n    pass' }) }],
} as const

describe('run', () => {
  it.each(drivers)('leaves no sandbox of %s behind when Ctrl-C cancels a program', async (name) => {
    const words = ['run', '--driver', name, program('endless.py', 'while True:\n    pass')]
    const child = startSallyport(words, { folder })
    const closed = once(child, 'close')
    const pid = child.pid ?? 0
    await expect.poll(() => sandboxesOf(pid, name)).toHaveLength(1)
    child.kill('SIGINT')
    const [code] = (await closed) as [number | null]
    expect(code).toBe(130)
    expect(await untilNothing(() => sandboxesOf(pid, name), 60_000)).toEqual([])
  })

  it('leaves no sandbox behind where its reader has gone, or it is told to end, while one is being removed', async () => {
    const path = program('short.py', 'print(1)')
    for (const end of [
      (child: ChildProcess) => child.stdout?.destroy(),
      (child: ChildProcess) => child.kill('SIGTERM'),
    ]) {
      const child = startSallyport(['run', path], { folder })
      const closed = once(child, 'exit')
      await once(child.stdout ?? child, 'data')
      end(child)
      await closed
      for (const name of drivers) expect(await sandboxesOf(child.pid ?? 0, name)).toEqual([])
    }
  })

  it('ends without a sandbox where a program is refused while one starts', async () => {
    const child = startSallyport(['run', program('refused.py', 'import socket')], { folder })
    const [code] = (await once(child, 'close')) as [number | null]
    expect(code).toBe(3)
    for (const name of drivers) expect(await sandboxesOf(child.pid ?? 0, name)).toEqual([])
  })
})

describe('serve', () => {
  it('kills the running cell when the caller closes the stream, and leaves nothing behind', async () => {
    verifies('serve.close-kills')
    await using endpoint = await ScriptedOpenAiServer.start([endless])
    await using service = await serve({
      SALLYPORT_MODEL_BASE_URL: endpoint.baseUrl,
      SALLYPORT_MODEL_NAME: 'scripted-1',
      // No warm ones: every container that exists belongs to the request.
      SALLYPORT_SANDBOX_POOL_MINIMUM_READY: '0',
      SALLYPORT_SANDBOX_POOL_MAXIMUM_READY: '0',
    })
    const client = new OpenAI({ baseURL: `${service.url}/v1`, apiKey: service.key, maxRetries: 0 })
    const pid = service.process.pid ?? 0
    const stream = await client.chat.completions.create({
      model: 'analyst',
      stream: true,
      messages: [{ role: 'user', content: 'Run for ever.' }],
    })
    const reading = (async () => {
      for await (const _chunk of stream) {
        // Only reads on until the stream is closed below.
      }
    })().catch(() => {})
    await expect.poll(() => containersOf(pid), { interval: 200 }).toHaveLength(1)
    // Either the cell runs by then or the sandbox still starts: both must be gone afterwards.
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    expect(await containersOf(pid)).toHaveLength(1)
    stream.controller.abort()
    await reading
    expect(await untilNothing(() => containersOf(pid), 60_000)).toEqual([])
    expect(childrenOf(pid).filter((name) => name.includes('runsc'))).toEqual([])
    expect((await fetch(`${service.url}/livez`)).status).toBe(200)
  })

  it('drains on SIGTERM: the answer under way is finished first', async () => {
    verifies('processes.drain')
    await using endpoint = await ScriptedOpenAiServer.start([{ kind: 'turn', text: 'word '.repeat(2_000), chunk: 5 }])
    const service = await serve({ SALLYPORT_MODEL_BASE_URL: endpoint.baseUrl, SALLYPORT_MODEL_NAME: 'scripted-1' })
    const client = new OpenAI({ baseURL: `${service.url}/v1`, apiKey: service.key, maxRetries: 0 })
    const asked = client.chat.completions.create({ model: 'analyst', messages: [{ role: 'user', content: 'Hello' }] })
    await expect.poll(() => endpoint.requests.length).toBe(1)
    await service[Symbol.asyncDispose]()
    expect((await asked).choices[0]?.finish_reason).toBe('stop')
    expect(service.process.exitCode).toBe(0)
    expect(await containersOf(service.process.pid ?? 0)).toEqual([])
  })
})

/** Names of the living children of a process. */
function childrenOf(pid: number): string[] {
  const tasks = existsSync(`/proc/${pid}/task`) ? readdirSync(`/proc/${pid}/task`) : []
  const pids = tasks.flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' '))
  return pids.filter((child) => child !== '').map((child) => readFileSync(`/proc/${child}/comm`, 'utf8').trim())
}
