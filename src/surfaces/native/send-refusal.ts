import type { Response } from 'express'
import { ServiceError } from '../../core/errors.ts'
import { describeFindings, type Finding } from '../../core/verdict.ts'
import { problemHeaders, toProblem } from '../../http/problem.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { toFindings } from '../wire/sql.ts'

/** 400: the problem every client understands, with the findings about a member of the request beside it as data. */
export function sendRefusal(response: Response, parameter: string, findings: readonly Finding[]): void {
  const error = new ServiceError('refused', describeFindings(findings), { parameter })
  const problem = { ...toProblem(error, requestIdOf(response)), findings: toFindings(findings) }
  response.writeHead(problem.status, problemHeaders(error))
  response.end(JSON.stringify(problem))
}
