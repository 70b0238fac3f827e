import type { Page } from 'playwright-core'
import type { OpenedBrowser } from './browser.ts'
import type { ServedApp } from './served-app.ts'
import { watchPage } from './watch-hostile.ts'

type Listener = 'service' | 'operators'

interface OpenParts {
  readonly app: ServedApp
  readonly browser: OpenedBrowser
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
