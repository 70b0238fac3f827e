import type { ModelApi, ScreenedAnswer } from '../../../core/model-call.ts'
import { positionsOf } from '../positions/api-positions.ts'
import { positionTree } from '../positions/position.ts'
import { answerDocument } from './answer-document.ts'
import { eventReaderFor } from './events/event-readers.ts'
import { EventRestorer } from './restore-events.ts'
import { withholdLogprobs } from './logprobs.ts'
import { restoreDocument, type Restoring } from './restore-json.ts'

interface RestoreAnswerOptions {
  readonly api: ModelApi
  readonly restoring: Restoring
}

/** The answer with values in the place of their tokens, and every other byte as it was. */
export async function restoreAnswer(answer: ScreenedAnswer, options: RestoreAnswerOptions): Promise<ScreenedAnswer> {
  const { body } = answer
  if (Buffer.isBuffer(body) && body.length === 0) return answer
  return { ...answer, body: Buffer.isBuffer(body) ? await restoreWhole(body, options) : restoreEvents(body, options) }
}

async function restoreWhole(body: Buffer, { api, restoring }: RestoreAnswerOptions): Promise<Buffer> {
  const document = answerDocument(body.toString('utf8'))
  const { hasWithheld } = await restoreDocument(document, positionTree(positionsOf[api].answer), restoring)
  if (hasWithheld) withholdLogprobs(document)
  return document.isChanged ? Buffer.from(document.render()) : body
}

/** Ends of events: an empty line, whatever the line ends are, and whether or not they are alike. */
const eventEnd = /(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r)/g

/** What was held leaves before a failure of the upstream is thrown: all that came is restored, and nothing is added. */
async function* restoreEvents(
  body: AsyncIterable<Buffer>,
  { api, restoring }: RestoreAnswerOptions,
): AsyncGenerator<Buffer> {
  const restorer = new EventRestorer(restoring, positionTree(positionsOf[api].event), eventReaderFor[api]())
  try {
    for await (const events of body) {
      let leaving = ''
      for (const event of eventsOf(events.toString('utf8'))) leaving += await restorer.push(event)
      if (leaving !== '') yield Buffer.from(leaving)
    }
  } catch (thrown) {
    const rest = await restorer.end()
    if (rest !== '') yield Buffer.from(rest)
    throw thrown
  }
  const rest = await restorer.end()
  if (rest !== '') yield Buffer.from(rest)
}

/** The events of a text, each with its empty line. */
export function* eventsOf(text: string): Generator<string> {
  let start = 0
  for (const { 0: end, index } of text.matchAll(eventEnd)) {
    yield text.slice(start, index + end.length)
    start = index + end.length
  }
  if (start !== text.length) yield text.slice(start)
}
