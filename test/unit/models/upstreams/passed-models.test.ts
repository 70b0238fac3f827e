import { describe, expect, it } from 'vitest'
import { upstreamsOptions } from '../../../../src/models/upstreams/options.ts'
import { passedModels } from '../../../../src/models/upstreams/passed-models.ts'
import { verifies } from '../../../support/verifies.ts'

const base = { kind: 'openai', base_url: 'https://models.example/v1' }
const ofOpenai = { pictureTokens: 48_169, contextTokens: null }
const ofAnthropic = { pictureTokens: 4_784, contextTokens: null }
const parse = (upstreams: Record<string, object>) => upstreamsOptions.safeParse(upstreams)

describe('the models of upstreams', () => {
  it('are asked for by their own names or by those of a mapping', () => {
    verifies('models.names')
    const options = upstreamsOptions.parse({
      one: { ...base, models: ['gpt-5', 'llama3:8b'] },
      two: { ...base, kind: 'anthropic', models: { smart: 'claude-9' } },
    })
    expect([...passedModels(options).values()]).toEqual([
      { id: 'gpt-5', kind: 'openai', upstream: 'one', model: 'gpt-5', renamed: false, counting: ofOpenai },
      { id: 'llama3:8b', kind: 'openai', upstream: 'one', model: 'llama3:8b', renamed: false, counting: ofOpenai },
      { id: 'smart', kind: 'anthropic', upstream: 'two', model: 'claude-9', renamed: true, counting: ofAnthropic },
    ])
  })

  it('say how much a picture and a whole input may be', () => {
    const models = { a: { picture_tokens: 1_445, context_tokens: 128_000 } }
    const options = upstreamsOptions.parse({ one: { ...base, models } })
    expect(passedModels(options).get('a')?.counting).toEqual({ pictureTokens: 1_445, contextTokens: 128_000 })
  })

  it('have one upstream each', () => {
    const options = upstreamsOptions.parse({ one: { ...base, models: ['gpt-5'] }, two: { ...base, models: ['gpt-5'] } })
    expect(() => passedModels(options)).toThrow('The model "gpt-5" stands under upstreams.one and upstreams.two.')
  })

  it.each([
    ['the name of the own model', { models: ['analyst'] }],
    ['a source of the own model', { models: { 'analyst:shop': 'x' } }],
    ['no name', { models: [] }],
    ['a name with a space', { models: ['gpt 5'] }],
    ['cookies among the headers', { models: ['a'], request_headers: ['cookie'] }],
    ['a credential among the headers', { models: ['a'], request_headers: ['x-api-key'] }],
    ['cookies among the headers back', { models: ['a'], response_headers: ['set-cookie'] }],
    ['a user in the address', { models: ['a'], base_url: 'https://user:pass@models.example/v1' }],
    ['a query in the address', { models: ['a'], base_url: 'https://models.example/v1?key=1' }],
    ['another protocol', { models: ['a'], base_url: 'file:///etc/passwd' }],
    ['a certificate without its key', { models: ['a'], tls: { certificate_file: 'a.pem' } }],
  ])('are refused with %s', (_, settings) => {
    expect(parse({ one: { ...base, ...settings } }).success).toBe(false)
  })
})
