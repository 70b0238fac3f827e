import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RouteContract } from '../../../src/surfaces/openapi/contract.ts'
import { adminContract } from '../../../src/surfaces/wire/admin/contract.ts'
import { serviceContract } from '../../../src/surfaces/wire/service/contract.ts'
import { ofApp, startWebListeners, type WebListeners } from '../../support/http/web-listeners.ts'
import { SurfaceService } from '../../support/surfaces/surface-service.ts'
import { verifies } from '../../support/verifies.ts'

/** Where a browser has a session, and what it sends with every request, whoever made it. */
interface Place {
  readonly url: string
  readonly cookie: string
}

let service: SurfaceService
let web: WebListeners
const places: Partial<Record<'service' | 'operators', Place>> = {}

beforeAll(async () => {
  ;[service, web] = await Promise.all([SurfaceService.start({ sources: {} }), startWebListeners()])
  const key = await service.key('open', [
    'ask',
    'models',
    'sql',
    'execute',
    'sessions',
    'privacy',
    'approve',
    'metrics',
  ])
  const answer = await fetch(`${service.url}/v1/web/session`, {
    method: 'POST',
    headers: { ...ofApp, 'content-type': 'application/json' },
    body: JSON.stringify({ key }),
  })
  places.service = { url: service.url, cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
  const link = (await web.signIns.makeLink('operators')).secret.reveal()
  places.operators = { url: web.urlOf('operators'), cookie: await web.signIn('operators', { link }) }
})
afterAll(async () => {
  await service?.[Symbol.asyncDispose]()
  await web?.[Symbol.asyncDispose]()
})

type Asked = Pick<RouteContract, 'id' | 'method' | 'path'>

/** Every route that is for whoever is known; those by which browsers sign in ask for nobody. */
const routes = {
  service: serviceContract.routes.filter(({ access }) => access !== 'open'),
  operators: adminContract.routes.filter(({ access, id }) => access !== 'open' && id !== 'web.show'),
}

/** What comes of a request of an address by a browser, with a body that is no form of anything; `page` where it is the page that may not ask. */
async function outcomeOf({ url, cookie }: Place, { method, path }: Asked, headers: Record<string, string>) {
  const answer = await fetch(url + path.replaceAll(/\{\w+\}/g, 'none'), {
    method: method.toUpperCase(),
    headers: { ...headers, cookie },
    ...(method === 'post' ? { body: 'a=1' } : {}),
    redirect: 'manual',
  })
  const isOfPage = (await answer.text()).includes('A page')
  return isOfPage ? 'page' : answer.status
}

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const forged: readonly (readonly [how: string, headers: Record<string, string>])[] = [
  ['a form of another site', { ...form, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  [
    'a link of another site',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  ],
  ['a script of another site', { ...ofApp, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['a script of another port', { ...ofApp, origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
  ['a sandboxed frame', { ...ofApp, origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ['a browser that says nothing, without the header of the app', form],
]

describe.each(['service', 'operators'] as const)('every route of the %s', (listener) => {
  it.each(forged)('refuses the session of a browser to %s', async (_how, headers) => {
    verifies('web.same-origin')
    const place = places[listener] as Place
    const seen = await Promise.all(
      routes[listener].map(async (route) => [route.id, await outcomeOf(place, route, headers)] as const),
    )
    expect(seen.length).toBeGreaterThan(40)
    // Without the header of the app a caller of the service is one who sends no key; at the operators' no page asks at all.
    const isNobody = !('x-sallyport-web' in headers) && (listener === 'service' || !('sec-fetch-site' in headers))
    const wanted = isNobody ? 401 : 'page'
    expect(seen.filter(([, outcome]) => outcome !== wanted)).toEqual([])
  })

  it('takes it from the app', async () => {
    verifies('web.same-origin')
    const place = places[listener] as Place
    const headers = { ...ofApp, origin: place.url, 'sec-fetch-site': 'same-origin', 'content-type': 'text/plain' }
    const seen = await Promise.all(
      routes[listener].map(async (route) => [route.id, await outcomeOf(place, route, headers)] as const),
    )
    // Nothing is there by these names, and no body is one that is read.
    expect(seen.filter(([, outcome]) => outcome === 401 || outcome === 'page')).toEqual([])
  })
})
