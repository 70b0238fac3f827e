import { seenOf, type RefusingSurface } from './refusal-rows.ts'
import type { SurfaceService } from './surface-service.ts'

const ofAll = 'Whoever has a key may speak of its own answers, whatever its group may do.'
const withoutTools = 'Nothing runs.'
const ofADay = 'Counted is what is said in a day; test/contract/complaints-kept.test.ts has it.'
const saysNothing = 'Nothing that was said comes back.'

/** How a surface refuses that takes what callers say; `bodyOf` says it of an answer. */
const listeningRefusals = (path: string, bodyOf: (answer: string) => object): RefusingSurface => ({
  name: `POST ${path}`,
  cases: {
    'no key': {
      ask: (service) => seenOf(service.post(path, null, bodyOf('ans_1'))),
      status: 401,
      code: 'unauthenticated',
      audit: null,
    },
    'wrong group': ofAll,
    'tool not granted': withoutTools,
    'quota empty': ofADay,
    'output blocked': saysNothing,
    'column masked': saysNothing,
    "another's object": {
      ask: async (service) => seenOf(service.post(path, await service.key(), bodyOf(await answerOfAnother(service)))),
      status: 404,
      code: 'not-found',
      says: /of yours/,
      // A look at what is not there.
      audit: null,
    },
    cancelled: 'It is answered at once.',
    'waiting for approval': withoutTools,
  },
})

/** The name of an answer of the analyst to somebody else. */
async function answerOfAnother(service: SurfaceService): Promise<string> {
  service.script([{ kind: 'turn', text: 'There are 40.' }])
  const asked = { model: 'analyst', messages: [{ role: 'user', content: 'How many orders are there?' }] }
  const answer = await service.post('/v1/chat/completions', await service.key(), asked)
  await answer.text()
  const name = answer.headers.get('x-sallyport-answer')
  if (name === null) throw new Error(`the answer has no name: ${answer.status}`)
  return name
}

export const feedbackRefusals = listeningRefusals('/v1/feedback', (about) => ({ about, verdict: 'down' }))
export const appealRefusals = listeningRefusals('/v1/appeals', (decision) => ({ decision, reason: 'harmless' }))
