import type { MediaChecker, MediaDemand } from '../../../src/core/media.ts'
import { checkStructure } from '../../../src/media/refusals.ts'

/** Looks at the structure of pictures as the service does, and draws each as `drawn`, without a process that decodes. */
export class RecordedMedia implements MediaChecker {
  readonly asked: (MediaDemand & { readonly bytes: Buffer })[] = []
  readonly #drawn: Buffer

  constructor(drawn: Buffer) {
    this.#drawn = drawn
  }

  async check(received: Uint8Array, demand: MediaDemand) {
    const bytes = Buffer.from(received)
    const { declaredType, limits } = demand
    this.asked.push({ bytes, ...demand })
    const verdict = checkStructure(bytes, declaredType, limits)
    if (verdict.kind === 'refused') return verdict
    const { type, width, height, frames } = verdict.structure
    return { kind: 'accepted', media: { type, width, height, frames, bytes: this.#drawn } } as const
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
