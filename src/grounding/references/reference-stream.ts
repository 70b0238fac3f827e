import { MarkdownPlace } from './markdown-place.ts'
import { longestReference, readReference, type ValueReference } from './reference.ts'

/** What a reference was replaced by. */
export interface BoundValue {
  /** Offsets in all the text that has come out, in UTF-16 units. */
  readonly start: number
  readonly end: number
  readonly text: string
  readonly reference: ValueReference
  readonly cell: { readonly row: number; readonly column: string } | null
}

/** A reference that stays as it is written, and why. */
export interface UnboundReference {
  readonly text: string
  readonly why: string
}

/** What stands for a reference in the text, or why nothing does. */
export type Resolved =
  | { readonly kind: 'value'; readonly text: string; readonly cell: BoundValue['cell'] }
  | { readonly kind: 'missing'; readonly why: string }

export type ResolveReference = (reference: ValueReference) => Resolved

const quotation = /["“”„«»‹›]/g
/** What follows a reference without a blank is looked at up to here. */
const longestRest = 64
const rest = new RegExp(`^(?:(?!\\{\\{)\\S){0,${longestRest}}`)
/** With what follows, the value would be a part of another figure, or of something that a reader makes a link of. */
const continuesFigure = /^[.,]?\p{N}/u
const continuesAddress =
  /\/\/|www\.|[@\\]|[\p{L}\p{N}][.\u3002]\p{L}|^[.\u3002]\p{L}|^[\p{L}\p{N}-]{1,63}[.\u3002]\p{L}/iu

/**
 * Fills in the references of a text while it comes, and passes everything else on at once. A reference that is cut into pieces is held back
 * until it is whole, with the word that it stands in; at most so much as may be one. It is left as it is written wherever it is not a
 * word of a sentence: in code, links, pictures, tags, quotations, behind a backslash.
 */
export class ReferenceStream {
  readonly #resolve: ResolveReference
  readonly #place = new MarkdownPlace()
  readonly bound: BoundValue[] = []
  readonly unbound: UnboundReference[] = []
  #held = ''
  #length = 0

  constructor(resolve: ResolveReference) {
    this.#resolve = resolve
  }

  push(text: string): string {
    this.#held += text
    return this.#release(false)
  }

  /** What was held back: nothing follows. */
  end(): string {
    return this.#release(true)
  }

  #release(isLast: boolean): string {
    let out = ''
    for (;;) {
      const begin = this.#held.indexOf('{{')
      if (begin < 0) {
        const kept = !isLast && this.#held.endsWith('{') ? 1 : 0
        return out + this.#say(this.#held.length - kept)
      }
      out += this.#say(begin)
      const window = this.#held.slice(0, longestReference)
      const end = window.indexOf('}}')
      const line = window.indexOf('\n')
      const isNone = line >= 0 && (end < 0 || line < end)
      if (end < 0 && !isNone && !isLast && window.length < longestReference) return out
      const text = end < 0 ? '' : this.#held.slice(0, end + 2)
      const reference = isNone ? null : readReference(text)
      if (reference === null) {
        out += this.#say(1)
        continue
      }
      const [behind = ''] = rest.exec(this.#held.slice(text.length)) ?? []
      const mayGrow = text.length + behind.length === this.#held.length && behind.length < longestRest
      if (mayGrow && !isLast) return out
      out += this.#fill(text, reference, behind)
    }
  }

  #fill(text: string, reference: ValueReference, behind: string): string {
    const resolved = this.#resolved(reference, behind)
    if (resolved.kind === 'missing') {
      this.unbound.push({ text, why: resolved.why })
      return this.#say(text.length)
    }
    const start = this.#length
    this.#held = this.#held.slice(text.length)
    this.#length += resolved.text.length
    // A mark of quotation in a value opens none in the sentence.
    this.#place.take(resolved.text.replaceAll(quotation, '’'))
    this.bound.push({ start, end: this.#length, text: resolved.text, reference, cell: resolved.cell })
    return resolved.text
  }

  #resolved(reference: ValueReference, behind: string): Resolved {
    if (!this.#place.isInSentence) return { kind: 'missing', why: 'it is not a word of a sentence' }
    if (behind.length >= longestRest || continuesFigure.test(behind) || continuesAddress.test(behind)) {
      return { kind: 'missing', why: 'what follows would make something else of the value' }
    }
    return this.#resolve(reference)
  }

  /** Passes the beginning of what is held on. */
  #say(characters: number): string {
    const said = this.#held.slice(0, characters)
    this.#held = this.#held.slice(characters)
    this.#length += said.length
    this.#place.take(said)
    return said
  }
}
