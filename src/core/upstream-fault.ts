import { ServiceError } from './errors.ts'

/**
 * What may help against a failed attempt at a model: the same target once more, only another one, or nothing, since the fault
 * is the request's own or its refusal is meant.
 */
export type Repeat = 'again' | 'elsewhere' | 'never'

export interface FailedAttempt {
  readonly repeat: Repeat
  /** Can the provider have done what was asked, or begun to? What it does by tools of its own must not be done twice. */
  readonly mayHaveRun: boolean
}

type Details = ConstructorParameters<typeof ServiceError>[2]

/** A fault of one attempt at a model. */
export class UpstreamFault extends ServiceError implements FailedAttempt {
  readonly repeat: Repeat
  readonly mayHaveRun: boolean

  constructor(
    code: ServiceError['code'],
    message: string,
    { repeat, mayHaveRun, ...details }: FailedAttempt & NonNullable<Details>,
  ) {
    super(code, message, details)
    this.repeat = repeat
    this.mayHaveRun = mayHaveRun
  }
}

/** Names by which providers say that they refuse what was asked for what it is about. */
const policyWords = /content[_-]?(?:policy|filter)|moderation|safety|guardrail|responsible_?ai/i

/** Is this a refusal by content policy, by the provider's words for the kind of error? Such a one is never routed around. */
export function isPolicyRefusal(...words: readonly (string | null)[]): boolean {
  return words.some((word) => word !== null && policyWords.test(word))
}
