import type { SeenValue } from '../../privacy/mask/seen-values.ts'
import type { DecisionInput } from '../decisions.ts'
import { addAtPlace } from './places.ts'

type Detections = DecisionInput<'payload'>['payload']['detections']
type Source = Detections[number]['source']

/** What detectors have seen, by kind and place: how often, and how sure the surest of them is. No value of it. */
export function detectionsOf(seen: readonly SeenValue[], sourceAt: ReadonlyMap<string, Source>): Detections {
  const byPlace = new Map<string, Detections[number]>()
  for (const { path, category, score } of seen) {
    const source = sourceOf(path, sourceAt)
    addAtPlace(byPlace, { kind: category, path }, { category, source, place: path.slice(0, 200), count: 1, score })
  }
  return [...byPlace.values()]
}

/** Detectors also look into JSON that stands in a text, and at numbers: those are of whom the place around them is. */
function sourceOf(path: string, sourceAt: ReadonlyMap<string, Source>): Source {
  for (let around = path; around !== '';) {
    const source = sourceAt.get(around)
    if (source !== undefined) return source
    around = around.slice(0, Math.max(around.lastIndexOf('.'), around.lastIndexOf('['), 0))
  }
  return 'other'
}
