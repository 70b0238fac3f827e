import { z } from 'zod'
import type { ListedModels } from '../../../gateway/calls/routing/listed-models.ts'
import { noBody, noParams, route } from '../../openapi/contract.ts'
import { latency, toLatency } from './overview.ts'

const breaker = z
  .enum(['closed', 'open', 'half-open'])
  .describe(
    'Of the process that is asked, for callers who have not failed there alone. open: it has failed in a row. half-open: it had, and one call finds out whether it is back.',
  )

export const listEveryModel = route({
  id: 'models.list',
  method: 'get',
  path: '/admin/v1/models',
  summary:
    'Providers, their models and routes, with how each does by what the process that is asked has seen; nobody is asked.',
  params: noParams,
  query: noParams,
  body: noBody,
  status: 200,
  answer: z.strictObject({
    own: z
      .strictObject({ model: z.string(), scripted: z.boolean(), address: z.string().nullable() })
      .describe('What answers as analyst; an address of null is that of its provider.'),
    providers: z.array(
      z.strictObject({
        name: z.string(),
        kind: z.enum(['openai', 'anthropic']),
        address: z.string(),
        region: z.string().nullable(),
        calls: z
          .strictObject({ answered: z.int(), failed: z.int(), cancelled: z.int(), latency_ms: latency })
          .describe('Of the last hour.'),
        models: z.array(
          z.strictObject({
            name: z.string().describe('As callers have it.'),
            model: z.string().describe('As the provider has it.'),
            breaker,
            abilities: z.array(z.string()).nullable().describe('null where nobody has said: it is taken to have all.'),
            priced: z.boolean(),
          }),
        ),
      }),
    ),
    routes: z.array(
      z.strictObject({
        name: z.string(),
        strategy: z.string(),
        targets: z.array(
          z.strictObject({
            name: z.string(),
            upstream: z.string(),
            weight: z.number(),
            tier: z.string().nullable(),
            breaker,
          }),
        ),
      }),
    ),
  }),
  errors: [],
})

export function toModels({ own, upstreams, routes }: ListedModels): z.input<typeof listEveryModel.answer> {
  return {
    own: { ...own },
    providers: upstreams.map(({ name, kind, address, region, calls, models }) => ({
      name,
      kind,
      address,
      region,
      calls: {
        answered: calls.answered,
        failed: calls.failed,
        cancelled: calls.cancelled,
        latency_ms: toLatency(calls.latency),
      },
      models: models.map(({ name: known, model, breaker: state, abilities, hasPrice }) => {
        return { name: known, model, breaker: state, abilities: abilities && [...abilities], priced: hasPrice }
      }),
    })),
    routes: routes.map(({ name, strategy, targets }) => ({ name, strategy, targets: [...targets] })),
  }
}
