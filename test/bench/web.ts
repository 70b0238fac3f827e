import { report, type Figures } from './figures.ts'
import { optionOf } from './pass-through.ts'
import { chartTimes } from './web/chart.ts'
import { firstLoads } from './web/first-load.ts'
import { longTable } from './web/long-table.ts'
import { openTabs } from './web/open-tabs.ts'

/**
 * The app in Chromium: what its first load weighs and when its question can be typed, Open WebUI beside it (`--only load`), how long after the
 * model's last token a chart is drawn (`chart`), what a table of a million rows takes of its tab (`table`), and what 200 open tabs take of the
 * service (`tabs`).
 */
export async function benchWeb(): Promise<void> {
  const parts: Readonly<Record<string, () => Promise<Figures>>> = {
    load: firstLoads,
    chart: chartTimes,
    table: longTable,
    tabs: openTabs,
  }
  const only = optionOf('only')
  if (only !== null && !Object.hasOwn(parts, only)) {
    throw new Error(`--only takes ${Object.keys(parts).join(', ')}, not "${only}".`)
  }
  for (const [name, measure] of Object.entries(parts)) {
    if (only === null || only === name) report('web', await measure())
  }
}
