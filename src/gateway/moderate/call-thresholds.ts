import type { Received } from '../../core/request.ts'
import type { CallConversation, ThresholdsFor } from '../../filters/pipeline/call-thresholds.ts'

/** The conversation of a turn that is kept; null for one that is not. */
export function conversationOfTurn({ keep, keptIn }: Pick<Received, 'keep' | 'keptIn'>): CallConversation | null {
  return keep === undefined ? null : { id: () => keptIn?.() ?? keep.conversation }
}

/** Thresholds as the configuration has them; nothing is recorded. */
export const asConfigured: ThresholdsFor = (_principal, profile) => ({
  profile,
  revision: 0,
  canaryOf: () => null,
  keepsTexts: false,
  decided() {},
})
