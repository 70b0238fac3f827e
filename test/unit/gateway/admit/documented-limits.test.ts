import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createLimitsFor } from '../../../../src/gateway/admit/limits.ts'
import { gatewayOptions } from '../../../../src/gateway/options.ts'
import { upstreamsOptions } from '../../../../src/models/upstreams/options.ts'
import { passedModels } from '../../../../src/models/upstreams/passed-models.ts'

const text = readFileSync(resolve(import.meta.dirname, '../../../../docs/gateway.md'), 'utf8')
const section = text.slice(text.indexOf('\n## Limits\n'))
const [limits, prices, counting] = [...section.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, block = '']) => parse(block) as object,
)

describe('the examples of docs/gateway.md about limits', () => {
  it('are limits as they are written', () => {
    const { groups } = gatewayOptions.parse((limits as { readonly gateway: object }).gateway)
    const told = createLimitsFor(groups)({ id: 'k1', kind: 'api-key', group: 'default' })
    expect(told.map(({ account, unit, window, most }) => `${account} ${unit} ${window} ${most}`)).toEqual([
      'key:k1 runs running 4',
      'key:k1 tokens day 5000000',
      'key:k1 requests 60s 60',
      'group:default output_tokens day 2000000',
      'tenant:default tokens month 900000000',
    ])
  })

  it('give a model its price', () => {
    const upstreams = upstreamsOptions.parse((prices as { readonly upstreams: object }).upstreams)
    expect(passedModels(upstreams).get('gpt-5')).toMatchObject({
      model: 'gpt-5',
      renamed: false,
      price: { input: 1_250_000, output: 10_000_000, parts: { cached_input: 125_000 }, tools: { web_search: 10_000 } },
    })
  })

  it('say how much a model can be sent', () => {
    const upstreams = upstreamsOptions.parse((counting as { readonly upstreams: object }).upstreams)
    expect(passedModels(upstreams).get('gpt-4.1')?.counting).toEqual({
      tokenizer: 'o200k_base',
      pictureTokens: 1_445,
      contextTokens: 1_047_576,
    })
  })
})
