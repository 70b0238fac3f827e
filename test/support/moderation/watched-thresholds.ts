import type { DecidedContent, ThresholdsFor } from '../../../src/filters/pipeline/call-thresholds.ts'

/** The threshold of a profile's toxicity as if it was tuned for everybody, and all that is decided by it. */
export function watchedThresholds({ toxicity, keepsTexts = true }: { toxicity?: number; keepsTexts?: boolean } = {}) {
  const decided: DecidedContent[] = []
  const thresholds: ThresholdsFor = (_caller, profile) => {
    const tuned = (direction: 'inbound' | 'outbound') => {
      const rule = profile[direction]['toxicity']
      return rule === undefined || toxicity === undefined ? {} : { toxicity: { ...rule, threshold: toxicity } }
    }
    return {
      profile: {
        ...profile,
        inbound: { ...profile.inbound, ...tuned('inbound') },
        outbound: { ...profile.outbound, ...tuned('outbound') },
      },
      revision: 9,
      canaryOf: (direction) => (direction === 'inbound' ? 'rol_1' : null),
      keepsTexts,
      decided: (content) => void decided.push(content),
    }
  }
  return { thresholds, decided }
}
