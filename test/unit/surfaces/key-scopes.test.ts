import { afterAll, describe, expect, it } from 'vitest'
import { keyScopes } from '../../../src/core/key-scopes.ts'
import { onlyKey, startService } from '../../support/http/http-service.ts'
import { verifies } from '../../support/verifies.ts'

const service = await startService()
afterAll(() => service[Symbol.asyncDispose]())

const routes = [
  ['GET', '/metrics', 'metrics'],
  ['GET', '/v1/privacy/receipts/r1', 'privacy'],
  ['POST', '/v1/privacy/reports', 'privacy'],
  ['POST', '/v1/privacy/searches', 'privacy'],
  ['DELETE', '/v1/privacy/conversations/c1', 'privacy'],
  ['POST', '/v1/filters/check', 'models'],
  ['POST', '/v1/actions/check', 'models'],
  ['GET', '/v1/sessions', 'sessions'],
  ['POST', '/v1/sessions', 'sessions'],
  ['DELETE', '/v1/sessions/s1', 'sessions'],
  ['POST', '/v1/approvals/apr-1', 'approve'],
  ['POST', '/v1/execute', 'execute'],
  ['POST', '/v2/sandboxes', 'execute'],
  ['GET', '/v2/sandboxes', 'execute'],
  ['POST', '/v2/sandboxes/s1/connect', 'execute'],
  ['GET', '/sandboxes/s1', 'execute'],
  ['DELETE', '/sandboxes/s1', 'execute'],
  ['POST', '/sandboxes/s1/timeout', 'execute'],
  ['POST', '/v1/sql', 'sql'],
  ['POST', '/v1/sql/check', 'sql'],
] as const

describe('a key of one scope', () => {
  it.each(routes)('is 403 at %s %s unless that is %s, before its body is read', async (method, path, wanted) => {
    verifies('keys.scopes')
    const ask = async (key: string) => {
      // A body that no route takes: whoever reads it answers 415.
      const body = method === 'POST' ? { body: 'x', headers: { 'content-type': 'text/plain' } } : {}
      const headers = { ...body.headers, authorization: `Bearer ${key}` }
      return fetch(`${service.url}${path}`, { method, ...body, headers })
    }
    const refused: string[] = []
    for (const scope of keyScopes) {
      const answer = await ask(onlyKey(scope))
      const text = await answer.text()
      if (answer.status === 403 && text.includes(`no scope \\"${wanted}\\"`)) refused.push(scope)
    }
    expect(refused).toEqual(keyScopes.filter((scope) => scope !== wanted))
  })
})
