import { LinkGuard, type TextForm } from './link-guard.ts'

/** What an address or a tag has behind its beginning is no longer. */
const longestBefore = 4_096

/**
 * Texts of an answer that clients put together to one, without anything between them: an address that begins in one goes on in
 * the next.
 */
export class JoinedTexts {
  readonly #form: TextForm
  readonly #ends = new Map<string, string>()

  constructor(form: TextForm) {
    this.#form = form
  }

  /** The end of what was said of this name so far. */
  endOf(name: string): string {
    return this.#ends.get(name) ?? ''
  }

  add(name: string, text: string): void {
    this.#ends.set(name, (this.endOf(name) + text).slice(-longestBefore))
  }

  /** A guard of the next text of this name; `before` stands before the first one. */
  guardBehind(name: string, before = ''): LinkGuard {
    const guard = new LinkGuard(this.#form)
    guard.read(before + this.endOf(name))
    return guard
  }
}
