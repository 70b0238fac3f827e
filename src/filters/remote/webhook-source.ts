import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Direction } from '../filter.ts'
import { answerFault, formed } from './answer-faults.ts'
import { CodePoints } from './code-points.ts'
import type { WebhookOptions } from './detector-options.ts'
import type { SourceRequest, Verdict, VerdictSource } from './verdict-source.ts'
import { signatureHeaders } from './webhook-signature.ts'

const who = 'The webhook'
const leastBytes = 65_536
const bytesPerCharacter = 200

const finding = z.strictObject({
  category: z.string().min(1).max(200),
  score: z.number().min(0).max(1),
  start: z.int().min(0).optional(),
  end: z.int().min(1).optional(),
})
const answerOfWebhook = z.strictObject({
  version: z.literal(1),
  id: z.string().max(100),
  results: z.array(z.strictObject({ findings: z.array(finding) })),
})
type Finding = z.infer<typeof finding>

interface Asked {
  readonly direction: Direction
  readonly group: string
  readonly texts: readonly string[]
}

/**
 * A program of the operator's own, by the contract of docs/content-filters.md. Its answer names the question that it answers, and
 * nothing but the categories that were declared: a verdict about something else is none.
 */
export function createWebhookSource(options: WebhookOptions): VerdictSource {
  const { key: token, signing_key: signing, categories } = options
  const sign: Pick<SourceRequest, 'headersFor'> =
    signing === null ? {} : { headersFor: (body) => signatureHeaders(signing, body, Math.floor(Date.now() / 1_000)) }
  const requestOf = ({ texts, direction, group }: Asked, id: string): SourceRequest => ({
    url: options.url,
    token,
    maximumBytes: leastBytes + bytesPerCharacter * texts.reduce((sum, { length }) => sum + length, 0),
    body: { version: 1, id, direction, group, categories, texts: texts.map((text) => ({ text })) },
    ...sign,
  })
  const readFor = (answer: unknown, { texts }: Asked, id: string): Verdict[][] => {
    const { results, id: answered } = formed(who, answerOfWebhook, answer)
    if (answered !== id) throw answerFault(who, 'wrong-form', 'answered another question')
    if (results.length !== texts.length) {
      throw answerFault(who, 'wrong-form', `answered for ${results.length} texts of ${texts.length}`)
    }
    return results.map(({ findings }, index) => {
      const verdictOf = readerOf(texts[index] ?? '', categories)
      return findings.map((found) => verdictOf(found))
    })
  }
  return {
    who,
    version: '1',
    categories,
    batch: { characters: 16_384, texts: 32 },
    async probe(ask) {
      const asked: Asked = { texts: [], direction: 'inbound', group: '' }
      const id = randomUUID()
      readFor(await ask(requestOf(asked, id)), asked, id)
    },
    async verdicts(texts, { context: { direction, group }, ask }) {
      const asked: Asked = { texts, direction, group }
      const id = randomUUID()
      return readFor(await ask(requestOf(asked, id)), asked, id)
    },
  }
}

/** Places count code points, the end exclusive, as most languages count characters. */
function readerOf(text: string, categories: readonly string[]): (found: Finding) => Verdict {
  const places = new CodePoints(text)
  return ({ category, score, start, end }) => {
    if (!categories.includes(category)) {
      throw answerFault(who, 'unreadable-verdict', 'reported a category that it was not configured with')
    }
    if (start === undefined && end === undefined) return { category, score }
    if (start === undefined || end === undefined || end <= start || end > places.length) {
      throw answerFault(who, 'unreadable-verdict', 'answered with a place that the text does not have')
    }
    return { category, score, place: { start: places.unitOf(start), end: places.unitOf(end) } }
  }
}
