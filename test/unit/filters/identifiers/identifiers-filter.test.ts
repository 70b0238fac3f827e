import { describe, expect, it } from 'vitest'
import { createIdentifiersFilter } from '../../../../src/filters/identifiers/identifiers-filter.ts'
import { found } from '../../../support/filters/filter-fixtures.ts'
import { hardNegatives } from '../../../support/filters/hard-negatives.ts'
import { verifies } from '../../../support/verifies.ts'

const filter = createIdentifiersFilter()

/** Examples of the issuers' own documents, or made by their rules; none is known to be a person's. */
const positives: readonly (readonly [text: string, expected: string])[] = [
  ['MAC 0e:ad:be:ef:ca:fe', 'pii/mac-address: 0e:ad:be:ef:ca:fe'],
  ['My NHS number is 943 476 5919.', 'pii/uk-nhs-number: 943 476 5919'],
  ['NINO: AB 12 34 56 C', 'pii/uk-national-insurance-number: AB 12 34 56 C'],
  ['it says AB123456C there', 'pii/uk-national-insurance-number: AB123456C'],
  ['NI number QQ123456C', 'pii/national-id: QQ123456C'],
  ['Steuer-ID 36 574 261 809', 'pii/de-tax-id: 36 574 261 809'],
  ['meine Steueridentifikationsnummer: 36574261809', 'pii/de-tax-id: 36574261809'],
  ['n° de sécurité sociale 2 95 10 99 126 111 93', 'pii/fr-social-security-number: 2 95 10 99 126 111 93'],
  ['295109912611193', 'pii/fr-social-security-number: 295109912611193'],
  ['DNI 12345678Z', 'pii/es-dni: 12345678Z'],
  ['NIE X-2482300-W', 'pii/es-nie: X-2482300-W'],
  ['rssmra85t10a562s', 'pii/it-codice-fiscale: rssmra85t10a562s'],
  ['BSN 111222333', 'pii/nl-bsn: 111222333'],
  ['PESEL 44051401359', 'pii/pl-pesel: 44051401359'],
  ['880320-0016', 'pii/se-personal-number: 880320-0016'],
  ['personnummer 8803200016', 'pii/se-personal-number: 8803200016'],
  ['AHV 7569217076985', 'pii/ch-ahv-number: 7569217076985'],
  ['756.9217.0769.85', 'pii/ch-ahv-number: 756.9217.0769.85'],
  ['SVNR 1237 010180', 'pii/at-insurance-number: 1237 010180'],
  ['85.07.30-033.28', 'pii/be-national-number: 85.07.30-033.28'],
  ['CPR 010190-1234', 'pii/dk-cpr-number: 010190-1234'],
  ['131052-308T', 'pii/fi-personal-identity-code: 131052-308T'],
  ['fødselsnummer 15108695088', 'pii/no-birth-number: 15108695088'],
  ['NIF 501 964 843', 'pii/pt-tax-number: 501 964 843'],
  ['PPS number 6433435F', 'pii/ie-pps-number: 6433435F'],
  ['CNP 1630615123457', 'pii/ro-cnp: 1630615123457'],
  ['710319/2745', 'pii/cz-birth-number: 710319/2745'],
  ['OIB 33392005961', 'pii/hr-oib: 33392005961'],
  ['EGN 7523169263', 'pii/bg-egn: 7523169263'],
  ['isikukood 36805280109', 'pii/ee-personal-code: 36805280109'],
  ['ITIN 912-70-1234', 'pii/us-itin: 912-70-1234'],
  ['EIN 91-1144442', 'pii/us-ein: 91-1144442'],
  ['390.533.447-05', 'pii/br-cpf: 390.533.447-05'],
  ['CPF 39053344705', 'pii/br-cpf: 39053344705'],
  ['Aadhaar 2341 2341 2346', 'pii/in-aadhaar: 2341 2341 2346'],
  ['PAN ACUPA7085R', 'pii/in-pan: ACUPA7085R'],
  ['SIN 046 454 286', 'pii/ca-social-insurance-number: 046 454 286'],
  ['TFN 123 456 782', 'pii/au-tax-file-number: 123 456 782'],
  ['BOXW310820HNERXN09', 'pii/mx-curp: BOXW310820HNERXN09'],
  ['SA ID 7503305044089', 'pii/za-identity-number: 7503305044089'],
  ['S1234567D', 'pii/sg-nric: S1234567D'],
  ['971013-9019902', 'pii/kr-resident-number: 971013-9019902'],
  ['11010519491231002x', 'pii/cn-resident-number: 11010519491231002x'],
  ['11010519491231002X', 'pii/cn-resident-number: 11010519491231002X'],
  ['TCKN 17291716060', 'pii/tr-identity-number: 17291716060'],
  ['12.531.909-2', 'pii/cl-rut: 12.531.909-2'],
  ['teudat zehut 039337423', 'pii/il-identity-number: 039337423'],
  ['A123456(3)', 'pii/hk-identity-card: A123456(3)'],
  ['identity card A123456789', 'pii/tw-identity-number: A123456789'],
  ['1-2345-45678-78-1', 'pii/th-identity-number: 1-2345-45678-78-1'],
  ['passport C01X00T47, issued 2020', 'pii/passport: C01X00T47'],
  ['Reisepass: C01X00T478', 'pii/passport: C01X00T478'],
  ['passeport n° 04AE66425', 'pii/passport: 04AE66425'],
  ["My driver's license is D123-4567-8901", 'pii/driver-license: D123-4567-8901'],
  ['driver license WDLABCD456DG', 'pii/driver-license: WDLABCD456DG'],
  ['Führerschein B072RRE2I55', 'pii/driver-license: B072RRE2I55'],
  ['MORGA657054SM9IJ', 'pii/driver-license: MORGA657054SM9IJ'],
  ['MRN: 00123456', 'pii/medical-record-number: 00123456'],
  ['Patientennummer 4711-0815', 'pii/medical-record-number: 4711-0815'],
  ['Medicare 1EG4-TE5-MK73', 'pii/us-medicare-number: 1EG4-TE5-MK73'],
  ['zip code 90210', 'pii/postal-code: 90210'],
  ['She lives in zip 90210.', 'pii/postal-code: 90210'],
  ['my zip is 90210-1234', 'pii/postal-code: 90210-1234'],
  ['ZIP 90210, not far', 'pii/postal-code: 90210'],
  ['PLZ 10115', 'pii/postal-code: 10115'],
  ['postcode: SW1A 1AA', 'pii/postal-code: SW1A 1AA'],
  ['routing number 021000021', 'pii/bank-routing-number: 021000021'],
  ['SWIFT DEUTDEFF500', 'pii/bank-code: DEUTDEFF500'],
  ['BIC: DEUTDEFF', 'pii/bank-code: DEUTDEFF'],
  ['account number 000123456789', 'pii/bank-account: 000123456789'],
  ['IMEI 490154203237518', 'pii/device-id: 490154203237518'],
  ['from 198.51.100.23 port 22', 'pii/ip-address: 198.51.100.23'],
  ['client IP 10.1.2.3', 'pii/ip-address: 10.1.2.3'],
  ['at 2001:db8:85a3::8a2e:370:7334', 'pii/ip-address: 2001:db8:85a3::8a2e:370:7334'],
  ['00:1B:44:11:3A:B7 joined', 'pii/mac-address: 00:1B:44:11:3A:B7'],
  ['MAC 00-1b-44-11-3a-b7', 'pii/mac-address: 00-1b-44-11-3a-b7'],
  ['VIN 1HGCM82633A004352', 'pii/vehicle-id: 1HGCM82633A004352'],
  ['Fahrgestellnummer WVWZZZ1JZXW000001', 'pii/vehicle-id: WVWZZZ1JZXW000001'],
  ['send to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', 'pii/crypto-wallet: 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
  ['0x52908400098527886E0F7030069857D2E4169EE7', 'pii/crypto-wallet: 0x52908400098527886E0F7030069857D2E4169EE7'],
  ['born on 3 March 1980 in', 'pii/date-of-birth: 3 March 1980'],
  ['DOB: 03/04/1980', 'pii/date-of-birth: 03/04/1980'],
  ['geboren am 3. März 1980', 'pii/date-of-birth: 3. März 1980'],
  ['née le 03/03/1980', 'pii/date-of-birth: 03/03/1980'],
  ['nacida el 3 de marzo de 1980', 'pii/date-of-birth: 3 de marzo de 1980'],
  ['{"dateOfBirth": "1980-03-04T00:00:00Z"}', 'pii/date-of-birth: 1980-03-04T00:00:00Z'],
  ['40.7128° N, 74.0060° W', 'pii/coordinates: 40.7128° N, 74.0060° W'],
  ['coordinates: -33.86882, 151.20929', 'pii/coordinates: -33.86882, 151.20929'],
  ['https://maps.example/?q=48.8584,2.2945', 'pii/coordinates: 48.8584,2.2945'],
  ['"lat": 48.85837', 'pii/coordinates: 48.85837'],
]

const negatives: readonly string[] = [
  'routing number 0210000211',
  'version 10.20.30.40 of the client',
  'v1.2.3.4, 2.0.0.0 and section 4.10.2.1',
  'listening on 0.0.0.0:8080 and 127.0.0.1, mask 255.255.255.0',
  'std::vector<a::b> c::d(1)',
  'at 12:34:56:78:90:12:34:56',
  '550e8400-e29b-41d4-a716-446655440000',
  'sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  '01ARZ3NDEKTSV4RRFFQ69G5FAV and 0ujtsYcgvSTl8PAuAdqWYSMnLOv',
  'ISBN 978-3-16-148410-0, EAN 4006381333931',
  'the meeting on 2024-03-05 was moved to 03/06/2024',
  'released on 3 March 1980',
  'UPDATE t SET a = 123456789 WHERE b = 987654321',
  'fe ed fa ce 00 11 22 33 44 55 66 77 88 99',
  'fingerprint 00:1B:44:11:3A:B7:00:1B:44:11:3A:B7',
  'SWIFT PAYMENTS are fast',
  'x = 12.34567, y = 3.45678',
  'M12.3456,78.9012 L23.4567,89.0123',
  '111222333 items, 44051401359 bytes',
  '0x0000000000000000000000000000000000000000',
  'blocked: 10.0.0.0/8, 172.16.0.0/12 and 169.254.169.254',
  'OID 1.3.101.110 and Chrome/87.0.42.88, upgrade to 3.24.35.22',
  'A4.01 4.01 0 0111 18c0 1.52-.87 2.83-2.12 3.51.98.32 1.68.82 2.15',
  '0063 0327 ; [.1FD7.0020.0002] # CEDILLA',
  'const BACKOFF_CAP_MS = 10000',
  'it says aB123456C there',
  'it says AB123456c there',
  'it says ab123456c there',
]

describe('identifiers', () => {
  it.each(positives)('%s', async (text, expected) => {
    verifies('identifiers.found')
    expect(await found(filter, text)).toEqual([expected])
  })

  it.each([...negatives, ...hardNegatives.filter((text) => !/coordinates|IPv4/.test(text))])(
    'leaves alone: %s',
    async (text) => {
      verifies('identifiers.technical')
      expect(await found(filter, text)).toEqual([])
    },
  )

  it.each([
    ['a routing number', 'routing 021000022'],
    ['a codice fiscale', 'RSSMRA85T10A562T'],
    ['a DNI without its word', '12345678A'],
    ['a personal number', '880320-0017'],
    ['a bitcoin address', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb'],
    ['a vehicle without its word', '1HGCM82633A004353'],
    ['a Singaporean card', 'S1234567E'],
  ])('a wrong check digit makes no number of %s', async (_what, text) => {
    expect(await found(filter, text)).toEqual([])
  })

  it('a heading over a column, and the name of a field, say what stands below', async () => {
    verifies('identifiers.columns')
    const table = 'name,dob,routing,order\nKim,1980-03-04,021000021,021000021\nLee,1991-12-01,011401533,011401533'
    expect(await found(filter, table)).toEqual([
      'pii/date-of-birth: 1980-03-04',
      'pii/bank-routing-number: 021000021',
      'pii/date-of-birth: 1991-12-01',
      'pii/bank-routing-number: 011401533',
    ])
    expect(await found(filter, '1980-03-04', { label: 'date_of_birth' })).toEqual(['pii/date-of-birth: 1980-03-04'])
    expect(await found(filter, '1980-03-04', { label: 'ordered_at' })).toEqual([])
  })

  it('a word counts for the values of a list, and for no number behind another one', async () => {
    expect(await found(filter, 'routing numbers 021000021, 011401533 and 122000661')).toHaveLength(3)
    for (const between of [' , oder ', ' , and ', ', ', ' & ', ' / ', ' y '])
      expect([between, await found(filter, `routing number 021000021${between}011401533`)]).toEqual([
        between,
        ['pii/bank-routing-number: 021000021', 'pii/bank-routing-number: 011401533'],
      ])
    for (const between of [' , but ', ' - ', ' ,, ', ' and  and '])
      expect([between, await found(filter, `routing number 021000021${between}011401533`)]).toEqual([
        between,
        ['pii/bank-routing-number: 021000021'],
      ])
    expect(await found(filter, 'passport X1234567; order 87654321')).toEqual(['pii/passport: X1234567'])
  })

  it('a word on the line before counts where the line is a label or goes on', async () => {
    expect(await found(filter, 'passport number\nX1234567')).toEqual(['pii/passport: X1234567'])
    expect(await found(filter, 'No passport was found.\nX1234567')).toEqual([])
  })

  it('of two kinds that a number can be, the nearer word decides', async () => {
    const text = 'passport 123456789, then the routing number 021000021'
    expect(await found(filter, text)).toEqual(['pii/passport: 123456789', 'pii/bank-routing-number: 021000021'])
  })

  it.each([
    ['digits', '1'],
    ['groups', '123 456 '],
    ['pairs', 'ab:'],
    ['letters before digits', 'passport A1 '],
    ['dates', 'born 1980-01-01 '],
    ['rows of one line', '1234567,'],
    ['empty lines', '\n\n1234'],
  ])('a quarter of a megabyte of %s is read to its end', async (_what, piece) => {
    const text = `${piece.repeat(Math.ceil(250_000 / piece.length))} VIN 1HGCM82633A004352`
    expect((await found(filter, text)).at(-1)).toBe('pii/vehicle-id: 1HGCM82633A004352')
  })
})
