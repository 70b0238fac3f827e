import { describe, expect, it } from 'vitest'
import type { Conversation, ConversationItem, KeptItem } from '../../../src/core/conversations.ts'
import { searchBounds, searchConversations } from '../../../src/sessions/search-conversations.ts'
import { never } from '../../support/filters/filter-fixtures.ts'
import { verifies } from '../../support/verifies.ts'

const idOf = (number: number) => `conv_${String(number).padStart(32, '0')}`

interface Talk {
  readonly title?: string
  readonly items?: readonly ConversationItem[]
}

/** Conversations of one principal, the newest first, and what was opened of them. */
function vaultOf(talks: readonly Talk[]) {
  const opened: string[] = []
  const all = talks.map(({ title = null }, place): Conversation => {
    return { id: idOf(place), principal: 'me', made: new Date(0), used: new Date(0), title, metadata: {} }
  })
  const behind = <T extends { readonly id: string }>(list: readonly T[], after: string | undefined): readonly T[] =>
    after === undefined ? list : list.slice(list.findIndex(({ id }) => id === after) + 1)
  return {
    opened,
    list: async (principal: string, { after, most }: { readonly after?: string | undefined; readonly most: number }) =>
      principal === 'me' ? behind(all, after).slice(0, most) : [],
    items: async (
      _principal: string,
      id: string,
      { after, most }: { readonly after?: string | undefined; readonly most: number },
    ) => {
      opened.push(id)
      const items = (talks[all.findIndex((each) => each.id === id)]?.items ?? []).map((item, place): KeptItem => ({
        id: `item_${place}`,
        conversation: id,
        place,
        run: null,
        made: new Date(0),
        item,
      }))
      return behind(items, after).slice(0, most)
    },
  }
}

const said = (content: string, role: 'user' | 'assistant' = 'user'): ConversationItem => ({
  type: 'message',
  role,
  content,
})
const look = (talks: readonly Talk[], text: string, more: { after?: string; most?: number } = {}) =>
  searchConversations(vaultOf(talks), { principal: 'me', text, most: 20, ...more }, never)

describe('looking through conversations', () => {
  it('finds titles, questions, answers, code, what it came to, and files, with what stands around', async () => {
    verifies('clients.search')
    const use: ConversationItem = {
      type: 'tool-use',
      callId: 'c',
      tool: 'run_sql',
      source: { language: 'sql', text: 'SELECT needle FROM t' },
      outcome: { kind: 'failure', message: 'There is no needle.' },
    }
    const file: ConversationItem = {
      type: 'artifact',
      fileId: null,
      name: 'needle.csv',
      mediaType: 'text/csv',
      bytes: 1,
    }
    const { found } = await look(
      [
        { title: 'A Needle' },
        { items: [said('x'.repeat(100) + ' needle'), said('Needle!', 'assistant')] },
        { items: [use] },
        { items: [file] },
        { items: [said('hay')] },
      ],
      'needle',
    )
    expect(found.map(({ matches }) => matches.map(({ where }) => where))).toEqual([
      ['title'],
      ['question', 'answer'],
      ['code', 'result'],
      ['file'],
    ])
    const [match] = found[1]?.matches ?? []
    expect(match).toMatchObject({ item: 'item_0', start: 60, length: 6, excerpt: `${'x'.repeat(59)} needle` })
  })

  it.each([
    ['UMSATZ  im märz', 'Der Umsatz im\nMärz stieg.'],
    ['a.b', 'what is a.b?'],
    ['café', 'cafe\u0301'],
  ])('takes %j for what it says: %j', async (text, content) => {
    expect((await look([{ items: [said(content)] }], text)).found).toHaveLength(1)
    expect((await look([{ items: [said('axb')] }], text)).found).toHaveLength(0)
  })

  it('stops where enough are found, and goes on behind the last one that it has looked at', async () => {
    const talks = Array.from({ length: 50 }, (_, place) => ({ title: place % 2 === 0 ? 'yes' : 'no' }))
    const first = await look(talks, 'yes', { most: 20 })
    expect([first.found.length, first.searched, first.last]).toEqual([20, 39, idOf(38)])
    const next = await look(talks, 'yes', { after: idOf(38), most: 20 })
    expect([next.found.length, next.searched, next.last]).toEqual([5, 11, null])
  })

  it('opens no more conversations, and no more of what they hold, than its bounds', async () => {
    const many = await look(
      Array.from({ length: searchBounds.conversations + 5 }, () => ({})),
      'x',
    )
    expect([many.searched, many.last]).toEqual([searchBounds.conversations, idOf(searchBounds.conversations - 1)])
    const long = [said('y'.repeat(searchBounds.characters)), ...Array.from({ length: 60 }, () => said('x'))]
    const vault = vaultOf([{ items: long }, { items: [said('x')] }])
    const seen = await searchConversations(vault, { principal: 'me', text: 'z', most: 20 }, never)
    expect([seen.searched, seen.last, vault.opened]).toEqual([1, idOf(0), [idOf(0)]])
  })

  it('looks at nothing of another principal', async () => {
    const asked = { principal: 'you', text: 'x', most: 20 }
    expect(await searchConversations(vaultOf([{ title: 'x' }]), asked, never)).toEqual({
      found: [],
      searched: 0,
      last: null,
    })
  })
})
