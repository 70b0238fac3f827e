import { inspect } from 'node:util'

/**
 * A value that must not be printed: `String()`, `JSON.stringify`, template literals and `util.inspect` show `[secret]`.
 * `reveal()` is the only way to the value, so a search for it finds every use.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}
