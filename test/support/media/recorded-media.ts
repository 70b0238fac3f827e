import type { MediaChecker, MediaLimits } from '../../../src/core/media.ts'
import { checkStructure } from '../../../src/media/refusals.ts'

/** Looks at the structure of pictures as the service does, and draws each as `drawn`, without a process that decodes. */
export class RecordedMedia implements MediaChecker {
  readonly asked: { readonly bytes: Buffer; readonly declaredType: string | null; readonly limits: MediaLimits }[] = []
  readonly #drawn: Buffer

  constructor(drawn: Buffer) {
    this.#drawn = drawn
  }

  async check(
    received: Uint8Array,
    { declaredType, limits }: { readonly declaredType: string | null; readonly limits: MediaLimits },
  ) {
    const bytes = Buffer.from(received)
    this.asked.push({ bytes, declaredType, limits })
    const verdict = checkStructure(bytes, declaredType, limits)
    if (verdict.kind === 'refused') return verdict
    const { type, width, height, frames } = verdict.structure
    return { kind: 'accepted', media: { type, width, height, frames, bytes: this.#drawn } } as const
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
