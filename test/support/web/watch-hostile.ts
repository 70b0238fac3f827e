import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import type { WatchedPage } from './browser.ts'

/** What a page did that hostile content wanted of it: nothing where all lists are empty. */
export interface Watch {
  readonly dialogs: string[]
  readonly faults: readonly string[]
  /** What ran or was refused by the policy of the page itself, and links whose target nobody sees. */
  look(): Promise<string[]>
}

/** Begins to watch a page that has not loaded anything yet, or is loaded again behind it. */
export async function watchPage({ page, context, faults, requests }: WatchedPage, home: string): Promise<Watch> {
  const dialogs: string[] = []
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  const network = await context.newCDPSession(page)
  await network.send('Network.enable')
  const sent: string[] = []
  network.on('Network.requestWillBeSent', ({ request }) => sent.push(request.url))
  await page.addInitScript(`globalThis.refused = []
    addEventListener('securitypolicyviolation', (event) => refused.push(event.violatedDirective + ' ' + event.blockedURI))`)
  return {
    dialogs,
    faults,
    async look() {
      const ran = await ranIn(page)
      const refused = await page.evaluate<string[]>('globalThis.refused')
      const elsewhere = [...sent, ...requests.map(({ url }) => url)].filter((url) => !isHome(url, home))
      return [
        ...ran.map((url) => `a script ran in ${url}`),
        ...dialogs.map((said) => `a script said ${said}`),
        ...refused.map((what) => `the policy had to refuse ${what}`),
        ...elsewhere.map((url) => `asked ${url}`),
        ...(await hiddenTargets(page)),
      ]
    },
  }
}

const isHome = (url: string, home: string): boolean => {
  const { origin, protocol } = new URL(url)
  return origin === home || protocol === 'blob:' || protocol === 'data:'
}

/** Frames in which a script left its mark. */
export async function ranIn(page: Page): Promise<string[]> {
  const marks = await Promise.all(
    page.frames().map(async (frame) => {
      const mark = await frame.locator('html').getAttribute('data-ran', { timeout: 5_000 })
      return mark === null ? [] : [frame.url()]
    }),
  )
  return marks.flat()
}

/** Links to elsewhere whose host is not read in or beside them, and those that lead to no page at all. */
function hiddenTargets(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll('a[href], area[href], [*|href]:not([href])')].flatMap((link) => {
    const at = new URL(link.href.baseVal ?? link.href, document.baseURI)
    if (at.protocol === 'blob:' || at.origin === location.origin) return []
    if (at.protocol !== 'https:' && at.protocol !== 'http:' && at.protocol !== 'mailto:') return ['leads to ' + at.href]
    const read = link.innerText + (link.nextElementSibling?.matches('.link-target') ? link.nextElementSibling.innerText : '')
    return read.includes(at.host || at.pathname) ? [] : ['does not tell that it leads to ' + at.href]
  })`)
}

interface NetLog {
  readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> }
  readonly events: readonly {
    readonly type: number
    readonly params?: { readonly url?: string }
  }[]
}

/** What Chromium asks for by itself, and never comes to: no name is resolved. Nothing that is hostile leads there. */
const itsOwn = /^https?:\/\/(?:[\w-]+\.)*(?:google|googleapis)\.com(?:[:/]|$)/

/** The addresses that a browser asked for, by its own log of its network, when it has ended. */
export function askedByNetLog(file: string): readonly string[] {
  const { constants, events } = JSON.parse(readFileSync(file, 'utf8')) as NetLog
  const { URL_REQUEST_START_JOB: started } = constants.logEventTypes
  if (started === undefined) throw new Error('The log of this browser is another one.')
  return events.flatMap(({ type, params }) =>
    type !== started || params?.url === undefined || itsOwn.test(params.url) ? [] : [params.url],
  )
}
