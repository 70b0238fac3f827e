import { FakeServer, type Serve } from './fake-server.ts'

/** Words that it knows, each with the category of OpenAI that a text with it has. */
const words: Readonly<Record<string, string>> = {
  worthless: 'harassment',
  vermin: 'hate',
  hurt: 'violence',
  crowbar: 'illicit',
}

const names = (
  'harassment harassment/threatening hate hate/threatening illicit illicit/violent self-harm self-harm/intent ' +
  'self-harm/instructions sexual sexual/minors violence violence/graphic'
).split(' ')

interface Asked {
  readonly model: string
  readonly input: string | readonly string[]
}

/** The scores of the real one are never 0 nor 1. */
export const [lowScore, highScore] = [0.000_2, 0.93]

/**
 * `POST /v1/moderations` of OpenAI as its reference describes it, with a list of words in place of a model. It is a fake: the
 * real one is not asked by any test.
 */
export const startFakeModeration = (): Promise<FakeServer> => FakeServer.start(serve)

const serve: Serve = ({ method, path, body }) => {
  if (method === 'GET' && path === '/v1/models') {
    const model = { id: 'omni-moderation-latest', object: 'model', created: 1, owned_by: 'system' }
    return { status: 200, body: { object: 'list', data: [model] } }
  }
  if (method !== 'POST' || path !== '/v1/moderations') return refused(404, `Invalid URL (${method} ${path})`)
  const { model, input } = body as Asked
  if (!model.startsWith('omni-moderation-')) return refused(400, `Invalid value for 'model' = ${model}.`)
  const results = [input].flat().map((text) => resultOf(text))
  return { status: 200, body: { id: 'modr-1', model: 'omni-moderation-2024-09-26', results } }
}

function resultOf(text: string): object {
  const hit = new Set(Object.keys(words).flatMap((word) => (text.includes(word) ? [words[word]] : [])))
  const of = <Value>(value: (name: string) => Value) => Object.fromEntries(names.map((name) => [name, value(name)]))
  return {
    flagged: hit.size > 0,
    categories: of((name) => hit.has(name)),
    category_scores: of((name) => (hit.has(name) ? highScore : lowScore)),
    category_applied_input_types: of(() => ['text']),
  }
}

const refused = (status: number, message: string) => ({
  status,
  body: { error: { message, type: 'invalid_request_error', param: null, code: null } },
})
