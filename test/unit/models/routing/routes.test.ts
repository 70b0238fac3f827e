import { describe, expect, it } from 'vitest'
import { routesOptions } from '../../../../src/models/routing/options.ts'
import { routesOf } from '../../../../src/models/routing/routes.ts'
import { upstreamsOptions } from '../../../../src/models/upstreams/options.ts'
import { passedModels } from '../../../../src/models/upstreams/passed-models.ts'

const base = { kind: 'openai', base_url: 'https://models.example/v1' }
const models = passedModels(
  upstreamsOptions.parse({
    one: { ...base, models: { big: 'gpt-5', same: 'same' } },
    two: { ...base, models: { 'big-eu': 'gpt-5' } },
  }),
)
const routes = (given: object) => routesOf(routesOptions.parse(given), models)

describe('what can be asked at upstreams', () => {
  it('is each model by itself', () => {
    const found = [...routes({})].map(([id, { targets }]) => [
      id,
      targets.map(({ upstream, model }) => [upstream, model]),
    ])
    expect(found).toEqual([
      ['big', [['one', 'gpt-5']]],
      ['same', [['one', 'same']]],
      ['big-eu', [['two', 'gpt-5']]],
    ])
  })

  it('is each route, whose targets have another name than what was asked unless it is theirs', () => {
    const { targets, kind, id } = routes({ 'gpt-5': { targets: ['big-eu', 'same', 'big'] } }).get('gpt-5') ?? {}
    expect([id, kind]).toEqual(['gpt-5', 'openai'])
    expect(targets?.map(({ upstream, model, renamed }) => [upstream, model, renamed])).toEqual([
      ['two', 'gpt-5', false],
      ['one', 'same', true],
      ['one', 'gpt-5', false],
    ])
  })

  it('is no route with a target that there is not', () => {
    expect(() => routes({ r: { targets: ['big', 'none'] } })).toThrow('routes.r: there is no model "none".')
    const isTaken = (given: object) => routesOptions.safeParse(given).success
    const wrong = [{ r: { targets: [] } }, { analyst: { targets: ['big'] } }, { 'a b': { targets: ['big'] } }]
    expect(wrong.map(isTaken)).toEqual([false, false, false])
  })
})
