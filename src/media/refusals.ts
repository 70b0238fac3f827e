import type { MediaLimits, MediaRefusal, MediaRefusalCode, PictureType } from '../core/media.ts'
import { holdsSecondFile } from './second-file.ts'
import { readStructure } from './structure/read-structure.ts'
import { isPictureType, registeredType, typeByBytes } from './structure/picture-type.ts'
import { StructureError, type PictureStructure } from './structure/structure.ts'

/** A picture that may be decoded, or why it may not. */
export type StructureVerdict =
  | { readonly kind: 'decodable'; readonly structure: PictureStructure }
  | { readonly kind: 'refused'; readonly refusal: MediaRefusal }

/** One limit against a picture; null where the picture keeps it. */
type Rule = (structure: PictureStructure, limits: MediaLimits, bytes: Buffer) => MediaRefusal | null

/**
 * Looks at a picture without decoding it, in a time that grows with its bytes alone: its type by its first bytes and
 * by what the sender says, its structure, its size unpacked, and what else it carries.
 */
export function checkStructure(bytes: Buffer, declaredType: string | null, limits: MediaLimits): StructureVerdict {
  if (bytes.length > limits.maximumBytes)
    return refused('too-many-bytes', `The picture has ${bytes.length} bytes; at most ${limits.maximumBytes} are taken.`)
  const type = typeByBytes(bytes)
  if (type === null) return refused('unknown-type', `These bytes are no picture. ${taken(limits)}`)
  if (!isPictureType(type) || !limits.types.includes(type))
    return refused('type-not-allowed', `This is ${type}. ${taken(limits)}`)
  if (declaredType !== null && registeredType(declaredType) !== type)
    return refused('declared-type-differs', `This is ${type}, and was sent as another type. Send it as what it is.`)
  return checkPicture(type, bytes, limits)
}

function checkPicture(type: PictureType, bytes: Buffer, limits: MediaLimits): StructureVerdict {
  try {
    const structure = readStructure(type, bytes)
    for (const rule of rules) {
      const refusal = rule(structure, limits, bytes)
      if (refusal !== null) return { kind: 'refused', refusal }
    }
    return { kind: 'decodable', structure }
  } catch (error) {
    if (error instanceof StructureError) return refused(error.code, `The picture ${error.message}.`)
    throw error
  }
}

const rules: readonly Rule[] = [
  ({ width, height }) => (width === 0 || height === 0 ? refusal('no-pixels', 'The picture has no pixels.') : null),
  ({ width }, { maximumWidth }) => above('too-wide', width, maximumWidth, 'pixels from left to right'),
  ({ height }, { maximumHeight }) => above('too-high', height, maximumHeight, 'pixels from top to bottom'),
  ({ frames, type }, limits) => above('too-many-frames', frames, mostFrames(type, limits), 'frames'),
  ({ width, height, frames }, { maximumPixels }) =>
    above('too-many-pixels', width * height * frames, maximumPixels, 'pixels in all frames'),
  unpacksTooLarge,
  (structure, { metadata, mode }) =>
    metadata === 'refuse' || (metadata === 'strip' && mode === 'as-is') ? carriesMetadata(structure) : null,
  (structure, { mode }, bytes) => (mode === 'as-is' ? readDifferently(structure, bytes) : null),
]

/** An animated PNG shows one picture to programs that know animations and another to those that do not. */
function mostFrames(type: PictureType, { mode, maximumFrames }: MediaLimits): number {
  return mode === 'as-is' || type === 'image/png' || type === 'image/jpeg' ? 1 : maximumFrames
}

function unpacksTooLarge(structure: PictureStructure, limits: MediaLimits, bytes: Buffer): MediaRefusal | null {
  const { width, height, frames, channels, bitsPerChannel } = structure
  const unpacked = width * height * frames * channels * Math.max(1, bitsPerChannel / 8)
  const ratio = Math.ceil(unpacked / bytes.length)
  if (ratio <= limits.maximumDecompressionRatio) return null
  const told = `unpacks to ${ratio} times its size; at most ${limits.maximumDecompressionRatio} times are taken.`
  return refusal('unpacks-too-large', `The picture ${told}`)
}

function carriesMetadata({ ancillary }: PictureStructure): MediaRefusal | null {
  const found = ancillary.find(({ kind }) => kind !== 'profile')
  if (found === undefined) return null
  const told = found.kind === 'application data' ? found.kind : `${found.kind} data`
  return refusal('metadata', `The picture carries ${told}, which is not taken. Send it without.`)
}

/** What programs read in different ways, so that a model may see something else than whoever looked. */
function readDifferently(structure: PictureStructure, bytes: Buffer): MediaRefusal | null {
  const { end, ancillary, bitsPerChannel, colours } = structure
  if (end < bytes.length) return refusal('trailing-bytes', `${bytes.length - end} bytes follow the end of the picture.`)
  if (holdsSecondFile(bytes, ancillary))
    return refusal('second-file', 'The picture carries a file of another kind. Send it without.')
  if (bitsPerChannel > 8)
    return refusal('unusual-colours', `The picture has ${bitsPerChannel} bits for each channel; at most 8 are taken.`)
  if (colours === 'cmyk') return refusal('unusual-colours', 'The picture has colours of print; RGB or grey is taken.')
  return null
}

function above(code: MediaRefusalCode, value: number, maximum: number, unit: string): MediaRefusal | null {
  return value > maximum ? refusal(code, `The picture has ${value} ${unit}; at most ${maximum} are taken.`) : null
}

function taken({ types }: MediaLimits): string {
  return `Taken are ${types.join(', ')}.`
}

function refusal(code: MediaRefusalCode, message: string): MediaRefusal {
  return { code, message }
}

function refused(code: MediaRefusalCode, message: string): StructureVerdict {
  return { kind: 'refused', refusal: refusal(code, message) }
}
