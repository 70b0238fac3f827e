import { textBefore } from '../text-before.ts'
const fence = /[ \t]{0,3}(?:```|~~~)/y
const keyBegin = /-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY$/
const keyEnd = /^PRIVATE KEY(?: BLOCK)?-----/
const keyWord = 'PRIVATE KEY'

/** Which fenced blocks and private keys are open at a place of a text, asked for places in rising order. */
export class OpenBlocks {
  /** Where the line begins that is looked at next, whether its fence was counted, and where it ends. */
  #line = 0
  #isLineCounted = false
  #lineEnd: number | null = null
  #fences = 0
  /** Where the search for the word of a key begins, and where it was found. */
  #from = 0
  #word: number | null = null
  #keys = 0

  /** `count` characters at the start of the text were dropped and others may have come at its end. */
  move(count: number): void {
    this.#line -= count
    this.#from -= count
    this.#lineEnd = null
    this.#word = null
  }

  areOpenAt(text: string, place: number): boolean {
    this.#countFences(text, place)
    this.#countKeys(text, place)
    return this.#fences % 2 === 1 || this.#keys > 0
  }

  #countFences(text: string, place: number): void {
    while (this.#line < place) {
      fence.lastIndex = this.#line
      if (!this.#isLineCounted && this.#line >= 0 && fence.test(text) && fence.lastIndex <= place) {
        this.#fences += 1
        this.#isLineCounted = true
      }
      this.#lineEnd ??= indexIn(text, '\n', this.#line)
      if (this.#lineEnd >= place) return
      this.#line = this.#lineEnd + 1
      this.#lineEnd = null
      this.#isLineCounted = false
    }
  }

  #countKeys(text: string, place: number): void {
    for (;;) {
      const at = (this.#word ??= indexIn(text, keyWord, this.#from))
      if (at + keyWord.length > place) {
        // The word itself may be cut in two.
        this.#from = Math.max(this.#from, place - keyWord.length)
        return
      }
      const isEnd = textBefore(text, at, 42).includes('-----END ')
      const isWhole = keyEnd.test(text.slice(at, place))
      if (isEnd && !isWhole && place < at + 24) return
      if (isEnd && isWhole) this.#keys = Math.max(0, this.#keys - 1)
      else if (keyBegin.test(textBefore(text, at + keyWord.length, 48 + keyWord.length))) this.#keys += 1
      this.#from = at + keyWord.length
      this.#word = null
    }
  }
}

/** Where `what` stands at or after `from`; beyond every place where it does not. */
function indexIn(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from)
  return at < 0 ? Number.MAX_SAFE_INTEGER : at
}
