import { maskRange, mergeSpans } from '../../filters/mask.ts'
import type { Screener } from './screener.ts'
import { Segmenter } from './segmenter.ts'

const keyBegin = '-----BEGIN PRIVATE KEY-----\n'

/**
 * Screens a text while it streams. A segment is released when the one after it is complete, and is checked together
 * with both neighbours: nothing that crosses a chunk, a line or a sentence escapes, and the result is the same for
 * every way the text was cut into chunks.
 */
export class TextStream {
  readonly #screener: Screener
  readonly #segmenter = new Segmenter()
  #held: string[] = []
  #before = ''
  #openMask = false

  constructor(screener: Screener) {
    this.#screener = screener
  }

  /** Text that may leave now; often empty. */
  async push(text: string, signal: AbortSignal): Promise<string> {
    this.#held.push(...this.#segmenter.push(text))
    let released = ''
    while (this.#held.length >= 2) released += await this.#release(signal)
    return released
  }

  /** Everything still held: what follows is no continuation of this text. */
  async flush(signal: AbortSignal): Promise<string> {
    this.#held.push(this.#segmenter.end())
    let released = ''
    while (this.#held.length > 0) released += await this.#release(signal)
    return released
  }

  async #release(signal: AbortSignal): Promise<string> {
    const [segment = '', after = ''] = this.#held
    this.#held.shift()
    if (segment === '') return ''
    const window = this.#before + segment + after
    const range = { from: this.#before.length, to: this.#before.length + segment.length }
    const [found = []] = await this.#screener.spans([{ text: window, provenance: 'model' }], signal)
    const spans = mergeSpans(found)
    const masked = maskRange(window, spans, { ...range, named: this.#openMask })
    const crossing = spans.find((span) => span.start < range.to && span.end > range.to)
    this.#openMask = crossing !== undefined
    // However long a key is, what follows must still be seen to stand inside it.
    this.#before = crossing?.category === 'secret/private-key' ? keyBegin : segment
    return masked
  }
}
