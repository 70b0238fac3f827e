import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type * as Chain from '../../src/filters/standard-chain.ts'
import type * as Profile from '../../src/filters/profile.ts'
import type * as Cell from '../../src/gateway/screen/cell.ts'
import type * as Screen from '../../src/gateway/screen/screener.ts'
import { screeningInputs } from './screening-inputs.ts'
import { serveSubject } from './subject.ts'

const never = new AbortController().signal

/** The filters of the product at `product`, over the inputs of this checkout. */
await serveSubject(async (product) => {
  const load = <Module>(path: string) => import(join(product, 'src', path)) as Promise<Module>
  const { createStandardChain } = await load<typeof Chain>('filters/standard-chain.ts')
  const { defaultProfile } = await load<typeof Profile>('filters/profile.ts')
  const { createScreener } = await load<typeof Screen>('gateway/screen/screener.ts')
  const { screenRows } = await load<typeof Cell>('gateway/screen/cell.ts')
  const inputs = screeningInputs()
  const chain = createStandardChain({ deadlineMilliseconds: 600_000 })
  const screener = () =>
    createScreener({
      chain,
      profile: defaultProfile,
      direction: 'outbound',
      group: 'default',
      hiddenSql: () => null,
      limits: { maximumResultCharacters: 1_000_000_000, maximumTurnCharacters: 1_000_000_000 },
    })
  const text = (whole: string) => () => screener().text(whole, 'tool', never)
  const rows = (table: Parameters<typeof screenRows>[0]) => async () =>
    JSON.stringify(await screenRows(table, screener(), never)).length
  const server = createServer((_request, response) => response.end('ok'))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  server.unref()
  // Whoever measures has no inputs of its own: to collect them would look like a wait.
  const characters = Object.entries(inputs).flatMap(([name, input]) =>
    typeof input === 'string' ? [[name, input.length] as const] : [],
  )
  return {
    hello: { port: (server.address() as AddressInfo).port, ...Object.fromEntries(characters) },
    jobs: {
      logs: text(inputs.logs),
      html: text(inputs.html),
      htmlWithLinks: text(inputs.htmlWithLinks),
      markdown: text(inputs.markdown),
      markdownTables: text(inputs.markdownTables),
      identifiers: text(inputs.identifiers),
      json: text(inputs.json),
      csv: text(inputs.csv),
      numbers: text(inputs.numbers),
      prose: text(inputs.prose),
      encoded: text(inputs.encoded),
      unbroken: text(inputs.unbroken),
      cells: rows(inputs.cells),
      rows: rows(inputs.rows),
      large: rows(inputs.large),
    },
  }
})
