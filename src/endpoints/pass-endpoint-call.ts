import type { EndpointAnswer, EndpointCallFacts, ReceivedEndpointCall } from '../core/endpoint-call.ts'
import { ServiceError } from '../core/errors.ts'
import type { Grant } from '../core/grant.ts'
import type { MediaChecker } from '../core/media.ts'
import type { Amounts } from '../core/quotas.ts'
import { bytesOf } from '../core/sizes.ts'
import type { Quota } from '../gateway/admit/quota.ts'
import { authenticate, type Identify } from '../gateway/authenticate/authenticate.ts'
import type { PayloadPolicy } from '../gateway/authorize/payload/payload-policy.ts'
import type { GrantFor } from '../gateway/authorize/policy.ts'
import { requireScope } from '../gateway/authorize/scopes.ts'
import { checkAnswer } from './check-answer.ts'
import { checkBody } from './check-body.ts'
import { pictureChecks } from './check-pictures.ts'
import { checkHead } from './check-head.ts'
import type { Endpoint } from './endpoint.ts'
import { findOperation } from './find-operation.ts'

export interface EndpointStages {
  readonly endpoints: ReadonlyMap<string, Endpoint>
  readonly identify: Identify
  readonly grantFor: GrantFor
  readonly quota: Pick<Quota, 'reserve'>
  readonly payload: Pick<PayloadPolicy, 'ofEndpoint'>
  /** Looks at pictures; null where no operation takes one. */
  readonly media: MediaChecker | null
}

/** `onAdmitted` resolves when who calls what stands on the trail; nothing is sent before. */
export type EndpointPipeline = (
  received: ReceivedEndpointCall,
  onAdmitted: (facts: EndpointCallFacts) => Promise<void>,
  signal: AbortSignal,
) => Promise<EndpointAnswer>

/**
 * authenticate → authorize → admit → read and hold against the document → ask about the payload → wait for a turn → send → hold
 * the answer against the document → settle. What is refused on the way reaches nobody.
 */
export function createEndpointPipeline({
  endpoints,
  identify,
  grantFor,
  quota,
  payload,
  media,
}: EndpointStages): EndpointPipeline {
  return async function pass(received, onAdmitted, signal) {
    const { principal } = await authenticate(received, identify)
    requireScope(principal, 'models')
    const { requestId, channel, method, endpoint: name } = received
    const grant = await grantFor(principal, channel, requestId)
    const endpoint = endpoints.get(name)
    if (endpoint === undefined || !grant.endpoints.some((granted) => granted.split('.')[0] === name)) {
      throw new ServiceError('not-found', `There is no endpoint "${name.slice(0, 100)}".`, {
        advice: 'Check its name; where it is right, ask the operator to list it in endpoints of your group.',
      })
    }
    const { options, contract, place } = endpoint
    if (received.path.length + (received.query?.length ?? 0) > bytesOf.kb(options.address_kb)) {
      throw new ServiceError('invalid-request', 'The address is longer than the endpoint takes.', {
        advice: `It takes ${bytesOf.kb(options.address_kb)} bytes.`,
      })
    }
    const found = findOperation(contract.operations, method, received.path)
    const { operation } = found
    requireOperation(grant, name, operation.name)
    const head = checkHead(found, received.query, received.headers)
    const price = options.operations[operation.name]?.price ?? options.price
    const limitBytes = bytesOf.kb(options.body_limit_kb)
    await using reservation = await quota.reserve(
      principal,
      { bytes: operation.body === null ? 1 : limitBytes, money: price ?? 0 },
      { guessed: ['bytes'], endpoint: name, ...(price === null ? { price: null } : {}) },
    )
    const body = await checkBody(operation, received, {
      bytes: limitBytes,
      ratio: options.body_ratio,
      json: { depth: options.json_depth, values: options.json_values },
      form: options.forms,
      checkPicture: pictureChecks(media, options, { sender: principal.id, signal }),
    })
    await payload.ofEndpoint({ requestId, channel, principal, grant, operation: `${name}.${operation.name}`, body })
    const facts = {
      requestId,
      principal: principal.id,
      group: principal.group,
      endpoint: name,
      operation: operation.name,
      method: operation.method,
      template: operation.path.text,
      server: endpoint.server,
      body: body?.bytes ?? null,
    }
    const onTurn = (waitedMilliseconds: number): Promise<void> => onAdmitted({ ...facts, waitedMilliseconds })
    const answer = await endpoint.send(
      { caller: principal.id, method, head, body, onTurn },
      (raw) => checkAnswer(operation, raw, place),
      signal,
    )
    const uses: Amounts = { bytes: (body?.bytes.length ?? 0) + answer.body.length, money: price ?? 0 }
    reservation.use(uses)
    return { ...answer, headers: reservation.headers }
  }
}

/** Throws `forbidden` for an operation that the grant does not name. */
function requireOperation({ endpoints }: Pick<Grant, 'endpoints'>, name: string, operation: string): void {
  if (endpoints.includes(name) || endpoints.includes(`${name}.${operation}`)) return
  throw new ServiceError('forbidden', `The operation "${operation}" is not allowed for your group.`, {
    advice: `Ask the operator: endpoints of the group has to list ${name} or ${name}.${operation}.`,
  })
}
