interface Found<T> {
  readonly item: T
  /** Behind the last of them. */
  readonly end: number
}

/**
 * Finds many sequences of symbols in another one, which is read once however many there are (A. Aho and M. Corasick, 1975).
 * Symbols are whole numbers from 0 to below 2^26: codes of characters, or numbers that stand for words.
 */
export class SequenceFinder<T> {
  /** Edges of the tree of all sequences, by node and symbol. */
  readonly #edges = new Map<number, number>()
  readonly #parents = [0]
  readonly #symbols = [0]
  readonly #depths = [0]
  readonly #items: (T | undefined)[] = [undefined]
  /** By node: that of its longest end that begins a sequence, and of its longest end that is one. Made by the first search. */
  #links: { readonly fail: Int32Array; readonly ending: Int32Array } | null = null

  /** An item for a sequence that is not empty; for one that has an item, the other is given up. */
  add(symbols: Iterable<number>, item: T): void {
    let node = 0
    for (const symbol of symbols) node = this.#next(node, symbol) ?? this.#grow(node, symbol)
    if (node === 0) return
    this.#items[node] = item
    this.#links = null
  }

  /** Of those that end at a symbol and are accepted the longest, in the order of their ends. */
  *find(symbols: Iterable<number>, accepts: (item: T) => boolean = () => true): Generator<Found<T>> {
    const { fail, ending } = (this.#links ??= this.#link())
    let node = 0
    let end = 0
    for (const symbol of symbols) {
      end += 1
      let next = this.#next(node, symbol)
      while (next === undefined && node !== 0) {
        node = fail[node] ?? 0
        next = this.#next(node, symbol)
      }
      node = next ?? 0
      for (let at = ending[node] ?? 0; at !== 0; at = ending[fail[at] ?? 0] ?? 0) {
        const item = this.#items[at]
        if (item === undefined || !accepts(item)) continue
        yield { item, end }
        break
      }
    }
  }

  #next(node: number, symbol: number): number | undefined {
    return this.#edges.get(node * 2 ** 26 + symbol)
  }

  #grow(node: number, symbol: number): number {
    const made = this.#parents.push(node) - 1
    this.#symbols.push(symbol)
    this.#depths.push((this.#depths[node] ?? 0) + 1)
    this.#items.push(undefined)
    this.#edges.set(node * 2 ** 26 + symbol, made)
    return made
  }

  /** Those of shorter sequences come first: the links of a node are told by them. */
  #link() {
    const count = this.#parents.length
    const [fail, ending] = [new Int32Array(count), new Int32Array(count)]
    const nodes = Int32Array.from(this.#parents.keys()).sort(
      (one, other) => (this.#depths[one] ?? 0) - (this.#depths[other] ?? 0),
    )
    for (const node of nodes) {
      if (node === 0) continue
      const parent = this.#parents[node] ?? 0
      const symbol = this.#symbols[node] ?? 0
      let link = 0
      for (let at = parent; at !== 0 && link === 0;) {
        at = fail[at] ?? 0
        link = this.#next(at, symbol) ?? 0
      }
      fail[node] = link
      ending[node] = this.#items[node] === undefined ? (ending[link] ?? 0) : node
    }
    return { fail, ending }
  }
}
