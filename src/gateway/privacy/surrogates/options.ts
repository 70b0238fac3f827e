/** The kinds that have a reserved range of their form. Apart from the ranges, so that a configuration is read without them. */
export const surrogateKinds = [
  'pii/email',
  'pii/phone',
  'pii/card',
  'pii/iban',
  'pii/ssn',
  'pii/ip-address',
  'pii/mac-address',
  'pii/person',
  'pii/date-of-birth',
] as const

/** When the values of a kind get surrogates: `asked` is where a token could not stand in the form that a request asks for. */
export const surrogateChoices = ['always', 'asked', 'never'] as const
export type SurrogateChoice = (typeof surrogateChoices)[number]
export type SurrogateChoices = Readonly<Partial<Record<string, SurrogateChoice>>>
