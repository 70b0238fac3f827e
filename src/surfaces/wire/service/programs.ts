import { z } from 'zod'
import { noBody, noParams, plainId, route } from '../../openapi/contract.ts'
import { executeAnswer, executeEvent, executeRequest } from '../execute.ts'
import { sessionListQuery } from '../files.ts'
import { sessionList, sessionObject, sessionRequest } from '../sessions.ts'
import { sqlAnswer, sqlCheckRequest, sqlRequest, sqlVerdict } from '../sql.ts'

const post = { method: 'post', params: noParams, query: noParams, status: 200 } as const

const idempotent = {
  'Idempotency-Key': z
    .string()
    .regex(/^[!-~]{1,255}$/)
    .describe('1 to 255 visible characters. A request that is repeated with it is done once.'),
}

const sandboxErrors = ['sandbox-unavailable', 'sandbox-busy', 'sandbox-lost', 'deadline-exceeded'] as const
const sqlErrors = ['refused', 'not-found', 'database-unavailable', 'query-failed', 'deadline-exceeded'] as const

export const programContracts = [
  route({
    ...post,
    id: 'programs.execute',
    path: '/v1/execute',
    summary: 'Runs a program of the caller’s own in a sandbox; however it ends, its outcome is in the answer.',
    body: executeRequest,
    answer: executeAnswer,
    errors: ['refused', 'not-found', 'conflict', 'approval-required', 'idempotency-mismatch', ...sandboxErrors],
    access: 'execute',
    streams: { event: executeEvent, last: 'result' },
    headers: idempotent,
  }),
  route({
    ...post,
    id: 'sql.run',
    path: '/v1/sql',
    summary: 'Runs one SELECT of the caller’s own on a data source, through the gate.',
    body: sqlRequest,
    answer: sqlAnswer,
    errors: ['conflict', 'idempotency-mismatch', ...sqlErrors],
    access: 'sql',
    headers: idempotent,
  }),
  route({
    ...post,
    id: 'sql.check',
    path: '/v1/sql/check',
    summary: 'The verdict of the gate on a statement; nothing runs.',
    body: sqlCheckRequest,
    answer: sqlVerdict,
    errors: sqlErrors,
    access: 'sql',
  }),
  route({
    id: 'sessions.list',
    method: 'get',
    path: '/v1/sessions',
    summary: 'The caller’s open sessions, oldest first, and which of them other replicas have.',
    params: noParams,
    query: sessionListQuery,
    body: noBody,
    status: 200,
    answer: sessionList,
    errors: [],
    access: 'sessions',
  }),
  route({
    ...post,
    id: 'sessions.open',
    path: '/v1/sessions',
    summary: 'Opens a session, which keeps a sandbox with its variables and files from request to request.',
    body: sessionRequest,
    status: 201,
    answer: sessionObject,
    errors: [],
    access: 'sessions',
  }),
  route({
    id: 'sessions.close',
    method: 'delete',
    path: '/v1/sessions/{id}',
    summary: 'Closes a session; what runs in it is cancelled.',
    params: z.strictObject({ id: plainId }),
    query: noParams,
    body: noBody,
    status: 204,
    answer: noBody,
    errors: ['not-found'],
    access: 'sessions',
  }),
]
