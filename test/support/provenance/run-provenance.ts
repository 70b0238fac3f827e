import type { Catalog } from '../../../src/core/catalog.ts'
import type { PlannedTables } from '../../../src/core/provenance.ts'
import type { ProvenanceNotice } from '../../../src/core/facts.ts'
import type { Admitted, ConversationMessage } from '../../../src/core/request.ts'
import { fileThing, Lineage, modelThing } from '../../../src/provenance/lineage.ts'
import type { ProvenanceMode } from '../../../src/provenance/options.ts'
import { TablePlan } from '../../../src/provenance/analyst/table-plan.ts'
import { createRunProvenance } from '../../../src/service/run-provenance.ts'
import { RunRecord } from '../../../src/service/run-record.ts'
import { ProgramLog } from '../../../src/sessions/program-log.ts'
import type { SessionFile } from '../../../src/sessions/session-file.ts'
import { received } from '../agent-events.ts'

interface Proven {
  readonly request?: Admitted
  /** The person's only words, in the place of a request. */
  readonly words?: string
  readonly before?: readonly ConversationMessage[]
  readonly mode?: ProvenanceMode
  readonly programs?: ProgramLog
  readonly files?: readonly SessionFile[]
  /** Tables of the shop that the session knows. */
  readonly planned?: ReadonlySet<string>
  /** What is kept of the conversation. */
  readonly plannedBefore?: readonly PlannedTables[]
  readonly dataSource?: string
  /** A plan of trusted words; without it none is made. */
  readonly plan?: readonly string[]
  readonly hasRead?: boolean
  /** Are the tables files? */
  readonly hasFileSource?: boolean
  /** Is it run again what has run? */
  readonly isReplay?: boolean
  readonly catalog?: Catalog
}

/** The provenance of one run in a session that nothing else uses, with all that it tells. */
export function provenanceFor(given: Proven) {
  const { words = 'How many orders?', before = [], mode = 'enforce', programs = new ProgramLog(), catalog } = given
  const { dataSource = 'shop', plannedBefore = [], hasFileSource = false, isReplay = false } = given
  const asked = { ...received(), principal: { id: 'k1', kind: 'api-key', group: 'default' } } as Admitted
  const messages = [...before, { role: 'user', content: words } as const]
  const lineage = new Lineage()
  lineage.bring(modelThing, 'turn', given.hasRead === true ? ['row', 'user'] : ['user'])
  const { files = [] } = given
  for (const { path } of files) lineage.bring(fileThing(path), 'file', ['file'])
  const session = {
    files,
    programs,
    plan: new TablePlan().take([{ source: 'shop', tables: [...(given.planned ?? [])] }]),
    lineage,
  }
  const told: ProvenanceNotice[] = []
  const { plan } = given
  let plans = 0
  const planTables = async () => {
    plans += 1
    return new Set(plan)
  }
  const request = given.request ?? {
    ...asked,
    messages,
    dataSource,
    plannedBefore,
    ...(isReplay ? { replay: [] } : {}),
  }
  const record = new RunRecord({ request, session, hasFileSource })
  const provenance = createRunProvenance({
    request,
    record,
    mode,
    session,
    catalog: catalog === undefined ? null : async () => catalog,
    planTables: plan === undefined ? null : planTables,
    onDecision: (notice) => told.push(notice),
  })
  return { provenance, record, session, told, plansMade: () => plans }
}
