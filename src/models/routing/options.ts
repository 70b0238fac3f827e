import { z } from 'zod'
import { recoveries } from '../../core/recovery.ts'
import { modelName } from '../upstreams/options.ts'

const tierName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and -')
const targetName = z.string().min(1)

const targetOptions = z.union([
  targetName,
  z.strictObject({
    model: targetName,
    weight: z
      .number()
      .min(0)
      .max(1_000_000)
      .default(1)
      .describe('Its share of the conversations of a weighted route; with 0 it is asked only where others fail.'),
    tier: tierName.optional().describe('Which groups a route by tiers has it for: those of this tier.'),
  }),
])

export const strategies = ['order', 'cost', 'latency', 'weighted', 'least-busy', 'tier'] as const

export type Strategy = (typeof strategies)[number]

const routeOptions = z.strictObject({
  targets: z
    .array(targetOptions)
    .min(1)
    .max(100)
    .describe('Models of upstreams, all of one kind, by the names that callers have for them; or {model, weight}.'),
  strategy: z
    .enum(strategies)
    .default('order')
    .describe(
      'Which target is asked first: order, the first of the list; cost, the cheapest for what the call may use; latency, the one that has answered soonest; weighted, by shares, each conversation at one; least-busy, the one with the fewest calls of this process; tier, those of the tier of whoever asks.',
    ),
  downgrade: z
    .boolean()
    .default(false)
    .describe(
      'By tiers: do lower tiers, which stand further down among the targets, step in where those of the caller fail, or cost more than is left?',
    ),
  recovery: z
    .enum(recoveries)
    .optional()
    .describe('What is done about answers that break off, in the place of gateway.attempts.recovery.'),
})

export const routesOptions = z
  .record(modelName, routeOptions)
  .default({})
  .describe('Names that callers ask for like a model, each for one of several models of upstreams.')

export type RoutesOptions = z.infer<typeof routesOptions>
export type TargetOptions = z.infer<typeof targetOptions>

/** The model of upstreams that a target is. */
export const modelOf = (target: TargetOptions): string => (typeof target === 'string' ? target : target.model)
