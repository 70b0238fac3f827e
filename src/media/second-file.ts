import type { Ancillary } from './structure/structure.ts'

/**
 * How files begin, or end, that another program finds in the middle of one. A ZIP is found by its end, a PDF behind
 * up to a kilobyte of anything, and what a browser or an interpreter runs by its first words.
 */
const marks = [
  'PK\x03\x04',
  'PK\x05\x06',
  '%PDF-',
  '7z\xbc\xaf\x27\x1c',
  'Rar!\x1a\x07',
  '\x7fELF',
  '<html',
  '<script',
  '<!doctype',
  '<svg',
  '<?php',
  '<iframe',
  '#!/',
].map((mark) => Buffer.from(mark, 'latin1'))

const isLetter = (byte: number): boolean => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)

/**
 * Whether data of a picture that is no pixels reads as a file of another kind. A picture that is handed on as it is
 * would be a carrier of it. What is hidden in pixels is not seen: only drawing anew takes it away.
 */
export function holdsSecondFile(bytes: Buffer, ancillary: readonly Ancillary[]): boolean {
  return ancillary.some(({ start, end }) => {
    const data = foldCase(bytes.subarray(start, end))
    return marks.some((mark) => data.includes(foldCase(mark)))
  })
}

function foldCase(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => (isLetter(byte) ? byte | 0x20 : byte)))
}
