import { randomBytes, randomUUID } from 'node:crypto'
import { copyFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KeyRing } from '../../src/sealed/key-ring.ts'
import { SampleVault } from '../../src/sealed/sample-vault.ts'
import { openStorage } from '../../src/storage/open-storage.ts'
import { storageOptions } from '../../src/storage/options.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { startCluster, type PostgresCluster } from '../support/databases/postgres-cluster.ts'
import { aDecision } from '../support/feedback/stored-examples.ts'
import { KeptService, tokensIn, type KeptServiceOptions } from '../support/privacy/kept-service.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const values = { email: 'kim.wexler@hamlin.example', card: '4111 1111 1111 1111' } as const
const problem = ensureServer()
if (problem !== null) process.stderr.write(`SKIPPED: killed services over PostgreSQL, ${problem}\n`)

const newKey = () => randomBytes(32).toString('hex')

/** All that the upstream was sent. */
const sentTo = ({ upstream }: KeptService): string =>
  upstream.requests.map(({ body }) => body.toString('utf8')).join('\n')

function expectNothingRaw(service: KeptService): void {
  for (const value of Object.values(values)) expect(sentTo(service)).not.toContain(value)
}

const kinds = [
  { kind: 'a file', isHere: true },
  { kind: 'PostgreSQL', isHere: problem === null },
] as const

describe.each(kinds.filter(({ isHere }) => isHere))('a service that is killed over a storage in $kind', ({ kind }) => {
  let cluster: PostgresCluster | null = null
  beforeAll(async () => {
    if (kind === 'PostgreSQL') cluster = await startCluster()
  })
  afterAll(() => cluster?.[Symbol.asyncDispose]())

  async function storage(): Promise<KeptServiceOptions> {
    if (cluster === null) return {}
    const name = `killed_${randomUUID().replaceAll('-', '')}`
    await cluster.execute(`CREATE DATABASE ${name}`)
    return { storageUrl: cluster.primaryUrl.replace(/\/postgres$/, `/${name}`) }
  }

  it('restores the values of a turn that was under way, and of those before it, after its next start', async () => {
    verifies('pii.killed')
    const options = await storage()
    await using service = await KeptService.start(options)
    let { id: previous } = await service.turn(`I am ${values.email}`)
    // Silent with the request, behind the head, behind the first event, and in the middle of the words.
    for (const steps of [0, 1, 2, 8]) {
      service.silentAfter = steps
      const before = service.upstream.requests.length
      const body = { model: 'gpt-5', stream: true, previous_response_id: previous, input: `${steps}: ${values.card}` }
      const response = service.fetch('POST', '/v1/responses', body)
      const heard = response.then((answer) => hearUntilCut(answer)).catch(() => '')
      await expect.poll(() => service.upstream.requests.length).toBe(before + 1)
      await sleep(steps * 20)
      await service.kill()
      service.silentAfter = null
      const cut = await heard
      await service.startAgain(options)
      // Of a turn of which nobody was told, as of one whose id was read, the values are there.
      const [token] = tokensIn(service.upstream.requests[before]?.body.toString() ?? '', 'CARD')
      const again = await service.turn(`${steps}: ${values.card}`, previous)
      expect(again.words).toBe(`I know ${values.email} and ${values.card}.`)
      expect(tokensIn(service.upstream.requests.at(-1)?.body.toString() ?? '', 'CARD')).toEqual([token])
      const begun = /"id":"(resp_[^"]+)"/.exec(cut)?.[1]
      if (begun !== undefined) {
        expect((await service.turn('And?', begun)).words).toBe(`I know ${values.email} and ${values.card}.`)
      }
      if (steps > 2) expect(begun).toBeDefined()
      previous = again.id
    }
    expectNothingRaw(service)
    expect(await service.command('storage', 'check')).toMatchObject({ code: 0 })
    expect(await service.command('audit', 'verify')).toMatchObject({ code: 0 })
  })
})

/** What could be read of a stream before it broke off. */
async function hearUntilCut(response: Response): Promise<string> {
  let text = ''
  try {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString()
  } catch {
    // The service is gone.
  }
  return text
}

async function withSamples<T>(
  { storagePath }: KeptService,
  key: string,
  work: (vault: SampleVault, storage: Storage) => Promise<T>,
): Promise<T> {
  const config = { storage: storageOptions.parse({ path: storagePath }), state_directory: dirname(storagePath) }
  await using storage = await openStorage(config, { for: 'command' })
  const ring = new KeyRing(Buffer.from(key, 'hex'), [])
  return await work(new SampleVault(storage.recordedDecisions, async () => ring), storage)
}

/** A decision with its text, as the service records it. */
const keepSample = (service: KeptService, key: string) =>
  withSamples(service, key, async (vault, { recordedDecisions }) => {
    const decision = aDecision(1, { made: new Date().toISOString() })
    await recordedDecisions.keep([{ decision, sample: await vault.seal(decision.id, 'masked words') }])
  })

const openedSample = (service: KeptService, key: string) =>
  withSamples(service, key, (vault) => vault.open(aDecision(1).id))

describe('a new key of what is sealed', () => {
  it('takes the place of a former one while conversations go on, and after it the former one is needed by none', async () => {
    verifies('pii.rotation')
    const [first, second] = [newKey(), newKey()]
    await using service = await KeptService.start({ key: first })
    const begun = await Promise.all(
      Array.from({ length: 60 }, (_, index) => service.turn(`I am a${index}@shop.example`)),
    )
    const report = await reportedTo(service)
    await service.stop()
    await keepSample(service, first)
    await service.startAgain({ key: second, formerKeys: [first] })
    // Half of them go on at once, with more values, while all are sealed anew.
    const active = begun.slice(0, 30).map(async ({ id }, index) => {
      let last = id
      for (let turn = 0; turn < 4; turn += 1) {
        const answer = await service.turn(`And b${index}.${turn}@shop.example`, last)
        expect(answer.words).toContain(`I know a${index}@shop.example and b${index}.0@shop.example`)
        last = answer.id
      }
      return last
    })
    const latest = await Promise.all(active)
    await expect.poll(() => service.log).toContain('no conversation and no report needs privacy.former_keys')
    await service.stop()
    expect(await openedSample(service, second)).toBe('masked words')
    await service.startAgain({ key: second })
    // Nobody has opened it since.
    const shown = await service.command('pii', 'reports', 'show', report, '--show-values', '--output', 'json')
    expect(JSON.parse(shown.stdout)).toMatchObject({ value: 'Zyanya Quetzalli' })
    for (const [index, { id }] of begun.entries()) {
      const { words } = await service.turn('Who am I?', latest[index] ?? id)
      expect(words).toMatch(
        new RegExp(`^I know a${index}@shop\\.example( and b${index}\\.\\d@shop\\.example){${index < 30 ? 4 : 0}}\\.$`),
      )
    }
    expect(sentTo(service)).not.toContain('shop.example')
  })

  it('opens nothing without the former one where nothing was sealed anew, and sends nothing', async () => {
    const [first, second] = [newKey(), newKey()]
    await using service = await KeptService.start({ key: first })
    const { id } = await service.turn(`I am ${values.email}`)
    await service.stop()
    await service.startAgain({ key: second })
    const before = service.upstream.requests.length
    const refused = await service.fetch('POST', '/v1/responses', {
      model: 'gpt-5',
      input: 'And?',
      previous_response_id: id,
    })
    expect([refused.status, service.upstream.requests.length - before]).toEqual([500, 0])
    await service.stop()
    await service.startAgain({ key: second, formerKeys: [first] })
    expect((await service.turn('And?', id)).words).toBe(`I know ${values.email}.`)
  })
})

describe('values of a conversation that was deleted', () => {
  it('do not come back with a backup of before, nor with a copy of the storage that is put back by hand', async () => {
    verifies('pii.deleted')
    const folder = temporaryFolder('sallyport-backup-')
    await using service = await KeptService.start()
    const { id: deleted } = await service.turn(`I am ${values.email}`)
    const { id: kept } = await service.turn(`My card is ${values.card}`)
    const backup = join(folder, 'backup.db')
    expect(await service.command('storage', 'backup', backup)).toMatchObject({ code: 0 })
    await service.stop()
    const copy = join(folder, 'copy.db')
    copyFileSync(service.storagePath, copy)
    await service.startAgain()
    const asked = { model: 'gpt-5', input: 'Who am I?', previous_response_id: deleted }
    expect((await service.turn('Who am I?', deleted)).words).toBe(`I know ${values.email}.`)
    const answers = [deleted, ...idsOf(service, deleted)]
    for (const id of answers) expect((await service.fetch('DELETE', `/v1/responses/${id}`)).status).toBe(200)

    const acceptAll = async () => {
      await service.command('storage', 'accept', 'keys', '--all')
      await service.command('storage', 'accept', 'quota', '--all')
    }
    const expectGone = async () => {
      const response = await service.fetch('POST', '/v1/responses', asked)
      expect([200, 404]).toContain(response.status)
      expect(await response.text()).not.toContain(values.email)
      const [token = ''] = tokensIn(sentTo(service), 'EMAIL')
      const said = await service.fetch('POST', '/v1/responses', { model: 'gpt-5', input: `What is ${token}?` })
      expect(await said.text()).not.toContain(values.email)
    }
    await expectGone()
    expect(await service.command('storage', 'restore', backup)).toMatchObject({ code: 0 })
    await acceptAll()
    await expectGone()
    expect((await service.turn('And?', kept)).words).toContain(values.card)

    await service.stop()
    copyFileSync(copy, service.storagePath)
    await service.startAgain()
    await acceptAll()
    await expectGone()
    expect((await service.turn('And?', kept)).words).toContain(values.card)
  })
})

/** Of the answers that went on with one. */
function idsOf({ upstream }: KeptService, previous: string): string[] {
  return upstream.requests.flatMap(({ body }, index) =>
    body.toString().includes(`"previous_response_id":"${previous}"`) ? [`resp_kept_${index + 1}_1`] : [],
  )
}

/** Reports a miss of a call that is made for it; its id. */
async function reportedTo(service: KeptService): Promise<string> {
  const call = { model: 'gpt-5', messages: [{ role: 'user', content: 'Hello' }] }
  const answer = await service.fetch('POST', '/v1/chat/completions', call)
  const receipt = answer.headers.get('x-sallyport-privacy-receipt')
  const text = { kind: 'pii/person', value: 'Zyanya Quetzalli' }
  const made = await service.fetch('POST', '/v1/privacy/reports', { receipt, fault: 'missed', ...text })
  expect(made.status).toBe(201)
  return ((await made.json()) as { readonly id: string }).id
}
