import { createHash, randomUUID } from 'node:crypto'
import { open, rename, unlink } from 'node:fs/promises'
import { z } from 'zod'
import { ServiceError } from '../core/errors.ts'
import { invalidFile, isMissing, readRegularFile } from '../files/regular-file.ts'
import type { TokenEntry } from '../gateway/privacy/tokens/token-book.ts'

const tokenForm = /^(?:[A-Z]{2,}_[A-Z0-9]{10}|\d+)$/

const entryShape = z.strictObject({
  token: z.string().min(1),
  kind: z.string().min(1),
  value: z.string().min(1),
  /** Of a text in the form of a value, and not that of a token. */
  surrogate: z.literal(true).optional(),
})

const entrySchema = entryShape.refine(({ token, surrogate }) => surrogate === true || tokenForm.test(token))

const mapSchema = z.strictObject({
  sallyport_token_map: z.literal(1),
  sha256: z.string(),
  tokens: z.array(entrySchema),
})

/** A map of a text of the longest length, with a value in every line. */
const mapLimit = { bytes: 268_435_456, setting: null }

type MapEntry = z.infer<typeof entrySchema>

/** Of the tokens as they stand there: a map that somebody changed, or that was cut, restores nothing. */
const digestOf = (tokens: readonly MapEntry[]): string =>
  createHash('sha256').update(JSON.stringify(tokens)).digest('hex')

/** Which value each token stands for, by a file. Rejects with `invalid-file` for one that is no such map, or damaged. */
export async function readTokenMap(path: string): Promise<readonly TokenEntry[]> {
  const text = (await readRegularFile(path, mapLimit)).toString('utf8')
  const parsed = mapSchema.safeParse(parseJson(text, path))
  if (!parsed.success) throw invalidFile(path, 'it is not a map of tokens, or it is damaged', { advice: mapAdvice })
  const { sha256, tokens } = parsed.data
  if (digestOf(tokens) !== sha256) {
    throw invalidFile(path, 'it is damaged: its tokens are not those that were written', { advice: mapAdvice })
  }
  return tokens.map(({ token, kind: category, value, surrogate: isSurrogate = false }) => {
    return isSurrogate ? { token, category, value, isSurrogate } : { token, category, value }
  })
}

const mapAdvice = 'Give the file that "sallyport pii mask --map FILE" wrote, or a copy of it from before.'

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's message holds a piece of the text.
    throw invalidFile(path, 'it is not a map of tokens, or it is damaged: it is no JSON', { advice: mapAdvice })
  }
}

/**
 * Adds tokens to a map, or makes one, for its owner only; on the disk when it resolves. A map keeps what it holds: the
 * values of one text are restored by the map of several. Resolves to how many it holds.
 */
export async function addToTokenMap(path: string, added: Iterable<TokenEntry>): Promise<number> {
  const entries = new Map<string, TokenEntry>()
  for (const entry of await readIfThere(path)) entries.set(entry.token, entry)
  for (const entry of added) {
    const known = entries.get(entry.token)
    if (known !== undefined && known.value !== entry.value) {
      throw invalidFile(path, 'it has another value for a token of this text', {
        advice: 'Keep the map of this text in a file of its own.',
      })
    }
    entries.set(entry.token, entry)
  }
  const tokens = [...entries.values()].map(({ token, category: kind, value, isSurrogate = false }) => {
    return isSurrogate ? { token, kind, value, surrogate: true as const } : { token, kind, value }
  })
  await replaceFile(path, { sallyport_token_map: 1, sha256: digestOf(tokens), tokens })
  return tokens.length
}

async function readIfThere(path: string): Promise<readonly TokenEntry[]> {
  try {
    return await readTokenMap(path)
  } catch (thrown) {
    if (isMissing(thrown)) return []
    throw thrown
  }
}

async function replaceFile(path: string, content: z.infer<typeof mapSchema>): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  try {
    await using handle = await open(draft, 'wx', 0o600)
    await handle.writeFile(`${JSON.stringify(content, null, 2)}\n`)
    await handle.sync()
    await rename(draft, path)
  } catch (cause) {
    await unlink(draft).catch(() => undefined)
    throw new ServiceError('invalid-file', `${path}: it cannot be written: ${(cause as Error).message}`, {
      cause,
      parameter: path,
      advice: 'Name a file in a folder that you may write to.',
    })
  }
}
