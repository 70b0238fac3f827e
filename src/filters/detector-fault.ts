/**
 * Why a detector could not look at a text, in words that a caller may read: what went wrong and what to do, never a part of
 * the text or of what another program said about it.
 */
export class DetectorFault extends Error {
  readonly advice: string

  constructor(message: string, { advice, cause }: { readonly advice: string; readonly cause?: unknown }) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'DetectorFault'
    this.advice = advice
  }
}
