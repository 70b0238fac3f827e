import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import type { QuotaLimit, QuotaStanding } from '../../../src/core/quotas.ts'
import { openStorage } from '../../../src/storage/open-storage.ts'
import { storageOptions } from '../../../src/storage/options.ts'

// Requests at once against a ledger, until they are done or the process is killed. Each fact is a line of the log before the
// next is asked: what was admitted and refused, and what is settled.

export type QuotaFact = QuotaTimes &
  (
    | {
        readonly fact: 'held'
        readonly id: string
        readonly bound: number
        readonly standings: readonly QuotaStanding[]
      }
    | { readonly fact: 'settled'; readonly id: string; readonly used: number }
    | ({ readonly fact: 'refused'; readonly id: string; readonly asked: number } & QuotaStanding)
  )

/** When it was asked and answered: microseconds of a clock that all processes of the machine share. */
interface QuotaTimes {
  readonly from: number
  readonly at: number
}

const [options = '{}', folder = '', log = '', count = '0', lanes = '1'] = process.argv.slice(2)
const limits = JSON.parse(process.argv[7] ?? '[]') as readonly QuotaLimit[]
const config = { storage: storageOptions.parse(JSON.parse(options)), state_directory: folder }
const storage = await openStorage(config, { for: 'service' })
const say = (fact: QuotaFact): void => appendFileSync(log, `${JSON.stringify(fact)}\n`)

const clock = (): number => Number(process.hrtime.bigint() / 1_000n)

let hasBegun = false

async function request(): Promise<void> {
  const id = randomUUID()
  const bound = 1 + Math.floor(Math.random() * 40)
  const from = clock()
  const answer = await storage.quotas.hold({
    id,
    limits,
    bounds: { tokens: bound, requests: 1 },
    known: { requests: 1 },
    leaseMilliseconds: 1_500,
  })
  const at = clock()
  if (answer.kind === 'refused') {
    const { standing, asked } = answer
    return say({ fact: 'refused', id, asked, from, at, ...standing })
  }
  say({ fact: 'held', id, bound, standings: answer.standings, from, at })
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
  const used = Math.floor(Math.random() * (bound + 1))
  const settling = clock()
  await storage.quotas.settle(answer.lease, { tokens: used, requests: 1 })
  say({ fact: 'settled', id, used, from: settling, at: clock() })
  if (!hasBegun) process.stdout.write('begun\n')
  hasBegun = true
}

async function lane(): Promise<void> {
  for (let done = 0; done < Number(count) / Number(lanes); done += 1) await request()
}

await Promise.all(Array.from({ length: Number(lanes) }, lane))
await storage[Symbol.asyncDispose]()
