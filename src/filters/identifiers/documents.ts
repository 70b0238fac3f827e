import { textBefore } from '../text-before.ts'
import { wordsOf, type Place, type Recognizer } from './recognizer.ts'

const fewestDigits = (count: number) => (value: string) => value.replace(/\D/g, '').length >= count

const isUsPostcode = /^\d{5}(?:-\d{4})?$/
const counted = /^ ?(?:bytes?|[kmg]i?b|files?|entries|items|records|rows|pages|times|%)(?!\w)/i

/** `zip 2048`, `zip 10240 bytes` and `7-zip 19000` are about a program, `zip 90210` is where somebody lives. */
function isWhere(value: string, { text, start, end }: Place): boolean {
  const before = textBefore(text, start, 24)
  if (/\bzip (?:file|archive)\b/i.test(before)) return false
  if (!/zip(?: is)?\s+$/i.test(before)) return true
  return isUsPostcode.test(value) && !/[\w-]zip(?: is)?\s+$/i.test(before) && !counted.test(text.slice(end, end + 9))
}

/** Papers and files of a person whose numbers have no check digit: a word must say what they are. */
export const documents: readonly Recognizer[] = [
  {
    category: 'pii/passport',
    opens: 'either',
    // One or two letters and digits (United States, France, Spain, …), digits alone, or nine of Germany's alphabet (ICAO 9303).
    shape: /[A-Z]{0,3}\d{6,9}[A-Z]?|\d{2}[A-Z]{2}\d{5}|[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8,9}/iy,
    words: wordsOf('passport', 'passports', 'passport number', 'passport no', 'reisepass', 'reisepassnummer', 'passnummer', 'pass nr', 'passeport', 'pasaporte', 'passaporto'), // prettier-ignore
    score: 0,
    namedScore: 0.85,
    passes: fewestDigits(3),
  },
  {
    category: 'pii/driver-license',
    opens: 'letter',
    // Driver and Vehicle Licensing Agency: surname, a digit, month and day of birth, initials and check characters.
    shape: /[A-Z]{2,5}9{0,3}\d[0156]\d(?:[0-2]\d|3[01])\d[A-Z][A-Z9][2-9][A-Z]{2}/y,
    words: null,
    score: 0.8,
    namedScore: 0.8,
    passes: (value) => value.length === 16,
  },
  {
    category: 'pii/driver-license',
    opens: 'either',
    // The states of the United States write from one letter and four digits to fourteen digits, in groups or not.
    shape: /(?:[A-Z]{1,3}[ -](?=\d))?[A-Z]{0,8}\d[A-Z0-9]{1,13}(?:[ -]\d{2,6}){0,4}[A-Z]{0,2}/y,
    words: wordsOf("driver s? licen[cs]e", "drivers licen[cs]e", 'driving licen[cs]e', 'driver licen[cs]e', 'licen[cs]e number', 'dl', 'dl no', 'dl number', 'dln', 'fuhrerschein', 'fuhrerscheinnummer', 'fuehrerschein', 'permis de conduire', 'permiso de conducir', 'licencia de conducir', 'carnet de conducir', 'patente di guida', 'rijbewijs'), // prettier-ignore
    score: 0,
    namedScore: 0.8,
    passes: (value) => (value.length <= 20 && fewestDigits(5)(value)) || /^[A-Z]{3,8}\d{3}[A-Z\d]{2,3}$/.test(value),
  },
  {
    category: 'pii/medical-record-number',
    opens: 'either',
    shape: /(?:[A-Z]{1,4}-?)?\d{2,10}(?:-\d{2,6}){0,2}/iy,
    words: wordsOf('medical record', 'medical record number', 'medical record no', 'medical records', 'mrn', 'patient id', 'patient no', 'patient number', 'chart number', 'health record', 'patientennummer', 'patienten id', 'patienten nr', 'krankenakte', 'fallnummer', 'dossier medical', 'numero de dossier', 'numero de patient', 'historia clinica', 'historial medico', 'nhc', 'numero de paciente'), // prettier-ignore
    score: 0,
    namedScore: 0.85,
    passes: fewestDigits(5),
  },
  {
    category: 'pii/us-medicare-number',
    opens: 'digit',
    // Medicare Beneficiary Identifier: no S, L, O, I, B, Z (Centers for Medicare and Medicaid Services).
    shape: /[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}/y,
    words: wordsOf('medicare', 'mbi', 'beneficiary'),
    score: 0.6,
    namedScore: 0.95,
  },
  {
    category: 'pii/postal-code',
    opens: 'either',
    shape:
      /\d{5}(?:-\d{4})?(?!\d)|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2}|\d{3}[ -]\d{2,4}|\d{4,6}/iy,
    words: wordsOf('zip(?=["`]?[:=#,|;]|.?\\d|(?:\\sis)?\\s*$)', 'zip code', 'zip codes', 'postal code', 'post code', 'postcodes', 'plz', 'postleitzahl', 'code postal', 'codigo postal'), // prettier-ignore
    score: 0,
    namedScore: 0.7,
    passes: isWhere,
  },
]
