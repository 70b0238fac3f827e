import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { key, startService } from '../../support/http/http-service.ts'

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
})
