import { describe, expect, it } from 'vitest'
import type { ModelApi } from '../../../../../src/core/model-call.ts'
import { maskForTest } from '../../../../support/privacy/private-calls.ts'
import { verifies } from '../../../../support/verifies.ts'

const place = { type: 'approximate', country: 'DE', region: 'Bayern', city: 'Augsburg', timezone: 'Europe/Berlin' }

describe('where somebody is, for a search of the provider', () => {
  it.each([
    ['chat-completions', { web_search_options: { user_location: { type: 'approximate', approximate: place } } }, 'web_search_options.user_location.approximate'],
    ['responses', { tools: [{ type: 'web_search', user_location: place }] }, 'tools[0].user_location'],
    ['messages', { tools: [{ type: 'web_search_20250305', name: 'web_search', user_location: place }] }, 'tools[0].user_location'],
  ] satisfies [ModelApi, object, string][])('%s: is refused, or passed as it is and named', async (api, body, path) => {
    verifies('pii.user-location')
    await expect(maskForTest(api, body, { places: 'refuse' })).rejects.toMatchObject({
      code: 'refused',
      parameter: `${path}.region`,
      message: expect.stringContaining('says where somebody is'),
      advice: expect.stringContaining('"user_location: pass"'),
    })
    const { body: sent, masked } = await maskForTest(api, body, { places: 'pass' })
    expect(sent).toBe(JSON.stringify(body))
    expect(masked.unread).toEqual([`${path}.region`, `${path}.city`])
  }) // prettier-ignore

  it('never takes what has a form of its own with it', async () => {
    const tools = [{ type: 'web_search', user_location: { city: 'kim@x.example' } }]
    expect((await maskForTest('responses', { tools }, { places: 'pass' })).body).not.toContain('kim@x')
  })
})

describe('words of fixed lists', () => {
  it('stay, whatever they are the names of elsewhere', async () => {
    const detect = async (parts: readonly { readonly text: string }[]) =>
      parts.map(({ text }, part) => ({
        part,
        start: 0,
        end: text.length,
        category: 'pii/organization',
        action: 'mask' as const,
      }))
    const body = {
      model: 'm',
      provider: { order: ['Azure', 'Together'], only: ['Mistral'], sort: 'price' },
      region: 'Frankfurt',
      locale: 'de-CH',
      timezone: 'Europe/Zurich',
    }
    for (const api of ['chat-completions', 'responses', 'messages'] as const)
      expect((await maskForTest(api, body, { detect })).body).toBe(JSON.stringify(body))
  })
})
