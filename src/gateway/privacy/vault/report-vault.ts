import { randomBytes } from 'node:crypto'
import type { MissReports, ReportFacts, SealedReport } from '../../../core/miss-reports.ts'
import { keyForUse } from '../../../sealed/data-key.ts'
import { seal, unseal, type KeyRing } from '../../../sealed/key-ring.ts'
import { rewrapAll, type RewrapCounts } from '../../../sealed/rewrap-all.ts'

/** What somebody says of a text that was missed or wrongly hidden: it is a value of a person's, or of their words. */
export interface ReportedText {
  /** What it should have been, or was taken for: `pii/person`. */
  readonly kind: string
  readonly value: string
  /** What stood around it, as much as the reporter gives; empty for nothing. */
  readonly context: string
  readonly note: string
}

export type OpenedReport = ReportFacts & { readonly text: ReportedText }

/** So many reports of one key wait at most. */
export const mostOfOneKey = 1_000

const use = 'sallyport reports 1'

/** Reports as the storage has them: each sealed under a data key of its own, which the key of the service wraps. */
export class ReportVault {
  readonly #stored: MissReports
  readonly #keys: () => Promise<KeyRing>

  constructor(stored: MissReports, keys: () => Promise<KeyRing>) {
    this.#stored = stored
    this.#keys = keys
  }

  /** Resolves when it is kept for good; to null where its principal has as many as it may have. */
  async keep(facts: Omit<ReportFacts, 'made'>, { kind, value, context, note }: ReportedText) {
    const dataKey = randomBytes(32)
    const sealed = seal(keyForUse(dataKey, use), JSON.stringify([kind, value, context, note]), aboutOf(facts))
    const wrappedKey = (await this.#keys()).wrap(dataKey, facts.id)
    return await this.#stored.keep({ ...facts, wrappedKey, sealed }, mostOfOneKey)
  }

  /** Null for one that is not there. Rejects where the key that wrapped its key is not there, or it was changed. */
  async open(id: string): Promise<OpenedReport | null> {
    const stored = await this.#stored.find(id)
    if (stored === null) return null
    const { wrappedKey, sealed, ...facts } = stored
    const keys = await this.#keys()
    const dataKey = keys.unwrap(wrappedKey, id)
    if (!keys.isCurrent(wrappedKey)) await this.#stored.rewrap(stored, keys.wrap(dataKey, id))
    const opened = unseal(keyForUse(dataKey, use), sealed, aboutOf(facts)).toString('utf8')
    const [kind, value, context, note] = JSON.parse(opened) as readonly [string, string, string, string]
    return { ...facts, text: { kind, value, context, note } }
  }

  /** Wraps by the key in use what former ones have wrapped, while reports are made and closed. Opens none of them. */
  async rewrap(signal: AbortSignal): Promise<RewrapCounts> {
    return rewrapAll(this.#stored, await this.#keys(), signal)
  }
}

/** A text is opened only beside the facts that it was kept with. */
function aboutOf({ id, principal, receipt, fault }: Pick<SealedReport, 'id' | 'principal' | 'receipt' | 'fault'>) {
  return JSON.stringify([id, principal, receipt, fault])
}
