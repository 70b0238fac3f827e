import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import type { OpenedBrowser } from './browser.ts'
import type { ServedApp } from './served-app.ts'
import { markup } from './hostile-content.ts'
import { ranIn, watchPage } from './watch-hostile.ts'

type Listener = 'service' | 'operators'

interface OpenParts {
  readonly app: ServedApp
  readonly browser: OpenedBrowser
}

/** What turns the direction of reading, or begins what a terminal obeys. */
// oxlint-disable-next-line no-control-regex
const actingCharacters = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/

interface Elsewhere {
  readonly address: string
  readonly asked: readonly string[]
}

/** Names of the markup that neither runs nor asks elsewhere on a page that nothing guards: with it nothing would be shown. */
export async function idleWithoutGuard(page: Page, elsewhere: Elsewhere): Promise<string[]> {
  const idle: string[] = []
  for (const [at, { name }] of markup.entries()) {
    await page.goto(`${elsewhere.address}/bare/${at}`, { waitUntil: 'commit' })
    const acted = async () => elsewhere.asked.includes(`/control/${at}`) || (await ranIn(page)).length > 0
    for (let turn = 0; turn < 40 && !(await acted()); turn += 1) await page.waitForTimeout(25)
    if (!(await acted())) idle.push(name)
  }
  return idle
}

/** A page at a place, and what is seen of what it did. */
export async function openWatched({ app, browser }: OpenParts, listener: Listener, place: string) {
  const watched = await app.open(browser, listener, '#/')
  const watch = await watchPage(watched, new URL(app.addresses[listener]).origin)
  await watched.page.goto(`${app.addresses[listener]}${place}`)
  await watched.page.reload()
  return Object.assign(watched, { watch })
}

/** What a page does not have among the text of elements: spaces are as a browser shows them. */
export async function missingTexts(page: Page, selector: string, wanted: readonly string[]): Promise<string[]> {
  const shown = flat((await page.locator(selector).allTextContents()).join('\n'))
  return wanted.filter((text) => !shown.includes(flat(text)))
}

const flat = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** What a listener answers to a body, with the key that signs in there. */
export async function postTo<T>(app: ServedApp, listener: Listener, path: string, body: object): Promise<T> {
  const answer = await fetch(new URL(path, app.addresses[listener]), {
    method: 'POST',
    headers: { authorization: `Bearer ${app.keys[listener]}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await answer.json()) as T
}

/** What a page that was saved does when a browser opens it, or has that could do something, and what of the texts is not in it: empty where all is well. */
export async function faultsOfSaved(
  browser: OpenedBrowser,
  file: string,
  wanted: readonly string[],
): Promise<readonly string[]> {
  await using watched = await browser.newPage()
  const { page, requests } = watched
  const address = pathToFileURL(file).href
  await page.goto(address)
  await page.waitForLoadState('networkidle')
  const acting = actingCharacters.exec((await page.textContent('body')) ?? '')
  const elements = page.locator('script, iframe, object, embed, form, link, base, a[href], [onload], [onerror]')
  return [
    ...(await missingTexts(page, 'body', wanted)).map((text) => `does not have ${text}`),
    ...(await ranIn(page)).map((url) => `a script ran in ${url}`),
    ...requests.flatMap(({ url }) => (url === address ? [] : [`asked ${url}`])),
    ...(acting === null ? [] : [`has ${JSON.stringify(acting[0])}`]),
    ...(await elements.evaluateAll((found) => found.map(({ tagName }) => `has an element ${tagName}`))),
  ]
}
