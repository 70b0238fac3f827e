import { describe, expect, it } from 'vitest'
import type { ConversationItem } from '../../../src/core/conversations.ts'
import { saidBefore } from '../../../src/sessions/said-before.ts'
import { keptHistory } from '../../support/history/kept-history.ts'
import { openTemporaryStorage } from '../../support/storage/open-temporary.ts'
import { verifies } from '../../support/verifies.ts'

const said = (content: string): ConversationItem => ({ type: 'message', role: 'user', content })
const long = 'x'.repeat(900_000)

async function talk(items: readonly ConversationItem[]) {
  const { conversations } = keptHistory(await openTemporaryStorage())
  const { id } = await conversations.create('alice', { title: null, metadata: {} }, items)
  let read = 0
  const counting = {
    history: conversations.history.bind(conversations),
    items: async (...asked: Parameters<typeof conversations.items>) => {
      const page = await conversations.items(...asked)
      read += page?.length ?? 0
      return page
    },
  }
  const told = await saidBefore(counting, 'alice', { conversation: id, previous: null })
  const texts = told?.map(({ item }) => (item.type === 'message' ? item.content.slice(0, 10) : item.type))
  return { conversations, texts, read }
}

describe('what was said before', () => {
  it('is told from the end, as much as fits, and no more of it is read than that and a page', async () => {
    verifies('responses.bounds')
    const { texts, read } = await talk(Array.from({ length: 1_000 }, (_each, at) => said(`${at}`)))
    expect(texts).toEqual(Array.from({ length: 400 }, (_each, at) => `${at + 600}`))
    expect(read).toBeLessThanOrEqual(450)
  })

  it('is bounded by its characters, too, and always has its last item', async () => {
    const items = [said('first'), ...Array.from({ length: 6 }, () => said(long)), said('last')]
    const { texts } = await talk(items)
    expect([texts?.length, texts?.at(-1)]).toEqual([5, 'last'])
    const one = await talk([said('before'), said('y'.repeat(4_100_000))])
    expect(one.texts).toEqual(['yyyyyyyyyy'])
  })

  it('is told of a line of runs by the same bounds', async () => {
    const { conversations } = await talk([])
    let previous: string | null = null
    let conversation: string | null = null
    for (let at = 0; at < 50; at += 1) {
      await using run = await conversations.begin('alice', {
        conversation,
        previous,
        isExclusive: false,
        model: 'analyst',
        requestId: 'r1',
        details: {},
        items: [said(`${at}`), ...(at < 3 ? Array.from({ length: 4 }, () => said(long)) : [])],
      })
      await run.end('completed', null)
      previous = run.run.id
      conversation = run.run.conversation
    }
    const bounded = await conversations.history('alice', previous ?? '', { items: 30, characters: 1_000_000 })
    expect(bounded?.map(({ item }) => item).slice(0, 1)).toEqual([said('10')])
    const all = await saidBefore(conversations, 'alice', { conversation: null, previous })
    // Of what is long the last four fit, with what was said after it.
    expect(all?.filter(({ item }) => item.type === 'message' && item.content === long)).toHaveLength(4)
    expect(all?.at(-1)?.item).toEqual(said('49'))
    expect(await saidBefore(conversations, 'mallory', { conversation: null, previous })).toBeNull()
    expect(await saidBefore(conversations, 'mallory', { conversation, previous: null })).toBeNull()
  })
})
