import { DetectorFault } from '../detector-fault.ts'

/** What was seen of texts that are looked for: of each index, of each of its texts, 1 for each character. */
export interface Seen {
  readonly prompts: readonly Uint8Array[][]
  readonly canaries: readonly Uint8Array[][]
}

const advice = 'Give every process of filters the same filters.content.leak.'

const textsOf = ({ prompts, canaries }: Seen): readonly Uint8Array[] => [...prompts.flat(), ...canaries.flat()]

/** A bit for each character, in base64. */
export function writeSeen(seen: Seen): string {
  const texts = textsOf(seen)
  const bits = Buffer.alloc(bytesFor(texts))
  let at = 0
  for (const text of texts) {
    for (const isSeen of text) {
      if (isSeen !== 0) bits[at >> 3] = (bits[at >> 3] as number) | (1 << (at & 7))
      at += 1
    }
  }
  return bits.toString('base64')
}

/** Adds what was written of the same texts. Throws a DetectorFault where it is of others. */
export function addWritten(written: string, seen: Seen): void {
  const texts = textsOf(seen)
  const bits = Buffer.from(written, 'base64')
  if (bits.length !== bytesFor(texts)) {
    throw new DetectorFault('What was seen of the answer before is of other instructions or canaries.', { advice })
  }
  let at = 0
  for (const text of texts) {
    for (let place = 0; place < text.length; place += 1) {
      if ((((bits[at >> 3] as number) >> (at & 7)) & 1) === 1) text[place] = 1
      at += 1
    }
  }
}

const bytesFor = (texts: readonly Uint8Array[]): number =>
  Math.ceil(texts.reduce((sum, { length }) => sum + length, 0) / 8)
