import type { BreakerState } from '../../../concurrency/breaker.ts'
import type { CountedCalls, SumUpTraffic } from '../../../core/traffic.ts'
import type { CallTarget } from '../../../core/model-call.ts'
import type { ModelOptions } from '../../../models/options.ts'
import type { Route } from '../../../models/routing/routes.ts'
import type { UpstreamsOptions } from '../../../models/upstreams/options.ts'
import { passedModels, type PassedModel } from '../../../models/upstreams/passed-models.ts'

/** A model of an upstream, as callers and as the upstream name it. */
export interface ListedModel {
  readonly name: string
  readonly model: string
  /** How it stands for whoever has not failed at it alone. */
  readonly breaker: BreakerState
  /** null where nobody has said. */
  readonly abilities: readonly string[] | null
  readonly hasPrice: boolean
}

export interface ListedUpstream {
  readonly name: string
  readonly kind: PassedModel['kind']
  /** Without a name or a password in it. */
  readonly address: string
  readonly region: string | null
  /** Of the last hour, by this process. */
  readonly calls: CountedCalls
  readonly models: readonly ListedModel[]
}

export interface ListedRoute {
  readonly name: string
  readonly strategy: Route['strategy']
  readonly targets: readonly {
    readonly name: string
    readonly upstream: string
    readonly weight: number
    readonly tier: string | null
    readonly breaker: BreakerState
  }[]
}

/** The models of a service, with how each does by what this process has seen. */
export interface ListedModels {
  /** What answers as the service's own model. */
  readonly own: { readonly model: string; readonly scripted: boolean; readonly address: string | null }
  readonly upstreams: readonly ListedUpstream[]
  /** Names for several models: a model by itself is none of them. */
  readonly routes: readonly ListedRoute[]
}

interface ListModelsParts {
  readonly config: {
    readonly model: Pick<ModelOptions, 'base_url'>
    readonly upstreams: UpstreamsOptions
    readonly routes: Readonly<Record<string, unknown>>
  }
  readonly model: { readonly id: string; readonly scripted: boolean }
  readonly routes: ReadonlyMap<string, Route>
  /** Looking changes nothing. */
  readonly breakerOf: (target: CallTarget) => BreakerState
  readonly sumUpTraffic: SumUpTraffic
}

const noCalls: CountedCalls = { answered: 0, failed: 0, cancelled: 0, latency: null }

/** Asks nobody: what is listed is the configuration, and what this process has seen. */
export function createListModels({ config, model, routes, breakerOf, sumUpTraffic }: ListModelsParts) {
  const passed = [...passedModels(config.upstreams).values()]
  return (): ListedModels => {
    const { upstreams: called } = sumUpTraffic('1h')
    return {
      own: {
        model: model.id,
        scripted: model.scripted,
        address: model.scripted ? null : plainAddress(config.model.base_url),
      },
      upstreams: Object.entries(config.upstreams).map(([name, { kind, base_url, region }]) => ({
        name,
        kind,
        address: plainAddress(base_url) ?? '',
        region,
        calls: called.get(name) ?? noCalls,
        models: passed
          .filter(({ upstream }) => upstream === name)
          .map((each) => ({
            name: each.id,
            model: each.model,
            breaker: breakerOf(each),
            abilities: each.abilities && [...each.abilities],
            hasPrice: each.price !== undefined,
          })),
      })),
      routes: [...routes.values()]
        .filter(({ id }) => Object.hasOwn(config.routes, id))
        .map(({ id, strategy, targets }) => ({
          name: id,
          strategy,
          targets: targets.map((target) => {
            const { name, upstream, weight, tier } = target
            return { name, upstream, weight, tier, breaker: breakerOf(target) }
          }),
        })),
    }
  }
}

/** Where it is, without who asks and what for; null for the address that a provider has by itself. */
function plainAddress(address: string | undefined): string | null {
  if (address === undefined) return null
  const { origin, pathname } = new URL(address)
  return `${origin}${pathname}`
}
