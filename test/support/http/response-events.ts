/** Events of a stream of Responses, as they came. */
export interface SentEvent {
  readonly type: string
  readonly sequence_number: number
  readonly [name: string]: unknown
}

/** Reads a whole stream; the name of each event has to be its type. */
export async function sentEvents(response: Response): Promise<readonly SentEvent[]> {
  const text = await response.text()
  return text
    .split('\n\n')
    .filter((block) => block !== '' && !block.startsWith(':'))
    .map((block) => {
      const [, name, data = ''] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? []
      const event = JSON.parse(data) as SentEvent
      if (event.type !== name) throw new Error(`an event named ${name} is of the type ${event.type}`)
      return event
    })
}

/** Types, one after the other, with a `*` for several of a kind. */
export function typesOf(events: readonly SentEvent[]): readonly string[] {
  return events.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1])
}
