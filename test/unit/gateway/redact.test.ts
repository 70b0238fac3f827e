import { describe, expect, it } from 'vitest'
import type { Admitted } from '../../../src/core/request.ts'
import { redact } from '../../../src/gateway/redact.ts'
import { received } from '../../support/agent-events.ts'
import { never, testScreener } from '../../support/filters/filter-fixtures.ts'

const admitted = (messages: Admitted['messages']) => ({ ...received({ messages }) }) as Admitted

describe('what a model reads of a conversation', () => {
  it('is every message in its place and of its speaker, without what the profile hides', async () => {
    const messages = [
      { role: 'system', content: 'Key: ghp_Zk3vQ9xT7bLm2Rw8Yc5Nd1Hf6Jg4Ks0Pab' },
      { role: 'user', content: 'mail anna.berg@example.com' },
      { role: 'assistant', content: '' },
      { role: 'user', content: 'and now?' },
    ] as const
    const request = admitted(messages)
    const redacted = await redact(request, testScreener({ hiddenSql: null }), never)
    expect(redacted).toEqual({
      ...request,
      messages: [
        { role: 'system', content: 'Key: [secret]' },
        { role: 'user', content: 'mail [email]' },
        { role: 'assistant', content: '' },
        { role: 'user', content: 'and now?' },
      ],
    })
    expect(request.messages).toBe(messages)
  })
})
