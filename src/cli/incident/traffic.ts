import type { DrawnPictures } from './example.ts'
import { invalidKinds } from './kinds/invalid-kinds.ts'
import { materialOf, type HonestPicture } from './kinds/kind.ts'
import { classify, formOf, formType, jsonOf, jsonType, type IncidentRequest } from './request.ts'
import { seededRandom, shuffled, type Random } from '../../core/seeded-random.ts'

/** A request and when it is due. */
export interface Planned {
  /** Name of its kind; null for an honest caller. */
  readonly kind: string | null
  readonly request: IncidentRequest
  /** Milliseconds after the first. */
  readonly due: number
}

export interface TrafficOptions {
  readonly seed: number
  readonly requests: number
  /** How many of them are due in a second, at random moments as of many callers who know nothing of each other. */
  readonly perSecond: number
  /** How many of a hundred are invalid. */
  readonly invalidPercent: number
}

/** Requests of each kind that are made; what is sent more often is sent again. */
const variants = 4

/** The same traffic for the same seed and the same pictures: every kind as often as every other, give or take one. */
export function planTraffic(pictures: DrawnPictures, options: TrafficOptions): readonly Planned[] {
  const random = seededRandom(options.seed)
  const material = materialOf(pictures, random)
  const made = invalidKinds.map(({ name, make }) => ({ name, make, requests: [] as IncidentRequest[] }))
  const honest = pictures.honest.flatMap(honestRequests)
  const invalid = Math.round((options.requests * options.invalidPercent) / 100)
  const asked = Array.from({ length: options.requests }, (_, index) => {
    const round = Math.floor(index / made.length)
    const kind = index < invalid ? made[index % made.length] : undefined
    if (kind !== undefined)
      return [{ kind: kind.name, request: (kind.requests[round % variants] ??= kind.make(material)) }]
    const request = honest[index % honest.length]
    return request === undefined ? [] : [{ kind: null, request }]
  })
  let due = 0
  return shuffled(asked.flat(), random).map(({ kind, request }) => {
    const planned = { kind, request, due }
    due += untilNext(options.perSecond, random)
    return planned
  })
}

/** What an honest caller may send of one picture: JSON, or a form. */
function honestRequests({ type, data }: HonestPicture): readonly IncidentRequest[] {
  const form = formOf([
    { name: 'image', type, data },
    { name: 'top', data: '3' },
  ])
  return [
    classify([jsonType], jsonOf(data, { top: 3 }), { key: 'caller' }),
    classify([formType], form, { key: 'caller' }),
  ]
}

/** Milliseconds to the next of callers who know nothing of each other (exponential). */
const untilNext = (perSecond: number, random: Random): number => (-Math.log(1 - random()) * 1_000) / perSecond
