import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sallyportHere } from '../../support/cli/sallyport-here.ts'
import { PeopleIssuer } from '../../support/identity/people-issuer.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { openBrowser, type OpenedBrowser, type WatchedPage } from '../../support/web/browser.ts'
import { serveApp, type ServedApp } from '../../support/web/served-app.ts'
import { verifies } from '../../support/verifies.ts'

const callback = '/v1/web/oidc/callback'
const hour = 3_600_000

let issuer: PeopleIssuer
let app: ServedApp
let browser: OpenedBrowser
/** Somebody whom the provider knows already: it asks her for nothing more. */
let ada: WatchedPage
let redirectUris: readonly string[]

beforeAll(async () => {
  issuer = await PeopleIssuer.start()
  const file = join(temporaryFolder('web-'), 'sallyport.yaml')
  const corp = {
    issuer: issuer.url,
    audience: 'an-api',
    groups: { claim: 'groups', map: { engineering: 'default' } },
    scopes: ['ask', 'models', 'sessions'],
    cooldown_ms: 1_000,
    clock_skew_ms: 30_000,
  }
  const client_id = issuer.client.id
  const oidc = { issuer: 'corp', name: 'Example Inc.', client_id, scopes: ['openid', 'groups'] }
  writeFileSync(file, JSON.stringify({ gateway: { identity: { issuers: { corp } } }, web: { oidc } }))
  ;[app, browser] = await Promise.all([
    serveApp({
      SALLYPORT_CONFIG: file,
      SALLYPORT_TELEMETRY_LOG_LEVEL: 'info',
      SALLYPORT_WEB_OIDC_CLIENT_SECRET: issuer.client.secret,
    }),
    openBrowser(),
  ])
  const operators = new URL('/admin/v1/web/oidc/callback', app.addresses.operators).href
  redirectUris = [`${app.service.url}${callback}`, operators]
  await issuer.signBy('first', redirectUris)
  ada = await browser.newPage()
})
afterAll(async () => {
  await ada?.[Symbol.asyncDispose]()
  await browser?.[Symbol.asyncDispose]()
  await app?.[Symbol.asyncDispose]()
  await issuer?.[Symbol.asyncDispose]()
})
afterEach(() => {
  issuer.faults = {}
})

const who = (page: Page) => page.locator('.shell-who')

/** Presses the link of the sign-in page, of a browser that nobody is signed in by. */
async function press(page: Page, address = app.addresses.service): Promise<void> {
  await page.context().clearCookies({ name: /^sallyport_/ })
  await page.goto(address)
  await page.reload()
  await page.getByRole('link', { name: 'Sign in with Example Inc.' }).click()
}

/** Signs in on the pages of the provider. */
async function atProvider(page: Page, name: string): Promise<void> {
  await page.locator('input[name=login]').fill(name)
  await page.locator('input[name=password]').fill('whatever it is')
  await page.locator('button[type=submit]').click()
  await page.getByRole('button', { name: 'Continue' }).click()
}

/** What the sign-in page says where nobody is signed in: a code, and the request under which the log has the reason. */
async function refusalOf(page: Page) {
  await page.getByText('You are not signed in.').waitFor()
  const said = await page.locator('.notice').textContent()
  const [, code, id = 'none'] = /\(([a-z-]+), request ([\w-]{8,})\)/.exec(said ?? '') ?? []
  const lines = app.service.log().split('\n')
  const logged = lines.filter((line) => line.includes(id) && line.includes('signed nobody in'))
  const cookies = await page.context().cookies(app.service.url)
  return {
    code,
    logged: logged.map((line) => /"code":"([a-z-]+)","reason":"./.exec(line)?.[1]),
    signedIn: await who(page).count(),
    cookies: cookies.map(({ name }) => name).filter((name) => name.startsWith('sallyport_')),
  }
}

const refusedBy = (code: string) => ({ code, logged: [code], signedIn: 0, cookies: [] })

/** Where the service would send a browser now, which has begun to sign in. */
async function begun(context: BrowserContext): Promise<URL> {
  const answer = await context.request.get(`${app.service.url}/v1/web/oidc/start`, { maxRedirects: 0 })
  return new URL(answer.headers()['location'] ?? '')
}

describe('a browser at a provider that others run', () => {
  it('is signed in there, in the group of the claim, and out again here', async () => {
    verifies('web.oidc')
    const { page, context } = ada
    await press(page)
    await atProvider(page, 'ada')
    await who(page).waitFor()
    expect(page.url()).toBe(app.addresses.service)
    const answer = await context.request.get(`${app.service.url}/v1/web/session`, {
      headers: { 'x-sallyport-web': '1' },
    })
    expect(await answer.json()).toMatchObject({
      group: 'default',
      signed_in_by: 'oidc',
      scopes: ['ask', 'models', 'sessions'],
    })
    const cookies = await context.cookies(app.service.url)
    expect(cookies.filter(({ name }) => name.startsWith('sallyport_'))).toMatchObject([
      { name: 'sallyport_session', sameSite: 'Strict', httpOnly: true },
    ])
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.reload()
    await page.getByRole('link', { name: 'Sign in with Example Inc.' }).waitFor()
    expect(await who(page).count()).toBe(0)
  })

  it('is signed in by a link that was made without another start, at either address', async () => {
    verifies('web.link-command')
    const { url, environment } = app.service
    const here = { ...environment, SALLYPORT_HTTP_PORT: new URL(url).port }
    const there = { ...environment, SALLYPORT_KEY: app.keys.operators }
    const server = new URL(app.addresses.operators).origin
    const links = [
      await sallyportHere(['web', 'link'], { environment: here }),
      await sallyportHere(['web', 'link', '--operators', '--server', server], { environment: there }),
    ]
    for (const { code, stdout, stderr } of links) {
      expect([code, stderr]).toEqual([0, expect.stringContaining('It signs one browser in, once')])
      await using somebody = await browser.newPage()
      await somebody.page.goto(stdout.trim())
      await who(somebody.page).waitFor()
    }
  })

  it('is signed in after the provider has other keys', async () => {
    verifies('web.oidc')
    await issuer.signBy('second', redirectUris)
    await expect
      .poll(async () => {
        await press(ada.page)
        const form = ada.page.locator('input[name=login]')
        await ada.page.locator('.shell-who, .notice, input[name=login]').first().waitFor()
        // What it knew of her went with its process.
        if ((await form.count()) > 0) await atProvider(ada.page, 'ada')
        await ada.page.locator('.shell-who, .notice').first().waitFor()
        return who(ada.page).count()
      })
      .toBe(1)
  })

  it('is told that it is of no group here, and that it is no operator', async () => {
    verifies('web.oidc')
    await using bo = await browser.newPage()
    await press(bo.page)
    await atProvider(bo.page, 'bo')
    expect(await refusalOf(bo.page)).toEqual(refusedBy('forbidden'))
    await press(ada.page, app.addresses.operators)
    expect(await refusalOf(ada.page)).toEqual(refusedBy('forbidden'))
  })

  it('is told where it has refused there', async () => {
    verifies('web.oidc')
    await using somebody = await browser.newPage()
    await press(somebody.page)
    await somebody.page.getByRole('link', { name: 'Cancel' }).click()
    expect(await refusalOf(somebody.page)).toEqual(refusedBy('unauthenticated'))
  })

  const document = '/.well-known/openid-configuration'
  it.each([
    ['does not answer', 'identity-unavailable', () => ({ down: ['/'] })],
    ['does not say where it is', 'identity-unavailable', () => ({ down: [document] })],
    ['gives no tokens', 'identity-unavailable', () => ({ down: ['/token'] })],
    ['is another one now', 'identity-unavailable', () => ({ discovery: { issuer: 'https://elsewhere.example' } })],
    [
      'has its tokens elsewhere',
      'identity-unavailable',
      () => ({ discovery: { token_endpoint: 'http://10.0.0.1/token' } }),
    ],
    ['gives tokens that are over', 'unauthenticated', () => ({ clockOff: -hour })],
    ['gives tokens that are not yet', 'unauthenticated', () => ({ clockOff: hour / 60 - 15_000 })],
  ])('is told that nobody is signed in where the provider %s', async (_how, code, faults) => {
    verifies('web.oidc')
    issuer.faults = faults()
    await press(ada.page)
    expect(await refusalOf(ada.page)).toEqual(refusedBy(code))
  })

  it('is told so where the provider goes while somebody is there', async () => {
    verifies('web.oidc')
    await using somebody = await browser.newPage()
    await press(somebody.page)
    await somebody.page.locator('input[name=login]').waitFor()
    issuer.faults = { down: [document, '/token', '/jwks'] }
    await atProvider(somebody.page, 'ada')
    expect(await refusalOf(somebody.page)).toEqual(refusedBy('identity-unavailable'))
  })

  it.each(['nonce', 'state', 'code_challenge'])('is not signed in by a sign-in whose %s is another', async (name) => {
    verifies('web.oidc')
    const { page, context } = ada
    await context.clearCookies({ name: /^sallyport_/ })
    const url = await begun(context)
    url.searchParams.set(name, 'x'.repeat(43))
    await page.goto(url.href)
    expect(await refusalOf(page)).toEqual(refusedBy('unauthenticated'))
  })

  it('is not signed in as somebody who sends it the address of their own sign-in', async () => {
    verifies('web.oidc')
    const { page, context } = ada
    const url = await begun(context)
    await context.clearCookies({ name: /^sallyport_/ })
    const back = page.waitForRequest((request) => request.url().includes(callback))
    await page.goto(url.href)
    expect(await refusalOf(page)).toEqual(refusedBy('unauthenticated'))
    // Nobody has taken this code. Whoever opens its address has begun a sign-in of their own.
    const address = (await back).url()
    await using victim = await browser.newPage()
    await begun(victim.context)
    await victim.page.goto(address)
    expect(await refusalOf(victim.page)).toEqual(refusedBy('unauthenticated'))
  })

  it('is not signed in by a code that was taken, with the cookie that it was taken with', async () => {
    verifies('web.oidc')
    const { page, context } = ada
    await context.clearCookies({ name: /^sallyport_/ })
    const url = await begun(context)
    const kept = await context.cookies(app.service.url)
    const back = page.waitForRequest((request) => request.url().includes(callback))
    await page.goto(url.href)
    const taken = (await back).url()
    await who(page).waitFor()
    await context.clearCookies({ name: /^sallyport_/ })
    await context.addCookies(kept.filter(({ name }) => name === 'sallyport_oidc'))
    await page.goto(taken)
    expect(await refusalOf(page)).toEqual(refusedBy('unauthenticated'))
  })
})
