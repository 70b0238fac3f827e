import { randomBytes } from 'node:crypto'
import { ServiceError } from '../../core/errors.ts'
import type { Grant } from '../../core/grant.ts'
import type { Principal } from '../../core/principal.ts'
import type { SharedItem } from '../../core/shares.ts'
import { createDetect } from '../../gateway/privacy/detect/detect.ts'
import type { DetectorsFor } from '../../gateway/privacy/detect/detectors.ts'
import { TokenKeys } from '../../gateway/privacy/keys/token-keys.ts'
import { maskBody } from '../../gateway/privacy/mask/mask-body.ts'
import { positionsOf } from '../../gateway/privacy/positions/api-positions.ts'
import { labelsOf } from '../../gateway/privacy/profiles/labels-of.ts'
import type { PrivacyOptions } from '../../gateway/privacy/profiles/options.ts'
import { createProfileFor } from '../../gateway/privacy/profiles/profile-for.ts'
import { Spellings } from '../../gateway/privacy/tokens/spellings.ts'
import { TokenBook } from '../../gateway/privacy/tokens/token-book.ts'
import { rowsAsCsv } from '../../text/rows-as-csv.ts'
import { rowsOfItem, withCells, withWords, wordsOfItem } from './shared-texts.ts'

interface HideValuesOptions {
  readonly options: PrivacyOptions
  readonly detectorsFor: DetectorsFor
}

/** The parts with tokens in the place of every value that the profile of their author hides from models. */
export type HideValues = (
  items: readonly SharedItem[],
  author: { readonly principal: Principal; readonly grant: Grant },
  signal: AbortSignal,
) => Promise<readonly SharedItem[]>

/**
 * Values that were hidden from a model were restored for whoever asked, in answers and in what ran. In a share they are tokens for good: their
 * key is of this share alone, and is kept nowhere. The texts are looked at as the model's own were, tables as CSV; what is found
 * in any of them is hidden in all of them, and in each cell. Rejects with `refused` where the profile blocks a value, or a detector failed.
 */
export function createHideValues({ options, detectorsFor }: HideValuesOptions): HideValues {
  const labels = labelsOf(options)
  const spellings = new Spellings(labels.all)
  const profileFor = createProfileFor(options)
  return async (items, { principal, grant }, signal) => {
    if (grant.privacyProfile === null || items.length === 0) return items
    const profile = profileFor(grant.privacyProfile, principal.group)
    if (profile.masking === 'none') return items
    const { chain } = detectorsFor(profile)
    const detect = createDetect({ chain, profile, level: profile.masking, group: principal.group })
    const key = new TokenKeys(randomBytes(32)).of({ principal: 'share', endUser: null })
    const book = new TokenBook(key, labels)
    const words = items.map(wordsOfItem)
    const tables = items.flatMap((item) => rowsOfItem(item).map(rowsAsCsv))
    const messages = [...words.flat(), ...tables].map((content) => ({ role: 'user', content }))
    const masked = await maskBody(
      JSON.stringify({ messages }),
      positionsOf['chat-completions'],
      {
        detect,
        book,
        spellings,
        labels,
        by: 'tokens',
        // A look-alike would be taken for a value.
        surrogates: { kinds: new Set(), stops: [] },
        lateFinds: 'mask',
        unread: 'refuse',
        places: 'refuse',
      },
      signal,
    )
    const { messages: hidden } = JSON.parse(masked.body) as { readonly messages: readonly { content: string }[] }
    if (hidden.length !== messages.length) throw new ServiceError('internal', 'masking has changed what it was given')
    const exchange = exchangeValues(book)
    let next = 0
    return items.map((item) =>
      withCells(
        withWords(item, () => hidden[next++]?.content ?? ''),
        exchange,
      ),
    )
  }
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** Puts tokens in the place of values in a cell, which stands by itself. */
function exchangeValues(book: TokenBook): (text: string) => string {
  const tokens = new Map([...book.entries()].map(({ value, token }) => [value.toLowerCase(), token]))
  if (tokens.size === 0) return (text) => text
  const longestFirst = [...tokens.keys()].toSorted((one, other) => other.length - one.length)
  const pattern = new RegExp(
    longestFirst.map((value) => String.raw`(?<![\p{L}\p{N}])${escaped(value)}(?![\p{L}\p{N}])`).join('|'),
    'giu',
  )
  return (text) => text.replaceAll(pattern, (value) => tokens.get(value.toLowerCase()) ?? '[hidden]')
}
