/** Kinds of words that the lexicon has, in the order in which the model has them; 0 is a word that is in none. */
export const wordClasses = [
  'none',
  'sexual-explicit',
  'sexual-body',
  'sexual-act',
  'minor',
  'kin',
  'coercion',
  'slur',
  'identity',
  'demean',
  'hate',
  'supremacy',
  'insult-strong',
  'insult',
  'humiliate',
  'self-harm',
  'self-harm-sign',
  'kill',
  'injure',
  'gore',
  'weapon',
  'threat',
  'profanity-strong',
  'profanity',
  'foreign-insult',
  'second-person',
  'first-person',
  'third-person',
  'victim',
  'all',
  'will',
  'is',
  'technical',
  'figurative',
  'game',
  'sport',
  'medical',
  'education',
  'support',
  'report-verb',
  'counter',
  'negation',
  'reclaimed',
  'romance',
] as const

export type WordClass = (typeof wordClasses)[number]

export const classCount = wordClasses.length

export const classAt = (name: WordClass): number => wordClasses.indexOf(name)

/** Whether a stretch has a word of a class, several (two or more), many (four or more). */
export const levelCount = 3
