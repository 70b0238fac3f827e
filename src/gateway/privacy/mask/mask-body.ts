import { ServiceError } from '../../../core/errors.ts'
import { SequenceFinder } from '../../../text/sequence-finder.ts'
import type { FilterPart } from '../../../filters/filter.ts'
import type { ApiPositions } from '../positions/position.ts'
import { SurrogateMaker } from '../surrogates/surrogate-maker.ts'
import type { SurrogateForms } from '../surrogates/asked-forms.ts'
import { literalCategory, type Labels } from '../tokens/labels.ts'
import type { Spellings } from '../tokens/spellings.ts'
import type { TokenBook } from '../tokens/token-book.ts'
import { textsOfBody, type BodyText, type UnreadPart } from './body-texts.ts'
import { isPlausible } from './is-plausible.ts'
import { KnownValues, type FoundValue } from './known-values.ts'
import { maskText, type ValueSpan } from './mask-text.ts'
import { SaidTexts } from './said-texts.ts'
import { seenIn, type SeenValue } from './seen-values.ts'

/** A value that a detector saw in a text, and what policy makes of it. */
export interface DetectedValue extends ValueSpan {
  /** Index of the text. */
  readonly part: number
  readonly action: 'mask' | 'annotate' | 'block'
  /** How sure its detector is, 0 to 1; absent for what no detector has found. */
  readonly score?: number
}

/** Finds the values of texts. Rejects with `refused` where a detector failed that must answer. */
export type Detect = (parts: readonly FilterPart[], signal: AbortSignal) => Promise<readonly DetectedValue[]>

export interface MaskOptions {
  readonly detect: Detect
  readonly book: TokenBook
  readonly spellings: Spellings
  readonly labels: Labels
  /** `tokens` that are restored, or the same `words` for every value of a kind: vectors are compared, not read. */
  readonly by: 'tokens' | 'words'
  /** Which values get surrogates and no tokens. */
  readonly surrogates: SurrogateForms
  /** What becomes of an earlier turn that holds a value which only a later one told to be one. */
  readonly lateFinds: 'mask' | 'leave'
  /** What becomes of pictures, sounds and files that cannot be read. */
  readonly unread: 'refuse' | 'pass'
  /** What becomes of where somebody is, for a search of the provider. */
  readonly places: 'refuse' | 'pass'
}

/** A value that was replaced, by its kind and its place: never what it was. */
export interface ReplacedValue {
  readonly path: string
  readonly category: string
}

/** A text that a schema lists and that holds values. */
export interface MaskedChoice {
  /** `tools[0].function.parameters.properties.to.enum[2]` */
  readonly path: string
  readonly text: string
  /** The same as it is sent. */
  readonly masked: string
}

export interface MaskedBody {
  readonly body: string
  readonly choices: readonly MaskedChoice[]
  readonly replaced: readonly ReplacedValue[]
  /** Found, and left as they are by policy. */
  readonly annotated: readonly ReplacedValue[]
  /** All that detectors have seen, whatever became of it. */
  readonly seen: readonly SeenValue[]
  /** Positions that were passed without being read. */
  readonly unread: readonly string[]
  /** Positions of turns that were sent before, and are changed by what this request tells for the first time. */
  readonly lateFinds: readonly string[]
  /** Values that have surrogates, by kind. */
  readonly surrogates: ReadonlyMap<string, number>
  /** Values that should have them, and have tokens: none was left, or none has their form. */
  readonly withoutSurrogate: ReadonlyMap<string, number>
  /** What was said before it was masked. */
  readonly said: SaidTexts
}

/** A body of which nothing is looked at. */
export const nothingMasked = (body: string): MaskedBody => ({
  body,
  choices: [],
  replaced: [],
  annotated: [],
  seen: [],
  unread: [],
  lateFinds: [],
  surrogates: new Map(),
  withoutSurrogate: new Map(),
  said: new SaidTexts('', []),
})

/** A value of a sealed part that is as long as this is no coincidence. */
const shortestTelling = 6

interface Looked {
  readonly text: BodyText
  readonly spans: readonly ValueSpan[]
}

/**
 * The body of a request with tokens for its values, every other character as it was. The same turns give the same text in
 * every later request, so that a provider's cache of what it has read goes on to fit. Rejects with `refused` for what policy
 * blocks and for parts that cannot be read, naming the place, before anything is sent.
 */
export async function maskBody(
  body: string,
  positions: ApiPositions,
  options: MaskOptions,
  signal: AbortSignal,
): Promise<MaskedBody> {
  const { texts, unread, newFrom, render } = textsOfBody(body, positions)
  const pathsOf = (wanted: UnreadPart['kind']) => unread.filter(({ kind }) => kind === wanted).map(({ path }) => path)
  const [media, places] = [pathsOf('media'), pathsOf('place')]
  if (options.unread === 'refuse' && media[0] !== undefined) throw refuseUnread(media[0])
  if (options.places === 'refuse' && places[0] !== undefined) throw refusePlace(places[0])
  const detected = await options.detect(texts.map(toPart), signal)
  const found = detected.filter(({ part, ...value }) => isPlausible(value, texts[part]))
  refuseBlocked(found, texts)
  const byText = Map.groupBy(found, ({ part }) => part)
  const looked = texts.map((text, index): Looked => {
    return { text, spans: (byText.get(index) ?? []).filter(({ action }) => action === 'mask') }
  })
  const { spread, lateFinds } = spreadValues(looked, newFrom, options)
  const said = new SaidTexts(body, texts)
  const { book, surrogates: forms } = options
  const maker = new SurrogateMaker({ book, ...forms, saidLike: (form) => said.matching(form) })
  const replace = (): readonly Replaced[] => spread.map((each) => replacedIn(each, { said, maker }, options))
  let results = replace()
  // A surrogate lives from its text on: those before are masked with it again, so that none of them holds it.
  for (let known = 0; book.surrogates.size > known;) {
    known = book.surrogates.size
    results = replace()
  }
  for (const [index, { text, values }] of results.entries()) if (values.length > 0) texts[index]?.replace(text)
  const replaced = results.flatMap(({ values }) => values)
  const choices = results.flatMap(({ text: masked, values }, index): MaskedChoice[] => {
    const given = texts[index]
    return given?.kind === 'choice' && values.length > 0 ? [{ path: given.path, text: given.text, masked }] : []
  })
  refuseOpenSeals(unread, options.book)
  const annotated = found.flatMap(({ part, category, action }) => {
    const path = texts[part]?.path
    return action === 'annotate' && path !== undefined ? [{ path, category }] : []
  })
  const { made: surrogates, missed: withoutSurrogate } = maker
  return {
    body: render(),
    choices,
    replaced,
    annotated,
    seen: seenIn(detected, texts),
    unread: [...media, ...places],
    lateFinds,
    surrogates,
    withoutSurrogate,
    said,
  }
}

/** What a detector is given of a text. */
export function toPart({ text, label, kind }: Pick<BodyText, 'text' | 'label' | 'kind'>): FilterPart {
  const part = { text, isCompared: kind !== 'words', provenance: 'user' } as const
  return label === null ? part : { ...part, label }
}

/** Each value wherever else it stands: from its turn on, and in earlier ones where that is asked for. */
function spreadValues(looked: readonly Looked[], newFrom: number, { book, lateFinds: policy }: MaskOptions) {
  const known = new KnownValues()
  for (const { value, category } of book.entries()) known.add({ value, category, fromTurn: 0 })
  for (const { text, spans } of looked) {
    if (text.kind !== 'words') continue
    for (const { start, end, category } of spans) {
      known.add({ value: text.text.slice(start, end), category, fromTurn: text.turn })
    }
  }
  /** The whole of what a schema lists, in any letters, or what stands in several words of it. */
  const inChoice = ({ text, turn, label }: BodyText): readonly FoundValue[] => {
    const upToTurn = policy === 'leave' ? turn : Infinity
    const whole = known.wholeOf(text, upToTurn)
    if (whole !== null) return [{ start: 0, end: text.length, ...whole }]
    return /\s/.test(text) ? known.spansIn(text, upToTurn, label) : []
  }
  const lateFinds: string[] = []
  // What an earlier request told was hidden from then on, and what no earlier one had was never sent otherwise.
  const changes = ({ turn }: BodyText, fromTurn: number): boolean =>
    fromTurn > turn && fromTurn >= newFrom && turn < newFrom
  const spread = looked.map(({ text, spans }): Looked => {
    if (text.kind === 'choice') {
      // What a tool can be called with is hidden as it is elsewhere: the model could not call it with what was said.
      const listed = inChoice(text)
      if (listed.some(({ fromTurn }) => changes(text, fromTurn))) lateFinds.push(text.path)
      return { text, spans: [...spans, ...listed] }
    }
    if (text.kind !== 'words') return { text, spans }
    if (policy === 'leave') return { text, spans: [...spans, ...known.spansIn(text.text, text.turn, text.label)] }
    const everywhere = known.spansIn(text.text, Infinity, text.label)
    const late = everywhere.filter(({ fromTurn }) => changes(text, fromTurn))
    // What was found here by itself was masked in its time, too.
    const ends = new Map(spans.map(({ start, end }) => [start, end]))
    if (late.some(({ start, end }) => (ends.get(start) ?? 0) < end)) lateFinds.push(text.path)
    return { text, spans: [...spans, ...everywhere] }
  })
  return { spread, lateFinds }
}

interface Replaced {
  readonly text: string
  readonly values: readonly ReplacedValue[]
}

interface Replacing {
  readonly said: SaidTexts
  readonly maker: SurrogateMaker
}

function replacedIn({ text, spans }: Looked, { said, maker }: Replacing, options: MaskOptions): Replaced {
  const { book, spellings, labels, by } = options
  const { path } = text
  if (text.kind === 'number') {
    // One that stands for another was said by a model before, and is a number of the caller's from then on.
    const isLive = by === 'tokens' && book.numbers.has(text.text)
    const category = spans[0]?.category ?? (isLive ? literalCategory : null)
    if (category === null) return { text: text.text, values: [] }
    const isSaid = (digits: string): boolean => said.hasNumber(digits, text.turn)
    const number = by === 'words' ? '0' : book.numberFor(category, text.text, isSaid)
    return { text: number, values: [{ path, category }] }
  }
  const masked =
    by === 'words'
      ? wordsFor(text.text, spans, labels)
      : maskText(text.text, spans, { book, spellings, surrogates: maker.isNeeded ? maker : null })
  return { text: masked.text, values: masked.replaced.map(({ category }) => ({ path, category })) }
}

/** Words for values: nothing is restored from a vector, and the same kind has to stand in the same place in it. */
function wordsFor(text: string, spans: readonly ValueSpan[], labels: Labels) {
  let masked = ''
  let at = 0
  const replaced: ValueSpan[] = []
  for (const span of [...spans].sort((one, other) => one.start - other.start || other.end - one.end)) {
    if (span.start >= at) {
      masked += text.slice(at, span.start) + labels.of(span.category).toLowerCase()
      replaced.push(span)
    }
    at = Math.max(at, span.end)
  }
  return { text: masked + text.slice(at), replaced }
}

function refuseBlocked(found: readonly DetectedValue[], texts: readonly BodyText[]): void {
  const blocked = found.find(({ action }) => action === 'block')
  if (blocked === undefined) return
  const path = texts[blocked.part]?.path ?? 'body'
  throw new ServiceError('refused', `${path} holds ${blocked.category}, which is not sent to this model.`, {
    parameter: path,
    advice: 'Send it without, or ask the operator to change the privacy profile of your group.',
  })
}

function refuseUnread(path: string): ServiceError {
  return new ServiceError('refused', `${path} is a picture, a sound or a file that cannot be read for personal data.`, {
    parameter: path,
    advice: 'Send it as text, or ask the operator: "unread: pass" in the privacy profile of your group lets it pass.',
  })
}

function refusePlace(path: string): ServiceError {
  const message = `${path} says where somebody is: a search of the provider needs it as it is, and a model is not to see it.`
  return new ServiceError('refused', message, {
    parameter: path,
    advice:
      'Leave it out, or ask the operator: "user_location: pass" in the privacy profile of your group lets it pass.',
  })
}

/** What a provider has sealed holds what it had: never a value that it was not shown. */
function refuseOpenSeals(unread: readonly UnreadPart[], book: TokenBook): void {
  if (unread.length === 0) return
  const values = new SequenceFinder<string>()
  for (const { value } of book.entries()) if (value.length >= shortestTelling) values.add(codesOf(value), value)
  for (const { path, text } of unread) {
    if (values.find(codesOf(text)).next().done === true) continue
    throw new ServiceError('refused', `${path} is signed by the provider and holds a value that it never had.`, {
      parameter: path,
      advice: 'Send it as the provider gave it.',
    })
  }
}

function* codesOf(text: string): Generator<number> {
  for (let at = 0; at < text.length; at += 1) yield text.charCodeAt(at)
}
