import type { PictureType } from '../../core/media.ts'
import { readGif } from './gif.ts'
import { readJpeg } from './jpeg.ts'
import { readPng } from './png.ts'
import type { PictureStructure } from './structure.ts'
import { readWebp } from './webp.ts'

const readers: Readonly<Record<PictureType, (bytes: Uint8Array) => PictureStructure>> = {
  'image/png': readPng,
  'image/jpeg': readJpeg,
  'image/gif': readGif,
  'image/webp': readWebp,
}

/**
 * What a picture says of itself, in one pass that decodes nothing and takes time and memory by its bytes alone. Throws a
 * `StructureError` where it breaks the rules of its type, and nothing else.
 */
export function readStructure(type: PictureType, bytes: Uint8Array): PictureStructure {
  return readers[type](bytes)
}
