import { createHash } from 'node:crypto'
import type { EvaluationSet, LabelledScore } from '../../core/tuning.ts'

export interface BuildSetOptions {
  readonly name: string
  readonly place: EvaluationSet['place']
  /** The newest version that there is of this name; null for none. */
  readonly last: Pick<EvaluationSet, 'version' | 'digest'> | null
  /** Labels as they hold now. */
  readonly labels: readonly LabelledScore[]
  /** `name@version …` of the detectors in force: labels of other scores are left out. */
  readonly detectors: string
  readonly by: string
}

export interface BuiltSet {
  readonly set: Omit<EvaluationSet, 'made'>
  /** Labels that were left out, since their scores are of other detectors. */
  readonly leftOut: number
  /** Has it the items of the version before? Then there is nothing to keep. */
  readonly isUnchanged: boolean
}

/** The next version of a set. Its items are in the order of their ids, so that the same labels have the same digest. */
export function buildSet({ name, place, last, labels, detectors, by }: BuildSetOptions): BuiltSet {
  const items = labels.filter((label) => label.detectors === detectors).toSorted(byDecision)
  const digest = digestOf(items)
  return {
    set: { name, version: (last?.version ?? 0) + 1, place, digest, items, by },
    leftOut: labels.length - items.length,
    isUnchanged: last?.digest === digest,
  }
}

const byDecision = (one: LabelledScore, other: LabelledScore): number =>
  one.decision < other.decision ? -1 : one.decision > other.decision ? 1 : one.truth < other.truth ? -1 : 1

/** SHA-256 in hex over the items in their order, each as one line of JSON with its members in a fixed order. */
export function digestOf(items: readonly LabelledScore[]): string {
  const hash = createHash('sha256')
  for (const { decision, principal, score, isBound, weight, stratum, detectors, truth, source } of items) {
    const line = [decision, principal, score, isBound, weight, stratum, detectors, truth, source]
    hash.update(`${JSON.stringify(line)}\n`)
  }
  return hash.digest('hex')
}

/** Are the items those that the digest was made of? What was changed in a storage is no set any more. */
export const isWhole = ({ digest, items }: Pick<EvaluationSet, 'digest' | 'items'>): boolean =>
  digestOf(items) === digest
