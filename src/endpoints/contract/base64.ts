/**
 * Why a text is not the one base64 of its bytes (RFC 4648, section 4: padded, in the standard alphabet, without anything
 * between, no bits left over), as a predicate; null where it is. Readers differ in what they make of any other spelling.
 */
export function base64Fault(text: string): string | null {
  if (Buffer.from(text, 'base64').toString('base64') === text) return null
  if (/\s/.test(text)) return 'must be base64 without white space'
  if (/[-_]/.test(text)) return 'must be base64 of the alphabet with + and /, not of the one with - and _'
  if (/[^A-Za-z0-9+/=]/.test(text)) return 'must be base64, which has letters, digits, +, / and = alone'
  if (!/^[^=]*={0,2}$/.test(text)) return 'must be base64 that ends with its padding'
  if (text.length % 4 !== 0) return 'must be base64 that is padded with = to a multiple of four characters'
  return 'must be base64 whose last character leaves no bits over'
}

export interface DataUrl {
  readonly type: string
  readonly base64: string
}

const dataUrl = /^data:([a-z]+\/[\w.+-]{1,100});base64,/

/** The parts of a data: URL in the one spelling that is taken, `data:image/png;base64,…`; null for any other text. */
export function readDataUrl(text: string): DataUrl | null {
  const found = dataUrl.exec(text.slice(0, 200))
  return found === null ? null : { type: found[1] ?? '', base64: text.slice(found[0].length) }
}
