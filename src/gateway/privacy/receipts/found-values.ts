import type { ReplacedValue } from '../mask/mask-body.ts'

/** Values by kind and by place, counted: never what they are. */
export interface FoundValues {
  readonly count: number
  /** How many of each kind. */
  readonly byKind: ReadonlyMap<string, number>
  readonly places: readonly FoundPlace[]
}

/** So many values of a kind in one place. */
export interface FoundPlace {
  /** `messages[2].content[0].text` */
  readonly position: string
  readonly kind: string
  readonly count: number
}

/** Most calls have nothing of a kind: they share it. */
const nothingFound: FoundValues = { count: 0, byKind: new Map(), places: [] }

export function countFound(values: readonly ReplacedValue[]): FoundValues {
  if (values.length === 0) return nothingFound
  const byKind = new Map<string, number>()
  const places = new Map<string, Map<string, number>>()
  for (const { path, category } of values) {
    countOne(byKind, category)
    const ofPlace = places.get(path) ?? new Map<string, number>()
    places.set(path, ofPlace)
    countOne(ofPlace, category)
  }
  return {
    count: values.length,
    byKind,
    places: [...places].flatMap(([position, kinds]) => [...kinds].map(([kind, count]) => ({ position, kind, count }))),
  }
}

function countOne(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
