import { answerOf, type Turn } from './turn.ts'

/** Between two views of a turn, milliseconds: what comes meanwhile is seen at once behind it. */
const shortestPause = 40
/** Words of an answer that are laid out anew in a millisecond on a slow machine. */
const lettersPerMillisecond = 300

/**
 * A turn whose events come, shown as often as a page can draw it. A model's words come in pieces of a few letters, hundreds in a
 * second, and each view lays out the whole answer: without a pause between, a long answer holds the page up for good.
 */
export class ShownTurn {
  readonly #wait: (milliseconds: number) => Promise<void>
  readonly #show: (turn: Turn) => void
  #turn: Turn
  #isDue = false
  #isPausing = false

  constructor(turn: Turn, wait: (milliseconds: number) => Promise<void>, show: (turn: Turn) => void) {
    this.#turn = turn
    this.#wait = wait
    this.#show = show
  }

  /** As it is, seen or not. */
  get now(): Turn {
    return this.#turn
  }

  change(edit: (turn: Turn) => Turn): void {
    this.#turn = edit(this.#turn)
    this.#isDue = true
    if (this.#isPausing) return
    this.show()
    this.#isPausing = true
    const letters = answerOf(this.#turn)?.text.length ?? 0
    void this.#wait(shortestPause + letters / lettersPerMillisecond).then(() => {
      this.#isPausing = false
      if (this.#isDue) this.change((turn) => turn)
    })
  }

  /** Shows it as it is, where it is not seen so yet. */
  show(): void {
    if (this.#isDue) this.#show(this.#turn)
    this.#isDue = false
  }
}
