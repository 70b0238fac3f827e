import type { CallFacts } from '../../../src/core/model-call.ts'
import type { ApiDescription, StreamEnd } from '../../../src/gateway/apis/api.ts'
import { eventsOf } from '../../../src/gateway/calls/event-data.ts'

const noFacts: CallFacts = { model: 'm', streamed: true, outputTokens: null, hostedTools: [], ids: [], itemIds: [] }

/** What each event of these texts says of the end of their stream. */
export function endsOf(
  api: ApiDescription,
  texts: readonly string[],
  facts: Partial<CallFacts> = {},
): readonly ReturnType<StreamEnd>[] {
  const endOf = api.streamEnd({ ...noFacts, ...facts })
  const events = texts.flatMap((text) => [...eventsOf(text)])
  return events.map(({ data, isMark }) => (data === null && !isMark ? null : endOf(data)))
}
