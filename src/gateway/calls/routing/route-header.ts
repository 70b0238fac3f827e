import type { CallTarget } from '../../../core/model-call.ts'
import type { RoutePlan } from '../../../models/routing/plan.ts'

/** Says where a call went and why, to those who may see it. */
const routeHeader = 'x-sallyport-route'

/** What became of a plan. */
export interface RouteTaken {
  /** null where there was nothing to choose from. */
  readonly plan: RoutePlan | null
  /** Those for which the call was held. */
  readonly candidates: readonly CallTarget[]
  readonly answered: CallTarget
  /** How many times a model was asked. */
  readonly attempts: number
}

/**
 * Name and value of the header: a list of RFC 9651 with a text for each target, first those that were asked or could have
 * been, in their order, then those that could not. `by` is the strategy, `figure` what the target was ranked by.
 */
export function routeHeaders({ plan, candidates, answered, attempts }: RouteTaken): readonly string[] {
  const end = `answered;attempts=${attempts}`
  if (plan === null) {
    return answered.name === undefined ? [] : [routeHeader, `${placeOf(answered.name, answered)};by=single;${end}`]
  }
  const held = new Set(candidates.map(({ name }) => name))
  const ranked = plan.ranked.map(({ target, figure, isExplored }) => {
    const parts = [placeOf(target.name, target)]
    if (!held.has(target.name)) parts.push('skipped=quota')
    else {
      parts.push(`by=${isExplored === true ? 'exploring' : plan.by}`)
      if (figure !== null) parts.push(`figure=${Math.round(figure)}`)
    }
    if (target.name === answered.name) parts.push(end)
    return parts.join(';')
  })
  const skipped = plan.skipped.map(({ target, why }) => `${placeOf(target.name, target)};skipped=${why}`)
  return [routeHeader, [...ranked, ...skipped].join(', ')]
}

const placeOf = (name: string, { upstream }: CallTarget): string => `${quoted(name)};upstream=${quoted(upstream)}`

/** Names of models and upstreams are printable ASCII. */
const quoted = (text: string): string =>
  /["\\]/.test(text) ? `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"` : `"${text}"`
