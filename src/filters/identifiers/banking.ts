import { wordsOf, type Recognizer } from './recognizer.ts'

/** American Bankers Association: weights 3, 7, 1 modulo 10, and the ranges of the Federal Reserve districts. */
export function passesRoutingCheck(value: string): boolean {
  if (!/^(?:0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)\d{7}$/.test(value)) return false
  const sum = Array.from(value).reduce((total, figure, at) => total + Number(figure) * ([3, 7, 1][at % 3] ?? 0), 0)
  return sum > 0 && sum % 10 === 0
}

const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })

/** A Business Identifier Code holds the code of a country in its fifth and sixth character (ISO 9362). */
export function hasCountry(value: string): boolean {
  return regions.of(value.slice(4, 6)) !== undefined
}

export const banking: readonly Recognizer[] = [
  {
    category: 'pii/bank-routing-number',
    opens: 'digit',
    shape: /\d{9}/y,
    words: wordsOf('routing', 'routing number', 'routing no', 'routing transit', 'aba', 'aba number', 'rtn', 'transit number'), // prettier-ignore
    score: 0,
    namedScore: 0.95,
    passes: passesRoutingCheck,
  },
  {
    category: 'pii/bank-code',
    opens: 'letter',
    shape: /[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?/y,
    words: wordsOf('bic', 'swift', 'swift code', 'bic code', 'swift bic'),
    score: 0,
    namedScore: 0.9,
    passes: hasCountry,
  },
  {
    category: 'pii/bank-code',
    opens: 'digit',
    shape: /\d{2}-\d{2}-\d{2}|\d{6}/y,
    words: wordsOf('sort code', 'sortcode'),
    score: 0,
    namedScore: 0.85,
  },
  {
    category: 'pii/bank-code',
    opens: 'digit',
    shape: /[1-8]\d{2} ?\d{3} ?\d{2}/y,
    words: wordsOf('blz', 'bankleitzahl'),
    score: 0,
    namedScore: 0.85,
  },
  {
    category: 'pii/bank-account',
    opens: 'digit',
    shape: /\d{4,17}(?:[ -]\d{2,10}){0,4}/y,
    words: wordsOf('account number', 'account no', 'acct no', 'bank account', 'acct', 'checking account', 'savings account', 'kontonummer', 'konto nr', 'numero de compte', 'compte bancaire', 'numero de cuenta', 'cuenta bancaria'), // prettier-ignore
    score: 0,
    namedScore: 0.75,
    passes: (value) => value.replace(/\D/g, '').length >= 6,
  },
]
