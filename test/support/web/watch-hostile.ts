import { readFileSync } from 'node:fs'
import type { Frame, Page, Request } from 'playwright-core'
import type { WatchedPage } from './browser.ts'

interface Watch {
  /** What ran, was refused by the policy of the page, or was asked of another origin, and links whose target nobody sees: empty where nothing happened. */
  look(): Promise<string[]>
}

/** Begins to watch a page, whose policy is watched when it is loaded again. `home`: the origin that it may ask. */
export async function watchPage({ page, context }: WatchedPage, home: string): Promise<Watch> {
  const dialogs: string[] = []
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  const sent = new Set<Request>()
  context.on('request', (request) => sent.add(request))
  // What a policy refused has not been sent.
  context.on('requestfailed', (request) => {
    if (request.failure()?.errorText === 'csp') sent.delete(request)
  })
  await page.addInitScript(`globalThis.refused = []
    addEventListener('securitypolicyviolation', (event) => refused.push(event.violatedDirective + ' ' + event.blockedURI))`)
  return {
    async look() {
      const ran = await ranIn(page)
      const refused = await page.evaluate<string[]>('globalThis.refused')
      const elsewhere = [...sent].map((request) => request.url()).filter((url) => !isHome(url, home))
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

/**
 * The page and the frames in it in which a script left its mark. A frame within a frame is not looked at, and may have no document at all:
 * what runs in it marks the one around it.
 */
export async function ranIn(page: Page): Promise<string[]> {
  const isLookedAt = (frame: Frame): boolean => [null, page.mainFrame()].includes(frame.parentFrame())
  const marks = await Promise.all(
    page
      .frames()
      .filter(isLookedAt)
      .map(async (frame) => {
        const mark = await frame.locator('html').getAttribute('data-ran')
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
