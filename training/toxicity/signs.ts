import { kindCount, toxicityKinds, type ToxicityKind } from '../../src/filters/toxicity/categories.ts'
import { classAt, classCount, levelCount, type WordClass } from '../../src/filters/toxicity/classes.ts'
import { levelFeatures } from '../../src/filters/toxicity/features.ts'
import { denseFeatures } from './examples.ts'

/** What a word of a class can say of a kind: only for it by itself, or beside a word of one of the others. */
interface Evidence {
  readonly alone: readonly WordClass[]
  readonly beside: readonly WordClass[]
}

const evidence: Readonly<Record<ToxicityKind, Evidence>> = {
  harassment: {
    alone: ['insult', 'insult-strong', 'humiliate', 'foreign-insult'],
    beside: [
      'second-person',
      'third-person',
      'threat',
      'kill',
      'injure',
      'self-harm',
      'demean',
      'profanity-strong',
      'hate',
      'is',
    ],
  },
  hate: {
    alone: ['slur', 'supremacy'],
    beside: [
      'identity',
      'demean',
      'hate',
      'all',
      'is',
      'insult',
      'kill',
      'injure',
      'threat',
      'profanity-strong',
      'second-person',
    ],
  },
  sexual: {
    alone: ['sexual-explicit', 'sexual-body', 'sexual-act', 'coercion'],
    beside: ['minor', 'kin', 'first-person', 'second-person', 'third-person', 'profanity-strong', 'romance'],
  },
  'self-harm': {
    alone: ['self-harm', 'self-harm-sign'],
    beside: ['first-person', 'second-person', 'minor', 'will', 'weapon', 'insult', 'insult-strong'],
  },
  violence: {
    alone: ['kill', 'injure', 'gore', 'weapon', 'threat'],
    beside: [
      'victim',
      'first-person',
      'second-person',
      'third-person',
      'will',
      'minor',
      'kin',
      'identity',
      'slur',
      'all',
      'coercion',
    ],
  },
  profanity: { alone: ['profanity-strong', 'profanity'], beside: [] },
}

/** Classes that say that a word beside them is meant otherwise, or told of. */
const calming: ReadonlySet<number> = new Set(
  (
    [
      'technical',
      'figurative',
      'game',
      'sport',
      'medical',
      'education',
      'support',
      'report-verb',
      'counter',
      'negation',
      'reclaimed',
      'romance',
    ] as const
  ).map((name) => classAt(name)),
)

/**
 * Which sign a weight of a class or a pair may have, `kindCount` for each feature: 1, -1, or 0 for no weight at all. Made text has
 * accidents, such as two classes that never meet in it; what is known of a class keeps them out of the model.
 */
export function signsOfWeights(): Int8Array {
  const signs = new Int8Array(denseFeatures * kindCount)
  for (const [kind, name] of toxicityKinds.entries()) {
    const alone = new Set(evidence[name].alone.map((one) => classAt(one)))
    const beside = new Set(evidence[name].beside.map((one) => classAt(one)))
    for (let first = 1; first < classCount; first += 1) {
      const sign = alone.has(first) ? 1 : calming.has(first) ? -1 : 0
      for (let level = 0; level < levelCount; level += 1) signs[(first * levelCount + level) * kindCount + kind] = sign
      for (let second = 1; second < classCount; second += 1) {
        const place = (levelFeatures + first * classCount + second) * kindCount + kind
        const isTold = alone.has(first) || alone.has(second)
        const isEvidence = (one: number) => alone.has(one) || beside.has(one)
        if (isEvidence(first) && isEvidence(second)) signs[place] = 1
        else if (isTold && (calming.has(first) || calming.has(second))) signs[place] = -1
      }
    }
  }
  return signs
}
