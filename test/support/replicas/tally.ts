interface AnswerLike {
  readonly ok: boolean
  readonly status: number
  readonly headers: { has(name: string): boolean }
  text(): Promise<string>
}

/** What callers have seen of a service. */
export class Tally {
  /** Answers that were neither good nor said to be tried again, and connections that broke. */
  readonly failed: string[] = []
  answered = 0
  /** Answers that said to try again. */
  retried = 0
  /** Request ids of programs whose result came. */
  readonly programs: string[] = []

  /** The answer to what was asked. Rejects where it is not good; one that was told to try again is no failure. */
  protected async taken<Answer extends AnswerLike>(asked: string, answering: Promise<Answer>): Promise<Answer> {
    let answer: Answer
    try {
      answer = await answering
    } catch (thrown) {
      this.failed.push(`${asked}: ${String((thrown as Error).cause ?? thrown)}`)
      throw thrown
    }
    if (answer.ok) {
      this.answered += 1
      return answer
    }
    const text = await answer.text()
    if (answer.headers.has('retry-after')) this.retried += 1
    else this.failed.push(`${asked}: ${answer.status} ${text}`)
    throw new Error(text)
  }
}
