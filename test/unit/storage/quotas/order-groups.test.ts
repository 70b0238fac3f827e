import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { OrderGroups } from '../../../../src/storage/quotas/order-groups.ts'
import type { QuotaOrder } from '../../../../src/storage/quotas/quota-book.ts'

const hold = (id: string): QuotaOrder => ({
  kind: 'hold',
  ask: { id, limits: [], bounds: {}, known: {}, leaseMilliseconds: 1 },
})
const settle = (id: string): QuotaOrder => ({ kind: 'settle', lease: { id, accounts: [] }, uses: {} })
const nameOf = (order: QuotaOrder): string =>
  order.kind === 'hold' ? `hold ${order.ask.id}` : order.kind === 'settle' ? `settle ${order.lease.id}` : order.kind

/** Groups as a store of the test's own carries them out, when it is told to. */
function groupsOf() {
  const written: string[][] = []
  const waiting: (() => void)[] = []
  const groups = new OrderGroups(async (orders) => {
    written.push(orders.map(nameOf))
    await new Promise<void>((resolve) => waiting.push(resolve))
    if (orders.some((order) => nameOf(order) === 'hold bad')) throw new Error('down')
    return orders.map(() => null)
  })
  const go = async (): Promise<void> => {
    waiting.shift()?.()
    await sleep(0)
  }
  return { groups, written, go }
}

describe('orders of a ledger', () => {
  it('of one turn of the event loop are carried out together, and those that come meanwhile after them, in their order', async () => {
    const { groups, written, go } = groupsOf()
    const all = [groups.run(hold('a')), Promise.resolve().then(() => groups.run(settle('b')))]
    expect(written).toEqual([])
    await turn()
    expect(written).toEqual([['hold a', 'settle b']])
    all.push(groups.run(hold('c')), groups.run(hold('d')))
    await turn()
    expect(written).toHaveLength(1)
    await go()
    expect(written).toEqual([
      ['hold a', 'settle b'],
      ['hold c', 'hold d'],
    ])
    await go()
    expect(await Promise.all(all)).toEqual([null, null, null, null])
  })

  it('fail together, and those behind them are carried out all the same', async () => {
    const { groups, written, go } = groupsOf()
    const first = groups.run(hold('a'))
    await turn()
    const bad = [groups.run(hold('bad')), groups.run(settle('b'))].map((order) => order.catch(String))
    await go()
    const after = groups.run(hold('c'))
    await go()
    await go()
    expect(await Promise.all([first, ...bad, after])).toEqual([null, 'Error: down', 'Error: down', null])
    expect(written).toEqual([['hold a'], ['hold bad', 'settle b'], ['hold c']])
  })
})
