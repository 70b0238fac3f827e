import { FakeServer, type Serve } from './fake-server.ts'

interface Asked {
  readonly model: string
  readonly messages: readonly { readonly role: string; readonly content: string }[]
}

/** Words that it knows, with the codes of Llama Guard that a text with one has. */
const codes: Readonly<Record<string, string>> = { hurt: 'S1', vermin: 'S10' }

/** What a model says to the messages that it is sent. */
type Says = (messages: Asked['messages']) => string

/** Llama Guard behind a server with its chat template: judges the last message, and begins with two line ends, as it does. */
const llamaGuardSays: Says = (messages) => {
  const found = Object.keys(codes).filter((word) => messages.at(-1)?.content.includes(word) === true)
  return found.length === 0 ? '\n\nsafe' : `\n\nunsafe\n${found.map((word) => codes[word]).join(',')}`
}

/** A model that does what it is told: a score for each word of the example that it was shown. */
const scoresSays: Says = ([system, user]) => {
  const example = JSON.parse(/\{"scores".*\}/.exec(system?.content ?? '')?.[0] ?? '{}') as { scores: object }
  const { text } = JSON.parse(user?.content ?? '{}') as { text: string }
  const scores = Object.keys(example.scores).map((word) => [word, word === 'threat' && text.includes('hurt') ? 0.9 : 0])
  return JSON.stringify({ scores: Object.fromEntries(scores) as object })
}

/** `POST /v1/chat/completions` as servers of models answer it, with a list of words in place of a model. */
function serveWith(says: Says): Serve {
  return ({ method, path, body }) => {
    if (method === 'GET' && path === '/v1/models') {
      return { status: 200, body: { object: 'list', data: [{ id: 'guard', object: 'model', owned_by: 'local' }] } }
    }
    if (method !== 'POST' || path !== '/v1/chat/completions') return { status: 404, body: { detail: 'Not Found' } }
    const { messages } = body as Asked
    return { status: 200, body: completion(says(messages)) }
  }
}

/** An answer whose model said this. */
export function completion(content: string | null, finish = 'stop', message: object = {}): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'guard',
    choices: [{ index: 0, message: { role: 'assistant', content, ...message }, logprobs: null, finish_reason: finish }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  }
}

export const startFakeLlamaGuard = (): Promise<FakeServer> => FakeServer.start(serveWith(llamaGuardSays))
export const startFakeScores = (): Promise<FakeServer> => FakeServer.start(serveWith(scoresSays))
