import { receiptHeader, type AdmittedCall, type CallTarget, type ScreenedAnswer } from '../../core/model-call.ts'
import { isObject, type JsonObject } from '../apis/api.ts'
import { ownIdempotencyKeys } from '../calls/own-idempotency-keys.ts'
import { choicesByTool } from './restore/choices-by-tool.ts'
import { createDetect } from './detect/detect.ts'
import { FoundBefore } from './detect/found-before.ts'
import type { DetectorsFor } from './detect/detectors.ts'
import { asksForJson, endUserOf } from './keys/end-user.ts'
import { countFound } from './receipts/found-values.ts'
import { labelsOf } from './profiles/labels-of.ts'
import { levelFor, type Destination } from './profiles/level-for.ts'
import { maskBody, nothingMasked } from './mask/mask-body.ts'
import type { SeenValue } from './mask/seen-values.ts'
import type { PrivacyOptions, PrivacyProfile } from './profiles/options.ts'
import { refuseValuesIn } from './mask/passed-headers.ts'
import { createProfileFor } from './profiles/profile-for.ts'
import { positionsOf } from './positions/api-positions.ts'
import { PrivacyReceipts, type PrivacyReceipt } from './receipts/receipts.ts'
import { restoreAnswer } from './restore/restore-answer.ts'
import { NewValues } from './restore/new-values.ts'
import type { Restoring } from './restore/restore-json.ts'
import { surrogateFormsOf } from './surrogates/asked-forms.ts'
import type { TokenKeys } from './keys/token-keys.ts'
import { Spellings } from './tokens/spellings.ts'
import { TokenBook } from './tokens/token-book.ts'
import type { OpenConversation, Vault } from './vault/vault.ts'

/** A call as it may leave: nothing of its body is a value that its caller's profile hides. */
export interface MaskedCall extends AdmittedCall {
  /** How its answer is restored; null where nothing of it was masked. */
  readonly masking: Masking | null
}

interface Masking {
  readonly receipt: PrivacyReceipt
  readonly conversation: OpenConversation | null
  /** All that detectors have seen, by kind and place. */
  readonly seen: readonly SeenValue[]
  readonly restoring: Restoring
  /** Resolves when calls that name these ids of an answer of this upstream will know its values. */
  readonly answered: (upstream: string, ids: readonly string[]) => Promise<void>
}

/** The two stages around the model: what goes there is masked, what comes back is restored. */
export interface Privacy {
  readonly receipts: PrivacyReceipts
  /**
   * Rejects with `refused`, naming the place, where something cannot be read or a detector failed: nothing is sent then.
   * `instead`: what the same call was masked as before, under another profile, and is not sent as. What is masked now goes on
   * with its conversation, and has the only receipt.
   */
  mask(call: AdmittedCall, signal: AbortSignal, instead?: MaskedCall): Promise<MaskedCall>
  restore(answer: ScreenedAnswer, call: MaskedCall): Promise<ScreenedAnswer>
  /** Forgets what was hidden in an answer that its maker has deleted. */
  forget(call: AdmittedCall): Promise<void>
}

export interface CreatePrivacyOptions {
  readonly options: PrivacyOptions
  readonly detectorsFor: DetectorsFor
  /** Asked for when the first call is masked. */
  readonly tokenKeys: () => Promise<TokenKeys>
  /** Values of conversations whose earlier turns a provider keeps. */
  readonly vault: Vault
  /** Of the headers of a call, those that its upstream is sent. */
  readonly headersTo: (upstream: string, headers: readonly string[]) => readonly string[]
  /** The region of an upstream; null where it has none. */
  readonly regionOf: (upstream: string) => string | null
}

export function createPrivacy(given: CreatePrivacyOptions): Privacy {
  const { options, detectorsFor, tokenKeys, vault, headersTo, regionOf } = given
  const labels = labelsOf(options)
  const spellings = new Spellings(labels.all)
  const profileFor = createProfileFor(options)
  const receipts = new PrivacyReceipts()
  // What another program finds is its own to decide each time.
  const foundBefore = options.presidio === null ? new FoundBefore() : null
  return {
    receipts,
    async mask(call, signal, instead) {
      const { grant, principal, body, candidates, target, requestId, api } = call
      const name = grant.privacyProfile
      if (name === null) return { ...call, masking: null }
      const profile = profileFor(name, principal.group)
      const destinationOf = ({ upstream }: CallTarget): Destination => ({ upstream, region: regionOf(upstream) })
      const [first, ...others] = candidates
      const level = levelFor(profile, [destinationOf(first), ...others.map(destinationOf)])
      if (level === 'none') return { ...call, masking: null }
      const text = body?.toString('utf8') ?? '{}'
      const parsed = objectOf(text)
      const before = instead?.masking ?? null
      const conversation = before === null ? await conversationOf(call, parsed, vault) : before.conversation
      const endUser = principal.endUser ?? endUserOf(parsed)
      const key = conversation?.tokenKey ?? (await tokenKeys()).of({ principal: principal.id, endUser })
      const book = new TokenBook(key, labels)
      for (const entry of conversation?.entries ?? []) book.add(entry)
      const { chain, answerChain, beginnings } = detectorsFor(profile)
      const { id, group } = principal
      const looking = createDetect({ chain, profile, level, group })
      const scope = { principal: id, endUser, group, profile: name, level }
      const detect = foundBefore === null ? looking : foundBefore.remembering(looking, scope)
      const inHeaders = await refuseValuesIn(passedHeaders(call, headersTo), detect, signal)
      const by = api === 'embeddings' ? 'words' : 'tokens'
      const common = {
        detect,
        book,
        spellings,
        labels,
        by,
        surrogates: surrogateFormsOf(parsed, { positions: positionsOf[api], choices: profile.surrogates, labels }),
        lateFinds: profile.late_finds,
        unread: profile.unread,
        places: level === 'all' ? profile.user_location : 'pass',
      } as const
      const masked = body === null ? nothingMasked('') : await maskBody(text, positionsOf[api], common, signal)
      await conversation?.keep([...book.entries()])
      const receipt = receipts.add(principal.id, {
        requestId,
        upstream: target.upstream,
        profile: name,
        level,
        masked: countFound(masked.replaced),
        annotated: countFound([...inHeaders, ...masked.annotated]),
        unread: masked.unread,
        cacheMisses: masked.lateFinds,
        surrogates: masked.surrogates,
        withoutSurrogate: masked.withoutSurrogate,
      })
      if (before !== null) receipts.drop(before.receipt.id)
      const structured = createDetect({ chain: answerChain, profile, level: 'structured', group: principal.group })
      const form = asksForJson(parsed) ? 'json' : 'prose'
      const onWithheld = (): void => {
        receipt.withheld += 1
      }
      const isSaid = (value: string): boolean => masked.said.has(value)
      const isSurrogate = (text: string, start: number, end: number): boolean => book.surrogates.holds(text, start, end)
      const ofAnswer = { beginnings, labels, form, wasSaid: isSaid, isSurrogate, signal, onWithheld } as const
      const newValues = (): NewValues => new NewValues({ detect: structured, ...ofAnswer })
      const restoring = {
        ...restoringFor({ book, spellings, profile, receipt }),
        choicesOf: choicesByTool(parsed, masked.choices),
        form,
        newValues: profile.answers === 'mask' ? newValues : null,
      } as const
      const sent = masked.replaced.length > 0 ? Buffer.from(masked.body) : body
      const answered: Masking['answered'] = async (upstream, ids) => conversation?.answered(upstream, ids)
      return { ...call, body: sent, masking: { receipt, conversation, seen: masked.seen, restoring, answered } }
    },
    async forget({ target, facts }) {
      for (const { name } of facts.ids) await vault.forgetAnswer(target.upstream, name)
    },
    async restore(answer, { masking, api, target }) {
      if (masking === null) return answer
      masking.receipt.upstream = target.upstream
      const headers = [...answer.headers, receiptHeader, masking.receipt.id]
      const { book, newValues } = masking.restoring
      if (book.size === 0 && newValues === null) return { ...answer, headers }
      return { ...(await restoreAnswer(answer, { api, restoring: masking.restoring })), headers }
    },
  }
}

/** What of the headers of a call may reach any of its candidates: name, value, name, value. */
function passedHeaders(call: AdmittedCall, headersTo: CreatePrivacyOptions['headersTo']): readonly string[] {
  const headers = ownIdempotencyKeys(call)
  return [...new Set(call.candidates.map(({ upstream }) => upstream))].flatMap((name) => headersTo(name, headers))
}

/**
 * The conversation whose earlier turns the provider keeps and the body does not have, or one that begins with a call which
 * the provider is to keep. Null for calls that bring all their turns with them.
 */
async function conversationOf(
  { api, facts, principal, target, body }: AdmittedCall,
  parsed: JsonObject,
  vault: Vault,
): Promise<OpenConversation | null> {
  if (api !== 'responses') return null
  const of = { principal: principal.id, upstream: target.upstream }
  const found = await vault.find(
    of,
    facts.ids.map(({ name }) => name),
  )
  return found ?? (body === null || parsed['store'] === false ? null : vault.begin(principal.id))
}

interface RestoringParts {
  readonly book: TokenBook
  readonly spellings: Spellings
  readonly profile: PrivacyProfile
  readonly receipt: PrivacyReceipt
}

function restoringFor({
  book,
  spellings,
  profile,
  receipt,
}: RestoringParts): Omit<Restoring, 'form' | 'newValues' | 'choicesOf'> {
  const tools = new Set(profile.tools)
  return {
    book,
    spellings,
    mayReach: (tool) => tools.has('*') || tools.has(tool),
    onToken: (_entry, outcome) => {
      receipt[outcome] += 1
    },
  }
}

function objectOf(text: string): JsonObject {
  const value: unknown = JSON.parse(text)
  return isObject(value) ? value : {}
}
