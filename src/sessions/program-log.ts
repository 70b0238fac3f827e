/** Characters of programs that are kept of a session: more than this no person would read before they decide. */
const mostCharacters = 200_000

/**
 * What ran in the interpreter of a session, whose names the next program meets: who is asked to allow that one has to see
 * these as well, since `f()` does what `f` was made to do.
 */
export class ProgramLog {
  #texts: string[] = []
  #characters = 0
  #followed: readonly string[] = []

  /** Oldest first; null where there was more than is kept. */
  get texts(): readonly string[] | null {
    return this.#characters > mostCharacters ? null : this.#texts
  }

  /** What is known of those that ran in the sandbox of another process whose place the session's own takes, oldest first: none of their names are left. */
  get followed(): readonly string[] {
    return this.#followed
  }

  follow(texts: readonly string[]): void {
    this.#followed = texts
  }

  add(text: string): void {
    this.#characters += text.length
    if (this.#characters > mostCharacters) this.#texts = []
    else this.#texts.push(text)
  }
}
