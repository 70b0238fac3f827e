import type { SeenValue } from '../../privacy/mask/seen-values.ts'
import type { DecisionInput } from '../decisions.ts'

type Detections = DecisionInput<'payload'>['payload']['detections']
type Source = Detections[number]['source']

const most = 500

/** What detectors have seen, by kind and place: how often, and how sure the surest of them is. No value of it. */
export function detectionsOf(seen: readonly SeenValue[], sourceAt: ReadonlyMap<string, Source>): Detections {
  const byPlace = new Map<string, Detections[number]>()
  for (const { path, category, score } of seen) {
    const key = `${category} ${path}`
    const known = byPlace.get(key)
    if (known === undefined && byPlace.size >= most) continue
    const source = sourceAt.get(path) ?? 'other'
    const place = path.slice(0, 200)
    const before = known ?? { category, source, place, count: 0, score: 0 }
    byPlace.set(key, { ...before, count: before.count + 1, score: Math.max(before.score, score) })
  }
  return [...byPlace.values()]
}
