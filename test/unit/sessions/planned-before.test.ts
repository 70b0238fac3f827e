import { describe, expect, it } from 'vitest'
import type { RunEnd } from '../../../src/core/conversations.ts'
import type { PlannedTables } from '../../../src/core/provenance.ts'
import { plannedBefore } from '../../../src/sessions/planned-before.ts'
import { keptHistory } from '../../support/history/kept-history.ts'
import { openTemporaryStorage } from '../../support/storage/open-temporary.ts'

const orders: readonly PlannedTables[] = [{ source: 'shop', tables: ['public.orders'] }]
const staff: readonly PlannedTables[] = [{ source: 'shop', tables: ['public.staff'] }]

type Asked = Parameters<typeof plannedBefore>[2]

async function talking() {
  const { conversations } = keptHistory(await openTemporaryStorage())
  const nobody = { usage: { inputTokens: 0, outputTokens: 0 }, steps: 1, milliseconds: 1 }
  const { id } = await conversations.create('alice', { title: null, metadata: {} }, [])
  return {
    id,
    /** Ends with these tables; with none as runs ended before anybody kept them; null for one that breaks off. */
    ran: async (planned?: readonly PlannedTables[] | null, previous: string | null = null) => {
      await using writer = await conversations.begin('alice', {
        conversation: id,
        ...(previous === null ? {} : { previous }),
        isExclusive: false,
        model: 'analyst',
        requestId: 'r1',
        details: {},
        items: [],
      })
      const end: RunEnd = { ending: 'answer', message: null, ...nobody, ...(planned == null ? {} : { planned }) }
      if (planned !== null) await writer.end('completed', end)
      return writer.run.id
    },
    before: async (place: Partial<Asked> = {}, principal = 'alice') =>
      (await plannedBefore(conversations, principal, { conversation: id, previous: null, ...place })).plannedBefore,
  }
}

describe('tables that a conversation was about', () => {
  it('are those of its last run, or of the run that is gone on with', async () => {
    const { ran, before } = await talking()
    expect(await before()).toBeUndefined()
    const first = await ran(orders)
    await ran(staff)
    expect(await before()).toEqual(staff)
    expect(await before({ previous: first })).toEqual(orders)
    const beside = await ran([...orders, ...staff], first)
    expect(await before({ conversation: null, previous: beside })).toEqual([...orders, ...staff])
  })

  it('are looked for behind runs that broke off, of which none was kept', async () => {
    const { ran, before } = await talking()
    await ran(orders)
    for (let at = 0; at < 3; at += 1) await ran(null)
    expect(await before()).toEqual(orders)
    for (let at = 0; at < 10; at += 1) await ran(null)
    expect(await before()).toBeUndefined()
  })

  it('are none where all runs are from before they were kept, and those of the first run that keeps them', async () => {
    const { ran, before } = await talking()
    await ran()
    await ran()
    expect(await before()).toBeUndefined()
    await ran([])
    expect(await before()).toEqual([])
    await ran(orders)
    expect(await before()).toEqual(orders)
  })

  it('are nobody else’s, by the conversation or by a run, and of no other conversation', async () => {
    const { ran, before } = await talking()
    const run = await ran(orders)
    expect(await before({}, 'mallory')).toBeUndefined()
    expect(await before({ previous: run }, 'mallory')).toBeUndefined()
    expect(await before({ conversation: 'conv_1' })).toBeUndefined()
    expect(await before({ conversation: null })).toBeUndefined()
  })
})
