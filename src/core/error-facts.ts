/** What there is to know of one code of the closed set of faults. */
export interface ErrorFacts {
  /** HTTP status. */
  readonly status: number
  /**
   * Seconds after which the same request may succeed, where nothing more exact is known; null: only a changed request
   * can succeed, and the answer asks clients not to repeat this one.
   */
  readonly retryAfterSeconds: number | null
  /**
   * Who may read `message` and `advice`: every caller, only the operator at the command line, or only the log. Whoever
   * may not reads `title`.
   */
  readonly audience: 'caller' | 'operator' | 'log'
  /** One line for people, the RFC 9457 `title`. */
  readonly title: string
  /** What a caller reads instead, where the title alone would reveal too much. */
  readonly callerTitle?: string
  /** What the reader can do about it. */
  readonly advice: string
  /** Exit code of the command line. */
  readonly exitCode: number
  /** OpenAI's `error.code` where their clients look for one of their own; else the code itself. */
  readonly openaiCode?: string
}
