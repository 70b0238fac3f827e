import { describe, expect, it } from 'vitest'
import { textsOfAnswer } from '../../../../src/gateway/moderate/written-texts.ts'
import { Document } from '../../../../src/gateway/privacy/mask/documents.ts'

const textsIn = (answer: object) =>
  Array.from(textsOfAnswer(new Document(JSON.stringify(answer)), 'messages'), ({ text }) => text)

describe('the texts of an answer', () => {
  it('are found beside a list of very many values', () => {
    const content = [{ type: 'text', text: 'The answer.' }, ...Array.from({ length: 300_000 }, () => 1)]
    expect(textsIn({ id: 'msg_1', type: 'message', role: 'assistant', content })).toContain('The answer.')
  })

  it('are those of documents that a tool has fetched, too, and nothing that is sealed or no text', () => {
    const page = (source: object) => ({
      type: 'web_fetch_result',
      content: { type: 'document', source, title: 'A title' },
    })
    const content = [
      { type: 'redacted_thinking', data: 'c2VhbGVk' },
      {
        type: 'web_fetch_tool_result',
        content: page({ type: 'text', media_type: 'text/plain', data: 'What it says.' }),
      },
      {
        type: 'web_fetch_tool_result',
        content: page({ type: 'base64', media_type: 'application/pdf', data: 'JVBERi0x' }),
      },
      { type: 'text', text: 'The answer.' },
    ]
    const texts = textsIn({ id: 'msg_1', type: 'message', role: 'assistant', content })
    expect(texts).toContain('What it says.')
    expect(texts).toContain('The answer.')
    expect(texts).not.toContain('c2VhbGVk')
    expect(texts).not.toContain('JVBERi0x')
  })
})
