import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createPiiFilter } from '../../../../src/filters/pii/pii-filter.ts'
import { createSecretsFilter } from '../../../../src/filters/secrets/secrets-filter.ts'
import { sampleCustomerPrints } from '../../../support/filters/customer-prints.ts'
import { found, never, testScreener } from '../../../support/filters/filter-fixtures.ts'
import { samplePrints, telephoneLike } from '../../../support/filters/number-prints.ts'
import { propertyRuns } from '../../../support/property-runs.ts'
import { createRandom } from '../../../support/random.ts'
import { verifies } from '../../../support/verifies.ts'

const filters = [createPiiFilter(), createSecretsFilter()]
const findings = async (text: string) => (await Promise.all(filters.map((filter) => found(filter, text)))).flat()

/** As Python printed them. */
const printed: readonly (readonly [what: string, text: string])[] = [
  ['an identity matrix', '[[1 0 0 0 0 0 0 0 0 0]\n [0 1 0 0 0 0 0 0 0 0]\n [0 0 1 0 0 0 0 0 0 0]]'],
  ['a frame of zeros and ones', '   0  1  2  3  4  5  6  7\n0  1  0  0  0  0  0  0  0\n1  0  1  0  0  0  0  0  0'],
  ['labels on one line', '0 2 0 6 0 8 0 0 0'],
  ['cluster labels', '[1 1 1 0 2 2 2 0 0 1 1 2 0 0 1 2 1 0 0 0 1 2 2 1 0 0 1 1 0 2 1 0 2 0 1 1 2\n 2 1 0 0 1 2 0 0 1]'],
  [
    'a confusion matrix',
    '[[37  0  0  0  0  0  0  0  0  0]\n [ 0 39  0  0  0  0  1  0  2  1]\n [ 0  0 41  3  0  0  0  0  0  0]]',
  ],
  ['a matrix below 100', '[[41 11 11 11]\n [ 5  6 12 90]\n [41 11 11 11]]'],
  ['four digits a number', '[[5329 5085 9284 8928]\n [5964 1187 4111 1111]]'],
  ['rows that savetxt writes', '5329 5085 9284 8928\n5964 1187 4111 1111\n1234 5678 9012 3456'],
  ['negative numbers', '[ 202 -555 -4143  303]'],
  ['a wide frame', '     a     b     c     d     e\n0  202   555  4143   303   777\n1    1     2     3     4     5'],
  [
    'identifiers, one of which has a check digit by chance',
    '0  4539578763621486\n1  4539578763621487\n2  4539578763621480',
  ],
  ['a signed fraction', '[+1.20255501 +1.20255502]'],
  ['a correlation with a row of that name', 'mobile    0.180232 -0.190332  1.000000 -0.558659'],
  ['counts by device', 'phone      1234567\ntablet       45678\nName: device, dtype: int64'],
]

describe('ordinary numbers', () => {
  it.each(printed)('P1: are left alone as %s', async (_what, text) => {
    expect(await findings(text)).toEqual([])
  })

  it('P1: are left alone in 999 of 1,000 random prints, whatever their shape', async () => {
    verifies('filters.numbers')
    const damaged: string[] = []
    const prints = samplePrints(3_000, 20_261).filter(({ shape }) => !telephoneLike.includes(shape))
    for (const { shape, text } of prints) {
      const hits = await findings(text)
      if (hits.length > 0) damaged.push(`${shape}: ${hits.join(', ')}`)
    }
    expect(damaged.slice(prints.length / 1_000)).toEqual([])
  })
})

describe('a list beside a number', () => {
  it.each([
    ['a telephone number of a country in a list of such', '030 901820\n030 227732\n030 901855', 3],
    ['groups that begin with no area code', '03-7695-3121-48', 0],
    ['a column of one country, two ways to set the area apart', '0,0171 4521190\n1,0160 4530012\n2,0151 39991210', 3],
    ['a column with its index', '0  030 90182055\n1  030 22773212\n2  030 90185511', 3],
    ['identifiers of another length beside it', '0  07529-4762\n1  47529-4762\n2  90210-1234', 0],
    ['two zeros in front', '00347-4195', 0],
    ['two numbers of eight digits', '41111111 11111111', 0],
    ['a row of more groups than a card has', 'C0 650 133 4111 1111 1111 1111 812', 0],
    ['a card with its date and its code', '4111 1111 1111 1111 12 27 123', 1],
    ['a card behind an IBAN', 'DE89 3704 0044 0532 0130 00 4111 1111 1111 1111', 2],
    ['a card behind a row number', '102 4111 1111 1111 1111', 1],
    ['numbers too long for a card', '4111111111111111\n41111111111111111111111\n411111111111111111111111', 0],
    ['eight digits at a time, called a card', 'card 41111111 11111111', 1],
  ])('P1: decides what it is: %s', async (_what, text, count) => {
    expect(await findings(text)).toHaveLength(count)
  })
})

describe('drawings', () => {
  it('P1: coordinates of a path in SVG are left alone', async () => {
    const random = createRandom(29)
    const upTo = (most: number) => Math.floor(random() * most)
    const point = () => `${upTo(random() < 0.2 ? 1_000 : 10_000) - (random() < 0.1 ? 900 : 0)}`
    const command = () => {
      const [letter, count] = [
        ['Q', 4],
        ['C', 6],
        ['L', 2],
      ][upTo(3)] as [string, number]
      return `${letter} ${Array.from({ length: count }, point).join(' ')} `
    }
    const damaged: string[] = []
    for (let index = 0; index < 150; index += 1) {
      const path = ['M 2597 2516 ', ...Array.from({ length: 40 }, command), 'z'].join('\n')
      damaged.push(...(await found(createPiiFilter(), `<path id="g-${index}" d="${path}"/>`)))
    }
    // A number that fits every rule of a card may stand where a path begins, with too few lines beside it.
    expect(damaged).toEqual([])
  })

  it('cards in a list with letters in front stay masked', async () => {
    const list = ['M', 'L', 'Q', 'C', 'T', 'S', 'A'].map((letter) => `${letter} 4111 1111 1111 1111`).join('\n')
    expect(await found(createPiiFilter(), list)).toHaveLength(7)
    const phones = ['S', 'M', 'L', 'M', 'S', 'L', 'M'].map((size) => `${size} 212 555 0199`).join('\n')
    expect(await found(createPiiFilter(), `phone numbers\n${phones}`)).not.toEqual([])
  })
})

describe('rows of customers', () => {
  it('P1: are masked in every shape in which code prints them, without a word beside the values', async () => {
    const leaked: string[] = []
    for (const { shape, text, values } of sampleCustomerPrints(300, 7)) {
      const masked = await testScreener().text(text, 'tool', never)
      leaked.push(...values.filter((value) => masked.includes(value)).map((value) => `${shape}: ${value}`))
    }
    expect(leaked).toEqual([])
  })
})

describe('identifiers', () => {
  it('D10: a digest that begins like an IBAN stays whole', async () => {
    expect(await findings('ad61ab143223efbc24c7d2583be69251')).toEqual([])
  })

  it.each([
    ['an IBAN with more behind it', 'DE89370400440532013000abc1'],
    ['an IBAN behind more', 'x9-DE89370400440532013000-4c7d'],
    ['a card inside digits', '94111111111111111112345'],
    ['a card inside a name', 'run_4111111111111111_b'],
    ['a card inside a dotted version', '12.4111111111111111.3'],
    ['a telephone number inside a part number', 'AB-202-555-0143-77'],
    ['a social security number inside a longer one', '536-90-4399-01'],
    ['a key with one character too many', 'AKIAIOSFODNN7EXAMPLEX'],
  ])('D10: %s is none', async (_what, text) => {
    expect(await findings(text)).toEqual([])
  })

  it('D10: a key is masked to its last character, however long it is', async () => {
    for (const prefix of ['sk-proj-', 'ghp_', 'hf_', 'xoxb-', 'sk_live_']) {
      const key = prefix + 'Zk3vQ9xT7bLm2Rw8Yc5Nd1Hf6Jg4Ks0P'.repeat(20)
      expect(await testScreener().text(`key ${key}.`, 'tool', never)).toBe('key [secret].')
    }
  })

  it('D10: digests, UUIDs and random base64 of any kind stay whole', async () => {
    verifies('filters.whole-tokens')
    const random = createRandom(11)
    const bytes = () =>
      Buffer.from(Array.from({ length: 16 + Math.floor(random() * 48) }, () => Math.floor(random() * 256)))
    const damaged: string[] = []
    for (let index = 0; index < propertyRuns(3_000); index += 1) {
      const raw = bytes()
      const hex = raw.toString('hex')
      const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
      const digest = (name: string) => createHash(name).update(raw).digest('hex')
      const ids = [
        digest('md5'),
        digest('sha1'),
        digest('sha256'),
        uuid,
        raw.toString('base64'),
        raw.toString('base64url'),
      ]
      for (const id of ids) if ((await findings(id)).length > 0) damaged.push(id)
    }
    expect(damaged).toEqual([])
  })
})
