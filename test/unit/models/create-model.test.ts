import { describe, expect, it } from 'vitest'
import { contextTokensOf } from '../../../src/models/catalog.ts'
import { createModel, providerOf } from '../../../src/models/create-model.ts'
import { modelOptions } from '../../../src/models/options.ts'

const parse = (settings: object) => modelOptions.parse(settings)

describe('the model of a configuration', () => {
  it('is the demo where nothing is configured, and a real one as soon as anything is', () => {
    expect(createModel(parse({}))).toMatchObject({ id: 'demo', scripted: true })
    expect(providerOf(parse({ base_url: 'http://localhost:11434/v1' }))).toBe('openai')
    expect(providerOf(parse({ api_key: 'sk-x' }))).toBe('openai')
    expect(providerOf(parse({ provider: 'demo', api_key: 'sk-x' }))).toBe('demo')
  })

  it('knows the context window of known models, and takes that of others from the configuration', () => {
    const local = { base_url: 'http://localhost:8000/v1' }
    expect(createModel(parse({ ...local, name: 'meta-llama/Llama-3.1-8B-Instruct' })).contextTokens).toBe(131_072)
    expect(createModel(parse({ ...local, name: 'home-made' })).contextTokens).toBeUndefined()
    expect(createModel(parse({ ...local, name: 'home-made', context_tokens: 4096 })).contextTokens).toBe(4096)
    expect(contextTokensOf('gpt-4o-mini')).toBe(128_000)
  })

  it('needs a name', () => {
    expect(() => createModel(parse({ base_url: 'http://localhost:8000/v1' }))).toThrow('model.name is not set')
  })

  it('needs a key for OpenAI itself, not for other endpoints', () => {
    expect(() => createModel(parse({ name: 'gpt-5' }))).toThrow('model.api_key is not set')
    expect(createModel(parse({ name: 'x', base_url: 'http://localhost:8000/v1/' })).scripted).toBe(false)
  })

  it('does not print its key', () => {
    expect(JSON.stringify(parse({ api_key: 'sk-very-secret' }))).not.toContain('very-secret')
  })

  it.each(['localhost:8000', 'ftp://x/v1', 'not an address'])('refuses the address %j', (address) => {
    expect(modelOptions.safeParse({ base_url: address }).success).toBe(false)
  })
})
