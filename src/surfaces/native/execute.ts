import type { RequestHandler } from 'express'
import type { ExecutionAnswer, ExecutionReceived, ExecutionRequest } from '../../core/execution.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { sendBytes } from '../../http/send-body.ts'
import { credentialOf } from '../caller.ts'
import { executeRequest, executionJson } from '../wire/execute.ts'
import { during } from './during.ts'
import { sendRefusal } from './send-refusal.ts'

/** Programs that callers bring; everything that comes back has passed the filters. */
export interface ExecutionService {
  run(received: ExecutionReceived, request: ExecutionRequest, signal: AbortSignal): Promise<ExecutionAnswer>
}

export interface ExecuteOptions {
  readonly executions: ExecutionService
  /** Aborts when the service has waited long enough for its running requests. */
  readonly stopping: AbortSignal
  /** How long a caller may take none of its answer. */
  readonly stallMilliseconds: number
}

/** `POST /v1/execute`: one program in a sandbox; however it ends, its outcome is a member of the answer. */
export function executeProgram({ executions, stopping, stallMilliseconds }: ExecuteOptions): RequestHandler {
  return async (request, response) => {
    const { language, code, session, timeout_ms: wall, files } = parseRequest(executeRequest, request.body)
    const received: ExecutionReceived = {
      requestId: requestIdOf(response),
      channel: 'http',
      credential: credentialOf(request),
      sessionId: session ?? null,
    }
    const asked = { language, code, timeoutMilliseconds: wall ?? null, bringsFiles: files }
    const answer = await during(response, stopping, (signal) => executions.run(received, asked, signal))
    if (answer.kind === 'refused') return sendRefusal(response, 'code', answer.findings)
    response.status(200).setHeader('cache-control', 'no-store').type('json')
    await sendBytes(response, Buffer.from(JSON.stringify(executionJson(answer))), stallMilliseconds)
  }
}
