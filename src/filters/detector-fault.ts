/** What became of a detector that did not answer: it took too long, it failed, or its answer cannot be understood. */
export type DetectorFailure = 'deadline' | 'fault' | 'unreadable'

/**
 * Why a detector could not look at a text, in words that a caller may read: what went wrong and what to do, never a part of
 * the text or of what another program said about it.
 */
export class DetectorFault extends Error {
  readonly advice: string
  readonly why: DetectorFailure

  constructor(
    message: string,
    {
      advice,
      cause,
      why = 'fault',
    }: { readonly advice: string; readonly cause?: unknown; readonly why?: DetectorFailure },
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'DetectorFault'
    this.advice = advice
    this.why = why
  }
}
