import type { ModelApi } from '../../../core/model-call.ts'
import { parseObject } from '../../calls/event-data.ts'
import { doubtsOf, type AnswerInDocuments } from './document-marks.ts'

const most = 20

/** The request once more, with the answer that was given and what was found of it as its last turns; null where it has no list of turns. */
export function withFindings(
  api: ModelApi,
  body: Buffer,
  { texts, found }: { readonly texts: readonly string[]; readonly found: readonly AnswerInDocuments[] },
): Buffer | null {
  const request = parseObject(body.toString('utf8'))
  const name = api === 'responses' ? 'input' : 'messages'
  const given = request?.[name]
  const turns = typeof given === 'string' ? [{ role: 'user', content: given }] : given
  if (request === null || !Array.isArray(turns)) return null
  const answer = { role: 'assistant', content: texts[0] ?? '' }
  const findings = { role: 'user', content: describe(found) }
  return Buffer.from(JSON.stringify({ ...request, [name]: [...(turns as readonly unknown[]), answer, findings] }))
}

function describe(found: readonly AnswerInDocuments[]): string {
  const doubts = found.flatMap(doubtsOf).map(({ text, reason }) => `- ${JSON.stringify(text)}: ${reason}`)
  const more = doubts.length > most ? [`- and ${doubts.length - most} more`] : []
  return [
    'Parts of your answer are not borne out by the documents:',
    ...doubts.slice(0, most),
    ...more,
    'Write your whole answer once more, with nothing in it that the documents do not say. Quote in their exact words, or do not quote. Say nothing about this correction.',
  ].join('\n')
}
