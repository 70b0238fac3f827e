import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SurfaceService } from '../../support/surfaces/surface-service.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'

const python = (code: string) => ({
  kind: 'turn' as const,
  calls: [{ name: 'run_python', arguments: JSON.stringify({ code }) }],
})

interface Item {
  readonly type: string
  readonly origins: readonly string[]
  readonly code?: string
  readonly file_id?: string
  readonly run?: string
}
interface Made {
  readonly id: string
  readonly origins: readonly string[]
  readonly made_of: readonly string[]
}
interface Notebook {
  readonly cells: readonly { readonly metadata: { readonly sallyport?: { readonly origins?: readonly string[] } } }[]
}

/** What a file of somebody else's has gone through, and what is told of where that came from. */
interface Told {
  readonly upload: readonly string[]
  /** What a model says that has only been told of it. */
  readonly remark: readonly string[]
  readonly variable: readonly string[]
  readonly chart: readonly string[]
  readonly answer: readonly string[]
  readonly nextDay: readonly string[]
  readonly elsewhere: readonly string[]
  readonly exported: readonly (readonly string[])[]
  readonly explained: readonly string[]
  /** Ids of what the sandbox of the first day was made of. */
  readonly sandbox: readonly string[]
}

const opened = new AsyncDisposableStack()
afterAll(() => opened.disposeAsync())

/** One caller of a service that is ended and started again over the same storage. */
async function launder(): Promise<Told> {
  const folder = temporaryFolder('laundering-')
  const variables = {
    XDG_CONFIG_HOME: folder,
    SALLYPORT_STORAGE_PATH: join(folder, 'sallyport.db'),
    SALLYPORT_GATEWAY_KEYS_FILE: join(folder, 'keys.json'),
  }
  const start = async () => opened.use(await SurfaceService.start({}, { variables }))
  let service = await start()
  const key = await service.key()
  const json = async <T>(answering: Promise<Response>): Promise<T> => {
    const answer = await answering
    const body = await answer.text()
    if (!answer.ok) throw new Error(`${answer.status} ${body}`)
    return JSON.parse(body) as T
  }
  const get = <T>(path: string) => json<T>(service.ask('GET', path, key))
  const ask = async (given: object, ...turns: Parameters<SurfaceService['script']>[0]) => {
    service.script([...turns, { kind: 'turn', text: 'Done.' }])
    const { id: session } = await json<{ id: string }>(service.post('/v1/sessions', key, {}))
    const messages = [{ role: 'user', content: 'Go on.' }]
    const body = { model: 'analyst', messages, session, ...given }
    const answer = await service.post('/v1/chat/completions', key, body)
    await json(Promise.resolve(answer.clone()))
    return answer.headers.get('x-sallyport-conversation') ?? ''
  }
  const itemsOf = async (id: string) =>
    (await get<{ data: readonly Item[] }>(`/v1/conversations/${id}/items?limit=100&order=asc`)).data
  const graphOf = async (items: readonly Item[]) => {
    const { lineage } = await get<{ lineage: readonly Made[] }>(`/v1/runs/${items.at(-1)?.run ?? ''}/explanation`)
    return lineage
  }
  const of = (items: readonly Item[], code: string) => items.find((item) => item.code?.includes(code))?.origins ?? []

  const form = new FormData()
  form.set('purpose', 'user_data')
  form.set('file', new File(['North\n'], 'notes.txt'))
  const headers = { authorization: `Bearer ${key}` }
  const sent = fetch(`${service.url}/v1/files`, { method: 'POST', headers, body: form })
  const upload = await json<{ id: string; origins: readonly string[] }>(sent)
  const remark = (await itemsOf(await ask({ files: [upload.id], store: true }))).at(-1)?.origins ?? []
  const conversation = await ask(
    { files: [upload.id], store: true },
    python('print(open("notes.txt").read())'),
    python('open("chart.txt", "w").write("North")'),
  )
  const first = await itemsOf(conversation)
  const chartId = first.find((item) => item.file_id != null)?.file_id ?? ''
  const chart = await get<{ origins: readonly string[] }>(`/v1/files/${chartId}`)

  await service.close()
  service = await start()
  await ask({ conversation }, python('print("later")'))
  const all = await itemsOf(conversation)
  const other = await ask({ files: [chartId], store: true }, python('print("elsewhere")'))
  const { cells } = await get<Notebook>(`/v1/conversations/${conversation}/export?format=ipynb`)
  const [before, after] = [await graphOf(first), await graphOf(all)]
  return {
    upload: upload.origins,
    remark,
    variable: of(first, 'notes.txt'),
    chart: chart.origins,
    answer: first.at(-1)?.origins ?? [],
    nextDay: of(all, 'later'),
    elsewhere: of(await itemsOf(other), 'elsewhere'),
    exported: cells.flatMap(({ metadata }) =>
      metadata.sallyport?.origins === undefined ? [] : [metadata.sallyport.origins],
    ),
    explained: after.find(({ id }) => id === 'model')?.origins ?? [],
    sandbox: before.find(({ id }) => id === 'sandbox')?.made_of ?? [],
  }
}

let told: Told
beforeAll(async () => {
  told = await launder()
}, 120_000)

describe('what somebody else wrote in a file', () => {
  it.each(['upload', 'remark', 'variable', 'chart', 'answer', 'nextDay', 'elsewhere', 'explained'] as const)(
    'is told of its %s',
    (step) => {
      verifies('analyst.origins-kept')
      expect(told[step]).toContain('file')
    },
  )

  it('is named in the graph of a run by a number, as what its sandbox was made of', () => {
    expect(told.sandbox).toContain('file-1')
  })

  it('is told of cells of an export, those of the next day too', () => {
    expect(told.exported.filter((origins) => origins.includes('file')).length).toBeGreaterThanOrEqual(3)
  })

  it('never becomes what nobody can follow, where all of it was kept', () => {
    expect([...told.variable, ...told.chart, ...told.answer, ...told.nextDay]).not.toContain('unknown')
  })
})
