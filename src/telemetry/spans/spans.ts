import type { ErrorCode } from '../../core/error-codes.ts'
import type { AgentEvent } from '../../core/events.ts'
import type { EndpointAnswer, EndpointCallFacts } from '../../core/endpoint-call.ts'
import type { BegunRequest, ResponseRecord } from '../../core/facts.ts'
import type { CallOutcome, UpstreamAnswer } from '../../core/model-call.ts'
import type { Received } from '../../core/request.ts'
import type { OnAdmitted } from '../call-observer.ts'
import type { StatementSeen } from '../statement-observer.ts'

/** The model behind the agent, by the names of the configuration. */
export interface AgentModel {
  readonly name: string
  /** As the conventions name it: `openai`. */
  readonly provider: string
}

/** A call that runs when it is given who is told that it was admitted. */
export type CallWork = (admitted: OnAdmitted) => Promise<CallOutcome>

/** A call of an endpoint that runs when it is given who is told that its turn has come. */
export type EndpointWork = (admitted: (facts: EndpointCallFacts) => Promise<void>) => Promise<EndpointAnswer>

/**
 * Spans of requests by the GenAI and the HTTP conventions of OpenTelemetry. They hold names of the configuration and the code, counts,
 * times and codes of errors: no text of a caller, a model or a row, and no id of a caller but by keyed digest.
 */
export interface Spans {
  requestBegan(request: BegunRequest): void
  requestFailed(requestId: string, code: ErrorCode): void
  requestEnded(record: ResponseRecord): void
  /** The same events; their spans end with them. */
  ofRun(received: Received, events: AsyncIterable<AgentEvent>): AsyncIterable<AgentEvent>
  /** The same work; its span begins when it is admitted. */
  ofCall(work: CallWork): CallWork
  /** The same work; its span begins with its turn. */
  ofEndpointCall(work: EndpointWork): EndpointWork
  /** The same answer; notes when the first part of a stream comes. */
  ofAnswer(requestId: string, answer: UpstreamAnswer): UpstreamAnswer
  ofStatement<T extends { readonly kind: string }>(seen: StatementSeen, work: () => Promise<T>): Promise<T>
  /** What is wrong, for people. */
  faults(): readonly string[]
  /** Hands over what waits, within a bound. */
  close(): Promise<void>
}
