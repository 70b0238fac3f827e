import { isJson } from '../core/json.ts'
import type { JsonObject } from '../gateway/apis/api.ts'
import { randomBytes } from 'node:crypto'
import { ServiceError } from '../core/errors.ts'
import { createDecide, createDetect } from '../gateway/privacy/detect/detect.ts'
import { createDetectorsFor } from '../gateway/privacy/detect/detectors.ts'
import { explainBody, type ExplainedBody } from '../gateway/privacy/mask/explain-body.ts'
import { countFound } from '../gateway/privacy/receipts/found-values.ts'
import { labelsOf } from '../gateway/privacy/profiles/labels-of.ts'
import { bodyOfText, localPositions, positionInText, textOfBody } from '../gateway/privacy/positions/local-positions.ts'
import { maskBody, nothingMasked } from '../gateway/privacy/mask/mask-body.ts'
import { defaultPrivacyProfile, type PrivacyOptions, type PrivacyProfile } from '../gateway/privacy/profiles/options.ts'
import { positionsOf } from '../gateway/privacy/positions/api-positions.ts'
import { surrogateFormsOf } from '../gateway/privacy/surrogates/asked-forms.ts'
import type { PrivacyReceipt } from '../gateway/privacy/receipts/receipts.ts'
import { restoreLetters, restoreText } from '../gateway/privacy/restore/text-restorer.ts'
import { openServiceKey } from '../gateway/privacy/keys/service-key.ts'
import { TokenKeys } from '../gateway/privacy/keys/token-keys.ts'
import { Spellings } from '../gateway/privacy/tokens/spellings.ts'
import { TokenBook } from '../gateway/privacy/tokens/token-book.ts'
import { addToTokenMap, readTokenMap } from './token-map.ts'

/** APIs whose bodies can be tried. */
export const triedApis = ['chat-completions', 'responses', 'messages', 'embeddings'] as const
export type TriedApi = (typeof triedApis)[number]

export interface LocalText {
  readonly text: string
  /** Whose body the text is; null for a text by itself. */
  readonly api: TriedApi | null
  /** Name of the privacy profile. */
  readonly profile: string
}

/** What a text came to: what stands in a receipt, but for what only a call has. */
export type MaskingReport = Pick<
  PrivacyReceipt,
  'profile' | 'level' | 'masked' | 'annotated' | 'unread' | 'cacheMisses' | 'surrogates' | 'withoutSurrogate'
>

export interface MaskedLocally {
  readonly text: string
  readonly report: MaskingReport
  /** Values that the map holds, those of earlier texts included; null where none is kept. */
  readonly kept: number | null
}

export interface RestoredLocally {
  readonly text: string
  readonly restored: number
  /** Tokens in addresses and tags, where no value is put. */
  readonly left: number
  /** Texts in the form of a token that the map does not have. */
  readonly unknown: number
}

export interface ExplainedLocally extends ExplainedBody {
  readonly profile: PrivacyProfile
}

/** Masks and restores texts on this machine, without a service, as the gateway does with those of calls. */
export interface LocalPrivacy {
  /**
   * Keeps the values in `map`, before it resolves, where that is no null. Rejects with `refused` for what the profile refuses, with
   * `invalid-file` for a map that cannot be added to.
   */
  mask(text: LocalText, map: string | null, signal: AbortSignal): Promise<MaskedLocally>
  explain(text: LocalText, signal: AbortSignal): Promise<ExplainedLocally>
  /** `everywhere`: also into addresses and tags. Rejects with `invalid-file` for a map of another text, or none. */
  restore(text: string, map: string, options: { readonly everywhere: boolean }): Promise<RestoredLocally>
}

export interface LocalPrivacyConfig {
  readonly privacy: PrivacyOptions
  readonly secrets_directory: string
}

export function openLocalPrivacy(config: LocalPrivacyConfig): LocalPrivacy {
  const labels = labelsOf(config.privacy)
  const spellings = new Spellings(labels.all)
  const detectorsFor = createDetectorsFor(config.privacy)
  return {
    async mask(local, map, signal) {
      const { api, profile: name } = local
      const profile = profileOf(config.privacy, name)
      if (map !== null && api === 'embeddings') throw refuseMap()
      const { body, positions } = bodyOf(local)
      // Values of a profile that hides none have no tokens, and need no key.
      const key = profile.masking === 'none' ? Buffer.alloc(32) : await openServiceKey(config)
      const book = new TokenBook(new TokenKeys(key).of({ principal: 'local', endUser: null }), labels)
      const { chain } = detectorsFor(profile)
      const detect = createDetect({ chain, profile, level: profile.masking, group: 'operator' })
      const by = api === 'embeddings' ? 'words' : 'tokens'
      const { late_finds: lateFinds, unread, surrogates: choices } = profile
      const userLocation = profile.masking === 'all' ? profile.user_location : 'pass'
      const surrogates = surrogateFormsOf(JSON.parse(body) as JsonObject, { positions, choices, labels })
      const masked =
        profile.masking === 'none'
          ? nothingMasked(body)
          : await maskBody(
              body,
              positions,
              { detect, book, spellings, labels, by, surrogates, lateFinds, unread, places: userLocation },
              signal,
            )
      const kept = map === null ? null : await addToTokenMap(map, book.entries())
      const places = api === null ? positionInText : asItIs
      const found = (values: typeof masked.replaced) =>
        countFound(values.map(({ path, category }) => ({ path: places(path), category })))
      return {
        text: api === null ? textOfBody(masked.body) : masked.body,
        report: {
          profile: name,
          level: profile.masking,
          masked: found(masked.replaced),
          annotated: found(masked.annotated),
          unread: masked.unread,
          cacheMisses: masked.lateFinds,
          surrogates: masked.surrogates,
          withoutSurrogate: masked.withoutSurrogate,
        },
        kept,
      }
    },
    async explain(local, signal) {
      const profile = profileOf(config.privacy, local.profile)
      const { body, positions } = bodyOf(local)
      const { chain } = detectorsFor(profile)
      const decide = createDecide({ chain, profile, group: 'operator' })
      const shownAs = local.api === null ? positionInText : asItIs
      const { masking: level, late_finds: lateFinds } = profile
      const options = { decide, level, spellings, lateFinds, shownAs }
      return { ...(await explainBody(body, positions, options, signal)), profile }
    },
    async restore(text, map, { everywhere }) {
      const book = new TokenBook(new TokenKeys(randomBytes(32)).of({ principal: 'local', endUser: null }), labels)
      for (const entry of await readTokenMap(map)) book.add(entry)
      const found = spellings.find(text).spellings
      const unknown = found.filter((spelling) => book.meant(spelling) === null).length
      if (found.length > 0 && unknown === found.length) throw refuseOtherMap(map, unknown)
      const counts = { restored: 0, left: 0 }
      const restore = everywhere ? restoreLetters : restoreText
      const restored = restore(text, {
        book,
        spellings,
        form: /^\s*[[{]/.test(text) && isJson(text) ? 'json' : 'prose',
        onToken: (_entry, outcome) => {
          counts[outcome] += 1
        },
      })
      return { text: restored, ...counts, unknown }
    },
  }
}

const asItIs = (position: string): string => position

function profileOf({ profiles }: PrivacyOptions, name: string): PrivacyProfile {
  const known = new Map(Object.entries({ default: defaultPrivacyProfile, ...profiles }))
  const profile = known.get(name)
  if (profile !== undefined) return profile
  throw new ServiceError('invalid-request', `There is no privacy profile "${name}".`, {
    parameter: '--profile',
    advice: `Name one of: ${[...known.keys()].join(', ')}; privacy.profiles of the configuration has them.`,
  })
}

function bodyOf({ text, api }: LocalText) {
  if (api === null) return { body: bodyOfText(text), positions: localPositions }
  if (!/^\s*\{/.test(text) || !isJson(text)) {
    throw new ServiceError('invalid-request', `The text is no JSON object, as a body of ${api} is.`, {
      parameter: '--api',
      advice: 'Give the body that a client sends, or leave --api out for a text by itself.',
    })
  }
  return { body: text, positions: positionsOf[api] }
}

function refuseMap(): ServiceError {
  return new ServiceError('invalid-request', 'The values of embeddings are never restored, so that there is no map.', {
    parameter: '--map',
    advice: 'Leave --map out.',
  })
}

function refuseOtherMap(map: string, tokens: number): ServiceError {
  const which = tokens === 1 ? 'The token' : `None of the ${tokens} tokens`
  const message = `${which} of the text is ${tokens === 1 ? 'not ' : ''}in ${map}.`
  return new ServiceError('invalid-file', message, {
    parameter: map,
    advice: 'It is the map of another text: give the one that was written with this text.',
  })
}
