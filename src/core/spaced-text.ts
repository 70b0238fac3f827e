/** What a model says in several steps, as one text: what it says in another step is another paragraph. */
export class SpacedText {
  #text = ''
  #step: number | null = null

  get text(): string {
    return this.#text
  }

  /** Returns what this adds. */
  add(step: number, text: string): string {
    const isNewStep = this.#step !== step && this.#text !== '' && !this.#text.endsWith('\n\n')
    this.#step = step
    const spaced = isNewStep ? `\n\n${text}` : text
    this.#text += spaced
    return spaced
  }

  /** All of it; what comes then begins anew. */
  take(): string {
    const text = this.#text
    this.#text = ''
    return text
  }
}
