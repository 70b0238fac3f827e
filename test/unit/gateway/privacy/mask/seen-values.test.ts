import { describe, expect, it } from 'vitest'
import { maskForTest } from '../../../../support/privacy/private-calls.ts'

describe('what detectors have seen of a body', () => {
  it('is told by place, kind and score, whatever became of it, and not what it was', async () => {
    const body = {
      model: 'm',
      messages: [
        { role: 'user', content: 'Write to ann.miller@example.com, please.' },
        { role: 'user', content: 'Nothing to see.' },
        { role: 'user', content: 'Or to bob.stone@example.com.' },
      ],
    }
    const seenUnder = async (profile: object) => (await maskForTest('chat-completions', body, { profile })).masked.seen
    const seen = await seenUnder({})
    const score = expect.closeTo(0.95, 5) as number
    expect(seen.filter(({ category }) => category === 'pii/email')).toEqual([
      { path: 'messages[0].content', category: 'pii/email', score },
      { path: 'messages[2].content', category: 'pii/email', score },
    ])
    expect(JSON.stringify(seen)).not.toContain('miller')
    const annotated = await seenUnder({ rules: { 'pii/email': { action: 'annotate' } } })
    expect(annotated.filter(({ category }) => category === 'pii/email')).toHaveLength(2)
  })
})
