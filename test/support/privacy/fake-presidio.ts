import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as bodyText } from 'node:stream/consumers'

/** What the analyzer is asked in one call. */
export interface AskedOfPresidio {
  readonly text: string | readonly string[]
  readonly language: string
  readonly entities: readonly string[]
  readonly score_threshold: number
}

interface Found {
  readonly entity_type: string
  readonly start: number
  readonly end: number
  readonly score: number
  readonly analysis_explanation: null
}

/** Names that it knows, each with its entity. */
const names: Readonly<Record<string, string>> = {
  'Kim Wexler': 'PERSON',
  'Zoë Müller': 'PERSON',
  Albuquerque: 'LOCATION',
  'kim@hamlin.example': 'EMAIL_ADDRESS',
}

/**
 * The HTTP interface of Presidio's analyzer, with a list of names in place of a model. Places count code points, and entities
 * that it does not know are left out without a word, as they are by the real one.
 */
export class FakePresidio implements AsyncDisposable {
  readonly asked: AskedOfPresidio[] = []
  /** How often it was asked what it looks for. */
  entitiesAsked = 0
  entities: readonly string[] = ['PERSON', 'LOCATION', 'EMAIL_ADDRESS', 'PHONE_NUMBER']
  score = 0.85
  /** Answers a question in place of the interface, in whatever way a test wants. */
  answer: ((response: ServerResponse, asked: AskedOfPresidio | null) => void) | null = null
  readonly #server = createServer((request, response) => {
    void bodyText(request).then((body) => {
      const asked = request.method === 'POST' ? (JSON.parse(body) as AskedOfPresidio) : null
      if (asked === null) this.entitiesAsked += 1
      else this.asked.push(asked)
      if (this.answer !== null) return this.answer(response, asked)
      return this.#serve(response, request.url ?? '', asked)
    })
  })

  static async start(): Promise<FakePresidio> {
    const fake = new FakePresidio()
    fake.#server.listen(0, '127.0.0.1')
    await once(fake.#server, 'listening')
    return fake
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Every text that it was sent. */
  get texts(): readonly string[] {
    return this.asked.flatMap(({ text }) => text)
  }

  /** The right answer to a question. */
  answerTo({ text, entities, score_threshold: threshold }: AskedOfPresidio): unknown {
    const isWanted = (found: Found) => entities.includes(found.entity_type) && found.score >= threshold
    const lists = [text].flat().map((each) => this.#findingsIn(each).filter(isWanted))
    return typeof text === 'string' ? lists[0] : lists
  }

  #serve(response: ServerResponse, path: string, asked: AskedOfPresidio | null): void {
    if (asked !== null && path === '/analyze') return json(response, 200, this.answerTo(asked))
    if (path === '/supportedentities?language=en') return json(response, 200, this.entities)
    const error = 'No matching recognizers were found to serve the request.'
    return json(response, path.startsWith('/supportedentities') ? 500 : 404, { error })
  }

  #findingsIn(text: string): Found[] {
    return Object.entries(names).flatMap(([name, entity_type]) =>
      [...text.matchAll(new RegExp(name, 'g'))].map(({ index }) => {
        const start = Array.from(text.slice(0, index)).length
        return { entity_type, start, end: start + name.length, score: this.score, analysis_explanation: null }
      }),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
