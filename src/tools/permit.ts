import type { Rewriting } from '../core/approvals.ts'
import type { ToolName } from '../core/grant.ts'
import type { ToolLanguage } from '../core/languages.ts'
import type { Validator } from '../validators/validator.ts'
import type { Language, Vetted } from '../core/vetted.ts'
import type { ToolOutcome } from './tool.ts'

/** What a tool is about to do, now that its input has passed the validators. */
export interface ToolAction {
  readonly tool: ToolName
  /** null for a tool that runs nothing which a model wrote. */
  readonly language: ToolLanguage | null
  /** What the analyzer of the database found to be touched: `public.orders`. */
  readonly tables: readonly string[]
  /** `public.orders.id`. */
  readonly columns: readonly string[]
  /** All of what runs, as its validator left it; the arguments in JSON where nothing runs that a model wrote. */
  readonly text: string
  /** What its model wrote, or a person in its place; the same as `text` where nothing prints it anew. */
  readonly written: string
  /** What its validator has against a text that a person would rather run; null where no other text is taken. */
  readonly check: Rewriting['check'] | null
}

type Refused = Extract<ToolOutcome, { readonly kind: 'refused' }>

/** What a person wrote in place of what a model did: nothing of it has been decided. */
interface Changed {
  readonly kind: 'changed'
  readonly text: string
}

/**
 * Asked by every tool right before anything runs. Resolves with the refusal that is the tool's outcome, with the text that a
 * person wants in its place where the action has a `check`, null where it may run; rejects where nobody can tell.
 */
export type Permit = (action: ToolAction, signal: AbortSignal) => Promise<Refused | Changed | null>

/** Told of what a person wrote in place of a call's code, before it runs. */
export type OnChanged = (text: string) => void

interface VetOptions<L extends Language> {
  readonly validator: Validator<L>
  readonly permit: Permit
  readonly onChanged: OnChanged
  readonly action: (vetted: Vetted<L>) => Omit<ToolAction, 'check' | 'written'>
}

/**
 * What may run of a source, validated and permitted. What a person changes has to pass both anew, so that nobody can write what
 * the gate would refuse, or what a rule asks somebody about, by way of an approval.
 */
export async function vet<L extends Language>(
  source: string,
  { validator, permit, onChanged, action }: VetOptions<L>,
  signal: AbortSignal,
): Promise<{ readonly kind: 'accepted'; readonly value: Vetted<L> } | Refused> {
  const check: ToolAction['check'] = async (text, ended) => {
    const verdict = await validator.validate(text, ended)
    return verdict.kind === 'refused' ? verdict.findings : []
  }
  for (let text = source; ;) {
    const verdict = await validator.validate(text, signal)
    if (verdict.kind === 'refused') return verdict
    const answer = await permit({ ...action(verdict.value), written: text, check }, signal)
    if (answer === null) return verdict
    if (answer.kind === 'refused') return answer
    text = answer.text
    onChanged(text)
  }
}

/** Asks about what a person cannot change. Resolves with null where it may be done. */
export async function permitAsItIs(
  permit: Permit,
  action: Omit<ToolAction, 'check' | 'written'>,
  signal: AbortSignal,
): Promise<Refused | null> {
  const answer = await permit({ ...action, written: action.text, check: null }, signal)
  if (answer?.kind !== 'changed') return answer
  const message = 'What this call does cannot be changed by a person.'
  return { kind: 'refused', findings: [{ rule: 'policy/not-changeable', line: 1, column: 1, message }] }
}
