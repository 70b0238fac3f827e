import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import type { QuotaLimit, QuotaStanding } from '../../../src/core/quotas.ts'
import { openStorage } from '../../../src/storage/open-storage.ts'
import { storageOptions } from '../../../src/storage/options.ts'

// Requests at once against a ledger, until they are done or the process is killed. Each fact is a line of the log before the
// next is asked: what was admitted and refused, and what is settled.

export type QuotaFact =
  | { readonly fact: 'held'; readonly id: string; readonly bound: number; readonly standings: readonly QuotaStanding[] }
  | { readonly fact: 'settled'; readonly id: string; readonly used: number }
  | ({ readonly fact: 'refused'; readonly id: string; readonly asked: number } & QuotaStanding)

const [options = '{}', folder = '', log = '', count = '0', at = '1'] = process.argv.slice(2)
const limits = JSON.parse(process.argv[7] ?? '[]') as readonly QuotaLimit[]
const config = { storage: storageOptions.parse(JSON.parse(options)), state_directory: folder }
const storage = await openStorage(config, { for: 'service' })
const say = (fact: QuotaFact): void => appendFileSync(log, `${JSON.stringify(fact)}\n`)

let hasBegun = false

async function request(): Promise<void> {
  const id = randomUUID()
  const bound = 1 + Math.floor(Math.random() * 40)
  const answer = await storage.quotas.hold({
    id,
    limits,
    bounds: { tokens: bound, requests: 1 },
    known: { requests: 1 },
    leaseMilliseconds: 1_500,
  })
  if (answer.kind === 'refused') {
    const { standing, asked } = answer
    return say({ fact: 'refused', id, asked, ...standing })
  }
  say({ fact: 'held', id, bound, standings: answer.standings })
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
  const used = Math.floor(Math.random() * (bound + 1))
  await storage.quotas.settle(answer.lease, { tokens: used, requests: 1 })
  say({ fact: 'settled', id, used })
  if (!hasBegun) process.stdout.write('begun\n')
  hasBegun = true
}

async function lane(): Promise<void> {
  for (let done = 0; done < Number(count) / Number(at); done += 1) await request()
}

await Promise.all(Array.from({ length: Number(at) }, lane))
await storage[Symbol.asyncDispose]()
