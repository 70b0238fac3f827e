import { describe, expect, it } from 'vitest'
import { createIdentifiersFilter } from '../../../../src/filters/identifiers/identifiers-filter.ts'
import { found } from '../../../support/filters/filter-fixtures.ts'

const filter = createIdentifiersFilter()
const values = async (text: string) => (await found(filter, text)).map((finding) => finding.replace(/^[^:]*: /, ''))
const kinds = async (text: string) => (await found(filter, text)).map((finding) => finding.replace(/: .*$/s, ''))

describe('what stands around a value', () => {
  const code = 'RSSMRA85T10A562S'

  it.each([
    `(${code})`,
    `"${code}"`,
    `is:${code}.`,
    `is ${code}. Next`,
    `${code}-`,
    `x - ${code}`,
    `a.${code}`,
    `/${code}/`,
    `=${code};`,
  ])('%s: lets it be one', async (text) => {
    expect(await values(text)).toEqual([code])
  })

  it.each([
    `a-${code}`,
    `1-${code}`,
    `1.${code}`,
    `@${code}`,
    `#${code}`,
    `$${code}`,
    `€${code}`,
    `£${code}`,
    `¥${code}`,
    `+${code}`,
    `\\${code}`,
    `${code}x`,
    `${code}1`,
    `${code}é`,
    `${code}_x`,
    `${code}@x`,
    `${code}-a`,
    `${code}-1`,
    `${code}.a`,
    `${code}.1`,
    `x${code}`,
    `é${code}`,
  ])('%s: makes it a part of something longer', async (text) => {
    expect(await values(text)).toEqual([])
  })
})

describe('a list behind a word', () => {
  it.each([', ', ' and ', '; '])('has its values of the one kind, with %j between them', async (between) => {
    const numbers = ['021000021', '011401533', '122000661']
    expect(await values(`routing numbers ${numbers.join(between)}`)).toEqual(numbers)
  })

  it.each([
    [', ', 12],
    [' and ', 9],
  ])('has them however long it is, with %j between them', async (between, count) => {
    const numbers = Array.from({ length: count }, (_, at) => ['021000021', '011401533', '122000661'][at % 3] ?? '')
    expect(await values(`routing numbers ${numbers.join(between)}`)).toEqual(numbers)
    expect(await values(`routing numbers ${numbers.join(`${between}or else `)}`)).toEqual(numbers.slice(0, 1))
  })
})

describe('an address of a network', () => {
  it.each(['198.51.100.23', '10.20.30.32', '223.1.2.99', '126.0.0.33', '128.0.0.33', '11.254.1.99', '170.254.1.1'])(
    '%s is one by itself',
    async (value) => {
      expect(await values(`at ${value} now`)).toEqual([value])
    },
  )

  it.each(['10.20.30.31', '1.3.101.110', '2.16.99.1', '9.9.99.1', '1.2.3.99'])(
    '%s is one where a word says so, as it could be a version',
    async (value) => {
      expect(await values(`at ${value} now`)).toEqual([])
      expect(await values(`the ip ${value} now`)).toEqual([value])
    },
  )

  it.each([
    '0.20.30.40',
    '127.20.30.40',
    '224.1.2.99',
    '255.255.255.1',
    '10.20.99.0',
    '169.254.1.99',
    '256.1.1.99',
    '10.256.1.99',
    '10.01.99.300',
  ])('%s is none: no host has it', async (value) => {
    expect(await values(`the ip ${value} now`)).toEqual([])
  })

  it.each([
    'v',
    'ver ',
    'version ',
    'versions: ',
    'release ',
    'build ',
    'rev. ',
    'revision ',
    'section ',
    'chapter ',
    'figure ',
    'table ',
    'rfc ',
    'kernel ',
    'firmware ',
    'sdk ',
    'oid ',
    'upgraded to ',
    'update to ',
    'bumped to ',
    'v8 at ',
    'v8 is ',
    '== ',
    '>= ',
    '<=',
    '!=',
    '~=',
    '~',
    '^',
    '@',
    '§ ',
    'lib/',
  ])('is none behind %j', async (before) => {
    expect(await values(`${before}198.51.100.23`)).toEqual([])
    expect(await values(`the ip is ${before}198.51.100.23`)).toEqual([])
  })

  it.each(['/', 'see ', 'over ', '= '])('is one behind %j', async (before) => {
    expect(await values(`${before}198.51.100.23`)).toEqual(['198.51.100.23'])
  })

  it.each(['2.5 ', '2.5,', '0.5-'])('is none behind a fraction, as in a drawing: %j', async (before) => {
    expect(await values(`${before}98.51.100.23`)).toEqual([])
  })

  it.each([
    '2001:db8:85a3::8a2e:370:7334',
    '3fff:1:2:3:4:5:6:7',
    'fc00::1:2',
    'fd12:3456::1',
    'fe80::1:2',
    'febf::1:2',
    '2001:db8:1::',
  ])('%s is one of the sixth version', async (value) => {
    expect(await values(`at ${value} now`)).toEqual([value])
  })

  it.each(['4001:db8::1:2', 'fb00::1:2', 'fec0::1:2', 'ff02::1:2', '2001:db8', '2001:db8:::1'])(
    '%s is none',
    async (value) => {
      expect(await values(`at ${value} now`)).toEqual([])
    },
  )
})

describe('an address of a device', () => {
  it.each(['00:1B:44:11:3A:B7', '00-1b-44-11-3a-b7'])('%s is one by itself', async (value) => {
    expect(await values(`see ${value} now`)).toEqual([value])
  })

  it.each(['00:11:22:33:44:55', '001b.4411.3ab7', '001B44113AB7'])('%s is one where a word says so', async (value) => {
    expect(await values(`see ${value} now`)).toEqual([])
    expect(await values(`the mac ${value} now`)).toEqual([value])
  })

  it.each([
    'a0:a0:a0:a0:a0:a0',
    'a0:A0:a0:A0:a0:A0',
    '00:1B:44:11:3A',
    '00:1B:44:11:3A:B7:00',
    '11:00:1B:44:11:3A:B7',
    '00-1B:44:11:3A:B7',
    '00:1B:44:11:3A-B7',
  ])('%s is none', async (value) => {
    expect(await kinds(`the mac ${value} now`)).not.toContain('pii/mac-address')
  })
})

describe('the number of a vehicle', () => {
  it('has letters and a check digit, or a word', async () => {
    expect(await values('see 1HGCM82633A004352')).toEqual(['1HGCM82633A004352'])
    expect(await values('see 1M8GDM9AXKP042788')).toEqual(['1M8GDM9AXKP042788'])
    expect(await values('see 1HGCM82643A004352')).toEqual([])
    expect(await values('vin 1HGCM82643A004352')).toEqual(['1HGCM82643A004352'])
    expect(await values('chassis ABCDEFGHJKLMNPRST')).toEqual([])
    expect(await kinds('chassis 11111111111111111')).not.toContain('pii/vehicle-id')
    expect(await kinds('see 11111111111111111')).not.toContain('pii/vehicle-id')
  })
})

describe('the number of a telephone', () => {
  it('has its check digit', async () => {
    expect(await values('imei 490154203237518')).toEqual(['490154203237518'])
    expect(await values('imei 49-015420-323751-8')).toEqual(['49-015420-323751-8'])
    expect(await kinds('imei 490154203237519')).not.toContain('pii/device-id')
  })
})

describe('a place on the earth', () => {
  it.each(['90.000, 180.000', '0.000 -179.999', '48.858°, 2.294°', '48.85837012,-2.2944812'])(
    '%s is one behind a word',
    async (value) => {
      expect(await values(`gps: ${value}`)).toEqual([value])
    },
  )

  it.each(['90.001, 1.000', '1.000, 180.001', '48.85, 2.29', '48.8583.1, 2.2944'])('%s is none', async (value) => {
    expect(await values(`gps: ${value}`)).toEqual([])
  })

  it.each([
    '1 48.8584, 2.2944',
    '48.8584, 2.2944 7',
    '(5, 48.8584, 2.2944)',
    '48.8584, 2.2944, 3',
    '[48.8584, 2.2944],[1',
    '5\n48.8584, 2.2944',
  ])('is none in a row of numbers: %s', async (text) => {
    expect(await values(`position: x ${text}`)).toEqual([])
  })

  it.each([
    ['lat: 48.8584', '48.8584'],
    ['longitude=180.000', '180.000'],
  ])('may be one of its two numbers: %s', async (text, value) => {
    expect(await values(text)).toEqual([value])
  })

  it.each(['lat: 180.001', 'lat: 48.85', 'gps: 48.8584'])('is not one by %s', async (text) => {
    expect(await values(text)).toEqual([])
  })

  it.each(['40.7128° N, 74.0060° W', '40.71N 74.01W', '40° N, 74° E', '40°N 74°O'])(
    'is written %s, too',
    async (value) => {
      expect(await values(`at ${value} there`)).toEqual([value])
    },
  )

  it.each(['40 N, 74 W', '91° N, 74° W', '40° N, 181° W', '40° X, 74° W'])('is not written %s', async (value) => {
    expect(await values(`at ${value} there`)).toEqual([])
  })

  it.each([
    `40° 42' 46" N, 74° 0' 22" W`,
    '40°42′46″N 74°0′22″W',
    `40°42'N,74°0'E`,
    `40 ° 42 ’ 46.5 '' S 74 ° 0 ’ 22.25 ” O`,
  ])('is written %s, in minutes', async (value) => {
    expect(await values(`at ${value} there`)).toEqual([value])
  })

  it.each(['geo:', 'https://x.example/@', '?q=', '&ll=', '?center=', '&daddr=', '?destination='])(
    'is in an address behind %s',
    async (before) => {
      expect(await values(`${before}48.8584,2.2945`)).toEqual(['48.8584,2.2945'])
      expect(await values(`${before}-48.8584,%20-2.2945`)).toEqual(['-48.8584,%20-2.2945'])
      expect(await values(`${before}98.8584,2.2945`)).toEqual([])
    },
  )

  it.each(['?x=', 'q=', '/', '@', 'x '])('is not one behind %s', async (before) => {
    expect(await values(`${before}48.8584,2.2945`)).toEqual([])
  })
})

describe('a date of birth', () => {
  const months = [
    'January', 'Jan', 'Januar', 'janvier', 'enero', 'ene', 'February', 'Feb.', 'Februar', 'février', 'fév', 'febrero', 'March', 'Mar', 'März', 'Maerz',
    'Mrz', 'mars', 'marzo', 'April', 'Apr', 'avril', 'avr', 'abril', 'abr', 'May', 'Mai', 'mayo', 'June', 'Jun', 'Juni', 'juin', 'junio', 'July', 'Jul',
    'Juli', 'juillet', 'julio', 'August', 'Aug', 'août', 'agosto', 'ago', 'September', 'Sept', 'Sep', 'septembre', 'septiembre', 'October', 'Oct',
    'Oktober', 'Okt', 'octobre', 'octubre', 'November', 'Nov', 'novembre', 'noviembre', 'December', 'Dec', 'décembre', 'Dezember', 'Dez', 'diciembre', 'dic',
  ] // prettier-ignore

  it.each(months)('is written with %s', async (month) => {
    expect(await values(`born 3 ${month} 1980`)).toEqual([`3 ${month} 1980`])
    expect(await values(`born ${month} 3, 1980`)).toEqual([`${month} 3, 1980`])
  })

  it.each([
    '1st May 1980', '2nd of May 1980', '3rd May, 1980', '4th-May-1980', '1er mai 1980', '3. Mai 1980', '31 de mayo de 1980', '3 de mayo del 1980', 'May 3rd 1980',
    '1980-05-03', '1980/5/3', '1980.12.31', '03.05.1980', '3/5/80', '3-5-1980', '3. 5. 1980', '03 05 1980', '5/31/1980', '12-31-80', '19800503',
    '1980-05-03T10:20', '1980-05-03 10:20:30', '1980-05-03T10:20:30.5Z', '1980-05-03T10:20:30+02:00', '1980-05-03T10:20+0200', '1899-01-01', '2019-01-01',
  ])('is written %s', async (value) => {
    expect(await values(`born ${value} there`)).toEqual([value])
  }) // prettier-ignore

  it.each([
    '32 May 1980',
    '0 May 1980',
    '3 Foo 1980',
    '1980-13-03',
    '1980-05-32',
    '1780-05-03',
    '2180-05-03',
    '3/5-1980',
    '19801303',
    '3 May 80',
  ])('is not written %s', async (value) => {
    expect(await values(`born ${value} there`)).not.toContain(value)
  })

  it.each(months.slice(0, 3))('is none without a word: 3 %s 1980', async (month) => {
    expect(await values(`made 3 ${month} 1980`)).toEqual([])
  })
})

describe('a paper of a person', () => {
  it.each([
    ['passport A1234567', 'A1234567'],
    ['passport ABC123456', 'ABC123456'],
    ['passport 123456', '123456'],
    ['passport 123456789', '123456789'],
    ['passport 123456789A', '123456789A'],
    ['passport 04AE66425', '04AE66425'],
    ['passport c01x00t47', 'c01x00t47'],
    ['passport C01X00T478', 'C01X00T478'],
    ['driving licence A12345', 'A12345'],
    ['driving licence D123-4567-8901', 'D123-4567-8901'],
    ['driving licence ABC123456', 'ABC123456'],
    ['driving licence WDLABCD456DG', 'WDLABCD456DG'],
    ['driving licence 12345678901234', '12345678901234'],
    ['see MORGA657054SM9IJ', 'MORGA657054SM9IJ'],
    ['see LI999657054S99IJ', 'LI999657054S99IJ'],
    ['mrn MR-123456', 'MR-123456'],
    ['mrn 12345', '12345'],
    ['mrn 12-345-67', '12-345-67'],
    ['see 1EG4TE5MK73 medicare', '1EG4TE5MK73'],
    ['zip code 90210-1234', '90210-1234'],
    ['zip: 90210', '90210'],
    ['postal code K1A 0B1', 'K1A 0B1'],
    ['postal code 1011 AB', '1011 AB'],
    ['postal code SW1A1AA', 'SW1A1AA'],
    ['postal code 1234', '1234'],
    ['postal code 123456', '123456'],
    ['postal code 123-4567', '123-4567'],
    ['account number 123456', '123456'],
    ['account number 1234 567890', '1234 567890'],
    ['account number 1234-56-78', '1234-56-78'],
    ['sort code 123456', '123456'],
    ['blz 37040044', '37040044'],
  ])('%s: %s', async (text, value) => {
    expect(await values(text)).toEqual([value])
  })

  it.each([
    ['passport ABCDEFGHJ', 'pii/passport'],
    ['passport CFGHJ12KL', 'pii/passport'],
    ['passport 12345', 'pii/passport'],
    ['driving licence A1234', 'pii/driver-license'],
    ['driving licence ABCDEFG', 'pii/driver-license'],
    ['see MORGA657054SM9I', 'pii/driver-license'],
    ['see MORGA677054SM9IJ', 'pii/driver-license'],
    ['mrn 1234', 'pii/medical-record-number'],
    ['zip file 90210', 'pii/postal-code'],
    ['a zip archive: 90210', 'pii/postal-code'],
    ['zip x 90210', 'pii/postal-code'],
    ['zip 2048', 'pii/postal-code'],
    ['zip 10240 bytes', 'pii/postal-code'],
    ['the zip is 12345 files', 'pii/postal-code'],
    ['7-zip 19000', 'pii/postal-code'],
    ['gzip 10240', 'pii/postal-code'],
    ['zip SW1A 1AA', 'pii/postal-code'],
    ['account number 12345', 'pii/bank-account'],
    ['blz 97040044', 'pii/bank-code'],
  ])('%s: no %s', async (text, kind) => {
    expect(await kinds(text)).not.toContain(kind)
  })
})

describe('an account of a chain', () => {
  it('has more than a few different digits', async () => {
    expect(await values(`0x${'12345ab'.padEnd(40, '0')}`)).toEqual([`0x${'12345ab'.padEnd(40, '0')}`])
    expect(await values(`0x${'1234'.padEnd(40, '0')}`)).toEqual([])
    expect(await values(`0x${'12345ABab'.padEnd(40, '0').slice(0, 39)}`)).toEqual([])
  })
})
