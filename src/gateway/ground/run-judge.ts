import type { AnswerMark } from '../../core/answer-grounding.ts'
import type { ReceivedCall, ScreenedAnswer } from '../../core/model-call.ts'
import type { Received } from '../../core/request.ts'
import type { KeptResult } from '../../grounding/references/run-results.ts'
import type { JudgeOptions } from '../options.ts'

/** Passes a call on as one of its caller. Rejects with a ServiceError. */
export type PassJudged = (
  call: ReceivedCall,
  deliver: (answer: ScreenedAnswer) => Promise<void>,
  signal: AbortSignal,
) => Promise<unknown>

/** What is judged of an answer. */
export interface AnswerToJudge {
  readonly words: string
  /** What was found of it without a judge: a sentence with one of these is not asked about. */
  readonly marks: readonly Pick<AnswerMark, 'start' | 'end'>[]
  readonly results: readonly KeptResult[]
  /** What was asked, message by message. */
  readonly request: readonly string[]
}

/** What a judge doubts of an answer; `why` where it was not judged: a sentence for readers. */
export interface JudgedAnswer {
  readonly marks: readonly AnswerMark[]
  readonly why: string | null
}

export interface RunJudge {
  readonly judge: (answer: AnswerToJudge) => Promise<JudgedAnswer>
}

/**
 * Judges answers of the analyst, once there is something that passes calls on. Nothing of a judge is loaded before one is
 * asked.
 */
export class RunJudging {
  readonly #options: JudgeOptions | null
  #pass: PassJudged | null = null

  constructor(options: JudgeOptions | null) {
    this.#options = options
  }

  /** Asks judges this way from now on. */
  askBy(pass: PassJudged): void {
    this.#pass = pass
  }

  /** The judge of the answer to one request; null where nobody judges any. */
  of(received: Pick<Received, 'credential' | 'channel'>, signal: AbortSignal): RunJudge | null {
    const options = this.#options
    if (options === null || !options.runs) return null
    // Who has no key of the service has no limits that a call counts in.
    const pass = received.channel === 'http' ? this.#pass : null
    return {
      judge: async (answer) => {
        const { judgeRun } = await import('./judge-run.ts')
        return judgeRun(answer, { options, pass, credential: received.credential, signal })
      },
    }
  }
}
