import type { CallFacts } from '../../../src/core/model-call.ts'
import type { ApiDescription } from '../../../src/gateway/apis/api.ts'
import { dataOf } from '../../../src/gateway/calls/event-data.ts'

const noFacts: CallFacts = { model: 'm', streamed: true, outputTokens: null, hostedTools: [], ids: [], itemIds: [] }

/** Has a stream of these texts come to its end, after each of them? */
export function endsWith(api: ApiDescription, texts: readonly string[], facts: Partial<CallFacts> = {}): boolean[] {
  const isEnd = api.streamEnd({ ...noFacts, ...facts })
  return texts.map((text) => isEnd(text, () => dataOf(text)))
}
