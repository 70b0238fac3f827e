import { classAt, classCount, type WordClass } from './classes.ts'
import { kindCount, toxicityKinds, type ToxicityKind } from './categories.ts'

/** How grave what was found is, whatever its likelihood: 1 rude or suggestive, 2 grave, 3 the gravest of its kind. */
export type Severity = 1 | 2 | 3

const severities: Readonly<Record<ToxicityKind, Readonly<Partial<Record<WordClass, Severity>>>>> = {
  harassment: { insult: 1, 'insult-strong': 2, humiliate: 1, 'foreign-insult': 2, threat: 3, kill: 3, 'self-harm': 3 },
  hate: { identity: 1, demean: 2, hate: 2, slur: 3, supremacy: 3, kill: 3, threat: 3 },
  sexual: { 'sexual-body': 1, 'sexual-act': 1, 'sexual-explicit': 2, coercion: 3, minor: 3 },
  'self-harm': { 'self-harm-sign': 1, 'self-harm': 3 },
  violence: { injure: 1, weapon: 1, kill: 2, gore: 2, threat: 3 },
  profanity: { profanity: 1, 'profanity-strong': 2 },
}

/** By kind and class; 0 is a class that says nothing of the kind. */
const table = new Uint8Array(kindCount * classCount)
for (const [kind, name] of toxicityKinds.entries()) {
  for (const [wordClass, severity] of Object.entries(severities[name])) {
    table[kind * classCount + classAt(wordClass as WordClass)] = severity
  }
}

/** The greatest severity of the classes of a word for a kind; 0 where it says nothing of it. */
export function severityIn(value: number, kind: number): Severity | 0 {
  let most = 0
  for (let rest = value & 0xffffff; rest !== 0; rest >>>= 6) {
    most = Math.max(most, table[kind * classCount + (rest & 63)] as number)
  }
  return most as Severity | 0
}
