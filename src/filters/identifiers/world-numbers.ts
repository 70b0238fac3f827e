import { isNumberOf } from './check-digits.ts'
import { wordsOf, type Recognizer } from './recognizer.ts'

const idWords = ['national id', 'identity number', 'id number', 'id no', 'id card', 'identity card', 'identification number'] // prettier-ignore

/** National Registration Identity Card of Singapore: weights 2, 7, 6, 5, 4, 3, 2 and a letter for the rest modulo 11. */
export function passesNricCheck(value: string): boolean {
  const first = value.charAt(0)
  const offset = first === 'T' || first === 'G' ? 4 : first === 'M' ? 3 : 0
  const sum = [2, 7, 6, 5, 4, 3, 2].reduce((total, weight, at) => total + weight * Number(value[at + 1]), offset)
  const letters = first === 'S' || first === 'T' ? 'JZIHGFEDCBA' : first === 'M' ? 'KLJNPQRTUWX' : 'XWUTRQPNMLK'
  const at = first === 'M' ? 10 - (sum % 11) : sum % 11
  return letters[at] === value[8]
}

/** A number that is called one is hidden with a wrong digit, too, and from countries that are not listed. */
const namedNumbers = wordsOf('national id number', 'national identity number', 'national identification number', 'national insurance number', 'nino', 'ni number', 'nhs number', 'nhs no', 'steuer id', 'steueridentifikationsnummer', 'steuer identifikationsnummer', 'personalausweis', 'personalausweisnummer', 'ausweisnummer', 'sozialversicherungsnummer', 'numero de securite sociale', 'numero de seguridad social', "carte d'identite", 'documento de identidad', 'dni', 'nie', 'codice fiscale', 'bsn', 'pesel', 'personnummer', 'cpf', 'aadhaar', 'curp', 'tax file number', 'social insurance number', 'cedula', 'identity card number', 'id card number', 'nric') // prettier-ignore

/** Numbers that states beyond Europe give to persons. */
export const worldNumbers: readonly Recognizer[] = [
  {
    category: 'pii/us-itin',
    opens: 'digit',
    // Groups in the middle: 50–65, 70–88, 90–92, 94–99 (Internal Revenue Manual 3.21.263).
    shape: /9\d{2}([ .-])(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\1\d{4}/y,
    words: wordsOf('itin', 'tin', 'taxpayer', 'tax id', 'taxpayer identification', 'individual taxpayer'),
    score: 0.6,
    namedScore: 0.95,
  },
  {
    category: 'pii/us-itin',
    opens: 'digit',
    shape: /9\d{2}(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4}/y,
    words: wordsOf('itin', 'individual taxpayer', 'individual taxpayer identification number', 'taxpayer id'),
    score: 0,
    namedScore: 0.9,
  },
  {
    category: 'pii/us-ein',
    opens: 'digit',
    shape: /\d{2}-?\d{7}/y,
    words: wordsOf('ein', 'fein', 'employer identification', 'employer id', 'tax id', 'federal tax id', 'employer identification number'), // prettier-ignore
    score: 0,
    namedScore: 0.9,
    passes: isNumberOf('us/ein'),
  },
  {
    category: 'pii/br-cpf',
    opens: 'digit',
    shape: /\d{3}\.\d{3}\.\d{3}-\d{2}/y,
    words: null,
    score: 0.95,
    namedScore: 0.95,
    passes: isNumberOf('br/cpf'),
  },
  {
    category: 'pii/br-cpf',
    opens: 'digit',
    shape: /\d{11}/y,
    words: wordsOf('cpf', 'cadastro de pessoas'),
    score: 0,
    namedScore: 0.95,
    passes: isNumberOf('br/cpf'),
  },
  {
    category: 'pii/in-aadhaar',
    opens: 'digit',
    shape: /[2-9]\d{3}([ -]?)\d{4}\1\d{4}/y,
    words: wordsOf('aadhaar', 'aadhar', 'uidai', 'uid'),
    score: 0,
    namedScore: 0.95,
    passes: isNumberOf('in/aadhaar'),
  },
  {
    category: 'pii/in-pan',
    opens: 'letter',
    shape: /[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z]/y,
    words: wordsOf('pan', 'pan card', 'pan no', 'pan number', 'permanent account'),
    score: 0.55,
    namedScore: 0.95,
    passes: isNumberOf('in/pan'),
  },
  {
    category: 'pii/ca-social-insurance-number',
    opens: 'digit',
    shape: /\d{3}([ -]?)\d{3}\1\d{3}/y,
    words: wordsOf('sin', 'social insurance', 'nas', 'assurance sociale', 'social insurance number'),
    score: 0,
    namedScore: 0.95,
    passes: isNumberOf('ca/sin'),
  },
  {
    category: 'pii/au-tax-file-number',
    opens: 'digit',
    shape: /\d{3}([ -]?)\d{3}\1\d{2,3}/y,
    words: wordsOf('tfn', 'tax file', 'tax file number'),
    score: 0,
    namedScore: 0.95,
    passes: isNumberOf('au/tfn'),
  },
  {
    category: 'pii/mx-curp',
    opens: 'letter',
    shape: /[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z\d]\d/y,
    words: wordsOf('curp'),
    score: 0.85,
    namedScore: 0.97,
    passes: isNumberOf('mx/curp'),
  },
  {
    category: 'pii/za-identity-number',
    opens: 'digit',
    shape: /\d{6} ?\d{4} ?[0-2]\d{2}/y,
    words: wordsOf('south african', 'sa id', 'rsa id', ...idWords),
    score: 0,
    namedScore: 0.95,
    passes: isNumberOf('za/idnr'),
  },
  {
    category: 'pii/sg-nric',
    opens: 'letter',
    shape: /[STFGM]\d{7}[A-Z]/y,
    words: wordsOf('nric', 'fin', ...idWords),
    score: 0.6,
    namedScore: 0.95,
    passes: passesNricCheck,
  },
  {
    category: 'pii/kr-resident-number',
    opens: 'digit',
    shape: /\d{2}[01]\d[0-3]\d-\d{7}/y,
    words: wordsOf('rrn', 'resident registration', ...idWords),
    score: 0.55,
    namedScore: 0.95,
    passes: isNumberOf('kr/rrn'),
  },
  {
    category: 'pii/cn-resident-number',
    opens: 'digit',
    shape: /[1-9]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dX]/iy,
    words: wordsOf('resident identity', 'shenfenzheng', ...idWords),
    score: 0.75,
    namedScore: 0.95,
    passes: isNumberOf('cn/ric'),
  },
  {
    category: 'pii/tr-identity-number',
    opens: 'digit',
    shape: /[1-9]\d{10}/y,
    words: wordsOf('tckn', 'tc kimlik', 'kimlik no', 'kimlik', ...idWords),
    score: 0,
    namedScore: 0.95,
    passes: isNumberOf('tr/tckimlik'),
  },
  {
    category: 'pii/cl-rut',
    opens: 'digit',
    shape: /\d{1,2}\.\d{3}\.\d{3}-[\dkK]/y,
    words: null,
    score: 0.85,
    namedScore: 0.85,
    passes: (value) => isNumberOf('cl/rut')(value.replaceAll('.', '')),
  },
  {
    category: 'pii/il-identity-number',
    opens: 'digit',
    shape: /\d{9}/y,
    words: wordsOf('teudat zehut', 'israeli id', 'mispar zehut'),
    score: 0,
    namedScore: 0.95,
    passes: isNumberOf('il/idnr'),
  },
  {
    category: 'pii/hk-identity-card',
    opens: 'letter',
    shape: /[A-Z]{1,2}\d{6}\([\dA]\)/y,
    words: wordsOf('hkid', ...idWords),
    score: 0.8,
    namedScore: 0.95,
    passes: isNumberOf('hk/hkid'),
  },
  {
    category: 'pii/tw-identity-number',
    opens: 'letter',
    shape: /[A-Z][1289]\d{8}/y,
    words: wordsOf('taiwan', 'taiwanese', ...idWords),
    score: 0,
    namedScore: 0.9,
    passes: isNumberOf('tw/natid'),
  },
  {
    category: 'pii/th-identity-number',
    opens: 'digit',
    shape: /[1-8]-\d{4}-\d{5}-\d{2}-\d/y,
    words: null,
    score: 0.8,
    namedScore: 0.8,
    passes: isNumberOf('th/idnr'),
  },
  {
    category: 'pii/national-id',
    opens: 'either',
    shape: /[A-Z]{0,4}[ -]?\d{2,16}(?:[ .-]\d{2,6}){0,6}(?:[ -]?[A-Z\d]{1,2})?/y,
    words: namedNumbers,
    score: 0,
    namedScore: 0.6,
    passes: (value) => value.length <= 24 && value.replace(/\D/g, '').length >= 6,
  },
]
