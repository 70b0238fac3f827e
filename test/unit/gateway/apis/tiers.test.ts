import { describe, expect, it } from 'vitest'
import { apis } from '../../../../src/gateway/apis/apis.ts'
import { tiersOf } from '../../../../src/gateway/apis/tiers.ts'

describe('the tiers of service that a body asks for', () => {
  it.each([
    [{ service_tier: 'priority' }, [{ name: 'priority', parameter: 'service_tier' }]],
    [{ service_tier: 'auto' }, undefined],
    [{ service_tier: 'default' }, undefined],
    [{ service_tier: null }, undefined],
    [{}, undefined],
    [
      { service_tier: 'flex', speed: 'fast' },
      [
        { name: 'flex', parameter: 'service_tier' },
        { name: 'fast', parameter: 'speed' },
      ],
    ],
  ])('of %j are %j', (body, tiers) => {
    expect(tiersOf(body, ['service_tier', 'speed']).tiers).toEqual(tiers)
  })

  it.each([7, ['priority'], { name: 'priority' }, true])('are refused where one is no text: %j', (tier) => {
    expect(() => tiersOf({ service_tier: tier }, ['service_tier'])).toThrow('service_tier: must be a text')
  })

  it.each([
    ['chat-completions', { messages: [] }, ['service_tier']],
    ['responses', { input: 'a' }, ['service_tier']],
    ['messages', { messages: [] }, ['service_tier', 'speed', 'inference_geo']],
  ] as const)('are those of %s', (api, body, parameters) => {
    const asked = { model: 'm', max_tokens: 1, service_tier: 'one', speed: 'two', inference_geo: 'three', ...body }
    expect(apis[api].factsOf(asked).tiers?.map(({ parameter }) => parameter)).toEqual(parameters)
  })

  it('are asked for in no other spelling', () => {
    expect(() => apis.responses.factsOf({ model: 'm', input: 'a', Service_Tier: 'priority' })).toThrow(
      'another spelling',
    )
  })
})
