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
  /** By the name of the target: the code of the last fault of those that were asked, and why others were not. */
  readonly failed: ReadonlyMap<string, string>
  readonly passedOver: ReadonlyMap<string, 'breaker' | 'quota'>
}

/**
 * Name and value of the header: a list of RFC 9651 with a text for each target, first those that were asked or could have
 * been, in their order, then those that could not. `by` is the strategy, `figure` what the target was ranked by, `failed` the
 * code of the fault of one that did not answer.
 */
export function routeHeaders({
  plan,
  candidates,
  answered,
  attempts,
  failed,
  passedOver,
}: RouteTaken): readonly string[] {
  const end = `answered;attempts=${attempts}`
  if (plan === null) {
    return answered.name === undefined ? [] : [routeHeader, `${placeOf(answered.name, answered)};by=single;${end}`]
  }
  const held = new Set(candidates.map(({ name }) => name))
  const ranked = plan.ranked.map(({ target, figure, isExplored, breaker }) => {
    const { name } = target
    const parts = [placeOf(name, target)]
    const [fault, why] = [failed.get(name), passedOver.get(name) ?? (breaker === 'open' ? 'breaker' : undefined)]
    if (!held.has(name)) return [...parts, 'skipped=quota'].join(';')
    if (why !== undefined && fault === undefined && name !== answered.name)
      return [...parts, `skipped=${why}`].join(';')
    parts.push(`by=${isExplored === true ? 'exploring' : plan.by}`)
    if (figure !== null) parts.push(`figure=${Math.round(figure)}`)
    if (name === answered.name) parts.push(end)
    else if (fault !== undefined) parts.push(`failed=${fault}`)
    return parts.join(';')
  })
  const skipped = plan.skipped.map(({ target, why }) => `${placeOf(target.name, target)};skipped=${why}`)
  return [routeHeader, [...ranked, ...skipped].join(', ')]
}

const placeOf = (name: string, { upstream }: CallTarget): string => `${quoted(name)};upstream=${quoted(upstream)}`

/** Names of models and upstreams are printable ASCII. */
const quoted = (text: string): string =>
  /["\\]/.test(text) ? `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"` : `"${text}"`
