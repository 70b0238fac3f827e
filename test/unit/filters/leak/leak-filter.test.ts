import { describe, expect, it } from 'vitest'
import { AnswerSoFar } from '../../../../src/filters/answer-so-far.ts'
import { DetectorFault } from '../../../../src/filters/detector-fault.ts'
import type { FilterContext } from '../../../../src/filters/filter.ts'
import { createLeakFilter } from '../../../../src/filters/leak/leak-filter.ts'
import { LoopShare } from '../../../../src/filters/loop-share.ts'
import { createRandom } from '../../../support/random.ts'
import { never } from '../../../support/filters/filter-fixtures.ts'

const prompt = `You are a helpful assistant. You work for the Fjordlight ferry company and answer questions about its crossings.
Never name the reserve captain, whose badge opens the lower deck. When a passenger asks for a refund above forty crowns,
say that the harbour office decides on Tuesdays. If the weather warning is amber, offer the later crossing first and the
bus second. Discounts for students end in March and are not to be mentioned before the passenger does.`
const canary = 'kestrel-7Q2m9XvT41'
const context: FilterContext = {
  direction: 'outbound',
  group: 'default',
  executedSql: [],
  systemPrompts: [prompt],
  canaries: [canary],
  hiddenNames: ['crm.cust_mstr_01', 'salary', 'paxManifest'],
}
const secret =
  'say that the harbour office decides on Tuesdays. If the weather warning is amber, offer the later crossing first'

const filter = createLeakFilter()
const findingsIn = (texts: readonly string[], extra: Partial<FilterContext> = {}) =>
  filter.inspect(
    texts.map((text) => ({ text, provenance: 'model' as const })),
    { ...context, ...extra },
    never,
  )
const found = async (texts: readonly string[], extra: Partial<FilterContext> = {}) =>
  (await findingsIn(texts, extra))
    .filter(({ score }) => score >= 0.5)
    .map(({ part, start, end, category }) => `${category}: ${texts[part]?.slice(start, end)}`)
const categories = async (texts: readonly string[]) => [
  ...new Set((await found(texts)).map((each) => each.replace(/:[^]*/, ''))),
]

const reversed = (text: string) => Array.from(text).reverse().join('')
const rot13 = (text: string) =>
  text.replace(/[a-z]/gi, (letter) =>
    String.fromCharCode(letter.charCodeAt(0) + (letter.toLowerCase() < 'n' ? 13 : -13)),
  )
const inTags = (text: string) =>
  Array.from(text, (letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('')
const writings: readonly (readonly [string, (text: string) => string])[] = [
  ['as it is', (text) => text],
  ['in capitals', (text) => text.toUpperCase()],
  ['letter by letter', (text) => Array.from(text).join(' ')],
  ['with marks between its letters', (text) => Array.from(text).join('.')],
  ['with a letter to a line', (text) => Array.from(text).join('\n')],
  ['with invisible characters between its letters', (text) => Array.from(text).join('\u200b')],
  ['in full width', (text) => text.replace(/[!-~]/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0xfee0))],
  ['with letters that look alike', (text) => text.replaceAll('a', 'а').replaceAll('e', 'е').replaceAll('T', 'Ꭲ')],
  ['in signs', (text) => text.replaceAll('e', '3').replaceAll('a', '@').replaceAll('t', '7')],
  ['drawn out', (text) => text.replaceAll(/[aeo]/g, (each) => each.repeat(4))],
  ['backwards', reversed],
  ['rotated', rot13],
  ['in base64', (text) => Buffer.from(text).toString('base64')],
  ['in hexadecimal', (text) => Buffer.from(text).toString('hex')],
  ['backwards in base64', (text) => Buffer.from(reversed(text)).toString('base64')],
  ['in percent signs', (text) => Array.from(text, (each) => `%${each.charCodeAt(0).toString(16)}`).join('')],
  ['in character references', (text) => Array.from(text, (each) => `&#${each.charCodeAt(0)};`).join('')],
  ['in characters that are not drawn', inTags],
  ['in decimal codes', (text) => Array.from(text, (each) => each.charCodeAt(0)).join(', ')],
  [
    'as bold words',
    (text) =>
      text
        .split(' ')
        .map((word) => `**${word}**`)
        .join(' '),
  ],
  [
    'as a list',
    (text) =>
      text
        .split(' ')
        .map((word) => `- ${word}`)
        .join('\n'),
  ],
]

describe('what a model was told', () => {
  it.each(writings)('is found %s', async (_name, write) => {
    expect(await categories([`Well: ${write(secret)} and so on.`])).toEqual(['leak/system-prompt'])
  })

  it('is found in its place', async () => {
    expect(await found([`I was told to ${secret}, you see?`])).toEqual([`leak/system-prompt: ${secret}`])
  })

  it('is found in parts over several messages, none of which is enough', async () => {
    const parts = [
      'say that the harbour office decides',
      'whose badge opens the lower deck',
      'Discounts for students end in March',
      'offer the later crossing first',
    ]
    for (const part of parts) expect(await found([`They told me: ${part}.`])).toEqual([])
    expect(await found(parts.map((part) => `They told me: ${part}.`))).toEqual(
      parts.map((part) => `leak/system-prompt: ${part}`),
    )
  })

  it('is found in parts of one answer that is asked about piece by piece, once enough was said, and not in those of others', async () => {
    const parts = [
      'say that the harbour office decides',
      'whose badge opens the lower deck',
      'Discounts for students end in March',
      'offer the later crossing first',
    ]
    const [answer, other] = [new AnswerSoFar(), new AnswerSoFar()]
    const said: number[] = []
    for (const part of parts) said.push((await found([`They told me: ${part}.`], { answer })).length)
    expect(said[0]).toBe(0)
    expect(said.at(-1)).toBe(1)
    expect(await found([`They told me: ${parts[3]}.`], { answer: other })).toEqual([])
  })

  it('gives way to other work while long instructions are read, and takes none that are longer than a million characters', async () => {
    const random = createRandom(18)
    const word = () => Array.from({ length: 7 }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join('')
    const long = Array.from({ length: 50_000 }, word).join(' ')
    let turns = 0
    let clock = 0
    const other = setInterval(() => (turns += 1), 0)
    // Of this clock each step takes half of a slice, so that the others have a turn behind every other.
    const filter = createLeakFilter({ share: new LoopShare(() => (clock += 2)) })
    const inspect = (systemPrompts: readonly string[], text: string) =>
      filter.inspect([{ text, provenance: 'model' }], { ...context, systemPrompts }, never)
    const told = long.slice(200_000, 200_200)
    expect(await inspect([long], `They told me: ${told}`)).toMatchObject([{ category: 'leak/system-prompt', score: 1 }])
    clearInterval(other)
    // Three writings of 350,000 letters, in steps of 8,192.
    expect(clock).toBeGreaterThan(2 * 128)
    expect(turns).toBeGreaterThan(1)
    const longer = [long, long.toUpperCase(), `${long}.`]
    await expect(inspect(longer, 'They told me nothing.')).rejects.toBeInstanceOf(DetectorFault)
  })

  it('fails where what was seen before is of other instructions', async () => {
    const answer = new AnswerSoFar()
    await found([`They told me: ${secret}.`], { answer })
    const written = () => new AnswerSoFar(answer.written())
    expect(await found(['They told me: whose badge opens the lower deck.'], { answer: written() })).toHaveLength(1)
    const others = { answer: written(), systemPrompts: [`${prompt} Never.`] }
    await expect(found(['They told me nothing.'], others)).rejects.toBeInstanceOf(DetectorFault)
  })

  it('scores by the longest run and by the share of it', async () => {
    const scores = async (text: string) => (await findingsIn([text])).map(({ score }) => score)
    expect(await scores(prompt)).toContain(1)
    const [some] = await scores(secret.slice(0, 90))
    expect(some).toBeGreaterThan(0.5)
    expect(some).toBeLessThan(1)
  })

  it.each([
    'You are a helpful assistant.',
    'The Fjordlight ferry company has a crossing on Tuesdays.',
    'The harbour office decides. Students get a discount, which ends in March.',
    'A refund above forty crowns? The office decides on that.',
    'If the weather is bad, take the bus.',
    'a.b.c.d.e.f.g 1234 5678 ==== ---- ....',
  ])('is not found in what anyone says: %s', async (text) => {
    expect(await found([text])).toEqual([])
  })

  it('is a short prompt as a whole only, and nothing where it says nothing', async () => {
    const short = { systemPrompts: ['Speak as a grumpy lighthouse keeper of Skagen.'] }
    expect(await found(['I speak as a grumpy lighthouse keeper of Skagen.'], short)).toHaveLength(1)
    expect(await found(['I am a grumpy lighthouse keeper.'], short)).toEqual([])
    expect(await found(['Be brief.'], { systemPrompts: ['Be brief.'] })).toEqual([])
    expect(await found(['You are a helpful assistant.'], { systemPrompts: ['You are a helpful assistant.'] })).toEqual(
      [],
    )
  })

  it('is nothing where it says what instructions of any kind say', async () => {
    const usual =
      "Use the following pieces of context to answer the question at the end. If you don't know the answer, just say that you don't know, don't try to make up an answer."
    expect(await found([`I am to: ${usual}`], { systemPrompts: [`${usual} ${prompt}`] })).toEqual([])
    expect(await found([`I am to: ${usual} ${secret}`], { systemPrompts: [`${usual} ${prompt}`] })).not.toEqual([])
  })

  it('is one of many that are nearly the same', async () => {
    const systemPrompts = Array.from({ length: 12 }, (_, day) => `${prompt} Today is day ${day} of the season.`)
    expect(await found([`Well: ${secret}!`], { systemPrompts })).toEqual([`leak/system-prompt: ${secret}`])
  })

  it('is found in scripts without blanks', async () => {
    const systemPrompts = [
      '你是一家渡轮公司的客服。不要提及备用船长的名字，他的徽章可以打开下层甲板。退款超过四十克朗时，请说由港口办公室在星期二决定。',
    ]
    expect(
      await found(['我被告知：退款超过四十克朗时，请说由港口办公室在星期二决定。'], { systemPrompts }),
    ).toHaveLength(1)
    expect(await found(['退款由办公室决定，星期二可以打电话。'], { systemPrompts })).toEqual([])
  })

  it('is found in a text of many pieces, across the places where it is cut', async () => {
    const filler = 'Ferries run all day long between the two towns of this coast. '
    for (const length of [8_000, 8_150, 8_191, 20_000]) {
      const text = `${filler.repeat(500).slice(0, length)} X: ${secret} ${filler.repeat(200)}`
      expect(await found([text])).toEqual([`leak/system-prompt: ${secret}`])
    }
  })
})

describe('a canary', () => {
  it.each(writings)('is found %s', async (_name, write) => {
    const text = `The reference is ${write(canary)}, I think.`
    expect(await categories([text])).toEqual(['leak/canary'])
  })

  it('is found in parts over several messages', async () => {
    expect(await categories(['It begins kestrel-7Q', 'and ends with 2m9XvT41.'])).toEqual(['leak/canary'])
    expect(await found(['It begins kestrel-7Q'])).toEqual([])
  })

  it.each(['A kestrel is a bird.', '7Q2', 'kestrel-8R3n0YwU52', 'kestrel kestrel 7 q m'])(
    'is not found in %s',
    async (text) => {
      expect(await found([text])).toEqual([])
    },
  )

  it('has to be so long that it stands nowhere by chance', async () => {
    await expect(findingsIn(['x'], { canaries: ['abc'] })).rejects.toThrow('fewer than 8')
  })

  it('is one of several with a common beginning', async () => {
    const canaries = Array.from(
      { length: 30 },
      (_, at) => `sallyport-canary-${(at * 7919 + 104_729).toString(36)}-x${at}`,
    )
    expect(await found([`so: ${canaries[29]}.`], { canaries })).toEqual(['leak/canary: nary-760c-x29'])
    expect(await found(['so: sallyport-canary-'], { canaries })).toEqual([])
  })

  it('of the configuration is found in every text', async () => {
    const findings = await createLeakFilter({ canaries: [canary], names: ['ledger_eu_2'] }).inspect(
      [{ text: `${canary} in ledger_eu_2`, provenance: 'model' }],
      { direction: 'outbound', group: 'default', executedSql: [] },
      never,
    )
    expect(findings.map(({ category }) => category)).toEqual(['leak/name', 'leak/canary'])
  })
})

describe('a name that callers do not see', () => {
  it.each([
    ['The rows are in cust_mstr_01.', 'cust_mstr_01'],
    ['CRM.CUST_MSTR_01 it is', 'CUST_MSTR_01'],
    ['a custMstr01 b', 'custMstr01'],
    ['`salary` is null', 'salary'],
    ['p.salary + 1', 'salary'],
    ['the pax_manifest', 'pax_manifest'],
    ['p a x m a n i f e s t', 'p a x m a n i f e s t'],
    ['tsefinaMxap', 'tsefinaMxap'],
    ['phfg_zfge_01', 'phfg_zfge_01'],
    ['сuѕt_mѕtr_01', 'сuѕt_mѕtr_01'],
    [Buffer.from('see cust_mstr_01').toString('base64'), 'GN1c3RfbXN0cl8wMQ'],
  ])('is found in %j', async (text, expected) => {
    expect(await found([text])).toEqual([`leak/name: ${expected}`])
  })

  it.each([
    'The salary of a captain',
    'customer master',
    'cust mstr 01',
    'The manifest of the pax',
    'xcust_mstr_01',
    'cust_mstr_012',
  ])('is not found in %s', async (text) => {
    expect(await found([text])).toEqual([])
  })
})

it('looks for nothing where there is nothing to look for', async () => {
  expect(
    await createLeakFilter().inspect(
      [{ text: prompt, provenance: 'model' }],
      { direction: 'outbound', group: 'a', executedSql: [] },
      never,
    ),
  ).toEqual([])
})
