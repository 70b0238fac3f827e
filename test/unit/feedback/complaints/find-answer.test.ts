import { describe, expect, it } from 'vitest'
import type { KeptItem, Run } from '../../../../src/core/conversations.ts'
import type { Principal } from '../../../../src/core/principal.ts'
import { createAnswerIds } from '../../../../src/feedback/complaints/answer-ids.ts'
import { createFindAnswer } from '../../../../src/feedback/complaints/find-answer.ts'

const digits = 'c'.repeat(32)
const caller: Principal = { id: 'k1', kind: 'api-key', group: 'default' }
const requestId = '0f1e2d3c-4b5a-4968-8776-655443322110'
const run = { id: `run_${digits}`, principal: 'k1', requestId } as Run
const itemOf = (place: number, role: string) =>
  ({
    id: `item_${digits}_${place}`,
    place,
    run: run.id,
    item: { type: 'message', role, content: 'Words.' },
  }) as unknown as KeptItem
const items = [itemOf(0, 'user'), itemOf(3, 'assistant')]
const ids = createAnswerIds({ keys: [Buffer.alloc(32, 1)], now: () => 0 })

const find = createFindAnswer({
  ids,
  conversations: {
    showRun: async (principal, id) => (principal === 'k1' && id === run.id ? run : null),
    items: async (principal, _conversation, { after, most }) => {
      if (principal !== 'k1') return null
      const from = after === undefined ? 0 : Number(after.split('_')[2]) + 1
      return items.filter(({ place }) => place >= from).slice(0, most)
    },
  },
  ownedIds: {
    owners: async (upstream, asked) =>
      new Map(asked.map((id) => [id, upstream === 'second' && id === 'msg_by_provider' ? 'k1' : null])),
  },
  upstreams: ['first', 'second'],
})

describe('an answer that a caller speaks of', () => {
  it.each([
    ['a response', `resp_${digits}`],
    ['a run', `run_${digits}`],
    ['an item that a run has said', `item_${digits}_3`],
  ])('is found as %s that is kept here, with the decision about it', async (_what, id) => {
    expect(await find(caller, id)).toEqual({ decision: `dec-${requestId}`, given: null })
    expect(await find({ ...caller, id: 'k2' }, id)).toBeNull()
    expect(await find({ ...caller, kind: 'anonymous' }, id)).toBeNull()
  })

  it('is found as one that a provider keeps, by whoever has made it', async () => {
    expect(await find(caller, 'msg_by_provider')).toEqual({ decision: null, given: null })
    expect(await find({ ...caller, id: 'k2' }, 'msg_by_provider')).toBeNull()
  })

  it('is found by its name, also of somebody without a key', async () => {
    const nobody: Principal = { id: 'anonymous', kind: 'anonymous', group: 'default' }
    expect(await find(nobody, ids.name(nobody, null))).toMatchObject({ decision: null })
    expect(await find(caller, ids.name(nobody, null))).toBeNull()
  })

  it.each([
    ['a question of the caller’s own', `item_${digits}_0`],
    ['an item that is not there', `item_${digits}_2`],
    ['an item of a place that is no number', `item_${digits}_x`],
    ['an id that a provider gives to what nobody keeps', 'chatcmpl-Bq7'],
    ['nothing', ''],
  ])('is not found as %s', async (_what, id) => {
    expect(await find(caller, id)).toBeNull()
  })
})
