import { passesRoutingCheck } from '../../../src/filters/identifiers/banking.ts'
import { isNumberOf, type NumberKind } from '../../../src/filters/identifiers/check-digits.ts'
import { passesVinCheck } from '../../../src/filters/identifiers/devices.ts'
import { passesNhsCheck } from '../../../src/filters/identifiers/european-numbers.ts'
import type { Random } from '../random.ts'
import { integer, oneOf } from './random-values.ts'

/** Names of a kind in English, German, French and Spanish, as people write them. */
type Names = readonly [english: string, german: string, french: string, spanish: string]

export interface IdentifierKind {
  readonly category: string
  readonly names: Names
  readonly make: (random: Random) => string
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** `#` a digit, `@` a capital, `%` a hexadecimal digit; the rest as it is. */
function fill(random: Random, template: string): string {
  return template.replace(/[#@%]/g, (sign) => {
    if (sign === '#') return String(integer(random, 0, 9))
    return sign === '@' ? oneOf(random, letters.split('')) : integer(random, 0, 15).toString(16)
  })
}

const two = (value: number) => String(value).padStart(2, '0')
const year = (random: Random) => two(integer(random, 40, 99))
const month = (random: Random) => two(integer(random, 1, 12))
const day = (random: Random) => two(integer(random, 1, 28))

/** One of the forms filled in, again and again until it passes. */
function until(passes: (value: string) => boolean, ...forms: readonly ((random: Random) => string)[]) {
  return (random: Random) => {
    const form = oneOf(random, forms)
    for (;;) {
      const value = form(random)
      if (passes(value)) return value
    }
  }
}

const form = (template: string) => (random: Random) => fill(random, template)
const numbers = (kind: NumberKind, ...templates: readonly string[]) => until(isNumberOf(kind), ...templates.map(form))
const anyOf =
  (...templates: readonly string[]) =>
  (random: Random) =>
    fill(random, oneOf(random, templates))
const octet = (random: Random) => integer(random, 1, 223)

const months: readonly (readonly string[])[] = [
  ['January', 'March', 'June', 'October', 'December'],
  ['Januar', 'März', 'Juni', 'Oktober', 'Dezember'],
  ['janvier', 'mars', 'juin', 'octobre', 'décembre'],
  ['enero', 'marzo', 'junio', 'octubre', 'diciembre'],
]

function birthday(random: Random): string {
  const full = `19${year(random)}`
  const language = integer(random, 0, 3)
  const named = oneOf(random, months[language] ?? [])
  const date = integer(random, 1, 28)
  return oneOf(random, [
    `${full}-${month(random)}-${day(random)}`,
    `${day(random)}/${month(random)}/${full}`,
    `${day(random)}.${month(random)}.${full}`,
    [
      `${named} ${date}, ${full}`,
      `${date}. ${named} ${full}`,
      `${date} ${named} ${full}`,
      `${date} de ${named} de ${full}`,
    ][language] ?? '',
  ])
}

function position(random: Random): string {
  const latitude = (random() * 178 - 89).toFixed(5)
  const longitude = (random() * 358 - 179).toFixed(5)
  return `${latitude}, ${longitude}`
}

const vinLetters = 'ABCDEFGHJKLMNPRSTUVWXYZ'
const vin = (random: Random) =>
  `${integer(random, 1, 5)}${Array.from({ length: 7 }, () => oneOf(random, vinLetters.split(''))).join('')}${fill(random, '#')}${oneOf(random, vinLetters.split(''))}${fill(random, '@')}${fill(random, '######')}`.replace(
    /[IOQ]/g,
    'A',
  )

export const identifierKinds: readonly IdentifierKind[] = [
  { category: 'pii/us-itin', names: ['ITIN', 'ITIN', 'ITIN', 'ITIN'], make: anyOf('9##-7#-####', '9##-51-####', '9##7#####') }, // prettier-ignore
  { category: 'pii/us-ein', names: ['employer identification number', 'EIN', 'EIN', 'EIN'], make: numbers('us/ein', '##-#######') }, // prettier-ignore
  { category: 'pii/passport', names: ['passport number', 'Reisepassnummer', 'numéro de passeport', 'número de pasaporte'], make: anyOf('#########', '@########', '##@@#####', '@@@######', 'C01X00T4#') }, // prettier-ignore
  { category: 'pii/driver-license', names: ["driver's license", 'Führerscheinnummer', 'permis de conduire', 'permiso de conducir'], make: anyOf('@#######', '@###-####-####', '########', '@@######', 'B07#RRE2I5#') }, // prettier-ignore
  { category: 'pii/medical-record-number', names: ['medical record number', 'Patientennummer', 'dossier médical', 'historia clínica'], make: anyOf('########', '######', 'MR-######') }, // prettier-ignore
  { category: 'pii/bank-routing-number', names: ['routing number', 'ABA number', 'routing number', 'ABA'], make: until(passesRoutingCheck, form('0########'), form('1########')) }, // prettier-ignore
  { category: 'pii/bank-code', names: ['SWIFT code', 'BIC', 'code BIC', 'código SWIFT'], make: anyOf('@@@@DE##', '@@@@FR@@', '@@@@ES##XXX', '@@@@GB2#') }, // prettier-ignore
  { category: 'pii/uk-nhs-number', names: ['NHS number', 'NHS-Nummer', 'numéro NHS', 'número NHS'], make: until(passesNhsCheck, form('### ### ####'), form('##########')) }, // prettier-ignore
  { category: 'pii/uk-national-insurance-number', names: ['National Insurance number', 'NINO', 'NINO', 'NINO'], make: numbers('gb/nino', '@@ ## ## ## A', '@@######C') }, // prettier-ignore
  { category: 'pii/de-tax-id', names: ['German tax ID', 'Steuer-ID', 'Steuer-ID', 'Steuer-ID'], make: numbers('de/idnr', '## ### ### ###', '###########') }, // prettier-ignore
  { category: 'pii/fr-social-security-number', names: ['NIR', 'NIR', 'numéro de sécurité sociale', 'NIR'], make: until(isNumberOf('fr/nir'), (random) => `${oneOf(random, ['1', '2'])}${year(random)}${month(random)}${fill(random, '75######')}${fill(random, '##')}`, (random) => `${oneOf(random, ['1', '2'])} ${year(random)} ${month(random)} ${fill(random, '69 ### ### ##')}`) }, // prettier-ignore
  { category: 'pii/es-dni', names: ['DNI', 'DNI', 'DNI', 'DNI'], make: numbers('es/dni', '########@') },
  { category: 'pii/es-nie', names: ['NIE', 'NIE', 'NIE', 'NIE'], make: numbers('es/nie', 'X#######@', 'Y-#######-@') },
  { category: 'pii/it-codice-fiscale', names: ['fiscal code', 'Codice Fiscale', 'codice fiscale', 'codice fiscale'], make: until(isNumberOf('it/codicefiscale'), (random) => `${fill(random, '@@@@@@')}${year(random)}${oneOf(random, 'ABCDEHLMPRST'.split(''))}${day(random)}${fill(random, 'H501@')}`) }, // prettier-ignore
  { category: 'pii/nl-bsn', names: ['BSN', 'BSN', 'BSN', 'BSN'], make: numbers('nl/bsn', '#########') },
  { category: 'pii/pl-pesel', names: ['PESEL', 'PESEL-Nummer', 'PESEL', 'PESEL'], make: until(isNumberOf('pl/pesel'), (random) => `${year(random)}${month(random)}${day(random)}${fill(random, '#####')}`) }, // prettier-ignore
  { category: 'pii/se-personal-number', names: ['personnummer', 'Personnummer', 'personnummer', 'personnummer'], make: until(isNumberOf('se/personnummer'), (random) => `${year(random)}${month(random)}${day(random)}-${fill(random, '####')}`) }, // prettier-ignore
  { category: 'pii/ch-ahv-number', names: ['AHV number', 'AHV-Nummer', 'numéro AVS', 'AHV'], make: numbers('ch/ssn', '756.####.####.##', '756##########') }, // prettier-ignore
  { category: 'pii/be-national-number', names: ['national register number', 'Nationalregister', 'registre national', 'registre national'], make: until(isNumberOf('be/nn'), (random) => `${year(random)}.${month(random)}.${day(random)}-${fill(random, '###.##')}`) }, // prettier-ignore
  { category: 'pii/fi-personal-identity-code', names: ['HETU', 'HETU', 'HETU', 'HETU'], make: until(isNumberOf('fi/hetu'), (random) => `${day(random)}${month(random)}${year(random)}-${fill(random, '###')}${fill(random, oneOf(random, ['#', '@']))}`) }, // prettier-ignore
  { category: 'pii/no-birth-number', names: ['fødselsnummer', 'fødselsnummer', 'fødselsnummer', 'fødselsnummer'], make: until(isNumberOf('no/fodselsnummer'), (random) => `${day(random)}${month(random)}${year(random)}${fill(random, '#####')}`) }, // prettier-ignore
  {
    category: 'pii/br-cpf',
    names: ['CPF', 'CPF', 'CPF', 'CPF'],
    make: numbers('br/cpf', '###.###.###-##', '###########'),
  },
  { category: 'pii/in-aadhaar', names: ['Aadhaar number', 'Aadhaar', 'Aadhaar', 'Aadhaar'], make: numbers('in/aadhaar', '#### #### ####', '############') }, // prettier-ignore
  { category: 'pii/ca-social-insurance-number', names: ['social insurance number', 'SIN', "numéro d'assurance sociale", 'SIN'], make: numbers('ca/sin', '### ### ###', '1########') }, // prettier-ignore
  {
    category: 'pii/au-tax-file-number',
    names: ['tax file number', 'TFN', 'TFN', 'TFN'],
    make: numbers('au/tfn', '### ### ###'),
  },
  { category: 'pii/cn-resident-number', names: ['resident identity number', 'ID number', 'ID number', 'ID number'], make: until(isNumberOf('cn/ric'), (random) => `11010519${year(random)}${month(random)}${day(random)}${fill(random, '####')}`) }, // prettier-ignore
  { category: 'pii/ip-address', names: ['IP address', 'IP-Adresse', 'adresse IP', 'dirección IP'], make: (random) => oneOf(random, [() => `${octet(random)}.${octet(random)}.${octet(random)}.${octet(random)}`, () => fill(random, '2001:db8:%%%%:%%%%::%%%%:%%%%')])() }, // prettier-ignore
  { category: 'pii/mac-address', names: ['MAC address', 'MAC-Adresse', 'adresse MAC', 'dirección MAC'], make: anyOf('0%:%%:%%:%%:%%:%%', 'a%-%%-%%-%%-%%-%%') }, // prettier-ignore
  { category: 'pii/vehicle-id', names: ['VIN', 'Fahrgestellnummer', 'numéro de châssis', 'bastidor'], make: until(passesVinCheck, vin) }, // prettier-ignore
  { category: 'pii/date-of-birth', names: ['date of birth', 'Geburtsdatum', 'date de naissance', 'fecha de nacimiento'], make: birthday }, // prettier-ignore
  { category: 'pii/coordinates', names: ['coordinates', 'Koordinaten', 'coordonnées', 'coordenadas'], make: position },
  { category: 'pii/postal-code', names: ['ZIP code', 'Postleitzahl', 'code postal', 'código postal'], make: anyOf('#####', '#####-####', 'SW1A 1@A') }, // prettier-ignore
]

const key = (name: string) =>
  name
    .normalize('NFKD')
    .replaceAll('ø', 'o')
    .replaceAll("'", ' ')
    .replace(/[^A-Za-z ]/g, '')
    .toLowerCase()
    .replaceAll(' ', '_')

/** Where a value of a kind can stand: sentences of four languages, files, logs, code. */
export const surroundings: Readonly<Record<string, (name: string, value: string, language: number) => string>> = {
  sentence: (name, value, language) =>
    [
      `Please check it again: my ${name} is ${value}, as I wrote before.`,
      `Bitte prüfen Sie das: Meine ${name} lautet ${value}, wie gesagt.`,
      `Merci de vérifier : mon ${name} est ${value}, comme je l'ai écrit.`,
      `Por favor, compruébelo: mi ${name} es ${value}, como ya escribí.`,
    ][language] ?? '',
  label: (name, value) => `Name: Kim Example\n${name}: ${value}\nCity: Springfield`,
  'label above': (name, value) => `${name}\n${value}\n`,
  parentheses: (name, value) => `Kim Example (${name} ${value}) has asked twice.`,
  behind: (name, value) => `Kim gave ${value} (${name}) on the phone.`,
  JSON: (name, value) => JSON.stringify({ id: 17, [key(name)]: value, active: true }),
  YAML: (name, value) => `customer:\n  id: 17\n  ${key(name)}: "${value}"\n`,
  CSV: (name, value) => `id,name,${key(name)},city\n17,Kim,"${value}",Springfield\n`,
  'tab-separated': (name, value) => `id\t${name}\tcity\n17\t${value}\tSpringfield\n`,
  Markdown: (name, value) => `| id | ${name} | city |\n|---|---|---|\n| 17 | ${value} | Springfield |\n`,
  'Markdown item': (name, value) => `- **${name}**: \`${value}\`\n- city: Springfield`,
  log: (name, value) => `2026-03-04T10:11:12.123Z INFO updated ${key(name)}=${value} for user 17`,
  code: (name, value) => `const customer = { id: 17, ${key(name)}: '${value}' }`,
  SQL: (name, value) => `UPDATE customers SET ${key(name)} = '${value}' WHERE id = 17`,
  HTML: (name, value) => `<tr><th>${name}</th><td>${value}</td></tr>`,
}
