import type { Page, Route } from 'playwright-core'
import { appPolicy } from '../../../src/surfaces/web/app-policy.ts'
import { markup } from './hostile-content.ts'

/** What is left of what keeps hostile content in its place, where a test takes walls away. All is there where nothing is said. */
export interface Walls {
  /** The policy of the page; null for none. */
  readonly policy?: string | null
  /** May the page be framed, as `x-frame-options` says it? */
  readonly frameOptions?: boolean
  /** The attribute of the frame in which a page is shown that a program made. */
  readonly sandbox?: boolean
  /** The policy that is put before such a page. */
  readonly framePolicy?: boolean
}

/** The policy without directives, or with those alone. */
function policyOf(choose: (directive: string) => boolean): string {
  return appPolicy
    .split('; ')
    .filter((each) => choose(each.split(' ')[0] ?? ''))
    .join('; ')
}

const isOfTrustedTypes = (directive: string): boolean => /trusted-types/.test(directive)
export const trustedTypesAlone = policyOf(isOfTrustedTypes)
export const withoutTrustedTypes = policyOf((directive) => !isOfTrustedTypes(directive))
export const frameAncestorsAlone = policyOf((directive) => directive === 'frame-ancestors')

/** Serves a page what the service does, without the walls that are gone. */
export async function takeAway(page: Page, address: string, walls: Walls): Promise<void> {
  const { policy, frameOptions = true, sandbox = true, framePolicy = true } = walls
  await page.route(
    (url) => url.href === address,
    async (route) => {
      const answer = await route.fetch()
      const headers = { ...answer.headers() }
      if (policy !== undefined) delete headers['content-security-policy']
      if (typeof policy === 'string') headers['content-security-policy'] = policy
      if (!frameOptions) delete headers['x-frame-options']
      await route.fulfill({ response: answer, headers })
    },
  )
  if (sandbox && framePolicy) return
  await page.route(/\/app\/assets\/ask-page-[^/]+\.js$/, async (route: Route) => {
    const answer = await route.fetch()
    const script = await answer.text()
    const open = sandbox ? script : without(script, 'sandbox:``,')
    await route.fulfill({ response: answer, body: framePolicy ? open : without(open, 'Content-Security-Policy') })
  })
}

function without(script: string, text: string): string {
  if (script.split(text).length !== 2) throw new Error(`the script of the page does not have ${text} once`)
  return script.replace(text, '')
}

/** The forms of `markup`, each of which leaves a mark of its own where it runs, and asks an address of its own. */
export function markedForms(address: string): readonly string[] {
  return markup.map(({ text }, at) =>
    text
      .replaceAll('RUN', `document.documentElement.dataset.ran${at}=1`)
      .replaceAll('OFF', `${address}/control/wall-${at}`),
  )
}

/** Which of the forms have left a mark, by the names in the data of a document. */
export const marksOf = (names: readonly string[]): number[] =>
  names
    .flatMap((name) => /^ran(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((one, other) => one - other)
