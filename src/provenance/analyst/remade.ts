/** What can be made again at any time from what is there: it is kept until memory is wanted for something else. */
export class Remade<Value extends object> {
  readonly #make: () => Value
  #kept: WeakRef<Value> | null = null

  constructor(make: () => Value) {
    this.#make = make
  }

  get value(): Value {
    const kept = this.#kept?.deref()
    if (kept !== undefined) return kept
    const made = this.#make()
    this.#kept = new WeakRef(made)
    return made
  }
}
