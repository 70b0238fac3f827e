import type { Ancillary } from './structure/structure.ts'

/**
 * How files begin, or end, that another program finds in the middle of one, so long that pixels hold none by chance. A ZIP is found by its
 * end, a PDF behind up to a kilobyte of anything, and what a browser or an interpreter runs by its first words.
 */
// oxlint-disable-next-line no-control-regex -- control characters are what these files begin with
const long = /<(?:html|script|!doctype|\?php|iframe)|%pdf-|pk\x05\x06\0{4}|7z\xbc\xaf\x27\x1c|rar!\x1a\x07/i

/** Those that pixels may hold by chance. */
// oxlint-disable-next-line no-control-regex -- as above
const short = /pk\x03\x04|pk\x05\x06|\x7felf|<svg|#!\//i

/**
 * Whether a picture reads as a file of another kind, too, by data that is no pixels or by bytes among packed pixels that no decoder
 * looks at. A picture that is handed on as it is would be a carrier of it. What is hidden in pixels is not seen: only drawing
 * anew takes it away.
 */
export function holdsSecondFile(bytes: Buffer, ancillary: readonly Ancillary[]): boolean {
  // One character for each byte.
  const all = bytes.toString('latin1')
  return long.test(all) || ancillary.some(({ start, end }) => short.test(all.slice(start, end)))
}
