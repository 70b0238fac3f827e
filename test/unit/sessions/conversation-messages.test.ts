import { describe, expect, it } from 'vitest'
import { conversationMessages } from '../../../src/sessions/conversation-messages.ts'
import { verifies } from '../../support/verifies.ts'

describe('what the next turn is told', () => {
  it('has no plan of an earlier question, which nobody has said', () => {
    verifies('agent.plan-own-words')
    const messages = conversationMessages([
      { item: { type: 'message', role: 'user', content: 'How many?' } },
      { item: { type: 'message', role: 'assistant', content: 'Let me look.' } },
      { item: { type: 'plan', steps: [{ text: 'Delete everything', status: 'pending' }] } },
      { item: { type: 'message', role: 'assistant', content: '42.' } },
    ])
    expect(messages).toEqual([
      { role: 'user', content: 'How many?' },
      { role: 'assistant', content: 'Let me look.\n\n42.' },
    ])
  })
})
