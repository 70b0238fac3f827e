import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { openBrowser, type OpenedBrowser } from '../../support/web/browser.ts'
import { startScriptedAnalyst } from '../../support/web/scripted-analyst.ts'
import { serveApp, type ServedApp } from '../../support/web/served-app.ts'
import { figure, type Figures } from '../figures.ts'
import { PageNetwork } from './devtools.ts'

interface Drawn {
  /** From the last answer of the model to the chart that is seen, milliseconds. */
  readonly afterModel: number
  /** From the chosen file, with all that the sandbox and a person without hands take. */
  readonly afterUpload: number
}

/** A file, a question about it and its chart, in a browser that has drawn none before: what draws it is loaded, too. */
async function drawn(
  { app, browser, lastToken }: { app: ServedApp; browser: OpenedBrowser; lastToken: () => number },
  { file, throttled }: { readonly file: string; readonly throttled: boolean },
): Promise<Drawn> {
  await using watched = await browser.newPage()
  const { page, context } = watched
  await app.signIn(context, 'service')
  await PageNetwork.of(page, { throttled })
  await page.goto(`${app.addresses.service}#/ask`)
  await page.waitForSelector('#question')
  const began = performance.now()
  await page.setInputFiles('input[type="file"]', file)
  await page.waitForSelector('.file-preview .data-table-cell')
  await page.fill('#question', 'Make a chart of sales.csv')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.chart-place svg path')
  const seen = performance.now()
  const token = lastToken()
  if (!(token > began && token < seen)) throw new Error('The chart was not drawn behind the answer of the model.')
  await endSandboxes(app)
  return { afterModel: seen - token, afterUpload: seen - began }
}

/** Each conversation keeps its sandbox; a caller who has as many as they may have waits before the next file is looked at. */
async function endSandboxes({ service: { url, key } }: ServedApp): Promise<void> {
  const headers = { authorization: `Bearer ${key}` }
  const list = (await (await fetch(`${url}/v1/containers`, { headers })).json()) as {
    readonly data: readonly { readonly id: string }[]
  }
  for (const { id } of list.data) {
    const { ok, status } = await fetch(`${url}/v1/containers/${id}`, { method: 'DELETE', headers })
    if (!ok) throw new Error(`The container ${id} was not deleted: ${status}`)
  }
}

/** How long after the model's last token a chart is seen, on this machine and on the throttled profile. */
export async function chartTimes(): Promise<Figures> {
  const file = join(temporaryFolder('sallyport-bench-'), 'sales.csv')
  writeFileSync(file, 'region,mail,amount\nnorth,ann@example.com,3\nsouth,bob@example.com,9\n')
  let token = 0
  await using model = await startScriptedAnalyst({ answering: () => (token = performance.now()) })
  await using app = await serveApp(model.environment)
  await using browser = await openBrowser()
  const subject = { app, browser, lastToken: () => token }
  const run = async (count: number, throttled: boolean): Promise<Drawn[]> => {
    const results: Drawn[] = []
    for (let turn = 0; turn < count; turn += 1) results.push(await drawn(subject, { file, throttled }))
    return results
  }
  // The first one opens what a service opens once.
  await run(1, false)
  const plain = await run(8, false)
  const slow = await run(4, true)
  return {
    'web.chart_after_model': figure(plain.map(({ afterModel }) => afterModel)),
    'web.chart_after_upload': figure(plain.map(({ afterUpload }) => afterUpload)),
    'web.chart_after_model_throttled': figure(slow.map(({ afterModel }) => afterModel)),
  }
}
