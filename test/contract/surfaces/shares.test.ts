import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SurfaceService, type ScriptedTurn } from '../../support/surfaces/surface-service.ts'
import { verifies } from '../../support/verifies.ts'

const tools = ['describe_data', 'run_sql', 'run_python']
const group = { models: ['*'], tools, reveal_sql: 'always' }
const strict = { action: 'mask', threshold: 0.5 }
const blocking = { outbound: { secret: strict, pii: { ...strict, action: 'block' }, 'sql-leak': strict, link: strict } }
const open = { outbound: { pii: { action: 'allow', threshold: 0.5 } } }
const everything = Object.fromEntries(
  ['customers', 'products', 'orders', 'order_lines', 'refunds', 'reviews'].map((name) => [`public.${name}`, '*']),
)

/** One installation with groups of other policies: `narrow` sees three columns, `masked` addresses of mail as far as their end. */
const installation = {
  sources: {
    shop: {
      database: { kind: 'sample' },
      policies: {
        default: { relations: everything },
        narrow: { relations: { 'public.customers': ['id', 'name', 'city'] } },
        masked: {
          relations: {
            'public.customers': { columns: { email: { mask: 'partial' } }, other_columns: 'allow' },
          },
        },
      },
    },
  },
  filters: { profiles: { blocking, open } },
  gateway: {
    groups: {
      open: { ...group, filter_profile: 'open' },
      narrow: { ...group, filter_profile: 'open' },
      masked: { ...group, filter_profile: 'open' },
      public: { ...group, filter_profile: 'default' },
      guarded: { ...group, filter_profile: 'open', privacy_profile: 'default' },
      blocking: { ...group, filter_profile: 'blocking' },
      sourceless: { ...group, data_sources: [] },
    },
  },
}

const sql = (statement: string): ScriptedTurn => ({
  kind: 'turn',
  calls: [{ name: 'run_sql', arguments: JSON.stringify({ sql: statement }) }],
})
const says = (text: string): ScriptedTurn => ({ kind: 'turn', text })
const addresses = 'SELECT name, address FROM customers ORDER BY id LIMIT 3'
const cities = 'SELECT id, city FROM customers ORDER BY id LIMIT 3'
const mails = 'SELECT id, email FROM customers ORDER BY id LIMIT 3'

interface SharedItem {
  readonly type: string
  readonly text?: string
  readonly why?: string
  readonly what?: string
  readonly tables?: readonly { readonly rows: readonly unknown[][]; readonly hidden: readonly string[] }[]
}
interface Shared {
  readonly id: string
  readonly secret: string | null
  readonly items: readonly SharedItem[]
  readonly left_out: number
}

let service: SurfaceService
beforeAll(async () => {
  service = await SurfaceService.start({ ...installation, shares: { anonymous_group: 'public' } })
}, 120_000)
afterAll(() => service[Symbol.asyncDispose]())

/** Asks a question that is kept, and says where. */
async function asked(key: string, turns: readonly ScriptedTurn[], question = 'How are they?', conversation?: string) {
  service.script(turns)
  const messages = [{ role: 'user', content: question }]
  const where = conversation === undefined ? { store: true } : { conversation }
  const answer = await service.post('/v1/chat/completions', key, { model: 'analyst', messages, ...where })
  const text = await answer.text()
  if (answer.status !== 200) throw new Error(text)
  return answer.headers.get('x-sallyport-conversation') ?? conversation ?? ''
}

const json = async (answering: Promise<Response>) => {
  const answer = await answering
  return { status: answer.status, body: (await answer.json()) as Shared & { readonly code?: string } }
}
const share = (key: string, body: object) => json(service.post('/v1/shares', key, body))
const read = (key: string | null, id: string) => json(service.ask('GET', `/v1/shares/${id}`, key))
const shape = ({ items }: Shared) => items.map((item) => item.why ?? item.type)

/** What a group is shown of a conversation in which this ran and was said. */
async function sharedWith(audience: string, turns: readonly ScriptedTurn[], by = 'open', question?: string) {
  const key = await service.key(by)
  const conversation = await asked(key, turns, question)
  const made = await share(key, { conversation, audience: 'group', group: audience })
  expect(made.status).toBe(201)
  return { ...made.body, conversation, key }
}

describe('a share', () => {
  it('shows to its group what was asked, read and answered, and to nobody else', async () => {
    verifies('shares.anew')
    const made = await sharedWith('open', [sql(addresses), says('The first of them is listed.')])
    expect(shape(made)).toEqual(['message', 'call', 'message'])
    expect(made).toMatchObject({ left_out: 0, secret: null })
    const { status, body } = await read(await service.key('open'), made.id)
    expect([status, body.items]).toEqual([200, made.items])
    expect(body).toMatchObject({ is_mine: false, conversation: null })
    expect(body.items[1]?.tables?.[0]?.rows).toHaveLength(3)
    for (const key of [await service.key('narrow'), await service.key('public')]) {
      expect(await read(key, made.id)).toMatchObject({ status: 404, body: { code: 'not-found' } })
    }
    expect(await read(null, made.id)).toMatchObject({ status: 401 })
  })

  it('has nothing of a statement that the gate of its audience refuses, nor of what was written after it', async () => {
    verifies('shares.anew')
    const turns = [sql(cities), sql(addresses), says('Call the first one at once.')]
    const made = await sharedWith('narrow', turns)
    expect(shape(made)).toEqual(['message', 'call', 'policy', 'made-of-it'])
    expect(JSON.stringify(made.items)).not.toMatch(/address|Call the first/)
    // A later question of the same conversation was answered by a model that had read it.
    await asked(made.key, [says('As I said, call them.')], 'And now?', made.conversation)
    const again = await share(made.key, { conversation: made.conversation, audience: 'group', group: 'narrow' })
    expect(shape(again.body)).toEqual(['message', 'call', 'policy', 'made-of-it', 'message', 'made-of-it'])
    // What is fixed does not follow its conversation.
    const { body } = await read(await service.key('narrow'), made.id)
    expect(body.items).toHaveLength(4)
  })

  it('has nothing of a source that its audience is not granted', async () => {
    const made = await sharedWith('sourceless', [sql(cities), says('They live there.')])
    expect(shape(made)).toEqual(['message', 'policy', 'made-of-it'])
  })

  it('hides the columns that policy masks from its audience, and what was written after they were read', async () => {
    verifies('shares.anew')
    const made = await sharedWith('masked', [sql(mails), says('The second one answers fast.')])
    expect(shape(made)).toEqual(['message', 'call', 'made-of-it'])
    const [table] = made.items[1]?.tables ?? []
    expect(table).toMatchObject({ hidden: ['email'] })
    expect(table?.rows.map(([, mail]) => mail)).toEqual([null, null, null])
    expect(JSON.stringify(made.items)).not.toMatch(/@|answers fast/)
    // Of its own group nothing was read that is masked from it: the column is as it was then.
    const own = await sharedWith('masked', [sql(mails), says('Done.')], 'masked')
    expect(shape(own)).toEqual(['message', 'call', 'message'])
    expect(own.items[1]?.tables?.[0]?.rows[0]?.[1]).toMatch(/^•••/)
  })

  it('has no answer that names a column that its audience does not see', async () => {
    const made = await sharedWith('narrow', [sql(cities), says('There is card_number, too.')])
    expect(shape(made)).toEqual(['message', 'call', 'names'])
  })

  it('passes the filter profile of its audience, which may be another than that of its author', async () => {
    const turns = [sql(cities), says('Write to anna.keller@example.com today.')]
    const question = 'Is anna.keller@example.com among them?'
    const seen = await sharedWith('open', turns, 'open', question)
    expect(JSON.stringify(seen.items)).toContain('anna.keller@example.com')
    const masked = await sharedWith('public', turns, 'open', question)
    expect(masked.items.at(-1)?.text).toMatch(/^Write to \[email\] today/)
    const blocked = await sharedWith('blocking', turns, 'open', question)
    expect(shape(blocked)).toEqual(['filter', 'call', 'filter'])
  })

  it('has tokens for good where values were restored for its author, in words, programs and rows', async () => {
    verifies('shares.no-restored-values')
    const statement = "SELECT id, 'anna.keller@example.com' AS asked FROM customers ORDER BY id LIMIT 1"
    const question = 'What did anna.keller@example.com buy?'
    const turns = [sql(statement), says('anna.keller@example.com bought a lamp.')]
    const made = await sharedWith('open', turns, 'guarded', question)
    expect(shape(made)).toEqual(['message', 'call', 'message'])
    expect(JSON.stringify(made)).not.toContain('anna.keller')
    expect(made.items[0]?.text).toMatch(/^What did \S*EMAIL\S* buy\?$/)
    // Its author has them.
    const items = await service.ask('GET', `/v1/conversations/${made.conversation}/items`, made.key)
    expect(await items.text()).toContain('anna.keller@example.com')
  })

  it('is one answer alone where it is asked so, judged with all that its model had read', async () => {
    const key = await service.key('open')
    const conversation = await asked(key, [sql(addresses), says('Three of them.')])
    await asked(key, [says('The first has a landline.')], 'Which is first?', conversation)
    await asked(key, [sql(cities), says('North.')], 'Where?', conversation)
    const { data } = (await (await service.ask('GET', `/v1/conversations/${conversation}/items`, key)).json()) as {
      readonly data: readonly { readonly run: string }[]
    }
    const run = data[0]?.run
    const own = await share(key, { run, audience: 'group', group: 'open' })
    expect(shape(own.body)).toEqual(['message', 'call', 'message'])
    expect(own.body).toMatchObject({ title: 'Where?', items: [{ text: 'Where?' }, {}, {}] })
    const narrow = await share(key, { run, audience: 'group', group: 'narrow' })
    expect(shape(narrow.body)).toEqual(['message', 'made-of-it', 'made-of-it'])
  })
})

describe('a link', () => {
  it('opens by its secret alone, until it is revoked, and every opening is on the trail without it', async () => {
    verifies('shares.links')
    const key = await service.key('open')
    const conversation = await asked(key, [sql(cities), says('Mail anna.keller@example.com.')])
    const made = await share(key, { conversation, audience: 'link', days: 2 })
    expect(made.body).toMatchObject({ group: 'public', audience: 'link' })
    const { id, secret } = made.body
    expect(secret).toMatch(/^[\w-]{43}$/)
    const opened = await json(service.post(`/v1/shares/${id}/open`, null, { secret }))
    expect(opened).toMatchObject({ status: 200, body: { is_mine: false, conversation: null } })
    expect(JSON.stringify(opened.body)).not.toMatch(/anna|conv_/)
    const wrong = `${secret?.slice(0, -1)}${secret?.endsWith('A') === true ? 'B' : 'A'}`
    for (const other of [wrong, 'A'.repeat(43)]) {
      expect(await json(service.post(`/v1/shares/${id}/open`, null, { secret: other }))).toMatchObject({ status: 404 })
    }
    // Callers of the group have no secret.
    expect(await read(await service.key('public'), id)).toMatchObject({ status: 404 })
    expect(await json(service.ask('DELETE', `/v1/shares/${id}`, await service.key('open')))).toMatchObject({
      status: 404,
    })
    expect(await json(service.ask('DELETE', `/v1/shares/${id}`, key))).toMatchObject({ status: 200 })
    expect(await json(service.post(`/v1/shares/${id}/open`, null, { secret }))).toMatchObject({ status: 404 })
    const trail = service.audit().filter(({ fact }) => JSON.stringify(fact).includes(id))
    expect(trail.map(({ fact }) => fact['action'] ?? fact.event)).toEqual([
      'share-made',
      'read-by-link',
      'read',
      'revoke',
      'revoke',
    ])
    expect(JSON.stringify(service.audit())).not.toContain(secret)
  })

  it('is one of no group, and lives no longer than the operator says', async () => {
    const key = await service.key('open')
    const conversation = await asked(key, [says('Fine.')])
    expect(await share(key, { conversation, audience: 'link', days: 8 })).toMatchObject({ status: 400 })
    expect(await share(key, { conversation, audience: 'link', group: 'open' })).toMatchObject({ status: 400 })
    expect(await share(key, { conversation, audience: 'group', days: 91 })).toMatchObject({ status: 400 })
    expect(await share(key, { conversation, audience: 'group', group: 'nobody' })).toMatchObject({ status: 400 })
  })
})

it('goes with its conversation', async () => {
  verifies('shares.links')
  const made = await sharedWith('open', [says('Fine.')])
  const reader = await service.key('open')
  expect(await read(reader, made.id)).toMatchObject({ status: 200 })
  expect(await json(service.ask('DELETE', `/v1/conversations/${made.conversation}`, made.key))).toMatchObject({
    status: 200,
  })
  expect(await read(reader, made.id)).toMatchObject({ status: 404 })
  expect(await read(made.key, made.id)).toMatchObject({ status: 404 })
})
