/** One kind of call, as it is sent and as the upstream answers it. */
export interface Traffic {
  readonly body: Buffer
  /** What the upstream answers, each in a write of its own. */
  readonly answer: readonly Buffer[]
  readonly contentType: string
}

const sentence = 'The northern region sold 1,204 units in March, “12 % more” than a year before. '
const usage = { prompt_tokens: 612, completion_tokens: 188, total_tokens: 800 }
const common = { id: 'chatcmpl-bench', created: 1_790_000_000, model: 'gpt-5', system_fingerprint: 'fp_44709d6fcb' }

function chat(characters: number, stream: boolean): Buffer {
  const text = sentence.repeat(Math.ceil(characters / sentence.length / 5))
  const messages = ['developer', 'user', 'assistant', 'user', 'user'].map((role) => ({ role, content: text }))
  const options = stream ? { stream, stream_options: { include_usage: true } } : {}
  return Buffer.from(JSON.stringify({ model: 'gpt-5', temperature: 0.2, ...options, messages }))
}

/** Values that a call of a person holds: what hides them may let none of them through. */
export const personal = ['kim.wexler@example.com', '+1 415 555 2671', '4111 1111 1111 1111'] as const

function personalChat(stream: boolean): Buffer {
  const [email, phone, card] = personal
  const said = JSON.parse(chat(2_000, stream).toString()) as { messages: { content: string }[] }
  const last = said.messages.at(-1)
  if (last !== undefined) last.content += `Write to ${email} or call ${phone} about card ${card}.`
  return Buffer.from(JSON.stringify(said))
}

function whole(): Buffer {
  const message = { role: 'assistant', content: sentence.repeat(12), refusal: null, annotations: [] }
  const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' }]
  return Buffer.from(JSON.stringify({ ...common, object: 'chat.completion', choices, usage }))
}

function events(count: number): Buffer[] {
  const chunk = (delta: object, finish_reason: string | null) => ({
    ...common,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  })
  const words = Array.from({ length: count - 3 }, () => chunk({ content: ' units' }, null))
  const last = { ...common, object: 'chat.completion.chunk', choices: [], usage }
  const said = [...words, chunk({}, 'stop'), last].map((data) => `data: ${JSON.stringify(data)}\n\n`)
  return [...said, 'data: [DONE]\n\n'].map((text) => Buffer.from(text))
}

const json = 'application/json'

/** What is measured, by name. */
export const traffic = {
  plain: { body: chat(2_000, false), answer: [whole()], contentType: json },
  personal: { body: personalChat(false), answer: [whole()], contentType: json },
  personalStreamed: { body: personalChat(true), answer: events(50), contentType: 'text/event-stream' },
  large: { body: chat(64_000, false), answer: [whole()], contentType: json },
  streamed: { body: chat(2_000, true), answer: events(50), contentType: 'text/event-stream' },
} as const satisfies Readonly<Record<string, Traffic>>

export type TrafficName = keyof typeof traffic
