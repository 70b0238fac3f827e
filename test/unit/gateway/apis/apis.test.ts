import { describe, expect, it } from 'vitest'
import { modelApis } from '../../../../src/core/model-call.ts'
import { apis } from '../../../../src/gateway/apis/apis.ts'

describe('the APIs that are passed on', () => {
  it.each([
    ['chat-completions', 'openai'],
    ['responses', 'openai'],
    ['embeddings', 'openai'],
    ['messages', 'anthropic'],
    ['token-counts', 'anthropic'],
  ] as const)('%s is described under its own name, for upstreams of the kind %s', (name, kind) => {
    expect(apis[name]).toMatchObject({ name, kind })
  })

  it('are all that there are', () => {
    expect(Object.keys(apis).toSorted()).toEqual([...modelApis].toSorted())
  })
})
