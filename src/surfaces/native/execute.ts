import type { RequestHandler, Response } from 'express'
import { describeFindings } from '../../core/verdict.ts'
import { ServiceError } from '../../core/errors.ts'
import type { AnswerArtifact } from '../../core/events.ts'
import type { ExecutionAnswer, ExecutionReceived, ExecutionRequest } from '../../core/execution.ts'
import { reasonOf, signalFor } from '../../http/caller-signal.ts'
import type { OnFault } from '../../http/errors.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { toProblem } from '../../http/problem.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { sendBytes } from '../../http/send-body.ts'
import { EventStream } from '../../http/sse.ts'
import { withoutFormulas } from '../../text/defuse-formulas.ts'
import { credentialOf, principalOf } from '../caller.ts'
import type { ExecutionService } from '../executions.ts'
import type { CacheOwner } from '../fair-cache.ts'
import { executeRequest, executionJson, type ExecutionForm } from '../wire/execute.ts'
import { toFindings } from '../wire/sql.ts'
import { during } from './during.ts'
import { executionPlace, type ContainerUse } from './execution-place.ts'
import { OutputQueue } from './output-queue.ts'
import { sendRefusal } from './send-refusal.ts'

export interface ExecuteOptions extends ContainerUse {
  readonly executions: ExecutionService
  /** The link to a picture or a file of its owner's; null where it is too large for one. */
  readonly linkFor: (owner: CacheOwner, artifact: AnswerArtifact) => string | null
  /** Aborts when the service has waited long enough for its running requests. */
  readonly stopping: AbortSignal
  readonly heartbeatMilliseconds: number
  /** How long a caller may take none of its answer. */
  readonly stallMilliseconds: number
  /** Are cells that begin formulas defused in tables that programs made? */
  readonly defusesFormulas: boolean
  readonly onFault: OnFault
}

interface Asked {
  readonly received: ExecutionReceived
  readonly request: ExecutionRequest
  readonly form: ExecutionForm
}

/**
 * `POST /v1/execute`: one program in a sandbox; however it ends, its outcome is a member of the answer. Closing the connection
 * ends the program.
 */
export function executeProgram(options: ExecuteOptions): RequestHandler {
  return async (request, response) => {
    const body = parseRequest(executeRequest, request.body)
    const principal = principalOf(response)
    const { language, code, session = null, timeout_ms: wall = null, files, deliver, stream } = body
    const requestId = requestIdOf(response)
    const caller = signalFor(response, options.stopping)
    const place = await executionPlace({ named: session, principal, requestId, caller }, options)
    const received: ExecutionReceived = {
      requestId,
      channel: 'http',
      credential: credentialOf(request),
      sessionId: place.sessionId,
    }
    const asked: Asked = {
      received,
      request: { language, code, timeoutMilliseconds: wall, bringsFiles: files },
      form: { session, deliver, linkFor: (artifact) => options.linkFor(principal, artifact) },
    }
    try {
      await (stream ? answerStreamed(asked, response, options) : answerWhole(asked, response, options))
    } finally {
      await place.ran()
    }
  }
}

async function answerWhole(
  { received, request, form }: Asked,
  response: Response,
  { executions, stopping, stallMilliseconds, defusesFormulas }: ExecuteOptions,
): Promise<void> {
  const ran = await during(response, stopping, (signal) => executions.run(received, request, signal))
  if (ran.kind === 'refused') return sendRefusal(response, 'code', ran.findings)
  const answer = await inertFiles(ran, form, defusesFormulas)
  response.status(200).setHeader('cache-control', 'no-store').type('json')
  await sendBytes(response, Buffer.from(JSON.stringify(executionJson(answer, form))), stallMilliseconds)
}

/**
 * `output` events while it runs, then one `result` or `error`. What fails before the first event is answered as it would be
 * without a stream.
 */
async function answerStreamed(
  { received, request, form }: Asked,
  response: Response,
  options: ExecuteOptions,
): Promise<void> {
  using stream = new EventStream(response, options)
  const signal = signalFor(response, options.stopping)
  const output = new OutputQueue((name, text) => stream.send({ type: 'output', stream: name, text }))
  const onOutput: ExecutionRequest['onOutput'] = (name, text) => output.push(name, text)
  try {
    const answer = await options.executions.run(received, { ...request, onOutput }, signal)
    await output.end()
    if (answer.kind === 'refused') {
      if (!stream.opened) return sendRefusal(response, 'code', answer.findings)
      const error = new ServiceError('refused', describeFindings(answer.findings), { parameter: 'code' })
      await stream.send({ ...errorEvent(error, response), findings: toFindings(answer.findings) })
    } else {
      const inert = await inertFiles(answer, form, options.defusesFormulas)
      await stream.send({ type: 'result', result: executionJson(inert, form) })
    }
  } catch (thrown) {
    const error = reasonOf(thrown, signal)
    if (!stream.opened) throw error
    options.onFault(error, requestIdOf(response))
    if (!response.destroyed) await stream.send(errorEvent(error, response))
  }
  stream.end()
}

type Ran = Extract<ExecutionAnswer, { readonly kind: 'result' }>

/** Its tables as they may be opened by a spreadsheet; those that leave by a link are defused when it is followed. */
async function inertFiles(answer: Ran, { deliver }: ExecutionForm, defusesFormulas: boolean): Promise<Ran> {
  if (!defusesFormulas || deliver !== 'base64') return answer
  const files: AnswerArtifact[] = []
  for (const file of answer.files) files.push(await withoutFormulas(file))
  return { ...answer, files }
}

function errorEvent(error: ServiceError, response: Response) {
  return { type: 'error', problem: toProblem(error, requestIdOf(response)) }
}
