import type { RecordedRequest } from './recorded-request.ts'
import type { Served } from './served.ts'

/** One API of a provider, as its endpoint answers it. */
export interface ProviderApi {
  /** Does this request carry the endpoint's own key? */
  readonly isKnown: (request: RecordedRequest, key: string) => boolean
  readonly answer: (request: RecordedRequest) => Served
  /** An error in the API's own form. */
  readonly fault: (status: number, message: string, headers?: Readonly<Record<string, string>>) => Served
}

interface WithRawJson {
  readonly rawJSON: (text: string) => unknown
}

const { rawJSON } = JSON as unknown as WithRawJson

/** Members that no client knows yet, with numbers that a parser would change. */
export const laterMembers = {
  x_later: { count: rawJSON('9007199254740993'), share: rawJSON('1.0'), tiny: rawJSON('1e-7'), nothing: {} },
}

/** The text in pieces of so many characters, none of which is cut in two. */
export function piecesOf(text: string, size: number): string[] {
  const characters = Array.from(text)
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, index) =>
    characters.slice(index * size, (index + 1) * size).join(''),
  )
}

/** The body; null where it is no JSON. */
export function jsonOf({ body }: RecordedRequest): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}

/** What the answers say, in whatever API. */
export const said = {
  plain: 'It is 21 °C in Oslo, “clear” 🌤 and dry.\n',
  structured: '{"city":"Oslo","degrees":21}',
  reasoning: 'The question names a city.',
  refusal: 'I cannot help with that.',
} as const

/** What the question of clients has of a person, and what the model says of it: that, or the token that it has seen. */
export const asker = 'kim.wexler@hamlin.example'
const seenAsker = new RegExp(`${asker.replaceAll('.', '\\.')}|EMAIL_(?:[A-Z]\\d){5}`)

/** The plain words; to who asks in their own name by that name. */
export function plainWords(asked: string): string {
  const name = seenAsker.exec(asked)?.[0]
  return name === undefined ? said.plain : `${said.plain}Yours, ${name}, is it?`
}
