import { addUsage } from '../agent/add-usage.ts'
import { askAside, type AsideSettings } from '../agent/ask-aside.ts'
import { toServiceError, type ServiceError } from '../core/errors.ts'
import type { TokenUsage } from '../core/events.ts'
import type { Admitted } from '../core/request.ts'
import { plannedTables, planQuestion } from '../provenance/analyst/plan-question.ts'
import type { GrantedSource } from '../sources/source.ts'
import { visibleRelations } from '../tools/describe-data.ts'

interface RunTablePlanSettings extends AsideSettings {
  readonly request: Pick<Admitted, 'messages'>
  readonly source: GrantedSource
  readonly onFault: (fault: ServiceError) => void
}

interface RunTablePlan {
  /** Tables that the question needs; the same ones however often it is asked in a run. None where there is no plan to be had. */
  readonly tables: (signal: AbortSignal) => Promise<ReadonlySet<string>>
  /** What it has used since this was last asked. */
  readonly takeUsed: () => TokenUsage
}

/** Output tokens of a plan; a model that thinks aloud needs most of them for that. */
const outputTokens = 2_000
const nothingUsed: TokenUsage = { inputTokens: 0, outputTokens: 0 }

/**
 * A plan that the model of a run makes of trusted words and the schema alone, when a person would else be asked about a table. It is one call without tools that
 * knows nothing of what was read or is about to run, so that no data has a say in it. Where it cannot be made, the person is asked.
 */
export function createRunTablePlan(settings: RunTablePlanSettings): RunTablePlan {
  const { request, source, onFault } = settings
  let used = nothingUsed
  let made: Promise<ReadonlySet<string>> | null = null
  const make = async (signal: AbortSignal): Promise<ReadonlySet<string>> => {
    const relations = visibleRelations(source, await source.database.catalog(signal))
    const spoken = request.messages.flatMap(({ role, content }) => (role === 'user' ? [content] : []))
    const question = planQuestion(spoken, relations)
    if (question === null) return new Set()
    const words = question.words.map((content) => ({ role: 'user', content }) as const)
    const messages = [{ role: 'system', content: question.instructions } as const, ...words]
    const answer = await askAside(settings, { messages, maximumOutputTokens: outputTokens }, signal)
    if (answer.kind === 'refused') return new Set()
    used = addUsage(used, answer.used)
    return plannedTables(answer.text, relations)
  }
  return {
    tables: (signal) => {
      made ??= make(signal).catch((thrown: unknown) => {
        signal.throwIfAborted()
        onFault(toServiceError(thrown))
        return new Set<string>()
      })
      return made
    },
    takeUsed: () => {
      const taken = used
      used = nothingUsed
      return taken
    },
  }
}
