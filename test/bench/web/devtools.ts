import { readFileSync } from 'node:fs'
import type { Browser, CDPSession, Page } from 'playwright-core'

/** A phone of the middle range on a slow 4G line, as Lighthouse throttles: a quarter of the processor, 150 ms there and back, 1.6 Mbit/s down. */
const midRange = { slowdown: 4, latency: 150, down: 1_600_000 / 8, up: 750_000 / 8 } as const

/** Bytes on the wire, headers among them. */
export interface Transferred {
  readonly all: number
  readonly scripts: number
}

/** What a page asks the network for, from now on. */
export class PageNetwork {
  readonly #scripts = new Set<string>()
  readonly #seen: Transferred[] = []
  #last = performance.now()

  private constructor(session: CDPSession) {
    const moved = (): void => {
      this.#last = performance.now()
    }
    session.on('Network.requestWillBeSent', moved)
    session.on('Network.dataReceived', moved)
    session.on('Network.responseReceived', ({ requestId, response }) => {
      moved()
      if (/javascript/.test(response.mimeType)) this.#scripts.add(requestId)
    })
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength: bytes }) => {
      moved()
      this.#seen.push({ all: bytes, scripts: this.#scripts.has(requestId) ? bytes : 0 })
    })
  }

  /** `throttled`: whether the page is one of that phone; nothing is taken from a cache. */
  static async of(page: Page, { throttled }: { readonly throttled: boolean }): Promise<PageNetwork> {
    const session = await page.context().newCDPSession(page)
    const network = new PageNetwork(session)
    await session.send('Network.enable')
    if (throttled) await throttle(session)
    return network
  }

  /** All that came, once nothing has for so many milliseconds. */
  async settled(quiet = 3_000): Promise<Transferred> {
    for (;;) {
      const rest = this.#last + quiet - performance.now()
      if (rest <= 0) break
      await new Promise((resolve) => setTimeout(resolve, rest))
    }
    const sum = (part: keyof Transferred): number => this.#seen.reduce((bytes, each) => bytes + each[part], 0)
    return { all: sum('all'), scripts: sum('scripts') }
  }
}

async function throttle(session: CDPSession): Promise<void> {
  const { slowdown, latency, down, up } = midRange
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency,
    downloadThroughput: down,
    uploadThroughput: up,
  })
}

/** Memory that a process has for itself, bytes: what the browser's own task manager calls its footprint. */
function ownBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kilobytes = ['RssAnon', 'VmSwap'].map((name) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]),
  )
  return kilobytes.reduce((sum, each) => sum + each, 0) * 1_024
}

const processorTicks = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return Number(fields[11])
}

/** What the process of a page has of memory. Pages of other contexts have others. */
export class TabMemory {
  readonly #pid: number
  /** The most that was seen, bytes. */
  peak = 0

  private constructor(pid: number) {
    this.#pid = pid
  }

  /** The browser does not say which process a page has: it is the one that works when the page does. */
  static async of(browser: Browser, page: Page): Promise<TabMemory> {
    const session = await browser.newBrowserCDPSession()
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    await session.detach()
    const pids = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id)
    for (let tries = 0; tries < 10; tries += 1) {
      const before = new Map(pids.map((pid) => [pid, processorTicks(pid)]))
      await page.evaluate('for (const until = performance.now() + 500; performance.now() < until; );')
      const worked = pids.map((pid) => ({ pid, ticks: processorTicks(pid) - (before.get(pid) ?? 0) }))
      const [first, second] = worked.toSorted((one, other) => other.ticks - one.ticks)
      if (first !== undefined && first.ticks > 5 * (second?.ticks ?? 0)) return new TabMemory(first.pid)
    }
    throw new Error('Which process the page has cannot be told: others work as much as it does.')
  }

  look(): number {
    const bytes = ownBytes(this.#pid)
    this.peak = Math.max(this.peak, bytes)
    return bytes
  }
}
