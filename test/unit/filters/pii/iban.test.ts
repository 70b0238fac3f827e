import { describe, expect, it } from 'vitest'
import { findIbans, passesIbanCheck } from '../../../../src/filters/pii/iban.ts'

const ibans = (text: string) => findIbans(text).map(({ start, end }) => text.slice(start, end))

/** An example for each country of the registry (SWIFT IBAN registry, release 99). */
const examples = [
  'AD1200012030200359100100', 'AE070331234567890123456', 'AL47212110090000000235698741', 'AT611904300234573201',
  'AZ21NABZ00000000137010001944', 'BA391290079401028494', 'BE68539007547034', 'BG80BNBG96611020345678',
  'BH67BMAG00001299123456', 'BI4210000100010000332045181', 'BR1800360305000010009795493C1', 'BY13NBRB3600900000002Z00AB00',
  'CH9300762011623852957', 'CR05015202001026284066', 'CY17002001280000001200527600', 'CZ6508000000192000145399',
  'DE89370400440532013000', 'DJ2100010000000154000100186', 'DK5000400440116243', 'DO28BAGR00000001212453611324',
  'EE382200221020145685', 'EG380019000500000000263180002', 'ES9121000418450200051332', 'FI2112345600000785',
  'FK88SC123456789012', 'FO6264600001631634', 'FR1420041010050500013M02606', 'GB29NWBK60161331926819',
  'GE29NB0000000101904917', 'GI75NWBK000000007099453', 'GL8964710001000206', 'GR1601101250000000012300695',
  'GT82TRAJ01020000001210029690', 'HN88CABF00000000000250005469', 'HR1210010051863000160', 'HU42117730161111101800000000',
  'IE29AIBK93115212345678', 'IL620108000000099999999', 'IQ98NBIQ850123456789012', 'IS140159260076545510730339',
  'IT60X0542811101000000123456', 'JO94CBJO0010000000000131000302', 'KW81CBKU0000000000001234560101', 'KZ86125KZT5004100100',
  'LB62099900000001001901229114', 'LC55HEMM000100010012001200023015', 'LI21088100002324013AA', 'LT121000011101001000',
  'LU280019400644750000', 'LV80BANK0000435195001', 'LY83002048000020100120361', 'MC5811222000010123456789030',
  'MD24AG000225100013104168', 'ME25505000012345678951', 'MK07250120000058984', 'MN121234123456789123',
  'MR1300020001010000123456753', 'MT84MALT011000012345MTLCAST001S', 'MU17BOMM0101101030300200000MUR',
  'NI45BAPR00000013000003558124', 'NL91ABNA0417164300', 'NO9386011117947', 'OM810180000001299123456',
  'PK36SCBL0000001123456702', 'PL61109010140000071219812874', 'PS92PALS000000000400123456702', 'PT50000201231234567890154',
  'QA58DOHB00001234567890ABCDEFG', 'RO49AAAA1B31007593840000', 'RS35260005601001611379',
  'RU0304452522540817810538091310419', 'SA0380000000608010167519', 'SC18SSCB11010000000000001497USD', 'SD2129010501234001',
  'SE4550000000058398257466', 'SI56263300012039086', 'SK3112000000198742637541', 'SM86U0322509800000000270100',
  'SO211000001001000100141', 'ST23000100010051845310146', 'SV62CENR00000000000000700025', 'TL380080012345678910157',
  'TN5910006035183598478831', 'TR330006100519786457841326', 'UA213223130000026007233566001', 'VA59001123000012345678',
  'VG96VPVG0000012345678901', 'XK051212012345678906', 'YE15CBYE0001018861234567891234',
] // prettier-ignore

describe('account numbers of each country', () => {
  it.each(examples)('are found as a whole, in either way of writing: %s', (iban) => {
    const groups = iban.replace(/(.{4})(?=.)/g, '$1 ')
    expect(passesIbanCheck(iban)).toBe(true)
    for (const written of [iban, groups, groups.replaceAll(' ', '-'), iban.toLowerCase()]) {
      expect(ibans(`to ${written}, please`)).toEqual([written])
      expect(ibans(written)).toEqual([written])
    }
  })

  it.each(examples)('have the length of the country and a check: %s', (iban) => {
    expect(ibans(iban.slice(0, -1))).toEqual([])
    expect(ibans(`${iban}7`)).toEqual([])
    const other = iban.slice(0, 2) + String((Number(iban.slice(2, 4)) % 96) + 2).padStart(2, '0') + iban.slice(4)
    expect(ibans(other)).toEqual([])
  })

  it('are of a country that has them', () => {
    // The check digits of a German number, with the letters of no country that joined.
    expect(ibans('US64SVBKUS6S3300958879')).toEqual([])
    expect(passesIbanCheck('US64SVBKUS6S3300958879')).toBe(true)
  })
})

describe('what stands beside an account number', () => {
  const iban = 'DE89370400440532013000'
  it.each([
    ['a word', `${iban} please`, [iban]],
    ['a point', `${iban}.`, [iban]],
    ['a dash and a blank', `${iban}- or`, [iban]],
    ['a name in front', `IBAN:${iban}`, [iban]],
    ['another one', `${iban} GB82WEST12345698765432`, [iban, 'GB82WEST12345698765432']],
    ['another one after a line', `${iban}\nGB82WEST12345698765432`, [iban, 'GB82WEST12345698765432']],
    ['one inside of what could be its rest', `DE12 3456 7890 ${iban}`, [iban]],
    ['letters right after it', `${iban}a`, []],
    ['an underscore after it', `${iban}_1`, []],
    ['a dash and letters after it', `${iban}-ab`, []],
    ['a letter in front', `x${iban}`, []],
    ['a digit and a dash in front', `9-${iban}`, []],
    ['pairs of a digest in front', `ab12-${iban}`, []],
    ['single characters apart', 'DE 89 3 7 0 4 0 0 4 4 0 5 3 2 0 1 3 0 0 0', []],
    ['two single characters', 'DE89 3704 0044 0532 0130 0 0', []],
    ['one single character at its end', 'MK07 2501 2000 0058 98 4', ['MK07 2501 2000 0058 98 4']],
  ])('decides: %s', (_what, text, expected) => {
    expect(ibans(text)).toEqual(expected)
  })

  it('does not count: the place is its own', () => {
    expect(findIbans(`to ${iban}.`)).toEqual([{ start: 3, end: 25, category: 'pii/iban', score: 0.97 }])
  })
})
