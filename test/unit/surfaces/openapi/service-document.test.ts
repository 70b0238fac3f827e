import { afterAll, describe, expect, it } from 'vitest'
import { servedRoutes, type AppOptions } from '../../../../src/surfaces/app.ts'
import { e2bRoutes } from '../../../../src/surfaces/e2b/e2b-routes.ts'
import { jupyterRoutes } from '../../../../src/surfaces/jupyter/jupyter-routes.ts'
import { librechatRoutes } from '../../../../src/surfaces/librechat/librechat-routes.ts'
import { openApiOf } from '../../../../src/surfaces/openapi/document.ts'
import { pageOf } from '../../../../src/surfaces/openapi/page.ts'
import { serviceContract } from '../../../../src/surfaces/wire/service/contract.ts'
import { startService } from '../../../support/http/http-service.ts'
import { verifies } from '../../../support/verifies.ts'

const service = await startService()
afterAll(() => service[Symbol.asyncDispose]())

/** Anything that is asked of it is itself: routes are made, and none is asked. */
const anything: unknown = new Proxy(() => undefined, {
  get: (_target, name) => (name === Symbol.iterator ? undefined : anything),
})

/** Protocols with documents of their own, and what only answers in their terms. */
const elsewhere = [/^\/mcp$/, /^\/\.well-known\//]

const named = (path: string) => path.replace(/:(\w+)/g, '{$1}')

describe('the OpenAPI document of the service', () => {
  it('has every route that is served, and no other', () => {
    verifies('execute.document')
    const ofOthers = [e2bRoutes, librechatRoutes, jupyterRoutes].flatMap((routes) =>
      Array.from(routes(anything as never)),
    )
    // Places of protocols of others; the files of OpenAI share one with LibreChat.
    const undocumented = new Set(ofOthers.map(({ method, path }) => `${method} ${path}`))
    undocumented.delete('get /v1/files/:id')
    const served = servedRoutes(anything as AppOptions)
      .filter(({ method, path }) => !undocumented.has(`${method} ${path}`))
      .filter(({ path }) => !elsewhere.some((pattern) => pattern.test(path)))
      .map(({ method, path }) => `${method} ${named(path)}`)
    const documented = serviceContract.routes.map(({ method, path }) => `${method} ${path}`)
    expect(documented.toSorted()).toEqual([...new Set(served)].toSorted())
  })

  it('is served to anybody, with the address of the service and no reference that leads nowhere', async () => {
    const answer = await fetch(`${service.url}/openapi.json`)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
    const text = await answer.text()
    const document = JSON.parse(text) as { servers: unknown; components: { schemas: object } }
    expect(document.servers).toEqual([{ url: service.url }])
    const references = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name)
    expect(references.filter((name) => !Object.hasOwn(document.components.schemas, name ?? ''))).toEqual([])
    expect(references.length).toBeGreaterThan(10)
  })

  it('names each operation once, and says of each what it may be answered with', () => {
    const { paths } = openApiOf(serviceContract) as {
      paths: Record<string, Record<string, { operationId: string; responses: object }>>
    }
    const operations = Object.values(paths).flatMap((item) => Object.values(item))
    const ids = operations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { responses } of operations)
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['400', '405']))
  })

  it('is a page, too, that loads nothing and runs nothing', async () => {
    const answer = await fetch(`${service.url}/docs`)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    )
    const html = await answer.text()
    expect(html).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|\ssrc=|javascript:/i)
    const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, link]) => link)
    expect(links.filter((link) => !link?.startsWith('#'))).toEqual([])
    for (const { path } of serviceContract.routes) expect(html).toContain(`<code>${path}</code>`)
  })

  it('shows what a document says as text', () => {
    const html = pageOf({
      ...openApiOf({ ...serviceContract, title: '<script>alert(1)</script>', description: '"><img src=x onerror=y>' }),
    })
    expect(html).not.toContain('<script')
    expect(html).not.toContain('<img')
  })
})
