import type { Output } from '../terminal.ts'
import { plainText } from './plain-text.ts'
import { PlainLines, type PlainPart } from './plain-lines.ts'
import { createMarkdownRenderer, type MarkdownRenderer } from './rendered-markdown.ts'

/** Characters of a block that is looked at with each of its lines. */
const longBlock = 4_000

/**
 * Writes Markdown to a terminal while it arrives. Styled text comes block by block, since a block's look is known at
 * its end; without colours it comes as it is, but for tables, which are drawn when they are whole.
 */
export class LiveText {
  readonly #output: Output
  #renderer: Promise<MarkdownRenderer> | null = null
  #held = ''
  /** How long what is held has to be before it is looked for blocks again. */
  #lookAt = 0
  #hasWritten = false
  #isAtLineStart = true
  readonly #lines = new PlainLines()

  constructor(output: Output) {
    this.#output = output
  }

  async take(text: string): Promise<void> {
    this.#held += text
    if (!this.#output.colour) return await this.#writePlain()
    // Only the end of a line can end a block.
    if (!text.includes('\n') || this.#held.length < this.#lookAt) return
    const renderer = await this.#markdown()
    const { whole, rest } = renderer.split(this.#held)
    // A block that grows for long is looked at when it has grown by a tenth, and not with each of its lines.
    this.#lookAt = rest.length > longBlock ? rest.length * 1.1 : 0
    if (whole.trim() === '') return
    this.#held = rest
    await this.#writeBlocks(whole)
  }

  /** Writes what is held back; the next text begins on a line of its own. Tells whether anything was written since. */
  async end(): Promise<boolean> {
    const held = this.#held
    this.#held = ''
    this.#lookAt = 0
    if (this.#output.colour) {
      if (held.trim() !== '') await this.#writeBlocks(held)
    } else {
      for (const part of this.#lines.take(held)) await this.#writePart(part)
      for (const part of this.#lines.end()) await this.#writePart(part)
    }
    if (!this.#isAtLineStart) this.#write('\n')
    const hasWritten = this.#hasWritten
    this.#hasWritten = false
    return hasWritten
  }

  /** A carriage return may be the first half of a line break, so that it waits for what follows. */
  async #writePlain(): Promise<void> {
    const whole = this.#held.endsWith('\r') ? this.#held.slice(0, -1) : this.#held
    this.#held = this.#held.slice(whole.length)
    for (const part of this.#lines.take(whole)) await this.#writePart(part)
  }

  async #writePart({ text, mayBeTable }: PlainPart): Promise<void> {
    const plain = plainText(text)
    const table = mayBeTable ? (await this.#markdown()).table(plain) : null
    this.#write(table ?? plain)
  }

  async #writeBlocks(text: string): Promise<void> {
    const renderer = await this.#markdown()
    const rendered = await renderer.render(plainText(text))
    this.#write(`${this.#hasWritten ? '\n' : ''}${rendered}\n`)
  }

  #write(text: string): void {
    // White space before the first word is not the answer's.
    const shown = this.#hasWritten ? text : text.replace(/^\s+/, '')
    if (shown === '') return
    this.#hasWritten = true
    this.#isAtLineStart = shown.endsWith('\n')
    this.#output.write(shown)
  }

  #markdown(): Promise<MarkdownRenderer> {
    this.#renderer ??= createMarkdownRenderer(this.#output)
    return this.#renderer
  }
}
