import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sections } from '../../../src/web/pages/operate/sections.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'
import { seriousFaults, sidewaysPixels } from '../../support/web/accessibility.ts'
import { openBrowser, type OpenedBrowser, type WatchedPage } from '../../support/web/browser.ts'
import { serveApp, type ServedApp } from '../../support/web/served-app.ts'

let app: ServedApp
let browser: OpenedBrowser
/** The sample shop and the scripted model, and a provider that is never asked. */
beforeAll(async () => {
  const file = join(temporaryFolder('sallyport-operate-'), 'sallyport.yaml')
  const provider = { kind: 'openai', base_url: 'http://127.0.0.1:9/v1', models: ['gpt-5'] }
  // JSON is YAML.
  const gateway = { groups: { default: { models: ['analyst', 'gpt-5'] } } }
  writeFileSync(file, JSON.stringify({ upstreams: { first: provider }, gateway }))
  ;[app, browser] = await Promise.all([serveApp({ SALLYPORT_CONFIG: file }), openBrowser()])
})
afterAll(async () => {
  await browser[Symbol.asyncDispose]()
  await app[Symbol.asyncDispose]()
})

const open = (place: string, options: Parameters<OpenedBrowser['newPage']>[0] = {}): Promise<WatchedPage> =>
  app.open(browser, 'operators', `#/operate/${place}`, options)

/** The page has read what it shows. */
async function read(page: Page, title: string): Promise<void> {
  await page.getByRole('heading', { name: title, level: 1 }).waitFor()
  await page.locator('.operate-panel[aria-busy=false]').waitFor()
}

const row = (page: Page, text: string): Locator => page.getByRole('row').filter({ hasText: text })

/** Goes on from where the focus is by Tab alone, as somebody without a mouse does, and presses Enter there. */
async function press(page: Page, target: Locator): Promise<void> {
  await reach(page, target)
  await page.keyboard.press('Enter')
}

async function reach(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  for (let presses = 0; presses < 200; presses += 1) {
    if (await target.evaluate((element) => element.matches(':focus'))) return
    await page.keyboard.press('Tab')
  }
  throw new Error('Tab comes to everything but that.')
}

const statusOf = async (key: string): Promise<number> => {
  const answer = await fetch(`${app.service.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })
  return answer.status
}

/** The markup of a page, and what stands in its fields, which the markup does not have. */
async function everythingIn(page: Page): Promise<string> {
  const fields = await page.locator('input').all()
  const values = await Promise.all(fields.map((field) => field.inputValue()))
  return [await page.content(), ...values].join('\n')
}

/** Asks the service as a caller whose key is no operator's. */
const post = (path: string, body: object): Promise<Response> =>
  fetch(`${app.service.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${app.keys.service}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

/** Goes to each page as a browser of such a kind shows it: the titles, and what is wrong with any of them. */
async function lookThrough(options: { readonly theme: 'light' | 'dark'; readonly width?: number }) {
  await using watched = await open('overview', options)
  const { page } = watched
  const [seen, faults]: [string[], string[]] = [[], []]
  for (const { name, title } of sections) {
    await page.getByRole('link', { name: title, exact: true }).first().click()
    await read(page, title)
    seen.push(await page.title())
    faults.push(...(await seriousFaults(page)).map((fault) => `${name}, ${options.theme}: ${fault}`))
    if ((await sidewaysPixels(page)) > 0) faults.push(`${name}, ${options.theme}: wider than its window`)
  }
  return { seen, faults: [...faults, ...watched.faults] }
}

describe('the pages for operators', () => {
  it('are free of serious faults of accessibility in both themes, and no wider than a phone', async () => {
    const looks = [{ theme: 'light' }, { theme: 'dark', width: 360 }] as const
    const found = await Promise.all(looks.map((options) => lookThrough(options)))
    const faults = found.flatMap((each) => each.faults)
    const seen = found.flatMap((each) => each.seen)
    expect(faults).toEqual([])
    expect(seen).toEqual([...sections, ...sections].map(({ title }) => `${title} · Sallyport`))
  })

  it('make a key by keyboard alone, show it once, and end it', async () => {
    verifies('web.operate-key-once')
    await using watched = await open('keys')
    const { page } = watched
    await read(page, 'Keys and limits')
    await press(page, page.getByRole('button', { name: 'Create a key' }))
    const dialog = page.getByRole('dialog', { name: 'Create a key' })
    await reach(page, dialog.getByLabel('Name'))
    await page.keyboard.press('Enter')
    await dialog.getByText('A name has 1 to 100 characters.').waitFor()
    expect(await seriousFaults(page)).toEqual([])
    await page.keyboard.type('Nightly report')
    await page.keyboard.press('Enter')
    const made = page.getByRole('textbox', { name: 'Key', exact: true })
    await made.waitFor()
    const key = await made.inputValue()
    expect(await everythingIn(page)).toContain(key)
    expect([await made.evaluate((element) => element.matches(':focus')), await statusOf(key)]).toEqual([true, 200])

    await press(page, page.getByRole('button', { name: 'I have kept it' }))
    await row(page, 'Nightly report').getByText('active').waitFor()
    expect(await everythingIn(page)).not.toContain(key)
    await page.reload()
    await read(page, 'Keys and limits')
    expect(await everythingIn(page)).not.toContain(key)
    await press(page, row(page, 'Nightly report').getByRole('link', { name: 'Limits' }))
    await read(page, 'Limits of a caller')
    expect(await seriousFaults(page)).toEqual([])
    await page.goBack()
    await read(page, 'Keys and limits')

    await press(page, row(page, 'Nightly report').getByRole('button', { name: /^Revoke/ }))
    await press(page, page.getByRole('dialog').getByRole('button', { name: 'Revoke key' }))
    await row(page, 'Nightly report').waitFor({ state: 'detached' })
    await expect.poll(() => statusOf(key)).toBe(401)
    expect(watched.faults).toEqual([])
  })

  it('keep a caller out and let them in again', async () => {
    await using watched = await open('keys')
    const { page } = watched
    await read(page, 'Keys and limits')
    const caller = await row(page, 'all but approve and admin').first().locator('code').textContent()
    await page.getByRole('link', { name: 'Suspensions', exact: true }).click()
    await read(page, 'Suspensions')
    await page.getByRole('button', { name: 'Suspend a caller' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Caller', { exact: true }).fill(caller ?? '')
    await dialog.getByRole('button', { name: 'Suspend' }).click()
    await row(page, caller ?? '')
      .getByText('in force')
      .waitFor()
    await expect.poll(() => statusOf(app.keys.service)).toBe(403)
    await page.getByRole('button', { name: /^Lift/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Lift suspension' }).click()
    await page.getByText('Nobody is kept out.').waitFor()
    await expect.poll(() => statusOf(app.keys.service)).toBe(200)
  })

  it('find on the trail what was done on them, and follow its chain', async () => {
    verifies('web.operate-on-trail')
    await using watched = await open('audit?event=admin-change')
    const { page } = watched
    await page.getByRole('row').filter({ hasText: 'keys.create' }).first().waitFor()
    await page.getByRole('button', { name: 'admin-change' }).first().click()
    await page.getByRole('dialog').getByText('"event": "admin-change"').waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('Is the chain whole?').click()
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.getByText('The chain is whole').waitFor()
    expect(watched.faults).toEqual([])
  })

  it('ask the rules in force a question, and where a request would go', async () => {
    await using watched = await open('policy')
    const { page } = watched
    await read(page, 'Policy')
    await page.getByRole('button', { name: 'Ask the rules' }).click()
    await page.getByText('Rules that had a say').waitFor()
    await page.getByLabel('The input of the question').fill('{"channel": 7}')
    await page.getByRole('button', { name: 'Ask the rules' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByRole('link', { name: 'Models and routes' }).click()
    await page.getByLabel('The body of the request').press('Control+Enter')
    await page.getByText('Asked in this order').waitFor()
    // The refused question is told to the console by the browser, and is all that is.
    expect(watched.faults.filter((fault) => !fault.includes('400'))).toEqual([])
  })

  it('end the sandbox of a session, and hand out none while they are drained', async () => {
    await using watched = await open('sandboxes')
    const { page } = watched
    const { id: session } = (await (await post('/v1/sessions', {})).json()) as { readonly id: string }
    const python = { language: 'python', code: 'x = 1', session }
    expect((await post('/v1/execute', python)).status).toBe(200)
    await page.getByRole('button', { name: 'Refresh' }).click()
    await page.getByText('gVisor: proven').waitFor()
    const held = row(page, 'held, nothing runs')
    const sandbox = await held.locator('code').textContent()
    await held.getByRole('button', { name: /^End/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'End sandbox' }).click()
    await row(page, sandbox ?? '').waitFor({ state: 'detached' })
    const after = (await (await post('/v1/execute', python)).json()) as { readonly renewed: string | null }
    expect(after.renewed).toContain('was lost')

    await page.getByRole('button', { name: 'Drain' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Drain' }).click()
    await page.getByText('No sandbox is handed out.').waitFor()
    expect((await post('/v1/execute', { language: 'python', code: 'print(1)' })).status).toBe(503)
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByRole('button', { name: 'Drain' }).waitFor()
    await page.getByRole('link', { name: 'Data sources' }).click()
    await read(page, 'Data sources')
    await page
      .getByRole('button', { name: /^Ask now/ })
      .first()
      .click()
    await page.getByText('usable', { exact: true }).first().waitFor()
  })

  it('ask nobody but the service that they came from', async () => {
    await using watched = await open('overview')
    await read(watched.page, 'Overview')
    const origin = new URL(app.addresses.operators).origin
    expect(watched.requests.map(({ url }) => new URL(url).origin).filter((each) => each !== origin)).toEqual([])
  })
})
