/** One kind of call, as it is sent and as the upstream answers it. */
export interface Traffic {
  readonly body: Buffer
  /** The body of the next call, where each says something else: what was found in one is not to be had from another. */
  readonly next?: () => Buffer
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

const amount = '1,204'

/** The body again and again, each text of it with other amounts. */
function varied(body: Buffer): () => Buffer {
  const pieces = body.toString().split(amount)
  let count = 0
  return () => {
    const amounts = pieces.slice(1).map((_, index) => {
      count += 1
      // Nine thousand amounts of the same length, in rows of which no two are alike for long.
      const number = 1_000 + ((index % 2 === 0 ? count : Math.floor(count / 9_000)) % 9_000)
      return `${String(number).slice(0, 1)},${String(number).slice(1)}`
    })
    return Buffer.from(pieces.map((piece, index) => piece + (amounts[index] ?? '')).join(''))
  }
}

const turns = 20
/** Conversations that go on at the same time. */
const together = 16
const instructions = 'Answer in the language of the question, in whole sentences, and name the figures that you go by. '
const remark = 'Sales of the northern region rose by 12 % to 1,204 units, and the team expects a quiet summer. '

/** The turns of conversations, one after the other: each call brings those before it, and what a person adds. */
function conversations(): () => Buffer {
  let count = 0
  return () => {
    const [lane, step] = [count % together, Math.floor(count / together)]
    const [conversation, turn] = [Math.floor(step / turns) * together + lane, step % turns]
    count += 1
    const said = Array.from({ length: turn * 2 + 1 }, (_, index) => {
      const about = `In part ${index + 1} of matter ${conversation + 1}: `
      const [email, phone, card] = personal
      const values = index % 10 === 0 ? `Write to ${email} or call ${phone} about card ${card}.` : ''
      return { role: index % 2 === 0 ? 'user' : 'assistant', content: about + remark.repeat(4) + values }
    })
    const messages = [{ role: 'system', content: instructions.repeat(10) }, ...said]
    return Buffer.from(JSON.stringify({ model: 'gpt-5', temperature: 0.2, messages }))
  }
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
  personal: { body: personalChat(false), next: varied(personalChat(false)), answer: [whole()], contentType: json },
  personalStreamed: {
    body: personalChat(true),
    next: varied(personalChat(true)),
    answer: events(50),
    contentType: 'text/event-stream',
  },
  conversation: { body: conversations()(), next: conversations(), answer: [whole()], contentType: json },
  large: { body: chat(64_000, false), answer: [whole()], contentType: json },
  streamed: { body: chat(2_000, true), answer: events(50), contentType: 'text/event-stream' },
} as const satisfies Readonly<Record<string, Traffic>>

export type TrafficName = keyof typeof traffic
