import { Masker } from '../../filters/mask.ts'
import { WindowReader, type TextWindow } from '../../filters/windows/windows.ts'
import type { Screener } from './screener.ts'

/**
 * Screens a text while it streams. It is read in the same windows as a whole text is: nothing that crosses a chunk, a
 * line or a sentence escapes, and what leaves is what would leave of the whole, for every way it was cut into chunks.
 */
export class TextStream {
  readonly #screener: Screener
  #reader = new WindowReader()
  #masker = new Masker()

  constructor(screener: Screener) {
    this.#screener = screener
  }

  /** Text that may leave now; often empty. */
  push(text: string, signal: AbortSignal): Promise<string> {
    return this.#release([...this.#reader.push(text)], signal)
  }

  /** Releases everything that is held, because what follows does not continue this text. */
  async flush(signal: AbortSignal): Promise<string> {
    const rest = await this.#release([...this.#reader.end()], signal)
    this.#reader = new WindowReader()
    this.#masker = new Masker()
    return rest
  }

  async #release(windows: readonly TextWindow[], signal: AbortSignal): Promise<string> {
    if (windows.length === 0) return ''
    const spans = await this.#screener.spans(windows, { provenance: 'model', form: 'markdown' }, signal)
    return windows.map((window, index) => this.#masker.mask(window, spans[index] ?? [])).join('')
  }
}
