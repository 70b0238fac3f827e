import { AwakeTime } from '../../concurrency/awake-time.ts'
import { Breaker } from '../../concurrency/breaker.ts'
import type { DetectorFault } from '../detector-fault.ts'
import { jsonAnswer } from '../remote/json-answer.ts'
import { RemoteFault, type RemoteFaultWord } from '../remote/remote-fault.ts'
import { checkPath } from './check-contract.ts'
import type { FilterServiceOptions } from './options.ts'

const setting = 'filters.content.service'
const advice = `Ask the operator to look at the processes at ${setting}.urls ("sallyport serve --role filters").`
/** Of an answer: some for each character that was sent, where every word is a finding. */
const bytesPerCharacter = 400
const leastBytes = 1_048_576

/** What became of one try: `ok`, or what was wrong. */
export type OnTry = (url: string, outcome: 'ok' | RemoteFaultWord) => void

interface FilterProcess {
  readonly url: string
  readonly breaker: Breaker
  /** Does it say at once that it cannot be had? Asking it costs nothing then. */
  isQuick: boolean
}

/** What one check is asked. */
interface Question {
  readonly body: unknown
  readonly characters: number
  readonly group: string
}

/**
 * The processes that look at content, of which each is as good as another. They are asked in turn; where one cannot be had the
 * next one is asked at once. One that fails again and again is left alone for a while, but for the case that no other answers:
 * then those are asked that would say at once that they cannot be had, so that one that has just come back is found.
 */
export class FilterProcesses {
  readonly #options: FilterServiceOptions
  readonly #onTry: OnTry
  readonly #processes: readonly FilterProcess[]
  #next = 0

  constructor(options: FilterServiceOptions, onTry: OnTry = () => undefined) {
    this.#options = options
    this.#onTry = onTry
    const { breaker_failures: failures, breaker_open_ms: openMilliseconds } = options
    this.#processes = options.urls.map((url) => ({
      url: url.replace(/\/+$/, ''),
      breaker: new Breaker({ failures, openMilliseconds }),
      isQuick: true,
    }))
  }

  /** Their answer, whatever it is. Rejects with a RemoteFault where none of them gives one, and with the signal's reason. */
  async ask<T>(question: Question, read: (answer: unknown) => T, signal: AbortSignal): Promise<T> {
    const time = new AwakeTime(this.#options.deadline_ms)
    let fault: RemoteFault | null = null
    try {
      for (const process of this.#toAsk(question.group)) {
        const left = Math.ceil(time.left)
        if (left <= 0) break
        try {
          const answer = read(await this.#post(process, question, { left, signal }))
          this.#ended(process, question.group, 'ok')
          return answer
        } catch (thrown) {
          fault = this.#failed(process, question.group, { thrown, signal })
          if (fault.why === 'deadline') break
        }
      }
    } finally {
      time.stop()
    }
    throw fault ?? leftAlone()
  }

  /** Rejects with a DetectorFault where not one of them is ready. */
  async probe(signal: AbortSignal): Promise<void> {
    const answers = this.#processes.map(({ url }) =>
      jsonAnswer({ ...this.#common(this.#options.deadline_ms), url: `${url}/readyz`, maximumBytes: 65_536 }, signal),
    )
    await Promise.any(answers).catch((thrown: unknown) => {
      signal.throwIfAborted()
      throw thrown instanceof AggregateError ? (thrown.errors[0] as unknown) : thrown
    })
  }

  #inTurn(): readonly FilterProcess[] {
    const first = this.#next
    this.#next = (first + 1) % this.#processes.length
    return [...this.#processes.slice(first), ...this.#processes.slice(0, first)]
  }

  /** In turn, with those that are left alone last. */
  *#toAsk(group: string): Generator<FilterProcess> {
    const alone: FilterProcess[] = []
    for (const process of this.#inTurn()) {
      if (process.breaker.wait(group) > 0) alone.push(process)
      else yield process
    }
    yield* alone.filter(({ isQuick }) => isQuick)
  }

  #post(
    { url }: FilterProcess,
    { body, characters }: Question,
    { left, signal }: { readonly left: number; readonly signal: AbortSignal },
  ): Promise<unknown> {
    const maximumBytes = leastBytes + bytesPerCharacter * characters
    const token = this.#options.key
    return jsonAnswer({ ...this.#common(left), url: `${url}${checkPath}`, body, token, maximumBytes }, signal)
  }

  #common(left: number) {
    const { deadline_ms: limitMilliseconds } = this.#options
    const timing = { timeoutMilliseconds: left, limitMilliseconds, timeoutSetting: `${setting}.deadline_ms` }
    return { who: 'The filter service', advice, ...timing }
  }

  #failed(
    process: FilterProcess,
    group: string,
    { thrown, signal }: { readonly thrown: unknown; readonly signal: AbortSignal },
  ): RemoteFault {
    if (signal.aborted) {
      process.breaker.toldNothing(group)
      throw signal.reason
    }
    if (!(thrown instanceof RemoteFault)) throw thrown
    this.#ended(process, group, thrown.word)
    return thrown
  }

  #ended(process: FilterProcess, group: string, outcome: 'ok' | RemoteFaultWord): void {
    this.#onTry(process.url, outcome)
    const isQuick = outcome === 'unreachable' || outcome === 'busy'
    process.isQuick = outcome === 'ok' || isQuick
    if (outcome === 'ok') process.breaker.succeeded(group)
    else process.breaker.failed(group, !isQuick)
  }
}

function leftAlone(): RemoteFault {
  const message = 'Every process of the filter service failed several times in a row and is left alone for a while.'
  return new RemoteFault(message, { word: 'left-alone', advice })
}

/** An answer of another form than the contract's. */
export function wrongForm(): DetectorFault {
  return new RemoteFault('The filter service answered with something else than a verdict over what was sent.', {
    word: 'wrong-form',
    advice,
  })
}
