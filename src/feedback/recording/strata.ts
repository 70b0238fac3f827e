import { keyedShare } from '../../core/keyed-hash.ts'
import type { Stratum } from '../../core/recorded-decisions.ts'
import type { DecidedContent } from '../../filters/pipeline/call-thresholds.ts'
import { withholds } from '../../filters/profile.ts'

/** How far below its threshold a score is near it. */
const nearMargin = 0.1

/** What of a decision is kept follows from what became of it alone, and never from who asked or what was said. */
export function stratumOf({ action, scores }: Pick<DecidedContent, 'action' | 'scores'>): Stratum {
  if (withholds(action)) return 'withheld'
  if (action === 'mask') return 'changed'
  const isNear = scores?.some(({ score, threshold }) => score > 0 && score >= threshold - nearMargin) ?? false
  return isNear ? 'near' : 'passed'
}

export interface SamplingOptions {
  /** Shares of what was let pass, 0 to 1: of all, and of what is near a threshold where that is more. */
  readonly sample: number
  readonly near: number
  /** Are decisions kept that somebody may object to? */
  readonly takesComplaints: boolean
  /** Secret: who does not know it cannot choose an id that is kept, or is not. */
  readonly key: Buffer
}

/** How many decisions of its stratum one stands for; null where it is not kept. */
export type Sampling = (id: string, stratum: Stratum) => number | null

export function createSampling({ sample, near, takesComplaints, key }: SamplingOptions): Sampling {
  const shareOf = keyedShare(key)
  const isRecording = sample > 0 || near > 0
  return (id, stratum) => {
    if (stratum === 'withheld' || stratum === 'changed') return takesComplaints || isRecording ? 1 : null
    const share = stratum === 'near' ? Math.max(near, sample) : sample
    if (share <= 0) return null
    return shareOf(id) < share ? 1 / share : null
  }
}
