import { describe, expect, it } from 'vitest'
import type { Authenticated } from '../../../../src/core/request.ts'
import { authorize, createGrantFor, requireGroup } from '../../../../src/gateway/authorize/groups.ts'
import { gatewayOptions } from '../../../../src/gateway/options.ts'
import { received } from '../../../support/agent-events.ts'
import { sandboxCeilings } from '../../../support/sandbox/sandbox-ceilings.ts'

const { groups } = gatewayOptions.parse({
  groups: {
    all: { models: ['*'] },
    some: {
      models: ['small', 'gone'],
      tools: ['run_python'],
      data_sources: ['stock', 'shop', 'gone'],
      budget: { steps: 3, tokens: 2_000, wall_ms: 4_000, corrections: 1, cost: 500 },
      filter_profile: 'strict',
      reveal_sql: 'never',
      tier: 'gold',
      show_routes: true,
      metrics: true,
      sandbox: { memory_mb: 64 },
    },
    none: { models: [], data_sources: [] },
  },
})
const grantFor = createGrantFor({
  groups,
  dataSources: ['shop', 'stock', 'payroll'],
  models: ['analyst', 'small'],
  sandboxCeilings,
  processors: 64,
})
const of = (group: string) => grantFor({ id: 'k1', kind: 'api-key', group })
const asking = (group: string, extra: Parameters<typeof received>[0] = {}): Authenticated => ({
  ...received(extra),
  principal: { id: 'k1', kind: 'api-key', group },
})

describe('what a group grants', () => {
  it('is what its policy names, of what there is and in that order', () => {
    expect(of('some')).toEqual({
      models: ['small'],
      hostedTools: [],
      tools: ['run_python'],
      endpoints: [],
      dataSources: ['shop', 'stock'],
      budget: {
        maximumSteps: 3,
        maximumTokens: 2_000,
        maximumCost: 500,
        wallMilliseconds: 4_000,
        maximumCorrections: 1,
      },
      sandboxCeilings: { ...sandboxCeilings, memory_mb: 64 },
      filterProfile: 'strict',
      privacyProfile: null,
      callFilterProfile: null,
      revealSql: 'never',
      findValues: 'none',
      grounding: 'annotate',
      tier: 'gold',
      routeOrders: {},
      showRoutes: true,
      actions: 'off',
      metrics: true,
    })
  })

  it('is everything there is for "*", and nothing for an empty list', () => {
    expect(of('all')).toMatchObject({ models: ['analyst', 'small'], dataSources: ['shop', 'stock', 'payroll'] })
    expect(of('none')).toMatchObject({ models: [], dataSources: [] })
  })

  it.each(['gone', '', 'toString', '__proto__', 'constructor'])(
    'is nothing for the group %j without a policy',
    (group) => {
      expect(() => of(group)).toThrow(
        expect.objectContaining({ code: 'forbidden', message: `The group "${group}" has no policy.` }),
      )
    },
  )
})

describe('a request', () => {
  it('gets the grant of its caller and the source it names, else the first of the grant', async () => {
    const request = asking('some', { model: 'small' })
    expect(await authorize(request, grantFor)).toEqual({ ...request, grant: of('some'), dataSource: 'shop' })
    expect(await authorize({ ...request, dataSource: 'stock' }, grantFor)).toMatchObject({ dataSource: 'stock' })
    const sourceless = () => ({ ...of('none'), models: ['small'] })
    expect(await authorize(request, sourceless)).toMatchObject({ dataSource: null })
  })

  it.each([
    ['some', 400, 400],
    ['some', 600, 500],
    ['all', 600, 600],
    ['all', undefined, undefined],
  ] as const)('of the group %s that may cost %s is given %s', async (group, asked, given) => {
    const request = asking(group, { model: 'small', ...(asked === undefined ? {} : { maximumCost: asked }) })
    expect((await authorize(request, grantFor)).grant.budget.maximumCost).toBe(given)
  })

  it.each(['payroll', 'nowhere', ''])(
    'for the source %j outside the grant is answered as if there were none',
    async (name) => {
      await expect(authorize(asking('some', { model: 'small', dataSource: name }), grantFor)).rejects.toThrow(
        expect.objectContaining({
          code: 'model-not-found',
          parameter: 'model',
          message: `There is no data source "${name}".`,
          advice: 'GET /v1/models lists the models and data sources.',
        }),
      )
    },
  )

  it.each(['analyst', 'gone', '*'])(
    'for the model %j outside the grant is answered as if there were none',
    async (model) => {
      await expect(authorize(asking('some', { model }), grantFor)).rejects.toThrow(
        expect.objectContaining({
          code: 'model-not-found',
          parameter: 'model',
          message: `There is no model "${model}".`,
        }),
      )
    },
  )
})

describe('a group that is asked about', () => {
  it('has to be there; what there is, is said', () => {
    expect(() => requireGroup('ops', ['default', 'ops'])).not.toThrow()
    expect(() => requireGroup('op', ['default', 'ops'])).toThrow(
      expect.objectContaining({
        code: 'invalid-request',
        message: 'There is no group "op".',
        parameter: 'group',
        advice: 'There are: default, ops. gateway.groups in the configuration makes others.',
      }),
    )
  })
})
