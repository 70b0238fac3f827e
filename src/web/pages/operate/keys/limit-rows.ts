import type { Group, Limit } from '../../../api/generated/operators.ts'
import { amountText, shareText } from '../words.ts'

/** How a limit stands, as a line that people read. */
export interface LimitRow {
  readonly name: string
  readonly used: string
  readonly held: string
  readonly most: string
  readonly left: string
  /** Used and held of what is given, 0 to 1; more than 1 is 1. */
  readonly filled: number
  readonly share: string
  readonly nextAt: string | null
}

const unitWords: Readonly<Record<string, string>> = {
  input_tokens: 'input tokens',
  output_tokens: 'output tokens',
  sandbox_ms: 'time in sandboxes',
}

export function limitRow({ per, unit, window, most, used, held, left, next_at: nextAt }: Limit): LimitRow {
  const taken = used + held
  return {
    name: `${unitWords[unit] ?? unit} ${windowWords(window)}, for each ${per}`,
    used: amountText(unit, used),
    held: amountText(unit, held),
    most: amountText(unit, most),
    left: amountText(unit, left),
    filled: most === 0 ? 1 : Math.min(1, Math.max(0, taken / most)),
    share: shareText(taken, most),
    nextAt,
  }
}

/** `hour` is until the end of one by the clock in UTC; `60s` slides. */
export function windowWords(window: string): string {
  if (window === 'running') return 'at a time'
  return /^\d+s$/.test(window) ? `in any ${window.slice(0, -1)} s` : window === 'hour' ? 'in an hour' : `in a ${window}`
}

/** What the configuration gives a group, in a line. */
export function groupLimitText({ per, unit, most, every }: Group['limits'][number]): string {
  const often = every === null ? 'at a time' : `every ${every}`
  return `${amountText(unit, most)} ${unitWords[unit] ?? unit} ${often}, for each ${per}`
}
