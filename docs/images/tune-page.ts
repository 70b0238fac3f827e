/**
 * Makes `web/tune.png` of the page Tune over real requests: a service with a detector whose texts say how harmful they are, so
 * that the truth of each is known and can be labelled. `node docs/images/tune-page.ts` after a change to what the page looks like.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureWebApp } from '../../setup/web-app.mjs'
import { normal } from '../../test/support/feedback/made-traffic.ts'
import { TunedService } from '../../test/support/feedback/tuned-service.ts'
import { createRandom } from '../../test/support/random.ts'
import { openBrowser } from '../../test/support/web/browser.ts'

interface Drawn {
  readonly data: readonly {
    readonly decision: { readonly id: string; readonly scores: readonly { score: number }[] }
  }[]
}

/** Different scores of so many requests, a fifth of them harmful, with the truth of each. */
function madeTruths(count: number): ReadonlyMap<number, 'harmful' | 'harmless'> {
  const random = createRandom(23)
  const truths = new Map<number, 'harmful' | 'harmless'>()
  while (truths.size < count) {
    const isHarmful = random() < 0.2
    const score = 1 / (1 + Math.exp(-((isHarmful ? 1.1 : -1.3) + normal(random))))
    truths.set(Number(score.toFixed(3)), isHarmful ? 'harmful' : 'harmless')
  }
  return truths
}

await ensureWebApp()
await using service = await TunedService.start()
const truths = madeTruths(400)
for (const score of truths.keys()) await service.ask(score)
const drawn = await service.admin<Drawn>(
  'GET',
  'tuning/queue?group=support&direction=outbound&rule=toxicity&kind=audit&limit=90',
)
for (const { decision } of drawn.data) {
  const truth = truths.get(decision.scores[0]?.score ?? -1) ?? 'unsure'
  await service.admin('POST', 'tuning/labels', { item: decision.id, rule: 'toxicity', truth, why: 'read' })
}
await using browser = await openBrowser()
await using watched = await browser.newPage({ width: 1_120, height: 1_240 })
const { page } = watched
await page.goto(`${service.operators.url}/app/#/tune/support/outbound/toxicity`)
await page.getByLabel('Key with the scope admin').fill(service.operators.key)
await page.keyboard.press('Enter')
const slider = page.getByRole('slider')
await slider.focus()
for (let presses = 0; presses < 16; presses += 1) await page.keyboard.press('ArrowRight')
const folder = join(import.meta.dirname, 'web')
mkdirSync(folder, { recursive: true })
await page.screenshot({ path: join(folder, 'tune.png') })
