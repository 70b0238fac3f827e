import { describe, expect, it } from 'vitest'
import { createNamesFilter } from '../../../../src/filters/names/names-filter.ts'
import { found } from '../../../support/filters/filter-fixtures.ts'
import { verifies } from '../../../support/verifies.ts'
import { hardNegatives } from '../../../support/filters/hard-negatives.ts'

const filter = createNamesFilter()

const positives: readonly (readonly [text: string, ...expected: string[]])[] = [
  ['Hello, my name is Kim Wexler and I live in Albuquerque.', 'pii/person: Kim Wexler', 'pii/location: Albuquerque'],
  ['Please ask Maria about the invoice before Friday.', 'pii/person: Maria'],
  ['Dr. Okonkwo will see you at nine.', 'pii/person: Okonkwo'],
  ['Dear Ms. Lindqvist,\n\nthank you for your letter.', 'pii/person: Lindqvist'],
  ['I will send it tomorrow.\n\nBest regards,\nPriya Raman', 'pii/person: Priya Raman'],
  ['Send the parcel to 12 Baker Street, London NW1 6XE, please.', 'pii/address: 12 Baker Street, London NW1 6XE'],
  ['She lives at 4021 Elm Avenue, Springfield, IL 62704.', 'pii/address: 4021 Elm Avenue, Springfield, IL 62704'],
  ['He has worked at Hamlin Holdings LLC since 2019.', 'pii/organization: Hamlin Holdings LLC'],
  ['Customer: Jonas Weber', 'pii/person: Jonas Weber'],
  ['**Name:** Jonas Weber', 'pii/person: Jonas Weber'],
  ['hi, my name is john miller and i need help with my order', 'pii/person: john miller'],
  ['Ich heiße Jonas Weber und wohne in Hamburg.', 'pii/person: Jonas Weber', 'pii/location: Hamburg'],
  ['Bitte senden Sie die Rechnung an die Goethestraße 12, 80336 München.', 'pii/address: Goethestraße 12, 80336 München'],
  ["Je m'appelle Camille Laurent et j'habite à Lyon.", 'pii/person: Camille Laurent', 'pii/location: Lyon'],
  ['Mon adresse est 24, rue Victor Hugo, 69002 Lyon.', 'pii/address: 24, rue Victor Hugo, 69002 Lyon'],
  ['Me llamo Lucía Fernández y vivo en Sevilla.', 'pii/person: Lucía Fernández', 'pii/location: Sevilla'],
  ['Vivo en Calle Mayor 5, 28013 Madrid.', 'pii/address: Calle Mayor 5, 28013 Madrid'],
] // prettier-ignore

const technical: readonly string[] = [
  'Paris',
  "'Jordan'",
  '"Washington"',
  'Madison\nJackson\nMonroe',
  'const Austin = createHouston(Dallas)',
  'import { Morgan, Chandler } from "./stanley.js"',
  'class Anderson extends Thompson {\n  constructor() {\n    super("Jordan")\n  }\n}',
  "INSERT INTO customers VALUES (1, 'Kim Wexler', 'Albuquerque');",
  '    at Jackson.parse (/srv/app/node_modules/jackson/index.js:12:4)',
  '2026-03-01T10:22:01Z INFO Houston started in Austin with Madison',
  '[ERROR] Lincoln failed: Kennedy is not defined',
  '| Name | City |\n|---|---|\n| Kim Wexler | Albuquerque |',
  'id,name,city\n1,Kim Wexler,Albuquerque\n2,Jonas Weber,Hamburg',
  '# Getting Started\n\n## Table of Contents\n\n- Installation\n- Usage\n- License',
  'Run `npm install` and then call `Morgan.create()` in `src/jordan.ts`.',
  '```\nDear Kim Wexler\n```',
  '{"name": "Austin", "version": "1.2.3"}',
  'Promise, Array and Map are objects of JavaScript.',
  'The Quarterly Report was sent on Monday, and the Board of Directors met in March.',
  'MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT ARE DISCLAIMED',
  'see the issues CVE-2023-25652, CVE-2023-25815 and CVE-2023-29007',
]

describe('names', () => {
  it.each(positives)('%s', async (text, ...expected) => {
    verifies('pii.names')
    expect(await found(filter, text)).toEqual(expected)
  })

  // A city is a place, wherever it stands.
  const numbers = hardNegatives.filter((text) => !text.includes('Tel Aviv'))
  it.each([...technical, ...numbers])('leaves alone: %s', async (text) => {
    verifies('pii.names-technical')
    expect(await found(filter, text)).toEqual([])
  })

  it.each([
    ['Ask Maria to come.', 'pii/person: Maria'],
    ['Email Tom about it.', 'pii/person: Tom'],
    ['Page Anna, please.', 'pii/person: Anna'],
    ["Review Jane Miller's contract.", 'pii/person: Jane Miller'],
    ['Compare Python and Ruby for me.'],
    ['Fix Jenkins before the release.'],
  ])('the verb that a sentence begins with is no part of a name: %s', async (text, ...expected) => {
    verifies('pii.names-public')
    expect(await found(filter, text)).toEqual(expected)
  })

  it.each([
    'What is the capital of Australia?',
    'Tell me about the population of France.',
    'Compare Germany and Spain for me.',
    'Is Claude better than Python or Excel?',
    'We moved from Oracle to Postgres in March.',
    'Translate it from German to French by Monday.',
  ])('what belongs to nobody is left: %s', async (text) => {
    verifies('pii.names-public')
    expect(await found(filter, text)).toEqual([])
  })

  it.each([
    ['I live in Canada with my dog.', 'pii/location: Canada'],
    ['She moved to Germany last year.', 'pii/location: Germany'],
    ['Country: Germany', 'pii/location: Germany'],
    ['Who is coming to Norway with me?', 'pii/location: Norway'],
    ['Our office is in Berlin, Germany.', 'pii/location: Berlin', 'pii/location: Germany'],
    ['Dear Claude, thank you for your letter.', 'pii/person: Claude'],
    ['Please call Peter tomorrow.', 'pii/person: Peter'],
    ['Ada, please review the Java code.'],
    ['Ada, please review the letter.', 'pii/person: Ada'],
  ])('what is told of somebody is not: %s', async (text, ...expected) => {
    verifies('pii.names-public')
    expect(await found(filter, text)).toEqual(expected)
  })

  it('the name of a field says what a single word is', async () => {
    expect(await found(filter, 'Jonas Weber', { label: 'customer_name' })).toEqual(['pii/person: Jonas Weber'])
    expect(await found(filter, 'Hamburg', { label: 'city' })).toEqual(['pii/location: Hamburg'])
    expect(await found(filter, 'Hamburg', { label: 'theme' })).toEqual([])
  })

  it.each([
    'last_name',
    'lastName',
    'surname',
    'family-name',
    'vorname',
    'nom',
    'apellido',
    'LAST_NAME',
    'customerName',
  ])('one word in a field %s is a person', async (label) => {
    verifies('pii.named-fields')
    expect(await found(filter, 'Wexler', { label })).toEqual(['pii/person: Wexler'])
    expect(await found(filter, ' wexler ', { label })).toEqual(['pii/person: wexler'])
    expect(await found(filter, 'Acme Holdings LLC', { label })).not.toEqual([])
    for (const other of ['N/A', 'string', 'Last name', '{{name}}'])
      expect(await found(filter, other, { label })).toEqual([])
  })

  it.each(['file_name', 'hostName', 'class-name', 'Product name', 'theme'])(
    'one word in a field %s is none',
    async (label) => {
      expect(await found(filter, 'Madison', { label })).toEqual([])
    },
  )

  it.each(['Project name: Phoenix', 'File name: Jordan', 'Host name: Austin'])(
    'the name of a thing is none: %s',
    async (text) => {
      expect(await found(filter, text)).toEqual([])
    },
  )

  it('a field in a text says what its value is, in a form, in JSON and in a table', async () => {
    verifies('pii.named-fields')
    expect(await found(filter, 'first_name=Kim&last_name=Wexler')).toEqual(['pii/person: Kim', 'pii/person: Wexler'])
    expect(await found(filter, 'The record is {"id": 7, "last_name": "Wexler"}.')).toEqual(['pii/person: Wexler'])
    expect(await found(filter, 'id,surname\n1,Wexler')).toEqual(['pii/person: Wexler'])
    expect(await found(filter, 'Nachname: Weber, Vorname: Jonas')).toHaveLength(2)
    expect(await found(filter, 'Last name: Wexler')).toEqual(['pii/person: Wexler'])
  })

  it.each([
    ['quoted words', 'You asked for "blue", "red" and "green".'],
    ['a heading', '## Visit'],
    ['a table', '| Item | Price |\n|---|---|\n| Desk | 20 |'],
    ['code in a fence', '```js\nconst austin = jordan(1)\nconst dallas = madison(2)\nreturn houston\n```'],
  ])('a letter with %s is read to its end', async (_what, apart) => {
    verifies('pii.names-in-letters')
    const text = `Dear Ms. Lindqvist,\n\nI spoke with Maria Lopez in Hamburg.\n\n${apart}\n\nMy sister told Thomas Weber about it.`
    expect(await found(filter, text)).toEqual(
      ['person: Lindqvist', 'person: Maria Lopez', 'location: Hamburg', 'person: Thomas Weber'].map(
        (one) => `pii/${one}`,
      ),
    )
  })

  it('a paragraph of people above a log is read, and the log is not', async () => {
    verifies('pii.names-in-letters')
    const log = '2026-03-01T10:22:01Z INFO Houston started\n2026-03-01T10:22:02Z INFO Madison stopped'
    const text = `Hello, I asked my colleague Maria Lopez what is wrong with it.\n\n${log}`
    expect(await found(filter, text)).toEqual(['pii/person: Maria Lopez'])
  })

  it('whoever introduces themselves before code is found, and the code is not', async () => {
    const code = 'function madison(jordan) {\n  const austin = jordan.houston()\n  return austin\n}'
    const text = `Hi, my name is Jonas Weber. Can you tell me what is wrong?\n\n\`\`\`js\n${code}\n\`\`\``
    expect(await found(filter, text)).toEqual(['pii/person: Jonas Weber'])
  })

  it('a letter of several lines is one address', async () => {
    const text = 'Jonas Weber\n12 Baker Street\nLondon NW1 6XE\nUnited Kingdom'
    const hidden = (await found(filter, text)).map((line) => line.replace(/^\S+ /, '')).join('\n')
    expect(hidden).toContain('Jonas Weber')
    expect(hidden).toContain('12 Baker Street')
  })

  it('what does not touch the part that is decided on is left unsaid', async () => {
    const text = 'My name is Jonas Weber.\n\n```\ncode\n```\n\nMy name is Kim Wexler.'
    const start = text.lastIndexOf('My')
    const part = { text, provenance: 'user', focus: { start, end: text.length } } as const
    const context = { direction: 'inbound', group: 'default', executedSql: [] } as const
    const findings = await filter.inspect([part], context, new AbortController().signal)
    expect(findings.map((one) => text.slice(one.start, one.end))).toEqual(['Kim Wexler'])
  })

  it.each([
    [
      'what is read',
      'customer_name',
      'I spoke with Jonas Weber here. Kim Wexler was not there.',
      'Jonas Weber',
      'Kim Wexler',
    ],
    ['values of fields', 'record', '{"last_name": "Wexler", "first_name": "Kim"}', 'Wexler', 'Kim'],
  ])('what does not touch that part is left unsaid in a field, too: %s', async (_what, label, text, ...names) => {
    const context = { direction: 'inbound', group: 'default', executedSql: [] } as const
    for (const name of names) {
      const start = text.indexOf(name)
      const part = {
        text,
        provenance: 'user',
        label,
        focus: { start, end: start + name.length },
      } as const
      const findings = await filter.inspect([part], context, new AbortController().signal)
      expect(findings.map((one) => text.slice(one.start, one.end))).toEqual([name])
    }
  })

  it('the name of a field says nothing of a text of more than three hundred characters', async () => {
    expect(await found(filter, `Wexler${' '.repeat(294)}`, { label: 'last_name' })).toEqual(['pii/person: Wexler'])
    expect(await found(filter, `Wexler${' '.repeat(295)}`, { label: 'last_name' })).toEqual([])
  })

  it.each([
    ['one letter', 'a'],
    ['capital letters', 'A'],
    ['words', 'Anna Berg '],
    ['sentences', 'I met Anna in Paris. '],
    ['signs', '((, '],
    ['hyphens', 'Anna-'],
    ['apostrophes', "O'"],
    ['dots', 'A.'],
    ['numbers', '1,1.'],
    ['lines', 'Anna\n'],
    ['empty lines', '\n\n'],
    ['quotes', '"Anna" '],
    ['fences', '```\n'],
    ['commas', 'Anna,Berg,'],
    ['colons', 'Name: '],
    ['blanks', '   '],
    ['mails', 'anna@b.example '],
    ['stars', '**Anna** '],
    ['letters of another script', '安娜'],
    ['halves of characters', '\ud83d'],
  ])(
    'thirty thousand characters of %s are read to their end',
    async (_what, piece) => {
      const text = `${piece.repeat(Math.ceil(30_000 / piece.length))}\n\nMy name is Jonas Weber, and I live in Hamburg with my dog.`
      const findings = await found(filter, text)
      for (const one of findings.slice(-2)) expect(one).toMatch(/^pii\/[a-z]+: \S/)
    },
    120_000,
  )
})
