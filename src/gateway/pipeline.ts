import type { AgentEvent } from '../core/events.ts'
import type { Admitted, Authorized, Received } from '../core/request.ts'
import type { Direction } from '../filters/filter.ts'
import { admit, type Quota } from './admit/quota.ts'
import { authenticate, type Identify } from './authenticate/authenticate.ts'
import { authorize, type GrantFor } from './authorize/groups.ts'
import { redact } from './redact.ts'
import { screenEvents } from './screen/events.ts'
import { mayRevealSql } from './screen/reveal.ts'
import type { Screener } from './screen/screener.ts'
import { settle } from './settle.ts'

/** What every interface asks: events of one answer, already screened. Rejects with a ServiceError. */
export type Answerer = (received: Received, signal: AbortSignal) => AsyncIterable<AgentEvent>

export interface PipelineOptions {
  readonly identify: Identify
  readonly grantFor: GrantFor
  readonly quota: Quota
  /** A screener for one request in one direction, by the profile its grant names. */
  readonly screenerFor: (
    request: Authorized,
    direction: Direction,
    hiddenSql: () => readonly string[] | null,
  ) => Screener
}

/** What an admitted request does: a run of the agent. */
export type Run = (request: Admitted, signal: AbortSignal) => AsyncIterable<AgentEvent>

export type Pipeline = (received: Received, run: Run, signal: AbortSignal) => AsyncIterable<AgentEvent>

/** authenticate → authorize → admit → redact → run → screen → settle. Each line needs what the line before it gives. */
export function createPipeline(options: PipelineOptions): Pipeline {
  return async function* answer(received, run, signal) {
    const authenticated = await authenticate(received, options.identify)
    const authorized = authorize(authenticated, options.grantFor)
    const admitted = admit(authorized, options.quota)
    await using _reservation = admitted.reservation
    const executed: string[] = []
    const hiddenSql = () => (mayRevealSql(authorized.grant, authorized.messages) ? null : executed)
    const redacted = await redact(
      admitted,
      options.screenerFor(admitted, 'inbound', () => null),
      signal,
    )
    const screened = screenEvents(
      run(redacted, signal),
      {
        screener: options.screenerFor(admitted, 'outbound', hiddenSql),
        onSql: (statement) => executed.push(statement),
        previewSql: authorized.grant.revealSql !== 'never',
        passesUnread: received.channel === 'cli',
      },
      signal,
    )
    yield* settle(redacted, screened)
  }
}
