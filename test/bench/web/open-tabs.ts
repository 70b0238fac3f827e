import { setTimeout as sleep } from 'node:timers/promises'
import type { BrowserContext } from 'playwright-core'
import { openBrowser } from '../../support/web/browser.ts'
import { startScriptedAnalyst } from '../../support/web/scripted-analyst.ts'
import { serveApp, type ServedApp } from '../../support/web/served-app.ts'
import { figure, type Figures } from '../figures.ts'
import { room } from '../pass-through/gateway.ts'
import { serviceBytes } from '../sessions/service.ts'

/** People, each with a browser of their own and a session, and the tabs that each has open. */
const [people, tabs] = [20, 10]

async function openTab(app: ServedApp, context: BrowserContext): Promise<void> {
  const page = await context.newPage()
  await page.goto(`${app.addresses.service}#/ask`)
  await page.waitForSelector('#question')
}

/** What 200 tabs, pages of Chromium with the app in each, take of the memory of the service: the most while they were opened, and while they stay. */
export async function openTabs(): Promise<Figures> {
  await using model = await startScriptedAnalyst({ settings: { gateway: { groups: { default: room } } } })
  await using app = await serveApp(model.environment)
  await using browser = await openBrowser()
  const person = async (count: number): Promise<AsyncDisposable> => {
    const { context, page, ...watched } = await browser.newPage()
    await page.close()
    await app.signIn(context, 'service')
    for (let tab = 0; tab < count; tab += 1) await openTab(app, context)
    return watched
  }
  // What a service opens and compiles with its first pages is no part of what a tab takes.
  await (await person(tabs))[Symbol.asyncDispose]()
  await sleep(2_000)
  const before = serviceBytes(app.service)
  let peak = before
  const clock = setInterval(() => (peak = Math.max(peak, serviceBytes(app.service))), 100)
  await using open = new AsyncDisposableStack()
  for (let turn = 0; turn < people; turn += 1) open.use(await person(tabs))
  const times: number[] = []
  for (let second = 0; second < 10; second += 1) {
    await sleep(1_000)
    times.push(serviceBytes(app.service))
  }
  clearInterval(clock)
  const pages = browser.browser.contexts().flatMap((context) => context.pages())
  if (pages.length !== people * tabs) throw new Error(`${pages.length} tabs are open.`)
  return {
    'web.tabs_service_peak': figure([peak - before], { unit: 'bytes' }),
    'web.tabs_service_held': figure(
      times.map((bytes) => bytes - before),
      { unit: 'bytes' },
    ),
  }
}
