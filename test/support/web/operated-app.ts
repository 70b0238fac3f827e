import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { rulesWithTerms } from '../policy/rules-with-terms.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { openBrowser, type OpenedBrowser, type PageOptions, type WatchedPage } from './browser.ts'
import { serveApp, type ServedApp } from './served-app.ts'

/** What a rule says of statements that read addresses of customers, for which it wants a person. */
export const whyItWaits = 'Addresses of customers leave.'

/** The sample shop with the scripted model, a provider that is never asked, a rule that wants a person, links, and a browser for its operators. */
export class OperatedApp implements AsyncDisposable {
  readonly app: ServedApp
  readonly browser: OpenedBrowser

  private constructor(app: ServedApp, browser: OpenedBrowser) {
    this.app = app
    this.browser = browser
  }

  static async start(): Promise<OperatedApp> {
    const file = join(temporaryFolder('sallyport-operate-'), 'sallyport.yaml')
    const provider = { kind: 'openai', base_url: 'http://127.0.0.1:9/v1', models: ['gpt-5'] }
    const gateway = { groups: { default: { models: ['analyst', 'gpt-5'] } } }
    // JSON is YAML.
    writeFileSync(file, JSON.stringify({ upstreams: { first: provider }, gateway }))
    const term = { touches: ['public.customers.email'], ask: whyItWaits }
    const environment = {
      SALLYPORT_CONFIG: file,
      SALLYPORT_POLICY_BUNDLE: rulesWithTerms({ actions: { 'mail-addresses': term } }),
      SALLYPORT_SHARES_ANONYMOUS_GROUP: 'default',
    }
    return new OperatedApp(...(await Promise.all([serveApp(environment), openBrowser()])))
  }

  /** A page of Operate for somebody with the scope admin, or with the key that is given. */
  async open(place: string, options: PageOptions & { readonly key?: string } = {}): Promise<WatchedPage> {
    return await this.app.open(this.browser, 'operators', `#/operate/${place}`, options)
  }

  /** What the service answers to whoever asks with a key. */
  async statusOf(key: string): Promise<number> {
    const headers = { authorization: `Bearer ${key}` }
    return (await fetch(`${this.app.service.url}/v1/models`, { headers })).status
  }

  /** Asks the service as a caller whose key is no operator's. */
  async post(path: string, body: object): Promise<Response> {
    return await send(`${this.app.service.url}${path}`, this.app.keys.service, body)
  }

  /** Asks a route for operators, which has to answer. */
  async administer<Answer>(path: string, body: object): Promise<Answer> {
    const { href } = new URL(`../admin/v1/${path}`, this.app.addresses.operators)
    const answer = await send(href, this.app.keys.operators, body)
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Answer
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser[Symbol.asyncDispose]()
    await this.app[Symbol.asyncDispose]()
  }
}

const send = (url: string, key: string, body: object): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

/** The page has read what it shows. */
export async function read(page: Page, title: string): Promise<void> {
  await page.getByRole('heading', { name: title, level: 1 }).waitFor()
  await page.locator('.panel[aria-busy=false]').waitFor()
}

export const row = (page: Page, text: string): Locator => page.getByRole('row').filter({ hasText: text })

/** The markup of a page, and what stands in its fields, which the markup does not have. */
export async function everythingIn(page: Page): Promise<string> {
  const fields = await page.locator('input').all()
  const values = await Promise.all(fields.map((field) => field.inputValue()))
  return [await page.content(), ...values].join('\n')
}

/** Answers the route of keys with so many of them, by pages of a thousand, as a service of many callers does. */
export async function withKeys(page: Page, count: number): Promise<void> {
  await page.route('**/admin/v1/keys?*', async (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get('after') ?? 0)
    const to = Math.min(count, from + 1_000)
    const data = Array.from({ length: to - from }, (_, at) => keyAt(from + at))
    await route.fulfill({ json: { data, next: to < count ? String(to) : null } })
  })
}

const keyAt = (at: number) => ({
  id: `key-${at}`,
  name: `Caller ${at}`,
  group: 'default',
  scopes: ['ask'],
  state: 'active',
  created: '2026-11-01T00:00:00Z',
  expires: null,
  last_used: null,
  replaced_by: null,
})
