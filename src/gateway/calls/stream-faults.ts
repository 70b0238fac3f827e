import { UpstreamFault, isPolicyMessage, isPolicyRefusal } from '../../core/upstream-fault.ts'
import type { StreamFailure } from '../apis/api.ts'

/** What came is no answer of the API: it was paid for perhaps, and may come out right at another try. */
export const protocol = (what: string): UpstreamFault =>
  new UpstreamFault('model-protocol', `The upstream answered ${what}.`, { repeat: 'again', mayHaveRun: true })

/** A stream that brings nothing of the answer any more, or nothing yet. */
export const silent = (what: string): UpstreamFault =>
  new UpstreamFault('model-timeout', `The upstream ${what}.`, {
    repeat: 'elsewhere',
    mayHaveRun: true,
    advice: 'Try again, or raise first_token_timeout_ms of the upstream.',
  })

const plainWord = /^[\w.-]{1,64}$/

/** A failure that an answer of success tells of. What it says in words is the operator's to read at the provider. */
export function toldFault({ type, code, message: words }: StreamFailure): UpstreamFault {
  const kinds = [type, code].filter((word) => word !== null && plainWord.test(word))
  const named = kinds.length === 0 ? '' : ` (${kinds.join(', ')})`
  if (isPolicyRefusal(type, code) || isPolicyMessage(words)) {
    const message = `The provider refuses to answer by its content policy${named}.`
    const answered = { status: 400, type: plainOrNull(type), code: plainOrNull(code) }
    return new UpstreamFault('model-refused', message, {
      repeat: 'never',
      mayHaveRun: false,
      isPolicy: true,
      answered,
      advice: '',
    })
  }
  const text = kinds.join(' ')
  if (/rate_limit|overloaded|too_many|\b429\b|\b529\b/.test(text)) {
    const message = `The upstream asked to slow down in an answer that had begun${named}.`
    return new UpstreamFault('model-overloaded', message, { repeat: 'again', mayHaveRun: true })
  }
  // What is wrong with the request is wrong at another try, too.
  const repeat = /invalid_|not_found|authentication|permission/.test(text) ? 'elsewhere' : 'again'
  const message = `The upstream failed in an answer that had begun${named}.`
  return new UpstreamFault('model-unavailable', message, { repeat, mayHaveRun: true })
}

const plainOrNull = (word: string | null): string | null => (word !== null && plainWord.test(word) ? word : null)
