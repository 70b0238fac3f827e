import { positionsOf } from '../../../../src/gateway/privacy/positions/api-positions.ts'
import type { PositionKind, Positions } from '../../../../src/gateway/privacy/positions/position.ts'
import type { CallForm, Members } from './call-forms.ts'
import { chatCompletionsForm } from './chat-completions-form.ts'
import { embeddingsForm } from './embeddings-form.ts'
import { messagesForm } from './messages-form.ts'
import { plantedValues, sentenceOf, type PlantedValues } from './planted-values.ts'
import { responsesForm } from './responses-form.ts'

/** A call with values of its own at one position, as the clients of its API make it. */
export interface PositionCase {
  /** `messages[].content[].text`, or `messages[].x_later` for a member that the table does not know. */
  readonly position: string
  /** What the table says of the position; null where it does not know it. */
  readonly kind: PositionKind | null
  /** The values that stand there, by what they are; none where nothing is ever hidden. */
  readonly values: Readonly<Partial<PlantedValues>>
  /** A text that stands there and is to arrive as it is; null where values stand there. */
  readonly carried: string | null
  readonly body: Members
}

export const callForms = [chatCompletionsForm, responsesForm, messagesForm, embeddingsForm] as const

interface Planted {
  readonly values: PositionCase['values']
  readonly at: unknown
  readonly carried?: string
}

function inWords(values: PlantedValues): Planted['values'] {
  const words: { -readonly [Name in keyof PlantedValues]?: string } = { ...values }
  delete words.number
  return words
}

const planted: Readonly<Record<PositionKind, (values: PlantedValues) => Planted>> = {
  text: (values) => ({ values: inWords(values), at: sentenceOf(values) }),
  'tool-text': (values) => ({ values: inWords(values), at: sentenceOf(values) }),
  'file-name': (values) => ({ values: inWords(values), at: `${sentenceOf(values)}.csv` }),
  'token-ids': (values) => ({ values: inWords(values), at: sentenceOf(values) }),
  json: (values) => ({ values, at: JSON.stringify(anyShape(values)) }),
  schema: (values) => ({ values, at: schemaWith(values) }),
  data: (values) => ({
    values: inWords(values),
    at: Buffer.from(`name,note\n"x","${sentenceOf(values)}"\n`).toString('base64'),
  }),
  media({ email, card, secret }) {
    const at = `https://files.example/${encodeURIComponent(email)}/${card.replaceAll(' ', '')}?key=${secret}`
    return { values: { email, card, secret }, at }
  },
  identifier({ email, card, iban, secret }) {
    return { values: { email, card, iban, secret }, at: `${email} ${card} ${iban} ${secret}` }
  },
  place({ email, card, iban, secret }) {
    return { values: { email, card, iban, secret }, at: `${email} ${card} ${iban} ${secret}` }
  },
  sealed: ({ email }) => sealedText(email),
  kept: ({ email }) => sealedText(email),
}

/** What says nothing to anybody but who made it. */
function sealedText(made: string): Planted {
  const carried = `EqQBCkgI${Buffer.from(made).toString('hex')}`
  return { values: {}, at: carried, carried }
}

/** Values in an object of a shape that nobody knows: as names, in lists, as numbers, in JSON within a text. */
function anyShape(values: PlantedValues): Members {
  const { email, card, iban, number } = values
  return { deep: [{ [email]: sentenceOf(values), n: [Number(number)] }], text: JSON.stringify({ [iban]: [card] }) }
}

function schemaWith(values: PlantedValues): Members {
  const { email, card, iban, secret, number } = values
  const to = { type: 'string', description: sentenceOf(values), enum: [email], default: card, examples: [[iban]] }
  return {
    type: 'object',
    title: sentenceOf(values),
    properties: {
      to,
      [secret]: { type: 'integer', maximum: Number(number), $comment: email, 'x-later': { [card]: 1 } },
    },
  }
}

const stepsOf = (path: string): readonly string[] => path.match(/\[\]|\*\*|[^.[\]]+/g) ?? []

const joined = (path: string, step: string): string => (path === '' || step === '[]' ? path + step : `${path}.${step}`)

/** What stands at a path of a call, with whatever its client writes beside it. */
function built(form: CallForm, path: string, steps: readonly string[], at: unknown): unknown {
  const [step, ...rest] = steps
  if (step === undefined) return at
  const inner = built(form, joined(path, step), rest, at)
  if (step === '[]') return [inner]
  const given = { [step.startsWith('*') ? 'some' : step]: inner }
  return { ...form.beside[path]?.(given), ...given }
}

/** The objects of which a table names members: `messages[].content[]`. */
function objectsOf(positions: Positions): readonly string[] {
  const objects = new Set<string>([''])
  for (const path of Object.keys(positions)) {
    let before = ''
    for (const step of stepsOf(path)) {
      if (step !== '[]' && !step.startsWith('*')) objects.add(before)
      before = joined(before, step)
    }
  }
  return [...objects]
}

/** Shapes in which a member that nobody knows may hold values, each in a case of its own for the body itself. */
const shapes: Readonly<Record<string, (values: PlantedValues) => Planted>> = {
  x_later: planted.text,
  'x_later[]': (values) => ({ values: inWords(values), at: ['x', sentenceOf(values)] }),
  'x_later.*': ({ email, card, secret }) => ({
    values: { email, card, secret },
    at: { [email]: { [`${card} ${secret}`]: 1 } },
  }),
  'x_later (a number)': ({ number }) => ({ values: { number }, at: Number(number) }),
  'x_later[] (numbers)': ({ number }) => ({ values: { number }, at: [1, Number(number), 2.5] }),
  'x_later (JSON in a text)': (values) => ({ values, at: JSON.stringify(anyShape(values)) }),
  'x_later.a.b[].c[]': (values) => ({ values, at: { a: { b: [{ c: [anyShape(values)] }] } } }),
}

/**
 * A case for every row of the table of an API, and some for a member that the table does not know, of the body and of every
 * object that the table names members of. `from`: the number of the first, by which its values differ from all others'.
 */
export function positionCases(form: CallForm, from = 0): readonly PositionCase[] {
  const { request } = positionsOf[form.api]
  const rows = Object.entries(request).map(([position, kind]) => ({ position, kind, make: planted[kind] }))
  const inBody = Object.entries(shapes).map(([position, make]) => ({ position, kind: null, make }))
  const within = objectsOf(request).map((object) => {
    const make = (values: PlantedValues): Planted => ({ values, at: anyShape(values) })
    return { position: joined(object, 'x_later'), kind: null, make }
  })
  return [...rows, ...inBody, ...within.filter(({ position }) => position !== 'x_later')].map((each, index) => {
    const { position, kind, make } = each
    const { values, at, carried = null } = make(plantedValues(from + index))
    const path = kind === null ? (/^.*x_later/.exec(position)?.[0] ?? position) : position
    const body = form.whole(built(form, '', stepsOf(path), at) as Members)
    return { position, kind, values, carried, body }
  })
}

/** Is something hidden at the position? */
export const isHidden = ({ values }: PositionCase): boolean => Object.keys(values).length > 0

/** How many positions of an API hold values in these cases: rows of its table, and members that it does not know. */
export function positionCounts(form: CallForm): { readonly rows: number; readonly unknown: number } {
  const hidden = positionCases(form).filter(isHidden)
  const unknown = hidden.filter(({ kind }) => kind === null).length
  return { rows: hidden.length - unknown, unknown }
}
