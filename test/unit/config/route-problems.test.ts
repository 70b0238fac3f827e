import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'

const base_url = 'http://127.0.0.1:9/v1'
const upstreams = {
  one: { kind: 'openai', base_url, models: ['gpt-5', 'gpt-5-mini'] },
  two: { kind: 'anthropic', base_url, models: { smart: 'claude-9', small: 'claude-8' } },
}

function load(routes: object, given: object = { upstreams }) {
  const folder = temporaryFolder('sallyport-routes-')
  const file = join(folder, 'config.yaml')
  writeFileSync(file, JSON.stringify({ ...given, routes }))
  return loadConfig({ variables: { HOME: folder }, workingDirectory: folder, flags: {}, file })
}

describe('routes that could not be followed', () => {
  it.each([
    [
      { targets: ['gpt-5', 'gpt-6'] },
      'routes.r.targets: there is no model "gpt-6" under upstreams; did you mean "gpt-5"?',
    ],
    [
      { targets: ['nothing-alike'] },
      'there is no model "nothing-alike" under upstreams; there are: gpt-5, gpt-5-mini, smart, small',
    ],
    [{ targets: ['gpt-5', 'gpt-5'] }, 'routes.r.targets: has a model twice'],
    [
      { targets: ['gpt-5', 'smart', 'small'] },
      'routes.r.targets: has models of two kinds of upstreams: gpt-5 speaks the API of openai, smart and small speak the API of anthropic',
    ],
    [{ targets: [] }, 'routes.r.targets'],
  ])('are told before anything is served: %j', (route, message) => {
    verifies('routing.refused-at-start')
    expect(() => load({ r: route })).toThrow(message)
  })

  it('are told with where they are written, also by the name of a model', () => {
    verifies('routing.refused-at-start')
    expect(() => load({ smart: { targets: ['gpt-5'] } })).toThrow(
      /config\.yaml:1:\d+: routes\.smart: a model of upstreams has this name/,
    )
    expect(() => load({ r: { targets: ['gpt-5'] } }, {})).toThrow(
      'there is no model "gpt-5" under upstreams; there are: none',
    )
  })

  it('are told of tiers that a model or a group has not', () => {
    verifies('routing.refused-at-start')
    const tiers = {
      strategy: 'tier',
      targets: [
        { model: 'gpt-5', tier: 'gold' },
        { model: 'gpt-5-mini', tier: 'free' },
      ],
    }
    const under = (groups: object, route: object = tiers) => load({ r: route }, { upstreams, gateway: { groups } })
    expect(() => under({}, { strategy: 'tier', targets: ['gpt-5'] })).toThrow(
      'routes.r.targets: needs a tier for each model',
    )
    for (const group of [{ models: ['r'] }, { models: ['*'] }, { models: ['r'], tier: 'silver' }]) {
      expect(() => under({ sales: group })).toThrow(
        'gateway.groups.sales.tier: the route "r" has none for the group, which may ask it; there are: gold, free',
      )
    }
    expect(
      under({ sales: { models: ['r'], tier: 'gold' }, others: { models: ['gpt-5'] } }).config.routes,
    ).toHaveProperty('r')
  })

  it('are none where each target is there', () => {
    const routes = { r: { targets: ['gpt-5', 'gpt-5-mini'] }, s: { targets: ['small', 'smart'] } }
    expect(Object.keys(load(routes).config.routes)).toEqual(['r', 's'])
  })
})
