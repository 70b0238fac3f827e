import { z } from 'zod'
import { modelName } from '../upstreams/options.ts'

const routeOptions = z.strictObject({
  targets: z
    .array(z.string().min(1))
    .min(1)
    .max(100)
    .describe('Models of upstreams, all of one kind, by the names that callers have for them.'),
  strategy: z.enum(['order']).default('order').describe('Which target is asked first: order, the first of the list.'),
})

export const routesOptions = z
  .record(modelName, routeOptions)
  .default({})
  .describe('Names that callers ask for like a model, each for one of several models of upstreams.')

export type RoutesOptions = z.infer<typeof routesOptions>
