import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { openStorage } from '../../../src/storage/open-storage.ts'
import { storageOptions } from '../../../src/storage/options.ts'

// One process of several that hold and settle against one store: for so long, so many at a time, or so many in a second, each at
// its moment whatever became of those before. Prints how many pairs it did, and how long each took from when it was due.

const [options = '{}', folder = '', keys = '1', at = '1', milliseconds = '1000', rate = '0'] = process.argv.slice(2)
const config = { storage: storageOptions.parse(JSON.parse(options)), state_directory: folder }
const storage = await openStorage(config, { for: 'service' })
const samples: number[] = []

/** Of one of so many keys, each with four limits; where it is one key, all wait for its account. */
async function pair(began = performance.now()): Promise<void> {
  const account = `key:${Math.floor(Math.random() * Number(keys))}`
  const ask = {
    id: randomUUID(),
    limits: [
      { account, unit: 'runs', window: 'running', most: 1_000_000 },
      { account, unit: 'requests', window: '60s', most: 1_000_000_000 },
      { account, unit: 'tokens', window: 'day', most: 1_000_000_000_000 },
      { account, unit: 'money', window: 'month', most: 1_000_000_000_000 },
    ],
    bounds: { runs: 1, requests: 1, tokens: 900, money: 4_000 },
    known: { requests: 1 },
    leaseMilliseconds: 30_000,
  } as const
  const answer = await storage.quotas.hold(ask)
  if (answer.kind === 'refused') throw new Error('refused')
  await storage.quotas.settle(answer.lease, { requests: 1, tokens: 600, money: 2_500 })
  samples.push(performance.now() - began)
}

async function lane(until: number): Promise<void> {
  while (performance.now() < until) await pair()
}

async function due(began: number): Promise<void> {
  const pairs: Promise<void>[] = []
  const count = (Number(rate) * Number(milliseconds)) / 1_000
  while (pairs.length < count) {
    const at = began + (pairs.length * 1_000) / Number(rate)
    const wait = at - performance.now()
    if (wait > 0) await sleep(wait)
    pairs.push(pair(at))
  }
  await Promise.all(pairs)
}

await pair()
process.stdout.write('ready\n')
await new Promise((resolve) => process.stdin.once('data', resolve))
samples.length = 0
const [began, usedBefore] = [performance.now(), process.cpuUsage()]
if (Number(rate) > 0) await due(began)
else await Promise.all(Array.from({ length: Number(at) }, () => lane(began + Number(milliseconds))))
const took = performance.now() - began
const { user, system } = process.cpuUsage(usedBefore)
const processor = (user + system) / 1_000_000
process.stdout.write(`${JSON.stringify({ perSecond: samples.length / (took / 1_000), processor, samples })}\n`)
await storage[Symbol.asyncDispose]()
process.stdin.destroy()
