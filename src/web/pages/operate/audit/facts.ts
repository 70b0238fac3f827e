import type { AuditEntry, OperatorRoutes } from '../../../api/generated/operators.ts'
import { countText } from '../words.ts'

type Verification = OperatorRoutes['GET /admin/v1/audit/verification']['answer']

/** What stands in a row of the list. */
export interface FactLine {
  readonly event: string
  readonly request: string | null
  readonly principal: string | null
  /** Members that say most, `name: value`, so many as fit in a line. */
  readonly said: string
}

const inColumns: ReadonlySet<string> = new Set(['event', 'requestId', 'principal', 'time'])
/** Members in the order of what they say; the rest follows as it stands. */
const first = ['outcome', 'action', 'code', 'rules', 'decision', 'model', 'tool', 'source', 'target', 'by', 'group']
const longestSaid = 160

export function factLine({ fact }: AuditEntry): FactLine {
  const { event, requestId, principal } = fact
  const rest = Object.keys(fact).filter((name) => !inColumns.has(name))
  const ordered = [...first.filter((name) => rest.includes(name)), ...rest.filter((name) => !first.includes(name))]
  const parts = ordered.map((name) => [name, shortValue(fact[name])] as const).filter(([, value]) => value !== '')
  const said = parts.map(([name, value]) => `${name}: ${value}`).join(' · ')
  return {
    event: typeof event === 'string' ? event : 'unknown',
    request: typeof requestId === 'string' ? requestId : null,
    principal: typeof principal === 'string' ? principal : null,
    said: said.length <= longestSaid ? said : `${said.slice(0, longestSaid - 1)}…`,
  }
}

function shortValue(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value.length <= 60 ? value : `${value.slice(0, 59)}…`
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) {
    const plain = value.every((item) => typeof item === 'string' || typeof item === 'number')
    return plain && value.length <= 5 ? value.join(', ') : `${countText(value.length)} of them`
  }
  return Object.keys(value).length === 0 ? '' : '{…}'
}

export interface VerdictText {
  readonly tone: 'good' | 'bad' | 'warn'
  readonly text: string
  readonly breaks: readonly string[]
}

/** What a check of the chain has found, for people. A chain without checked signatures could have been made anew. */
export function verdictText(found: Verification): VerdictText {
  if (found.verdict === 'broken') {
    const breaks = found.breaks.map(({ file, line, reason }) => `${file}, line ${countText(line)}: ${reason}`)
    return { tone: 'bad', text: `The chain is broken in ${countText(breaks.length)} places.`, breaks }
  }
  const whole = `The chain is whole: ${countText(found.entries)} lines from number ${countText(found.first)} on.`
  if (found.signatures === null) {
    const unsigned = 'No signature was checked, since no key is here to check them with.'
    return { tone: 'warn', text: `${whole} ${unsigned}`, breaks: [] }
  }
  const { checkpoints, up_to: upTo } = found.signatures
  const signed = `${countText(checkpoints)} signed checkpoints bear it out up to number ${countText(upTo)}.`
  return { tone: checkpoints === 0 ? 'warn' : 'good', text: `${whole} ${signed}`, breaks: [] }
}
