import { Masker } from '../../filters/mask.ts'
import { WindowReader, type TextWindow } from '../../filters/windows/windows.ts'
import type { ScreenedPart, Screener } from './screener.ts'

/**
 * Screens a text while it streams. It is read in the same windows as a whole text is: nothing that crosses a chunk, a
 * line or a sentence escapes, and what leaves is what would leave of the whole, for every way it was cut into chunks.
 */
export class TextStream {
  readonly #screener: Pick<Screener, 'spans'>
  readonly #part: Omit<ScreenedPart, 'text'>
  #reader = new WindowReader()
  #masker = new Masker()

  /** `part`: whose words they are, and what a reader's program makes of them; by default a model's Markdown. */
  constructor(
    screener: Pick<Screener, 'spans'>,
    part: Omit<ScreenedPart, 'text'> = { provenance: 'model', form: 'markdown' },
  ) {
    this.#screener = screener
    this.#part = part
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
    const spans = await this.#screener.spans(windows, this.#part, signal)
    return windows.map((window, index) => this.#masker.mask(window, spans[index] ?? [])).join('')
  }
}
