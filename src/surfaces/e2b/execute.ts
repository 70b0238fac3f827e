import type { RequestHandler } from 'express'
import { reasonOf, signalFor } from '../../http/caller-signal.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { executeRequest } from '../wire/e2b.ts'
import { faultLine, lineText, linesOf, outputLine } from './cell-lines.ts'
import type { E2bOptions } from './e2b-options.ts'
import { LineStream } from './line-stream.ts'
import { OutputPieces } from '../output-pieces.ts'
import { receivedFor, sandboxOf } from './require-sandbox.ts'

/**
 * From then on an answer has begun, though nothing was said yet: the clients count the time of a program from its head on. What is
 * wrong with a request is mostly known before, and answered with its status.
 */
const headMilliseconds = 500

/**
 * `POST /execute`: one program in its context; lines of JSON while it runs. The clients never say how long it may take: they close the
 * connection, which ends it.
 */
export function execute({ programs, stopping, stallMilliseconds, onFault }: E2bOptions): RequestHandler {
  return async (request, response) => {
    const { code, context_id: contextId, language } = parseRequest(executeRequest, request.body)
    const sandbox = sandboxOf(response)
    const context = sandbox.contexts.find(contextId ?? null, language ?? null)
    const signal = signalFor(response, stopping)
    const lines = new LineStream(response, { contentType: 'application/x-ndjson', stallMilliseconds })
    const output = new OutputPieces((stream, text) => lines.write(lineText(outputLine(stream, text, Date.now()))))
    const head = setTimeout(() => lines.begin(), headMilliseconds)
    try {
      const answer = await programs.run(
        receivedFor(response, context.session),
        {
          language: context.runs,
          code,
          timeoutMilliseconds: sandbox.longestRunMilliseconds,
          takesLess: true,
          bringsFiles: false,
          onOutput: output.add,
        },
        signal,
      )
      if (answer.kind === 'result') output.finish(answer)
      for (const line of linesOf(answer)) lines.write(lineText(line))
      context.executions += 1
      lines.write(lineText({ type: 'number_of_executions', execution_count: context.executions }))
    } catch (thrown) {
      const error = reasonOf(thrown, signal)
      if (!lines.hasBegun) throw error
      onFault(error, requestIdOf(response))
      lines.write(lineText(faultLine(error, requestIdOf(response))))
    } finally {
      clearTimeout(head)
    }
    await lines.end()
  }
}
