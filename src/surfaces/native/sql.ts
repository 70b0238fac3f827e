import type { Request, RequestHandler, Response } from 'express'
import type { StatementAnswer, StatementVerdict } from '../../core/statement.ts'
import type { StatementReceived } from '../../gateway/statements.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { sqlCheckRequest, sqlRequest, rowsJson, toVerdict } from '../wire/sql.ts'
import { credentialOf } from '../caller.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { sendPieces } from '../../http/send-body.ts'
import { during } from './during.ts'
import { sendRefusal } from './send-refusal.ts'

/** SQL that callers write themselves; everything that comes back has passed the filters. */
export interface StatementService {
  run(
    received: StatementReceived,
    request: { readonly statement: string; readonly maximumRows: number | null },
    signal: AbortSignal,
  ): Promise<StatementAnswer>
  check(received: StatementReceived, statement: string, signal: AbortSignal): Promise<StatementVerdict>
}

export interface SqlOptions {
  readonly statements: StatementService
  /** Aborts when the service has waited long enough for its running requests. */
  readonly stopping: AbortSignal
  /** How long a caller may take none of its answer. */
  readonly stallMilliseconds: number
}

function toReceived(request: Request, response: Response, source: string | null | undefined): StatementReceived {
  return {
    requestId: requestIdOf(response),
    channel: 'http',
    credential: credentialOf(request),
    dataSource: source ?? null,
  }
}

/** `POST /v1/sql`: one statement through the gate, its rows as JSON. */
export function runSql({ statements, stopping, stallMilliseconds }: SqlOptions): RequestHandler {
  return async (request, response) => {
    const { statement, source, max_rows: maximumRows } = parseRequest(sqlRequest, request.body)
    const received = toReceived(request, response, source)
    const answer = await during(response, stopping, (signal) =>
      statements.run(received, { statement, maximumRows: maximumRows ?? null }, signal),
    )
    if (answer.kind === 'refused') return sendRefusal(response, 'statement', answer.findings)
    response.status(200).setHeader('cache-control', 'no-store').type('json')
    await sendPieces(response, rowsJson(answer), stallMilliseconds)
  }
}

/** `POST /v1/sql/check`: the gate's verdict; a refusal is an answer like any other. Nothing runs. */
export function checkSql({ statements, stopping }: SqlOptions): RequestHandler {
  return async (request, response) => {
    const { statement, source } = parseRequest(sqlCheckRequest, request.body)
    const received = toReceived(request, response, source)
    const verdict = await during(response, stopping, (signal) => statements.check(received, statement, signal))
    response.status(200).setHeader('cache-control', 'no-store').json(toVerdict(verdict))
  }
}
