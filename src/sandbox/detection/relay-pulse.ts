/** Milliseconds between two questions, and how many may stay without an answer. */
const askMilliseconds = 1000
const mostUnanswered = 5

export interface RelayPulse {
  /** The relay has answered the question of this number. */
  answer(number: number): void
  end(): void
}

/**
 * Asks a relay again and again whether it works: one that was stopped is still there, and hears nothing. Questions are
 * counted, and not time: where this process stood still itself, its relay is not to blame.
 */
export function startPulse(ask: (number: number) => void, onSilence: () => void): RelayPulse {
  let asked = 0
  let answered = 0
  const timer = setInterval(() => {
    if (asked - answered >= mostUnanswered) {
      clearInterval(timer)
      onSilence()
      return
    }
    asked += 1
    ask(asked)
  }, askMilliseconds)
  timer.unref()
  return {
    answer: (number) => {
      answered = number
    },
    end: () => clearInterval(timer),
  }
}
