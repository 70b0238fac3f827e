import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { Grant } from '../../../src/core/grant.ts'
import { keyScopes } from '../../../src/core/key-scopes.ts'
import { createModelsFor } from '../../../src/surfaces/models.ts'
import { key, startService } from '../../support/http/http-service.ts'
import { verifies } from '../../support/verifies.ts'

describe('the models of a caller', () => {
  it("are listed for OpenAI's clients and for Anthropic's as each reads them", async () => {
    await using service = await startService()
    const openai = new OpenAI({ apiKey: key, baseURL: `${service.url}/v1` })
    const anthropic = new Anthropic({ apiKey: key, baseURL: service.url })
    const ids = ['analyst', 'analyst:shop']
    expect((await openai.models.list()).data.map(({ id }) => id)).toEqual(ids)
    expect((await anthropic.models.list()).data.map(({ id }) => id)).toEqual(ids)
    expect(await openai.models.retrieve('analyst:shop')).toMatchObject({ id: 'analyst:shop', object: 'model' })
    expect(await anthropic.models.retrieve('analyst:shop')).toMatchObject({ id: 'analyst:shop', type: 'model' })
    await expect(anthropic.models.retrieve('none')).rejects.toMatchObject({ status: 404 })
    await expect(openai.models.retrieve('none')).rejects.toMatchObject({ status: 404, code: 'model_not_found' })
  })

  it('that may be answered at several upstreams are owned by each of them once', async () => {
    const grant = { models: ['assistant', 'gpt-5'], dataSources: [] } as unknown as Grant
    const targets = ['europe', 'openai', 'europe'].map((upstream) => ({ upstream }))
    const modelsFor = createModelsFor(async () => grant, {
      model: { id: 'own', scripted: false },
      passed: new Map([['assistant', { targets }]]),
    })
    expect(await modelsFor({ id: 'k1', kind: 'api-key', group: 'default' }, 'r1')).toContainEqual({
      id: 'assistant',
      ownedBy: 'europe, openai',
    })
  })

  it('are those only that the scopes of its key are for', async () => {
    verifies('keys.scopes')
    const grant = { models: ['analyst', 'gpt-5'], dataSources: ['shop'] } as unknown as Grant
    const modelsFor = createModelsFor(async () => grant, {
      model: { id: 'own', scripted: false },
      passed: new Map([['gpt-5', { targets: [{ upstream: 'openai' }] }]]),
    })
    const idsFor = async (terms: object) =>
      (await modelsFor({ id: 'k1', kind: 'api-key', group: 'default', ...terms }, 'r1')).map(({ id }) => id)
    expect(await idsFor({})).toEqual(['analyst', 'analyst:shop', 'gpt-5'])
    const listed = keyScopes.map(async (scope) => [scope, await idsFor({ scopes: [scope] })] as const)
    expect((await Promise.all(listed)).filter(([, ids]) => ids.length > 0)).toEqual([
      ['ask', ['analyst', 'analyst:shop']],
      ['models', ['gpt-5']],
    ])
  })
})
