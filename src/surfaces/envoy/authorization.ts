import type { handleUnaryCall } from '@grpc/grpc-js'
import { ServiceError } from '../../core/errors.ts'
import { apis } from '../../gateway/apis/apis.ts'
import type { GrantFor } from '../../gateway/authorize/policy.ts'
import { requireScope } from '../../gateway/authorize/scopes.ts'
import type { BegunRequest, ResponseRecord } from '../../core/facts.ts'
import type { OnFault } from '../../http/errors.ts'
import { toHttpError } from '../../http/problem.ts'
import { newRequestId } from '../../http/request-id.ts'
import type { AnsweredCallers } from '../answered-callers.ts'
import type { Know } from '../caller.ts'
import { faultAnswer } from './answer-faults.ts'
import { headerPairs, headOf, pathIn, routeOf, type EnvoyHead } from './envoy-head.ts'
import type { CheckRequest, CheckResponse } from './services.ts'

/** A model behind Envoy, and the kind of its API. */
export interface ModelBehind {
  readonly id: string
  readonly kind: 'openai' | 'anthropic'
}

export interface AuthorizationOptions {
  readonly know: Know
  readonly callers: Pick<AnsweredCallers, 'begin' | 'end'>
  readonly grantFor: GrantFor
  readonly models: readonly ModelBehind[]
  readonly onFault: OnFault
  /** Told of a request that is refused here, which nobody else hears of. */
  readonly onRequest: (request: BegunRequest) => void
  readonly onResponse: (response: ResponseRecord) => void
}

/** Codes of gRPC. */
const [ok, permissionDenied] = [0, 7] as const

/**
 * Envoy's question whether a request may go on, decided by its head alone: there is a call at its address, its caller is known and
 * not kept out, and may ask a model behind Envoy by this API. Which model, and all that its body says, is for ext_proc.
 * Whatever fails is a no.
 */
export function checkRequest(options: AuthorizationOptions): handleUnaryCall<CheckRequest, CheckResponse> {
  return (call, callback) => {
    void decide(call.request, options).then((response) => callback(null, response))
  }
}

async function decide(request: CheckRequest, options: AuthorizationOptions): Promise<CheckResponse> {
  const requestId = newRequestId()
  const begin = performance.now()
  const head = headIn(request)
  options.callers.begin(requestId, head)
  try {
    await authorizeHead(head, requestId, options)
    return { status: { code: ok }, okResponse: {} }
  } catch (thrown) {
    const error = toHttpError(thrown)
    options.onFault(error, requestId)
    const { status, headers, body } = faultAnswer(error, pathIn(head.target), requestId)
    options.onRequest({ requestId, method: head.method, scheme: 'http', traceparent: null })
    options.onResponse({
      requestId,
      method: head.method,
      path: pathIn(head.target),
      route: 'ext-authz',
      status,
      requestBytes: null,
      milliseconds: performance.now() - begin,
      complete: true,
    })
    const set = headers.flatMap((key, at) => (at % 2 === 0 ? [{ header: { key, value: headers[at + 1] ?? '' } }] : []))
    return { status: { code: permissionDenied }, deniedResponse: { status: { code: status }, headers: set, body } }
  } finally {
    options.callers.end(requestId)
  }
}

async function authorizeHead(head: EnvoyHead, requestId: string, options: AuthorizationOptions): Promise<void> {
  const { api } = routeOf(head)
  const principal = await options.know(head)
  requireScope(principal, 'models')
  const grant = await options.grantFor(principal, 'http', requestId)
  const { kind } = apis[api]
  if (options.models.some((model) => model.kind === kind && grant.models.includes(model.id))) return
  throw new ServiceError('forbidden', 'Your group may ask no model by this API here.', {
    advice: `Ask the operator: gateway.groups.${principal.group}.models has to list one.`,
  })
}

function headIn({ attributes }: CheckRequest): EnvoyHead {
  const http = attributes?.request?.http
  const listed = http?.headerMap?.headers ?? []
  const pairs = listed.length > 0 ? headerPairs(listed) : Object.entries(http?.headers ?? {}).flat()
  const plain = pairs.flatMap((name, at) => (at % 2 === 0 && !name.startsWith(':') ? [name, pairs[at + 1] ?? ''] : []))
  const head = [':method', http?.method ?? '', ':path', http?.path ?? '', ...plain]
  return headOf(head, attributes?.source?.address?.socketAddress?.address ?? '')
}
