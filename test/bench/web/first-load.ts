import type { BrowserContext, Page } from 'playwright-core'
import { OpenWebui, openWebuiPackages } from '../../support/open-webui/open-webui.ts'
import { openBrowser, type OpenedBrowser } from '../../support/web/browser.ts'
import { startScriptedAnalyst } from '../../support/web/scripted-analyst.ts'
import { serveApp, type ServedApp } from '../../support/web/served-app.ts'
import { figure, type Figures } from '../figures.ts'
import { PageNetwork, type Transferred } from './devtools.ts'

/** Rounds, each with one load of every subject; ours twice, since it takes a fraction of the time. */
const rounds = 3

interface Subject {
  readonly address: string
  /** Where a question is typed. */
  readonly box: string
  /** Signs the browser in, before anything is loaded. */
  readonly prepare: (context: BrowserContext) => Promise<void>
}

interface Load extends Transferred {
  /** From the navigation until a letter that was typed is in the box, milliseconds. */
  readonly interactive: number
}

const noticeTyping = `
  addEventListener('input', () => requestAnimationFrame(() => { window.typedAt ??= performance.now() }), true)
`

/** Types until a letter arrives: whatever is shown before that cannot be used. */
async function untilTyped(page: Page, box: string): Promise<number> {
  await page.waitForSelector(box)
  for (let tries = 0; tries < 600; tries += 1) {
    await page.focus(box)
    await page.keyboard.press('x')
    const at = await page.evaluate<number | null>(
      'new Promise(requestAnimationFrame).then(() => window.typedAt ?? null)',
    )
    if (at !== null) return at
  }
  throw new Error(`Nothing can be typed into ${box}.`)
}

/** One load by somebody who has never been there, on the throttled profile. */
async function load(browser: OpenedBrowser, { address, box, prepare }: Subject): Promise<Load> {
  await using watched = await browser.newPage({ width: 1_280 })
  const { page, context } = watched
  await prepare(context)
  await page.addInitScript(noticeTyping)
  const network = await PageNetwork.of(page, { throttled: true })
  await page.goto(address, { waitUntil: 'commit', timeout: 120_000 })
  const interactive = await untilTyped(page, box)
  return { interactive, ...(await network.settled()) }
}

const ownApp = (app: ServedApp): Subject => ({
  address: `${app.addresses.service}#/ask`,
  box: '#question',
  prepare: (context) => app.signIn(context, 'service'),
})

const openWebui = ({ url, token }: OpenWebui): Subject => ({
  address: `${url}/`,
  box: '#chat-input',
  prepare: async (context) => {
    await context.addInitScript(`localStorage.setItem('token', ${JSON.stringify(token)})`)
    await context.addCookies([{ name: 'token', value: token, url }])
  },
})

/** Open WebUI with the service behind it; null, and said aloud, where it is not installed. */
async function startPeer(app: ServedApp): Promise<OpenWebui | null> {
  const packages = openWebuiPackages()
  if (typeof packages === 'string') {
    process.stderr.write(`SKIPPED: Open WebUI: ${packages}; "npm run open-webui" installs it\n`)
    return null
  }
  const { url, key } = app.service
  const peer = await OpenWebui.start({ python: packages.python, url, key, auth: 'token' })
  // Whoever comes for the first time has to close what is new, which would be no time of the program's.
  await peer.post('/api/v1/users/user/settings/update', { ui: { showChangelog: false } })
  return peer
}

/** The first load of the page Ask, beside that of Open WebUI's page where it is installed, in turns. */
export async function firstLoads(): Promise<Figures> {
  await using model = await startScriptedAnalyst()
  await using app = await serveApp(model.environment)
  await using peer = await startPeer(app)
  await using browser = await openBrowser()
  const [own, theirs]: [Load[], Load[]] = [[], []]
  for (let round = 0; round < rounds; round += 1) {
    own.push(await load(browser, ownApp(app)))
    if (peer !== null) theirs.push(await load(browser, openWebui(peer)))
    own.push(await load(browser, ownApp(app)))
  }
  const of = (part: keyof Load, unit: 'ms' | 'bytes') => {
    const samples = theirs.map((each) => each[part])
    const reference = samples.length === 0 ? {} : { reference: { name: 'Open WebUI', samples } }
    return figure(
      own.map((each) => each[part]),
      { unit, ...reference },
    )
  }
  return {
    'web.first_load_scripts': of('scripts', 'bytes'),
    'web.first_load': of('all', 'bytes'),
    'web.interactive': of('interactive', 'ms'),
  }
}
