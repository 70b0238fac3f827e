import { describe, expect, it } from 'vitest'
import { conversationTitle } from '../../../src/sessions/conversation-title.ts'

const asked = (content: string) => conversationTitle([{ role: 'user', content }])

describe('the title of a conversation that nobody named', () => {
  it.each([
    ['How many orders?', 'How many orders?'],
    ['  Two\r\n\tlines \u2028 here ', 'Two lines here'],
    ['\u001b]0;owned\u0007\u202Eturned\u001b[2J', ']0;ownedturned[2J'],
    [`${'x'.repeat(78)}😀😀`, `${'x'.repeat(78)}…`],
    ['x'.repeat(80), 'x'.repeat(80)],
    [`word ${'x'.repeat(100_000)}`, `word ${'x'.repeat(74)}…`],
    [' \n\u0000', null],
    ['', null],
  ])('is the beginning of what was asked, on one line: %j', (content, title) => {
    expect(asked(content)).toBe(title)
  })

  it('is of the last question that is given', () => {
    const messages = [
      { role: 'system' as const, content: 'Be kind.' },
      { role: 'user' as const, content: 'First?' },
      { role: 'assistant' as const, content: 'Yes.' },
      { role: 'user' as const, content: 'Second?' },
    ]
    expect(conversationTitle(messages)).toBe('Second?')
    expect(conversationTitle(messages.slice(0, 1))).toBeNull()
  })
})
