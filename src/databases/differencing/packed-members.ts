import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Member } from './answer-space.ts'

/** A set as it stands in the file of a ledger: row and entity of each member by turns, as doubles, deflated. */
export function pack(members: readonly Member[]): Uint8Array {
  const numbers = Float64Array.from(members.flatMap(({ row, entity }) => [row, entity]))
  return deflateRawSync(new Uint8Array(numbers.buffer))
}

/** Throws where the bytes are not what `pack` makes. */
export function unpack(packed: Uint8Array): Member[] {
  const bytes = inflateRawSync(packed)
  const numbers = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  return Array.from({ length: numbers.length / 2 }, (_, index) => ({
    row: numbers[index * 2] ?? 0,
    entity: numbers[index * 2 + 1] ?? 0,
  }))
}
