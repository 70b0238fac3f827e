import type { CallTarget, UpstreamAnswer } from '../../../core/model-call.ts'
import type { Route } from '../../../models/routing/routes.ts'
import type { TargetLoads, WatchedCall } from '../../../models/routing/target-loads.ts'

/** Sends a call to its target. */
type Send<Call> = (call: Call, signal: AbortSignal) => Promise<UpstreamAnswer>

export interface WatchOptions {
  readonly routes: ReadonlyMap<string, Route>
  readonly loads: TargetLoads
}

/** The same, with what it does noted of every target of which some route has to know; all others are sent as they are. */
export function createWatchTargets({ routes, loads }: WatchOptions) {
  const byLoad = [...routes.values()].filter(({ strategy }) => strategy === 'latency' || strategy === 'least-busy')
  const nameOf = ({ upstream, model }: CallTarget): string => `${upstream} ${model}`
  const watched = new Set(byLoad.flatMap(({ targets }) => targets.map(nameOf)))
  return <Call extends { readonly target: CallTarget }>(send: Send<Call>): Send<Call> =>
    async (call, signal) => {
      if (!watched.has(nameOf(call.target))) return send(call, signal)
      const sent = loads.begin(call.target)
      try {
        return watchedAnswer(await send(call, signal), sent)
      } catch (thrown) {
        sent.ended('failed')
        throw thrown
      }
    }
}

function watchedAnswer(answer: UpstreamAnswer, sent: WatchedCall): UpstreamAnswer {
  if (answer.kind !== 'events') {
    sent.ended('whole')
    return answer
  }
  const leave = (): void => {
    sent.ended('failed')
    answer.leave()
  }
  return { ...answer, body: watchedEvents(answer.body, sent), leave }
}

async function* watchedEvents(body: AsyncIterable<Buffer>, sent: WatchedCall): AsyncGenerator<Buffer> {
  let outcome: 'whole' | 'failed' = 'failed'
  try {
    for await (const events of body) {
      sent.began()
      yield events
    }
    outcome = 'whole'
  } finally {
    sent.ended(outcome)
  }
}
