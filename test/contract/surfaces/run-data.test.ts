import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rowsAsParquet } from '../../../src/sessions/rows-as-parquet.ts'
import { SurfaceService } from '../../support/surfaces/surface-service.ts'
import { verifies } from '../../support/verifies.ts'

let service: SurfaceService
beforeAll(async () => {
  service = await SurfaceService.start()
})
afterAll(() => service[Symbol.asyncDispose]())

const sql = (statement: string) => ({ name: 'run_sql', arguments: JSON.stringify({ sql: statement }) })

interface Facts {
  readonly call: number
  readonly columns: readonly { readonly name: string; readonly masked: string | null }[]
  readonly total_rows: number
  readonly note: string
  readonly statement: string | null
}

/** A run of a new key that came to the rows of each statement. */
async function ran(...statements: readonly string[]) {
  const key = await service.key()
  service.script([
    ...statements.map((each) => ({ kind: 'turn' as const, calls: [sql(each)] })),
    { kind: 'turn', text: 'Done.' },
  ])
  const asked = { model: 'analyst', input: 'Show me orders and customers.', store: true }
  const { id } = (await (await service.post('/v1/responses', key, asked)).json()) as { readonly id: string }
  const get = async (path: string) => service.ask('GET', `/v1/runs/${id}/tables${path}`, key)
  return { key, id, get }
}

describe('tables of a run', () => {
  it('are listed by the calls that came to them, with what is masked and in which state the data were', async () => {
    verifies('clients.run-tables')
    const { get, id } = await ran('SELECT id, email FROM customers ORDER BY id LIMIT 3', 'SELECT 1 AS one')
    const { data } = (await (await get('')).json()) as { readonly data: readonly Facts[] }
    expect(data).toMatchObject([
      {
        run: id.replace('resp_', 'run_'),
        call: 1,
        tool: 'run_sql',
        columns: [
          { name: 'id', masked: null },
          { name: 'email', masked: 'filter' },
        ],
        rows: 3,
        total_rows: 3,
        truncated: null,
        as_of: expect.stringMatching(/^\d{4}-.*Z$/),
        note: '3 rows · email masked',
      },
      { call: 2, note: '1 row', columns: [{ name: 'one', masked: null }] },
    ])
  })

  it('give their rows page by page, with the cells that marks of answers name', async () => {
    const { get } = await ran('SELECT generate_series(1, 25) AS n')
    const page = async (query: string) => (await (await get(`/1${query}`)).json()) as object
    expect(await page('?offset=20&limit=3')).toMatchObject({ offset: 20, data: [[21], [22], [23]], has_more: true })
    expect(await page('?offset=23')).toMatchObject({ data: [[24], [25]], has_more: false })
    expect(await page('?offset=99')).toMatchObject({ data: [], has_more: false })
    expect((await get('/1?limit=0')).status).toBe(400)
    expect((await get('/1?limit=10001')).status).toBe(400)
    expect((await get('/1?color=red')).status).toBe(400)
  })

  it('leave whole as Parquet with exact values, and as CSV without formulas', async () => {
    verifies('clients.table-files')
    const { get } = await ran(`SELECT 9007199254740993::bigint AS large, '=1+1' AS words, -5 AS less`)
    const csv = await get('/1/content?format=csv')
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="table-1.csv"')
    expect(await csv.text()).toBe("large,words,less\n9007199254740993,'=1+1,-5")
    const parquet = await get('/1/content?format=parquet')
    const columns = [
      { name: 'large', type: 'bigint' },
      { name: 'words', type: 'text' },
      { name: 'less', type: 'integer' },
    ]
    const exact = rowsAsParquet({ columns, rows: [['9007199254740993', '=1+1', -5]] })
    expect(Buffer.from(await parquet.arrayBuffer()).equals(exact?.content ?? Buffer.of())).toBe(true)
    expect((await get('/1/content')).status).toBe(400)
    expect(service.audit().map(({ fact }) => fact)).toContainEqual(
      expect.objectContaining({ event: 'conversation', action: 'take-table' }),
    )
  })

  it('are nobody else’s, and nothing where the call came to none', async () => {
    const { get, id } = await ran('SELECT 1 AS one')
    const other = await service.key()
    for (const path of ['', '/1', '/1/content?format=csv']) {
      expect((await service.ask('GET', `/v1/runs/${id}/tables${path}`, other)).status).toBe(404)
    }
    expect((await service.ask('GET', `/v1/runs/${id}/charts`, other)).status).toBe(404)
    for (const call of ['2', '0', '01', 'one']) expect((await get(`/${call}`)).status).toBe(404)
  })
})

describe('data sources', () => {
  it('are listed and described as the policy of the group shows them', async () => {
    verifies('clients.sources')
    const key = await service.key()
    const list = await service.ask('GET', '/v1/sources', key)
    expect(await list.json()).toEqual({
      object: 'list',
      data: [{ name: 'shop', object: 'source', kind: 'pglite', is_default: true }],
    })
    const shown = (await (await service.ask('GET', '/v1/sources/shop', key)).json()) as {
      readonly freshness: object
      readonly tables: readonly { readonly name: string; readonly columns: readonly { readonly name: string }[] }[]
    }
    expect(shown.freshness).toMatchObject({ as_of: expect.stringMatching(/Z$/), lag_estimated: false })
    const customers = shown.tables.find(({ name }) => name === 'public.customers')
    expect(customers?.columns).toContainEqual(
      expect.objectContaining({ name: 'email', use: 'allow', pii: ['pii/email'] }),
    )
  })

  it('are none for a group that may ask none, and one that is not there for another group', async () => {
    const nothing = await service.key('nothing')
    expect(await (await service.ask('GET', '/v1/sources', nothing)).json()).toEqual({ object: 'list', data: [] })
    expect((await service.ask('GET', '/v1/sources/shop', nothing)).status).toBe(403)
    expect((await service.ask('GET', '/v1/sources/other', await service.key())).status).toBe(404)
    expect((await service.ask('GET', '/v1/sources', null)).status).toBe(401)
  })
})

describe('conversations', () => {
  it('are found by what was said in them, by their owner, and leave as a page', async () => {
    verifies('clients.search')
    const key = await service.key()
    service.script([
      { kind: 'turn', calls: [sql('SELECT 4711 AS needle')] },
      { kind: 'turn', text: '<b>Found</b> it.' },
    ])
    const made = await service.post('/v1/conversations', key, {})
    const { id } = (await made.json()) as { readonly id: string }
    await (
      await service.post('/v1/responses', key, { model: 'analyst', input: 'Where is it?', conversation: id })
    ).text()
    const search = async (by: string, body: object) => {
      const answer = await service.post('/v1/conversations/searches', by, body)
      return { status: answer.status, body: (await answer.json()) as object }
    }
    expect((await search(key, { text: '4711 as NEEDLE' })).body).toMatchObject({
      data: [
        { conversation: { id }, matches: [{ where: 'code', excerpt: 'SELECT 4711 AS needle', start: 7, length: 14 }] },
      ],
      searched: 1,
      last_id: null,
      has_more: false,
    })
    expect((await search(await service.key(), { text: 'needle' })).body).toMatchObject({ data: [], searched: 0 })
    for (const body of [{}, { text: '  ' }, { text: 'x'.repeat(201) }, { text: 'x', after: 'run_1' }]) {
      expect((await search(key, body)).status).toBe(400)
    }
    const page = await service.ask('GET', `/v1/conversations/${id}/export?format=html`, key)
    expect(page.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    expect(page.headers.get('content-disposition')).toMatch(/^attachment; filename="conversation-[\d-]+\.html"$/)
    const html = await page.text()
    expect(html).toContain('&lt;b&gt;Found&lt;/b&gt; it.')
    expect(html).toContain('<th class="number">needle</th>')
  })
})
