import { randomBytes, createSecretKey } from 'node:crypto'
import { join } from 'node:path'
import { TextRestorer } from '../../src/gateway/privacy/restore/text-restorer.ts'
import { maskForTest, spellings } from '../support/privacy/private-calls.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { storageOptions } from '../../src/storage/options.ts'
import { openStorage } from '../../src/storage/open-storage.ts'
import { KeyRing } from '../../src/sealed/key-ring.ts'
import { Vault } from '../../src/gateway/privacy/vault/vault.ts'
import { Labels } from '../../src/gateway/privacy/tokens/labels.ts'
import { TokenBook } from '../../src/gateway/privacy/tokens/token-book.ts'
import { figure, report, timed, type Figures } from './figures.ts'
import { firstTokens, gatewayCosts, levels, memoryAfter } from './pii-gateway.ts'

const sentence =
  'The northern region sold more units in March than a year before, and the team expects a quiet summer. '
const values = 'Mail kim.wexler@hamlin.example or call +1 415 555 2671 about card 4111 1111 1111 1111. '

function bodyOf(characters: number, more = ''): string {
  const text = sentence.repeat(Math.ceil(characters / sentence.length)).slice(0, characters - more.length) + more
  const messages = [
    { role: 'system', content: 'You are a helpful assistant.' },
    { role: 'user', content: text },
  ]
  return JSON.stringify({ model: 'gpt-5', temperature: 0.2, messages })
}

/** Milliseconds of processor time that masking a body takes. */
async function maskingTime(body: string, count: number): Promise<number[]> {
  const samples: number[] = []
  for (let index = 0; index < count; index += 1) {
    const before = process.cpuUsage()
    await maskForTest('chat-completions', body)
    samples.push(cpuMilliseconds(before))
  }
  return samples
}

/** What masking takes by itself: without values, with three, and by length. */
async function masking(): Promise<Figures> {
  const [clean, three] = [bodyOf(2_000), bodyOf(2_000, values)]
  for (const body of [clean, three]) await maskingTime(body, 2_000)
  const figures: Figures = {}
  figures['pii_mask_clean'] = figure(await maskingTime(clean, 3_000))
  figures['pii_mask_three'] = figure(await maskingTime(three, 3_000))
  const perCharacter = async (characters: number, count: number) =>
    (await maskingTime(bodyOf(characters, values), count)).map((milliseconds) => (milliseconds * 1_000) / characters)
  const short = { name: 'a thousandth of it', samples: await perCharacter(1_000, 500) }
  figures['pii_mask_kilocharacter'] = figure(await perCharacter(1_000_000, 15), { reference: short })
  for (const [name, make] of Object.entries(fullOfValues)) Object.assign(figures, await slopes(name, make))
  return figures
}

/** Bodies of nothing but values, each another one. */
const fullOfValues: Readonly<Record<string, (characters: number) => string>> = {
  addresses: (characters) => {
    const text = Array.from({ length: characters / 25 }, (_, index) => `to a${index}@shop${index}.example`).join(' ')
    return JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: text }] })
  },
  numbers: (characters) => {
    const numbers = Array.from({ length: characters / 17 }, (_, index) => withCheckDigit(400_000_000_000_000 + index))
    return `{"model":"gpt-5","messages":[],"cards":[${numbers.join(',')}]}`
  },
}

/** The number of a card that begins with these fifteen digits. */
function withCheckDigit(digits: number): string {
  const sum = Array.from(String(digits), Number).reduce((total, digit, at) => {
    const counted = at % 2 === 0 ? digit * 2 : digit
    return total + (counted > 9 ? counted - 9 : counted)
  }, 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}

/** What a thousand characters take of a body of a million and of ten thousand: masked, and restored piece by piece. */
async function slopes(name: string, make: (characters: number) => string): Promise<Figures> {
  const [masked, restored] = [new Map<number, number[]>(), new Map<number, number[]>()]
  for (const [characters, count] of [
    [10_000, 200],
    [1_000_000, 5],
  ] as const) {
    const body = make(characters)
    const masking: number[] = []
    const restoring: number[] = []
    for (let index = 0; index < count; index += 1) {
      const started = process.cpuUsage()
      const { body: sent, book } = await maskForTest('chat-completions', body)
      masking.push(cpuMilliseconds(started) / (characters / 1_000))
      const between = process.cpuUsage()
      const restorer = new TextRestorer({ book, spellings, form: 'prose' })
      for (let at = 0; at < sent.length; at += 8) restorer.push(sent.slice(at, at + 8))
      restorer.end()
      restoring.push(cpuMilliseconds(between) / (characters / 1_000))
    }
    masked.set(characters, masking)
    restored.set(characters, restoring)
  }
  const slope = (samples: ReadonlyMap<number, number[]>) => {
    const reference = { name: 'a hundredth of it', samples: samples.get(10_000) ?? [] }
    return figure(samples.get(1_000_000) ?? [], { reference })
  }
  return { [`pii_mask_${name}`]: slope(masked), [`pii_restore_${name}`]: slope(restored) }
}

function cpuMilliseconds(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

const of = { principal: 'bench', upstream: 'bench' }
const storedValues = 1_000_000
const perConversation = 50

/** Values of conversations that a provider keeps: fifty new ones before a call is sent, and what a call that goes on reads. */
async function vaultTimes(): Promise<Figures> {
  const storage = storageOptions.parse({ path: join(temporaryFolder('sallyport-bench-'), 'vault.db') })
  await using opened = await openStorage({ storage, state_directory: '/nowhere' }, { for: 'service' })
  const ring = new KeyRing(randomBytes(32), [])
  const vault = new Vault(opened.maskedConversations, async () => ring)
  const labels = new Labels()
  const store = async (index: number): Promise<void> => {
    const conversation = await vault.begin(of.principal)
    const book = new TokenBook(createSecretKey(randomBytes(32)), labels)
    for (let at = 0; at < perConversation; at += 1) book.tokenFor('pii/email', `a${index}.${at}@x.example`)
    await conversation.keep([...book.entries()])
    await conversation.answered(of.upstream, [`resp_${index}`])
  }
  const figures: Figures = { pii_keep_fifty: figure(await timed(200, store)) }
  const find = (index: number) => vault.find(of, [`resp_${index}`])
  const few = await timed(200, find)
  const count = storedValues / perConversation
  for (let at = 200; at < count; at += 500) {
    await Promise.all(Array.from({ length: Math.min(500, count - at) }, (_, index) => store(at + index)))
  }
  const samples = await timed(500, (index) => find((index * 7_919) % count))
  figures['pii_find_of_a_million'] = figure(samples, { reference: { name: 'of ten thousand', samples: few } })
  figures['pii_keep_fifty_more'] = figure(await timed(200, (index) => store(count + index)))
  return figures
}

const fewRounds = 5
const requestsOfRelease = 200_000

/**
 * What hiding personal data costs: `--only mask|vault` takes what it is by itself, `--only gateway` a call on its way through,
 * beside a bare pass-through and, by `--peer maskflow|litellm-presidio`, beside others. `--only gateway-structured|gateway-all`
 * takes one level of it, in fewer rounds, `--only conversation` conversations of twenty turns; `--only first-token` when a stream begins, `--only memory` the memory after 200,000
 * calls, or `--requests N`.
 */
export async function benchPii(): Promise<void> {
  const only = process.argv[process.argv.indexOf('--only') + 1]
  const figures: Figures = {}
  if (!process.argv.includes('--only') || only === 'mask') Object.assign(figures, await masking())
  if (!process.argv.includes('--only') || only === 'vault') Object.assign(figures, await vaultTimes())
  if (!process.argv.includes('--only') || only === 'gateway') Object.assign(figures, await gatewayCosts())
  if (!process.argv.includes('--only') || only === 'first-token') Object.assign(figures, await firstTokens())
  if (!process.argv.includes('--only') || only === 'memory') {
    const requests = process.argv.includes('--requests') ? process.argv[process.argv.indexOf('--requests') + 1] : null
    Object.assign(figures, await memoryAfter(Number(requests ?? requestsOfRelease)))
  }
  const level = levels.find((each) => only === `gateway-${each}`)
  if (level !== undefined) Object.assign(figures, await gatewayCosts({ chosen: [level], rounds: fewRounds }))
  if (only === 'conversation') {
    Object.assign(figures, await gatewayCosts({ said: 'conversation', chosen: ['structured'], rounds: fewRounds }))
  }
  report('pii', figures)
}
