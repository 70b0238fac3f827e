import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { openOwnContentFilters } from '../../src/compose/content-filters.ts'
import { FilterProcesses } from '../../src/filters/service/filter-processes.ts'
import { serviceOptions } from '../../src/filters/service/options.ts'
import { createRemotePipeline } from '../../src/filters/service/remote-pipeline.ts'
import { cleanEnvironment, startSallyport } from '../support/cli/sallyport-process.ts'
import { never } from '../support/filters/filter-fixtures.ts'
import { startFakeWebhook, webhookKey } from '../support/filters/remote/fake-webhook.ts'
import { configWith, serviceKey } from '../support/filters/service/filter-service.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

/** A detector that takes its time, so that at every moment checks are under way. */
const webhook = await startFakeWebhook()
webhook.answer = (response, question) => {
  const { status, body } = webhook.answerTo(question)
  setTimeout(() => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)), 40)
}
afterAll(() => webhook[Symbol.asyncDispose]())

const profile = { version: 1, inbound: { 'guard/threat': { action: 'block' }, pii: { action: 'mask' } } } as const
const filters = {
  detectors: { own: { kind: 'webhook', url: webhook.url, categories: ['guard/threat'], signing_key: webhookKey } },
  profiles: { staff: profile },
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** `sallyport serve --role filters` at one port, time and again. */
class FilterProcess implements AsyncDisposable {
  readonly url: string
  readonly #port: number
  #child: ChildProcess | null = null

  constructor(port: number) {
    this.#port = port
    this.url = `http://127.0.0.1:${port}`
  }

  /** Resolves when it is ready. */
  async start(): Promise<void> {
    const config = join(temporaryFolder('sallyport-filters-'), 'config.yaml')
    const { own } = filters.detectors
    const detectors = { own: { ...own, signing_key: { env: 'WEBHOOK_KEY' } } }
    writeFileSync(config, JSON.stringify({ filters: { ...filters, detectors } }))
    const environment = cleanEnvironment({
      SALLYPORT_HTTP_PORT: String(this.#port),
      SALLYPORT_HTTP_DRAIN_GRACE_MS: '1500',
      SALLYPORT_TELEMETRY_LOG_LEVEL: 'silent',
      SALLYPORT_FILTERS_CONTENT_SERVICE_KEY: serviceKey,
      SALLYPORT_SECRETS_DIRECTORY: temporaryFolder('sallyport-filters-'),
      WEBHOOK_KEY: webhookKey,
    })
    const child = startSallyport(['serve', '--role', 'filters', '--config', config], { environment })
    this.#child = child
    let said = ''
    child.stderr?.on('data', (piece: Buffer) => (said += piece.toString()))
    while (!(await this.isReady())) {
      if (child.exitCode !== null) throw new Error(`The process ended with ${child.exitCode}: ${said}`)
      await sleep(50)
    }
  }

  async isReady(): Promise<boolean> {
    const response = await fetch(`${this.url}/readyz`).catch(() => null)
    await response?.arrayBuffer()
    return response?.status === 200
  }

  /** Its exit code; null where a signal has ended it. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    const child = this.#child
    if (child === null || child.exitCode !== null || child.signalCode !== null) return null
    const ended = once(child, 'exit')
    child.kill(signal)
    return ((await ended) as [number | null])[0]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

const threat = [{ text: 'mail anna@example.com, or I will hurt you', provenance: 'user' }] as const
const lanes = 6

/** What is asked of the processes until it is stopped, and everything that came of it but the right answer. */
interface Load {
  readonly answered: () => number
  readonly failed: readonly string[]
  stop(): Promise<void>
}

function underLoad(check: () => Promise<string | null>): Load {
  const failed: string[] = []
  const over = new AbortController()
  let answered = 0
  const lane = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const fault = await check().catch((thrown: unknown) => String(thrown))
      if (fault === null) answered += 1
      else failed.push(fault)
      // As long a pause as the fault of a process that is not there costs no time at all.
      await sleep(fault === null ? 0 : 20)
    }
  }
  const running = Array.from({ length: lanes }, lane)
  const stop = async (): Promise<void> => {
    over.abort()
    await Promise.all(running)
  }
  return { answered: () => answered, failed, stop }
}

/** By the pipeline of the gateway, which knows all four addresses from the beginning. */
function byPipeline(urls: readonly string[]): () => Promise<string | null> {
  const content = openOwnContentFilters(configWith(filters), { onFilterFailure: () => {}, onDetectorOutcome: () => {} })
  const options = serviceOptions.parse({ urls, key: serviceKey, deadline_ms: 30_000 })
  const pipeline = createRemotePipeline({ processes: new FilterProcesses(options), filters: content.filters })
  const staff = content.profiles.get('staff')
  if (staff === undefined) throw new Error('The profile is there.')
  const context = { direction: 'inbound', group: 'staff', executedSql: [] } as const
  return async () => {
    const { action, decisions, failures } = await pipeline.inspect(threat, { profile: staff, context }, never)
    const isRight = action === 'block' && failures.length === 0 && decisions.some(({ score }) => score === 0.8)
    return isRight ? null : JSON.stringify({ action, failures })
  }
}

/** As a balancer does that goes by `/readyz`, looks every 50 ms and tries nothing twice. */
function byReadiness(processes: readonly FilterProcess[]): {
  readonly check: () => Promise<string | null>
  readonly stop: () => void
} {
  let ready: readonly FilterProcess[] = []
  let next = 0
  const look = async (): Promise<void> => {
    const states = await Promise.all(processes.map((each) => each.isReady()))
    ready = processes.filter((_each, index) => states[index])
  }
  const clock = setInterval(() => void look(), 50)
  const headers = { authorization: `Bearer ${serviceKey}`, 'content-type': 'application/json' }
  const context = { direction: 'inbound', group: 'staff', executed_sql: [] }
  const body = JSON.stringify({ version: 1, profile: { ...profile, name: 'staff' }, context, parts: threat })
  const check = async (): Promise<string | null> => {
    if (ready.length === 0) await look()
    const process = ready[(next += 1) % ready.length]
    if (process === undefined) return 'no process is ready'
    const response = await fetch(`${process.url}/v1/filters/check`, { method: 'POST', headers, body })
    const { action } = (await response.json()) as { readonly action?: string }
    return response.status === 200 && action === 'block' ? null : `status ${response.status}: ${action}`
  }
  return { check, stop: () => clearInterval(clock) }
}

/** Resolves when so many more checks were answered. */
async function answersMore({ answered }: Load, count: number): Promise<void> {
  const until = answered() + count
  while (answered() < until) await sleep(20)
}

describe('processes of filters under load', () => {
  it('are scaled from two to four and updated one by one without a failed request', async () => {
    verifies('filter-service.rolling')
    const processes: FilterProcess[] = []
    for (let number = 0; number < 4; number += 1) processes.push(new FilterProcess(await freePort()))
    await using stack = new AsyncDisposableStack()
    for (const process of processes) stack.use(process)
    await Promise.all(processes.slice(0, 2).map((process) => process.start()))
    const balancer = byReadiness(processes)
    const loads = [underLoad(byPipeline(processes.map(({ url }) => url))), underLoad(balancer.check)]
    try {
      for (const load of loads) await answersMore(load, 50)
      for (const process of processes.slice(2)) await process.start()
      for (const load of loads) await answersMore(load, 50)
      const codes: (number | null)[] = []
      for (const process of processes) {
        codes.push(await process.stop())
        for (const load of loads) await answersMore(load, 20)
        await process.start()
        for (const load of loads) await answersMore(load, 20)
      }
      expect(codes).toEqual([0, 0, 0, 0])
    } finally {
      await Promise.all(loads.map((load) => load.stop()))
      balancer.stop()
    }
    expect(loads.map(({ failed }) => failed)).toEqual([[], []])
    for (const load of loads) expect(load.answered()).toBeGreaterThan(200)
  })

  it('lose no check of a gateway where one of them dies in the middle of it', async () => {
    verifies('filter-service.another-process')
    await using stack = new AsyncDisposableStack()
    const processes = [new FilterProcess(await freePort()), new FilterProcess(await freePort())]
    for (const process of processes) stack.use(process)
    await Promise.all(processes.map((process) => process.start()))
    const asked = webhook.asked.length
    const load = underLoad(byPipeline(processes.map(({ url }) => url)))
    try {
      for (const process of processes) {
        await answersMore(load, 30)
        await process.stop('SIGKILL')
        await answersMore(load, 30)
        await process.start()
      }
      await answersMore(load, 30)
    } finally {
      await load.stop()
    }
    expect(load.failed).toEqual([])
    // Checks that died with their process were asked for once more.
    expect(webhook.asked.length - asked).toBeGreaterThan(load.answered())
  })
})
