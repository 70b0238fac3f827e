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
  /** May its caller have brought it about by what was sent? It says nothing of the target to others then. */
  readonly mayBeCallers?: boolean
  /** Is it a refusal by content policy? */
  readonly isPolicy?: boolean
}

type Details = ConstructorParameters<typeof ServiceError>[2]

/** A fault of one attempt at a model. */
export class UpstreamFault extends ServiceError implements FailedAttempt {
  readonly repeat: Repeat
  readonly mayHaveRun: boolean
  readonly mayBeCallers: boolean
  readonly isPolicy: boolean

  constructor(
    code: ServiceError['code'],
    message: string,
    { repeat, mayHaveRun, mayBeCallers = false, isPolicy = false, ...details }: FailedAttempt & NonNullable<Details>,
  ) {
    super(code, message, details)
    this.repeat = repeat
    this.mayHaveRun = mayHaveRun
    this.mayBeCallers = mayBeCallers
    this.isPolicy = isPolicy
  }
}

/** Names by which providers say that they refuse what was asked for what it is about. */
const policyWords =
  /content[_-]?(?:policy|filter)|moderation|safety|guardrail|responsible_?ai|data_inspection|prohibited_?content|^invalid_prompt$/i

/**
 * What providers say where the kind of error is that of any wrong request: Anthropic's output filter, OpenAI's and xAI's usage
 * policies, OpenRouter's moderation, DeepSeek's and DashScope's inspection.
 */
const policyMessage =
  /content (?:management |filter(?:ing)? |usage )?polic|usage (?:polic|guideline)|content filter|safety system|\bflagged\b|requires moderation|guardrail|content exists risk|inappropriate content/i

/** Is this a refusal by content policy, by the provider's words for the kind of error? Such a one is never routed around. */
export function isPolicyRefusal(...words: readonly (string | null)[]): boolean {
  return words.some((word) => word !== null && policyWords.test(word))
}

/** The same by what a provider says to a person, where its words for the kind of error do not tell. */
export function isPolicyMessage(message: string | undefined): boolean {
  return message !== undefined && policyMessage.test(message)
}
