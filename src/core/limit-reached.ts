import { ServiceError } from './errors.ts'

/** The longest wait that OpenAI's clients keep to; they answer a longer one by asking again at once. */
const longestWaitSeconds = 60

/** What is given back and when: seconds from now, with the instant for people where it is a long wait. */
export interface LimitReset {
  /** null where nobody can say. */
  readonly seconds: number | null
  readonly at?: Date
  readonly advice?: string
  /** Headers that say how the limit stands, as name, value, name, value. */
  readonly headers?: readonly string[]
}

/**
 * A limit of the caller's that is reached: `rate-limited` where waiting a minute or less helps, since clients repeat
 * that by themselves, else `quota-exceeded`, which they do not.
 */
export function limitReached(message: string, { seconds, at, advice, headers = [] }: LimitReset): ServiceError {
  const given = { headers, ...(advice === undefined ? {} : { advice }) }
  if (seconds !== null && seconds <= longestWaitSeconds) {
    return new ServiceError('rate-limited', message, { ...given, retryAfterSeconds: Math.max(1, Math.ceil(seconds)) })
  }
  return new ServiceError('quota-exceeded', message, { ...given, ...(at === undefined ? {} : { resetsAt: at }) })
}
