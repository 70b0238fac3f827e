import { describe, expect, it } from 'vitest'
import { upstreamsOptions } from '../../../../src/models/upstreams/options.ts'
import { passedModels } from '../../../../src/models/upstreams/passed-models.ts'
import { verifies } from '../../../support/verifies.ts'

const base = { kind: 'openai', base_url: 'https://models.example/v1' }
const ofOpenai = { tokenizer: null, pictureTokens: 48_169, contextTokens: null }
const ofGpt = { ...ofOpenai, tokenizer: 'o200k_base' }
const ofAnthropic = { tokenizer: null, pictureTokens: 4_784, contextTokens: null }
const parse = (upstreams: Record<string, object>) => upstreamsOptions.safeParse(upstreams)

describe('the models of upstreams', () => {
  it('are asked for by their own names or by those of a mapping', () => {
    verifies('models.names')
    const options = upstreamsOptions.parse({
      one: { ...base, models: ['gpt-5', 'llama3:8b'] },
      two: { ...base, kind: 'anthropic', models: { smart: 'claude-9' } },
    })
    expect([...passedModels(options).values()]).toEqual([
      {
        id: 'gpt-5',
        kind: 'openai',
        upstream: 'one',
        model: 'gpt-5',
        renamed: false,
        abilities: null,
        counting: ofGpt,
      },
      {
        id: 'llama3:8b',
        kind: 'openai',
        upstream: 'one',
        model: 'llama3:8b',
        renamed: false,
        abilities: null,
        counting: ofOpenai,
      },
      {
        id: 'smart',
        kind: 'anthropic',
        upstream: 'two',
        model: 'claude-9',
        renamed: true,
        abilities: null,
        counting: ofAnthropic,
      },
    ])
  })

  it('say how much a picture and a whole input may be', () => {
    const models = { a: { picture_tokens: 1_445, context_tokens: 128_000 } }
    const options = upstreamsOptions.parse({ one: { ...base, models } })
    expect(passedModels(options).get('a')?.counting).toEqual({
      tokenizer: null,
      pictureTokens: 1_445,
      contextTokens: 128_000,
    })
  })

  it.each([
    [
      'o200k_base',
      'gpt-4o gpt-4o-mini-2024-07-18 gpt-4.1-nano gpt-5 gpt-5.1 gpt-5-mini o1 o3-mini o4-mini openai/gpt-4o ft:gpt-4o-mini:a',
    ],
    ['cl100k_base', 'gpt-4 gpt-4-turbo gpt-3.5-turbo-0125 text-embedding-3-small'],
    [null, 'gpt-4ox gpt-6 o2 llama3:8b mistral-large my-gpt-4o o10 claude-9'],
  ])('are counted by %s: %s', (tokenizer, names) => {
    for (const name of names.split(' ')) {
      const options = upstreamsOptions.parse({ one: { ...base, models: { a: name } } })
      expect([name, passedModels(options).get('a')?.counting?.tokenizer]).toEqual([name, tokenizer])
    }
  })

  it('are counted by what their settings say', () => {
    const models = { 'gpt-5': { tokenizer: 'bytes' }, mine: { tokenizer: 'cl100k_base' } }
    const counted = passedModels(upstreamsOptions.parse({ one: { ...base, models } }))
    expect([counted.get('gpt-5'), counted.get('mine')].map((model) => model?.counting?.tokenizer)).toEqual([
      null,
      'cl100k_base',
    ])
    const other = upstreamsOptions.parse({ one: { ...base, kind: 'anthropic', models: ['gpt-4o'] } })
    expect(passedModels(other).get('gpt-4o')?.counting?.tokenizer).toBe(null)
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
