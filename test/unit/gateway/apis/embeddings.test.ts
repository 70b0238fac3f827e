import { describe, expect, it } from 'vitest'
import { embeddings } from '../../../../src/gateway/apis/embeddings.ts'
import { endsOf } from '../../../support/http/stream-end.ts'

describe('a request for embeddings', () => {
  it('is for its model, writes nothing, is never a stream and refers to nothing', () => {
    const body = { model: 'm', input: 'x', stream: true, tools: [{ type: 'mcp' }], previous_response_id: 'resp_1' }
    expect(embeddings.factsOf(body)).toEqual({
      model: 'm',
      streamed: false,
      outputTokens: 0,
      hostedTools: [],
      ids: [],
      itemIds: [],
    })
  })

  it('is refused without a model', () => {
    expect(() => embeddings.factsOf({ input: 'x' })).toThrow(
      expect.objectContaining({ code: 'invalid-request', message: 'model: must be a text.', parameter: 'model' }),
    )
  })
})

describe('an answer with embeddings', () => {
  it('counts what went in', () => {
    const usage = { prompt_tokens: 9, total_tokens: 12 }
    expect(embeddings.usageOf({ usage })).toEqual({ inputTokens: 9, outputTokens: 0 })
    expect(embeddings.usageOf({ usage: { total_tokens: 12 } })).toBeNull()
    expect(embeddings.usageOf({})).toBeNull()
  })

  it('keeps nothing and is no stream', () => {
    expect(embeddings.keptIdsOf({ id: 'e', data: [{ id: 'f' }] })).toEqual([])
    expect(endsOf(embeddings, ['data: [DONE]\n\n'])).toEqual([null])
    expect(embeddings.mayKeep('{"id":"e"}')).toBe(false)
  })
})
