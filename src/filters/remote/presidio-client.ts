import { z } from 'zod'
import { DetectorFault } from '../detector-fault.ts'
import { jsonAnswer, type JsonQuestion } from './json-answer.ts'
import type { PresidioOptions } from './options.ts'

const finding = z.object({
  entity_type: z.string().min(1).max(200),
  start: z.int().min(0),
  end: z.int().min(1),
  score: z.number().min(0).max(1),
})
const answerOfAnalyze = z.array(z.array(finding))
const answerOfEntities = z.array(z.string().max(200)).max(10_000)

/** What the analyzer saw in a text. Offsets count code points, the end exclusive. */
type PresidioFinding = z.infer<typeof finding>

const who = 'Presidio'
/** Bytes of an answer: some for each character that was sent, where every word is a finding with an explanation. */
const bytesPerCharacter = 200
const leastBytes = 65_536
const entitiesBytes = 1_048_576
/** Milliseconds for which it is believed that the analyzer still looks for the same. */
const believedMilliseconds = 10_000

/** What to do about an analyzer that does not answer as it must. */
export const lookAtAnalyzer = 'Ask the operator to look at the analyzer at privacy.presidio.url.'

/**
 * The HTTP interface of Presidio's analyzer 2.2. Rejects with a DetectorFault for every answer but a whole and right one, and
 * with the signal's reason when it is aborted.
 */
export class PresidioClient {
  readonly #options: PresidioOptions
  readonly #base: string
  #knownUntil = Number.NEGATIVE_INFINITY

  constructor(options: PresidioOptions) {
    this.#options = options
    this.#base = options.url.replace(/\/+$/, '')
  }

  /**
   * Resolves where the analyzer looks for every one of the configured entities: it would ignore a name that it does not
   * know, and find nothing.
   */
  async checkEntities(signal: AbortSignal): Promise<void> {
    if (performance.now() < this.#knownUntil) return
    const { language, entities } = this.#options
    const url = `${this.#base}/supportedentities?language=${language}`
    const parsed = answerOfEntities.safeParse(await this.#ask({ url, maximumBytes: entitiesBytes }, signal))
    if (!parsed.success) throw malformed(parsed.error)
    const missing = entities.filter((entity) => !parsed.data.includes(entity))
    if (missing.length > 0) {
      const message = `${who} does not look for ${missing.join(', ')} in texts of the language "${language}".`
      throw new DetectorFault(message, {
        advice:
          'Ask the operator: privacy.presidio.entities and language, or the recognizers and models of the analyzer.',
      })
    }
    this.#knownUntil = performance.now() + believedMilliseconds
  }

  /** Findings of each of the texts, which have no half of a surrogate pair; at least one text, and one entity. */
  async analyze(
    texts: readonly string[],
    entities: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly (readonly PresidioFinding[])[]> {
    const { language, threshold } = this.#options
    const body = { text: texts, language, entities, score_threshold: threshold }
    const characters = texts.reduce((sum, { length }) => sum + length, 0)
    const maximumBytes = leastBytes + bytesPerCharacter * characters
    const parsed = answerOfAnalyze.safeParse(
      await this.#ask({ url: `${this.#base}/analyze`, body, maximumBytes }, signal),
    )
    if (!parsed.success) throw malformed(parsed.error)
    if (parsed.data.length !== texts.length) {
      throw new DetectorFault(`${who} answered for ${parsed.data.length} texts of ${texts.length}.`, {
        advice: lookAtAnalyzer,
      })
    }
    return parsed.data
  }

  async #ask(question: Pick<JsonQuestion, 'url' | 'body' | 'maximumBytes'>, signal: AbortSignal): Promise<unknown> {
    const common = {
      who,
      advice: lookAtAnalyzer,
      timeoutMilliseconds: this.#options.timeout_ms,
      timeoutSetting: 'privacy.presidio.timeout_ms',
    }
    try {
      return await jsonAnswer({ ...question, ...common }, signal)
    } catch (thrown) {
      // Another one may stand there next time.
      this.#knownUntil = Number.NEGATIVE_INFINITY
      throw thrown
    }
  }
}

function malformed({ issues: [issue] }: z.ZodError): DetectorFault {
  const place = (issue?.path ?? []).map((step) => `[${typeof step === 'number' ? step : `"${String(step)}"`}]`).join('')
  return new DetectorFault(`${who} answered with JSON of another form${place === '' ? '' : ` at ${place}`}.`, {
    advice: `${lookAtAnalyzer} It has to be an analyzer of Presidio 2.2.`,
  })
}
