import { ServiceError } from '../../core/errors.ts'
import type { PictureType } from '../../core/media.ts'
import type { CheckPicture } from '../check-pictures.ts'
import { CheckingBudget } from '../contract/checking-budget.ts'
import type { FormRule } from '../contract/form-rule.ts'
import { coerced } from '../contract/parameter-text.ts'
import type { FieldRule, PartRule } from '../contract/part-rule.ts'
import { placeOfPath } from '../contract/schemas.ts'
import { checkPicturesOf, pictureFault, putPictures, writeJsonWith, type CheckedPicture } from '../json-pictures.ts'
import { utf8, type FormPart } from './form-part.ts'
import type { SentPart } from './write-form.ts'

export interface FormChecks {
  /** Reads JSON in UTF-8 within the limits of the endpoint. Throws `invalid-request` for anything else. */
  readonly readJson: (bytes: Buffer) => unknown
  readonly checkPicture: CheckPicture
}

export interface CheckedForm {
  /** In the order of the document. */
  readonly parts: readonly SentPart[]
  /** The object of the form, with null in the places of pictures and of bytes. */
  readonly value: unknown
}

/** A part with the value that it stands for. */
interface Entry {
  readonly path: readonly (string | number)[]
  readonly rule: PartRule
  readonly value: unknown
  readonly sent: SentPart
}

/**
 * Holds the parts of a form against its rule and gives what is sent of each: texts and JSON as they were read, pictures drawn anew,
 * no file name of a caller. Rejects with `invalid-request` for a form that is not as the document says.
 */
export async function checkForm(parts: readonly FormPart[], rule: FormRule, checks: FormChecks): Promise<CheckedForm> {
  const entries = entriesOf(parts, rule, checks)
  const value = valueOf(entries, rule)
  const bytes = parts.reduce((sum, part) => sum + part.bytes.length, 0)
  const budget = new CheckingBudget(bytes)
  const fault = rule.check(value, budget)
  if (fault !== null) throw invalid(`body${fault.place}`, fault.reason)
  const found = rule.pictures?.(value, budget) ?? []
  const written = await checkPicturesOf(found, checks.checkPicture)
  const drawn: Entry[] = []
  for (const entry of entries) drawn.push(await drawnAnew(entry, checks.checkPicture))
  const sent = drawn.map((entry) => withPictures(entry, written))
  if (written.length > 0 || entries.some(({ rule: { kind } }) => kind === 'picture')) {
    // A picture drawn anew may be longer than the document has room for.
    const anew = putPictures(valueOf(sent, rule), written, (text) => text)
    const unfit = rule.check(anew, new CheckingBudget(bytes))
    if (unfit !== null) throw pictureFault(unfit)
  }
  const words = sent.map((entry) => (isWords(entry.rule) ? entry : { ...entry, value: null }))
  return { parts: sent.map((entry) => entry.sent), value: putPictures(valueOf(words, rule), written, () => null) }
}

const invalid = (parameter: string, what: string): ServiceError =>
  new ServiceError('invalid-request', `${parameter} ${what}.`, { parameter })

const isWords = ({ kind }: PartRule): boolean => kind === 'text' || kind === 'json'

function entriesOf(parts: readonly FormPart[], { fields }: FormRule, checks: FormChecks): readonly Entry[] {
  const byName = new Map<string, FormPart[]>([...fields.keys()].map((name) => [name, []]))
  for (const part of parts) {
    const same = byName.get(part.name)
    const parameter = `body.${part.name.slice(0, 100)}`
    if (same === undefined) throw invalid(parameter, 'is no part of this form')
    if (same.length > 0 && fields.get(part.name)?.isList !== true) throw invalid(parameter, 'stands twice')
    same.push(part)
  }
  return [...fields].flatMap(([name, field]) =>
    (byName.get(name) ?? []).map((part, index) =>
      entryOf(part, field.isList ? [name, index] : [name], { field, checks }),
    ),
  )
}

function entryOf(
  { name, type, bytes }: FormPart,
  path: Entry['path'],
  { field: { part: rule }, checks }: { readonly field: FieldRule; readonly checks: FormChecks },
): Entry {
  const parameter = `body${placeOfPath(path)}`
  const declared = type?.name ?? null
  if (rule.kind === 'picture' || rule.kind === 'bytes') {
    const [fileName, sentType] =
      rule.kind === 'picture' ? ['picture', declared] : ['file', bytesType(declared, rule, parameter)]
    // The schema of what is no text counts its bytes.
    return { path, rule, value: bytes.toString('latin1'), sent: { name, type: sentType, fileName, bytes } }
  }
  if (declared !== null && !rule.types.includes(declared)) {
    throw invalid(parameter, `is ${declared.slice(0, 100)}, and has to be ${rule.types.join(', ')}`)
  }
  const sentType = declared ?? rule.types[0] ?? null
  if (rule.kind === 'json') {
    return {
      path,
      rule,
      value: jsonOf(bytes, parameter, checks),
      sent: { name, type: sentType, fileName: null, bytes },
    }
  }
  const text = utf8(bytes)
  if (text === null) throw invalid(parameter, 'is no UTF-8')
  const { value, spelled } = coerced(text, rule.kinds)
  const plain = sentType === 'text/plain' ? null : sentType
  return { path, rule, value, sent: { name, type: plain, fileName: null, bytes: Buffer.from(spelled) } }
}

/** The type that goes on; of bytes that nobody reads it is that of bytes, whatever a caller calls them. */
function bytesType(
  declared: string | null,
  { types }: Extract<PartRule, { kind: 'bytes' }>,
  parameter: string,
): string {
  if (types === null) return 'application/octet-stream'
  const [only] = types
  if (declared === null && types.length === 1 && only !== undefined && !only.includes('*')) return only
  const isTaken = types.some(
    (type) => type === declared || (type.endsWith('/*') && declared?.startsWith(type.slice(0, -1))),
  )
  if (declared !== null && isTaken) return declared
  throw invalid(parameter, `is ${declared?.slice(0, 100) ?? 'of no type'}, and has to be ${types.join(', ')}`)
}

function jsonOf(bytes: Buffer, parameter: string, { readJson }: FormChecks): unknown {
  try {
    return readJson(bytes)
  } catch (cause) {
    if (!(cause instanceof ServiceError)) throw cause
    throw new ServiceError('invalid-request', `${parameter} is no JSON that is taken: ${cause.message}`, {
      cause,
      parameter,
    })
  }
}

function valueOf(entries: readonly Entry[], { fields }: FormRule): unknown {
  const members = [...fields].flatMap(([name, { isList }]): [string, unknown][] => {
    const values = entries.filter(({ path }) => path[0] === name).map(({ value }) => value)
    if (values.length === 0) return []
    return [[name, isList ? values : values[0]]]
  })
  return Object.fromEntries(members)
}

const extensions: Readonly<Record<PictureType, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
}

/** What senders write who do not know what they send: it says nothing of a picture. */
const untold: ReadonlySet<string | null> = new Set([null, 'application/octet-stream'])

async function drawnAnew(entry: Entry, checkPicture: CheckPicture): Promise<Entry> {
  const { path, rule, sent } = entry
  if (rule.kind !== 'picture') return entry
  const { type, bytes } = await checkPicture({
    bytes: sent.bytes,
    types: rule.types,
    declaredType: untold.has(sent.type) ? null : sent.type,
    parameter: `body${placeOfPath(path)}`,
  })
  const fileName = `picture.${extensions[type]}`
  return { ...entry, value: bytes.toString('latin1'), sent: { ...sent, type, fileName, bytes } }
}

/** The entry with the pictures in its text drawn anew. */
function withPictures(entry: Entry, pictures: readonly CheckedPicture[]): Entry {
  const { path, rule, sent } = entry
  const inside = pictures
    .filter((picture) => path.every((step, at) => picture.path[at] === step))
    .map((picture) => ({ path: picture.path.slice(path.length), text: picture.text }))
  const [first] = inside
  if (first === undefined) return entry
  const bytes = rule.kind === 'json' ? writeJsonWith(sent.bytes, inside) : Buffer.from(first.text)
  return { ...entry, sent: { ...sent, bytes } }
}
