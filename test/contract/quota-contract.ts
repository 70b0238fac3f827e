import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Amounts, QuotaHeld, QuotaLedger, QuotaLimit, QuotaRefused, QuotaWindow } from '../../src/core/quotas.ts'
import { createRandom } from '../support/random.ts'
import { verifies } from '../support/verifies.ts'

export interface QuotaSetup {
  /** A new ledger, closed with the test. Several of one setup may be of one store. */
  readonly open: (now: () => number) => Promise<QuotaLedger>
}

const lease = 30_000
// In the future, since a server lets go by its own clock what has ended.
const noon = Date.UTC(2099, 10, 27, 12)

/** What every store of quotas does. `setUp` makes a store that is empty. */
export function quotaContract(name: string, setUp: () => Promise<QuotaSetup>): void {
  const limitOf = (unit: QuotaLimit['unit'], window: QuotaWindow, most: number, account = 'key:a'): QuotaLimit => {
    return { account, unit, window, most }
  }
  const tokens = (most: number, window: QuotaWindow = 'day', account = 'key:a') =>
    limitOf('tokens', window, most, account)

  async function opened(from = noon) {
    const clock = { now: from }
    const { open } = await setUp()
    const ledger = await open(() => clock.now)
    const ask = (limits: readonly QuotaLimit[], bounds: Amounts, known: Amounts = {}, on: QuotaLedger = ledger) =>
      on.hold({ id: randomUUID(), limits, bounds, known, leaseMilliseconds: lease })
    const held = async (...given: Parameters<typeof ask>): Promise<QuotaHeld> => {
      const answer = await ask(...given)
      if (answer.kind === 'refused') throw new Error(`refused: ${JSON.stringify(answer)}`)
      return answer
    }
    const refused = async (...given: Parameters<typeof ask>): Promise<QuotaRefused> => {
      const answer = await ask(...given)
      if (answer.kind === 'held') throw new Error('held')
      return answer
    }
    return { clock, ledger, held, refused, again: () => open(() => clock.now) }
  }

  describe(`the quotas in ${name}`, () => {
    it('give what is left to the last unit, and not one more', async () => {
      verifies('quotas.never-over')
      const { held, refused } = await opened()
      await held([tokens(100)], { tokens: 60 })
      await held([tokens(100)], { tokens: 40 })
      expect(await refused([tokens(100)], { tokens: 1 })).toMatchObject({
        standing: { used: 0, held: 100, now: noon },
        asked: 1,
        fitsWithoutHeld: true,
      })
    })

    it('hold a request in all of its limits or in none', async () => {
      verifies('quotas.all-or-nothing')
      const { held, refused } = await opened()
      const both = [tokens(100, 'day', 'group:g'), tokens(50, 'hour')]
      await held(both, { tokens: 40 })
      expect(await refused(both, { tokens: 20 })).toMatchObject({ standing: { limit: { account: 'key:a' } } })
      // Nothing of what was refused is held of the group.
      const answer = await held([tokens(100, 'day', 'group:g')], { tokens: 60 })
      expect(answer.standings).toMatchObject([{ used: 0, held: 40 }])
    })

    it('count what was used, also more than was held, once', async () => {
      verifies('quotas.settled-once')
      const { held, ledger } = await opened()
      const { lease: first } = await held([tokens(100)], { tokens: 10 })
      await ledger.settle(first, { tokens: 42 })
      await ledger.settle(first, { tokens: 42 })
      const { standings } = await held([tokens(100)], { tokens: 58 })
      expect(standings).toMatchObject([{ used: 42, held: 0, nextAt: Date.UTC(2099, 10, 28) }])
    })

    it('count each unit of its own, and what only runs while it does', async () => {
      const { held, refused, ledger } = await opened()
      const limits = [limitOf('runs', 'running', 1), limitOf('money', 'month', 1_000_000), tokens(1_000)]
      const { lease: first } = await held(limits, { runs: 1, money: 900_000, tokens: 10 })
      expect(await refused(limits, { runs: 1 })).toMatchObject({ standing: { limit: { unit: 'runs' } }, fitsAt: null })
      await ledger.settle(first, { money: 123_456, tokens: 7 })
      const { standings } = await held(limits, { runs: 1, money: 876_544 })
      expect(standings.map(({ used, held: running }) => [used, running])).toEqual([
        [0, 0],
        [123_456, 0],
        [7, 0],
      ])
    })

    it.each([
      ['hour', Date.UTC(2099, 10, 27, 13)],
      ['day', Date.UTC(2099, 10, 28)],
      ['month', Date.UTC(2099, 11, 1)],
    ] as const)('give a new %s at its beginning, and nothing a millisecond before', async (window, begins) => {
      verifies('quotas.windows')
      const { clock, held, refused, ledger } = await opened()
      const { lease: first } = await held([tokens(100, window)], { tokens: 100 })
      await ledger.settle(first, { tokens: 100 })
      expect(await refused([tokens(100, window)], { tokens: 1 })).toMatchObject({ fitsAt: begins })
      clock.now = begins - 1
      await refused([tokens(100, window)], { tokens: 1 })
      clock.now = begins
      await held([tokens(100, window)], { tokens: 100 })
    })

    it.each([1, 7, 60, 3_600, 86_400])(
      'let nothing go within %i s, and all of it a sixtieth later',
      async (seconds) => {
        verifies('quotas.windows')
        const { clock, held, refused, ledger } = await opened(noon + 123)
        const window: QuotaWindow = `${seconds}s`
        const { lease: first } = await held([tokens(100, window)], { tokens: 100 })
        await ledger.settle(first, { tokens: 100 })
        clock.now += seconds * 1_000
        const { fitsAt } = await refused([tokens(100, window)], { tokens: 1 })
        expect(fitsAt).toBeGreaterThan(clock.now)
        expect(fitsAt).toBeLessThanOrEqual(clock.now + 2 * Math.ceil((seconds * 1_000) / 60))
        clock.now = (fitsAt ?? 0) - 1
        await refused([tokens(100, window)], { tokens: 1 })
        clock.now += 1
        await held([tokens(100, window)], { tokens: 100 })
      },
    )

    it('say when just enough is let go', async () => {
      const { clock, held, refused, ledger } = await opened()
      const limits = [tokens(100, '60s')]
      for (const used of [50, 30, 20]) {
        await ledger.settle((await held(limits, { tokens: used })).lease, { tokens: used })
        clock.now += 10_000
      }
      // A window of 60 s has pieces of a second.
      expect(await refused(limits, { tokens: 50 })).toMatchObject({ fitsAt: noon + 61_000 })
      expect(await refused(limits, { tokens: 51 })).toMatchObject({ fitsAt: noon + 71_000 })
      expect(await refused(limits, { tokens: 100 })).toMatchObject({ fitsAt: noon + 81_000 })
      expect(await refused(limits, { tokens: 101 })).toMatchObject({ fitsAt: null, fitsWithoutHeld: false })
    })

    it('count on where a clock is set back, and say how long that is by the clock that waits', async () => {
      const { clock, held, refused, ledger } = await opened()
      const limits = [tokens(100, '60s')]
      await ledger.settle((await held(limits, { tokens: 60 })).lease, { tokens: 60 })
      clock.now -= 3_600_000
      await ledger.settle((await held(limits, { tokens: 40 })).lease, { tokens: 40 })
      const { standing, fitsAt } = await refused(limits, { tokens: 1 })
      // The window is not given a second time, and ends an hour and a minute from now.
      expect([standing, fitsAt]).toMatchObject([
        { used: 100, now: noon - 3_600_000, nextAt: noon + 61_000 },
        noon + 61_000,
      ])
      clock.now = noon + 60_999
      await refused(limits, { tokens: 1 })
      clock.now += 1
      await held(limits, { tokens: 100 })
    })

    it('count at the time of the admission, however long a request runs', async () => {
      const { clock, held, ledger } = await opened()
      const { lease: yesterday } = await held([tokens(100)], { tokens: 80 })
      clock.now = Date.UTC(2099, 10, 28)
      await ledger.renew([{ lease: yesterday, known: {}, leaseMilliseconds: lease }])
      await held([tokens(100)], { tokens: 60 })
      await ledger.settle(yesterday, { tokens: 80 })
      expect((await held([tokens(100)], { tokens: 40 })).standings).toMatchObject([{ used: 0, held: 60 }])
    })

    it('give back what nobody renews after one lease, at what was last said of it', async () => {
      verifies('quotas.leases')
      const { clock, held, refused, ledger } = await opened()
      const { lease: silent } = await held([tokens(100)], { tokens: 60 }, { requests: 1 })
      const { lease: lost } = await held([tokens(100)], { tokens: 40 })
      clock.now += lease - 1
      await ledger.renew([{ lease: lost, known: { tokens: 25 }, leaseMilliseconds: lease }])
      await refused([tokens(100)], { tokens: 1 })
      clock.now += 1
      expect((await held([tokens(100)], { tokens: 60 })).standings).toMatchObject([{ used: 0, held: 40 }])
      clock.now += lease
      expect(await ledger.recover()).toBe(2)
      expect(await ledger.recover()).toBe(0)
      expect((await held([tokens(100)], { tokens: 75 })).standings).toMatchObject([{ used: 25, held: 0 }])
      expect(silent.id).not.toBe(lost.id)
    })

    it('set right what was given up for lost and is settled after all', async () => {
      verifies('quotas.leases')
      const { clock, held, ledger } = await opened()
      const { lease: late } = await held([tokens(100)], { tokens: 60 })
      await ledger.renew([{ lease: late, known: { tokens: 10 }, leaseMilliseconds: lease }])
      clock.now += lease
      await ledger.recover()
      await ledger.settle(late, { tokens: 33 })
      await ledger.settle(late, { tokens: 33 })
      expect((await held([tokens(100)], { tokens: 67 })).standings).toMatchObject([{ used: 33, held: 0 }])
    })

    it('give no window a second time where the clock is set back', async () => {
      verifies('quotas.clock')
      const { clock, held, refused, ledger } = await opened()
      for (const window of ['day', '60s'] as const) {
        clock.now = noon + 86_400_000
        const account = `key:${window}`
        const { lease: first } = await held([tokens(100, window, account)], { tokens: 100 })
        await ledger.settle(first, { tokens: 100 })
        clock.now = noon
        await refused([tokens(100, window, account)], { tokens: 1 })
        clock.now = noon + 86_400_000 + 30_000
        expect(await refused([tokens(100, window, account)], { tokens: 1 })).toMatchObject({ standing: { used: 100 } })
      }
    })

    it('hold on to what is held where a limit is lowered below it', async () => {
      verifies('quotas.lowered')
      const { held, refused, ledger } = await opened()
      const { lease: first } = await held([tokens(100)], { tokens: 90 })
      expect(await refused([tokens(50)], { tokens: 10 })).toMatchObject({
        standing: { held: 90, limit: { most: 50 } },
        fitsWithoutHeld: true,
      })
      await ledger.settle(first, { tokens: 40 })
      await held([tokens(50)], { tokens: 10 })
    })

    it('hold anew in one step what is held already, or leave it as it is', async () => {
      verifies('quotas.held-anew')
      const { held, refused, ledger } = await opened()
      const limits = [tokens(100), limitOf('runs', 'running', 1)]
      const id = randomUUID()
      const anew = (amount: number, again?: true) =>
        ledger.hold({
          id,
          limits,
          bounds: { tokens: amount, runs: 1 },
          known: { requests: 1 },
          leaseMilliseconds: lease,
          ...(again === undefined ? {} : { again }),
        })
      await anew(10)
      await held([tokens(100)], { tokens: 40 })
      // What it holds itself is in nobody's way.
      expect(await anew(60, true)).toMatchObject({ kind: 'held', standings: [{ used: 0, held: 40 }, { held: 0 }] })
      expect(await anew(61, true)).toMatchObject({ kind: 'refused', standing: { used: 0, held: 40 }, asked: 61 })
      await refused([tokens(100)], { tokens: 1 })
      await anew(20, true)
      await held([tokens(100)], { tokens: 40 })
      await ledger.settle({ id, accounts: ['key:a'] }, { tokens: 5 })
      expect((await held([tokens(100)], { tokens: 15 })).standings).toMatchObject([{ used: 5, held: 80 }])
    })

    it('hold anew what was given up for lost', async () => {
      verifies('quotas.held-anew')
      const { clock, held, ledger } = await opened()
      const ask = {
        id: randomUUID(),
        limits: [tokens(100)],
        bounds: { tokens: 60 },
        known: { tokens: 7 },
        leaseMilliseconds: lease,
      }
      await ledger.hold(ask)
      clock.now += lease
      await ledger.recover()
      expect(await ledger.hold({ ...ask, bounds: { tokens: 90 }, again: true })).toMatchObject({
        kind: 'held',
        standings: [{ used: 0, held: 0 }],
      })
      await ledger.settle({ id: ask.id, accounts: ['key:a'] }, { tokens: 30 })
      expect((await held([tokens(100)], { tokens: 70 })).standings).toMatchObject([{ used: 30, held: 0 }])
    })

    it('are the same for all who have the store open', async () => {
      const { held, refused, ledger, again } = await opened()
      const { lease: first } = await held([tokens(100)], { tokens: 100 })
      const other = await again()
      await refused([tokens(100)], { tokens: 1 }, {}, other)
      await other.settle(first, { tokens: 30 })
      expect((await held([tokens(100)], { tokens: 70 })).standings).toMatchObject([{ used: 30, held: 0 }])
      await ledger.settle(first, { tokens: 99 })
      await refused([tokens(100)], { tokens: 1 }, {}, other)
    })

    it('admit all that fits and nothing that does not, as recomputed from what happened', async () => {
      verifies('quotas.never-over')
      verifies('quotas.none-refused-wrongly')
      const { clock, ledger } = await opened()
      const random = createRandom(20_261_128)
      const [windowLimit, dayLimit] = [tokens(1_000, '60s'), tokens(20_000, 'day', 'group:g')]
      const admitted: { readonly at: number; amount: number }[] = []
      const open: { readonly entry: (typeof admitted)[number]; readonly lease: QuotaHeld['lease'] }[] = []
      const counted = (since: number): number =>
        admitted.reduce((sum, { at, amount }) => (at >= since ? sum + amount : sum), 0)
      for (let step = 0; step < 600; step += 1) {
        clock.now += Math.floor(random() * 3_000)
        const [amount, done] = [1 + Math.floor(random() * 300), open[Math.floor(random() * open.length)]]
        if (random() < 0.4 && done !== undefined) {
          open.splice(open.indexOf(done), 1)
          done.entry.amount = Math.floor(random() * done.entry.amount)
          await ledger.settle(done.lease, { tokens: done.entry.amount })
          continue
        }
        await ledger.renew(open.map((each) => ({ lease: each.lease, known: {}, leaseMilliseconds: lease })))
        const limits = [windowLimit, dayLimit]
        const ask = { id: randomUUID(), limits, bounds: { tokens: amount }, known: {}, leaseMilliseconds: lease }
        const answer = await ledger.hold(ask)
        const sliding = counted((Math.floor(clock.now / 1_000) - 60) * 1_000)
        const fits = sliding + amount <= 1_000 && counted(Date.UTC(2099, 10, 27)) + amount <= 20_000
        expect([step, answer.kind]).toEqual([step, fits ? 'held' : 'refused'])
        if (answer.kind === 'refused') continue
        const entry = { at: clock.now, amount }
        admitted.push(entry)
        open.push({ entry, lease: answer.lease })
      }
      expect(admitted.length).toBeGreaterThan(50)
    })
  })
}
