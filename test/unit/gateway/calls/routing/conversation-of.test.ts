import { describe, expect, it } from 'vitest'
import { conversationOf } from '../../../../../src/gateway/calls/routing/conversation-of.ts'
import { verifies } from '../../../../support/verifies.ts'

const ann = { id: 'ann', kind: 'api-key', group: 'default' } as const
const user = (content: unknown) => ({ role: 'user', content })
const answer = { role: 'assistant', content: 'Hello' }

describe('a conversation', () => {
  it.each([
    ['Chat Completions', (turns: object[]) => ({ messages: [{ role: 'system', content: 'Be kind.' }, ...turns] })],
    ['Messages', (turns: object[]) => ({ system: 'Be kind.', messages: turns })],
    ['Responses', (turns: object[]) => ({ instructions: 'Be kind.', input: turns })],
  ])('of %s is the same in all of its turns, wherever a mark of a cache stands', (_api, bodyOf) => {
    verifies('routing.weighted')
    const marked = user([{ type: 'text', text: 'Hi', cache_control: { type: 'ephemeral' } }])
    const first = user([{ type: 'text', text: 'Hi' }])
    const begun = conversationOf(bodyOf([marked]), ann)
    expect(conversationOf(bodyOf([first, answer, user('And then?')]), ann)).toBe(begun)
    expect(conversationOf(bodyOf([first, answer, marked]), ann)).toBe(begun)
    expect(conversationOf(bodyOf([user('Hi there'), answer]), ann)).not.toBe(begun)
  })

  it('is another one of another caller, of another person and under other instructions', () => {
    const body = { input: 'Hi', instructions: 'Be kind.' }
    const keys = [
      conversationOf(body, ann),
      conversationOf(body, { ...ann, id: 'bob' }),
      conversationOf(body, { ...ann, endUser: 'p1' }),
      conversationOf({ ...body, instructions: 'Be brief.' }, ann),
      conversationOf({ ...body, input: 'Ho' }, ann),
    ]
    expect(new Set(keys).size).toBe(keys.length)
  })
})
