import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { QuotaLedger, QuotaLimit } from '../../src/core/quotas.ts'
import type { QuotaFact } from '../support/storage/quota-process.ts'
import { wrongFactsOf } from '../support/storage/wrong-facts.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

/** Requests at a time of each of four processes; `npm run lane -- quotas` takes 1,000. */
const atOnce = Number(process.env['SALLYPORT_QUOTA_REQUESTS'] ?? 60)
/** Processes that are killed; the lane takes 50. */
const kills = Number(process.env['SALLYPORT_QUOTA_KILLS'] ?? 6)
const processes = 4
const script = join(import.meta.dirname, '../support/storage/quota-process.ts')

export interface RaceSetup {
  /** Options of the storage, as a file has them. */
  readonly options: object
  readonly folder: string
  /** Opened for this test, and closed with it. */
  readonly ledger: QuotaLedger
}

/** What a store of quotas does for several processes at once, some of which are killed. */
export function quotaRacesContract(name: string, setUp: () => Promise<RaceSetup>): void {
  const account = 'tenant:t'
  const limitsOf = (most: number): readonly QuotaLimit[] => [
    { account, unit: 'tokens', window: 'month', most },
    // What it has counted says of each request how many were admitted before.
    { account, unit: 'requests', window: 'month', most: 9_000_000_000 },
  ]

  function start({ options, folder }: RaceSetup, limits: readonly QuotaLimit[], count: number) {
    const log = join(temporaryFolder('quota-log-'), 'log')
    const given = [JSON.stringify(options), folder, log, String(count), String(atOnce), JSON.stringify(limits)]
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...given], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'close')
    const facts = (): readonly QuotaFact[] =>
      (existsSync(log) ? readFileSync(log, 'utf8') : '')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as QuotaFact)
    return { child, began: once(child.stdout, 'data'), ended, facts }
  }

  async function standingOf(ledger: QuotaLedger, limits: readonly QuotaLimit[]) {
    const ask = { id: randomUUID(), limits, bounds: {}, known: {}, leaseMilliseconds: 1_000 }
    const answer = await ledger.hold(ask)
    if (answer.kind === 'refused') throw new Error('asking nothing was refused')
    await ledger.settle(answer.lease, {})
    return answer.standings
  }

  describe(`the quotas in ${name}, of several processes at once`, () => {
    it('are never overdrawn, refuse nothing that fits, and add up in the end', async () => {
      verifies('quotas.never-over')
      verifies('quotas.none-refused-wrongly')
      const setup = await setUp()
      // Of four requests for 20 tokens in the middle, of which half are used, about one is too many.
      const most = processes * atOnce * 30
      const limits = limitsOf(most)
      const running = Array.from({ length: processes }, () => start(setup, limits, 4 * atOnce))
      const codes = await Promise.all(running.map(async ({ ended }) => (await ended)[0] as number))
      expect(codes).toEqual(running.map(() => 0))
      const facts = running.flatMap((each) => each.facts())
      const used = new Map(facts.flatMap((fact) => (fact.fact === 'settled' ? [[fact.id, fact.used]] : [])))
      const held = facts
        .flatMap((fact) => (fact.fact === 'held' ? [fact] : []))
        .toSorted((one, other) => orderOf(one) - orderOf(other))
      // Each was admitted at a place of its own, with no gap between them.
      expect(held.map(orderOf)).toEqual(held.map((_, index) => index))
      const sums = (of: (fact: (typeof held)[number]) => number): readonly number[] => {
        let sum = 0
        return [0, ...held.map((fact) => (sum += of(fact)))]
      }
      const [least, greatest] = [sums(({ id }) => used.get(id) ?? 0), sums(({ bound }) => bound)]
      const isTrue = (place: number, counted: number): boolean =>
        counted >= (least[place] ?? Infinity) && counted <= (greatest[place] ?? -1)
      const counted = held.map(({ standings: [tokens] }) => (tokens?.used ?? 0) + (tokens?.held ?? 0))
      expect(held.filter(({ bound }, index) => (counted[index] ?? Infinity) + bound > most)).toEqual([])
      expect(counted.filter((sum, index) => !isTrue(index, sum))).toEqual([])
      const refused = facts.flatMap((fact) => (fact.fact === 'refused' ? [fact] : []))
      expect(refused.length).toBeGreaterThan(0)
      expect(refused.filter((fact) => fact.used + fact.held + fact.asked <= most)).toEqual([])
      // And by no figure that the ledger gave.
      expect(wrongFactsOf(facts, most)).toEqual({ overdrawn: [], refusedWrongly: [] })
      const total = [...used.values()].reduce((sum, each) => sum + each, 0)
      expect(total).toBeLessThanOrEqual(most)
      expect(await standingOf(setup.ledger, limits)).toMatchObject([
        { used: total, held: 0 },
        { used: held.length, held: 0 },
      ])
    }, 400_000)

    it(`hold nothing after one lease of what was killed, and have all that was settled`, async () => {
      verifies('quotas.leases')
      const setup = await setUp()
      const limits = limitsOf(9_000_000_000)
      const facts: QuotaFact[] = []
      const killOne = async (): Promise<void> => {
        const running = start(setup, limits, 1_000_000)
        await running.began
        await sleep(Math.random() * 300)
        running.child.kill('SIGKILL')
        await running.ended
        facts.push(...running.facts())
      }
      for (let killed = 0; killed < kills; killed += 2) await Promise.all([killOne(), killOne()])
      await sleep(1_500)
      while ((await setup.ledger.recover()) > 0);
      const [tokens, requests] = await standingOf(setup.ledger, limits)
      expect([tokens?.held, requests?.held]).toEqual([0, 0])
      const settled = new Map(facts.flatMap((fact) => (fact.fact === 'settled' ? [[fact.id, fact.used]] : [])))
      const least = [...settled.values()].reduce((sum, used) => sum + used, 0)
      // What was written and not acknowledged may be more, by what those requests held at most.
      const open = facts.reduce(
        (sum, fact) => (fact.fact === 'held' && !settled.has(fact.id) ? sum + fact.bound : sum),
        0,
      )
      expect(settled.size).toBeGreaterThan(kills)
      expect(tokens?.used).toBeGreaterThanOrEqual(least)
      expect(tokens?.used).toBeLessThanOrEqual(least + open)
    }, 400_000)
  })
}

const orderOf = ({ standings: [, requests] }: QuotaFact & { readonly fact: 'held' }): number =>
  (requests?.used ?? 0) + (requests?.held ?? 0)
