import type { ParameterRole, ToolDeclaration, ToolDeclarations } from './declarations.ts'
import { addressesIn, addressOf } from './address-forms.ts'
import type { Plan } from './plan.ts'
import type { Json, ReadLedger } from './read-ledger.ts'
import type { TrustedWords } from './trusted-words.ts'
import { toldAddressesIn } from './told-addresses.ts'
import { stemOf, wordsOf } from './words.ts'

export interface ProposedCall {
  readonly tool: string
  /** null where they cannot be read: what else reads them may find anything in them. */
  readonly arguments: Readonly<Record<string, Json>> | null
}

/** What stands for a value that a call is given. */
export type Ground =
  | 'said'
  | 'own'
  | 'named'
  | 'named-member'
  | 'named-place'
  | 'all-at-named-place'
  | 'left-open'
  | 'filled'

/** A value of a call that a person is asked about. */
export interface ShownValue {
  /** recipients[0] */
  readonly path: string
  readonly value: string
  /** What stands for it; null for what only a person can stand for. */
  readonly ground: Ground | null
  /** Ids of the reads in which it stands; none where it was made up. */
  readonly from: readonly string[]
}

export type ActionDecision =
  | { readonly kind: 'allow'; readonly rule: 'nothing-read' | 'reading' | 'planned' }
  | {
      readonly kind: 'ask'
      readonly rule:
        | 'handed-over'
        | 'unread-words'
        | 'only-mentioned'
        | 'unproven-value'
        | 'no-target'
        | 'again'
        | 'after-refusal'
      readonly shown: readonly ShownValue[]
    }
  | { readonly kind: 'refuse'; readonly rule: 'undeclared' | 'not-planned' | 'not-asked-for' | 'malformed' }

export interface ActionContext {
  readonly tools: ToolDeclarations
  readonly words: TrustedWords
  readonly plan: Plan
  readonly ledger: ReadLedger
  /** Was a call of this run refused as no step of its plan? What comes after it is looked at by a person. */
  readonly hasRefused: boolean
}

interface Leaf {
  readonly path: string
  readonly declared: string
  readonly value: string
  readonly role: ParameterRole
  readonly tool: ToolDeclaration
}

const longestValue = 64
const undeclaredRole: ParameterRole = { role: 'target', fields: [], words: [] }

/**
 * Whether a call may run, of what trusted people wrote and of what was read. Data fills values; it adds no step, and chooses nobody
 * and nothing that is acted on. What stands for a target is always something of the person's: their words, a record or a place
 * that they name, a choice that they leave open. What a value was made of is not guessed at.
 */
export function decideAction(call: ProposedCall, context: ActionContext): ActionDecision {
  const { tools, words, plan, ledger, hasRefused } = context
  const declared = Object.hasOwn(tools, call.tool) ? tools[call.tool] : undefined
  if (declared === undefined) return { kind: 'refuse', rule: 'undeclared' }
  const { private: secrets } = declared.result
  if (!ledger.isTainted) return { kind: 'allow', rule: 'nothing-read' }
  if (secrets !== undefined && !words.speaksOf(secrets)) return { kind: 'refuse', rule: 'not-asked-for' }
  const leaves = call.arguments === null ? null : leavesOf(call.arguments, declared)
  if (leaves === null) return { kind: 'refuse', rule: 'malformed' }
  const changes = declared.effect === 'changes'
  const asking = changes ? plan.callsFor(declared, commonOf(tools).verbs) : 'asked-for'
  const ask = (rule: Extract<ActionDecision, { kind: 'ask' }>['rule']) =>
    ({ kind: 'ask', rule, shown: shown(leaves, context) }) as const
  if (asking === null) {
    if (plan.isHandedOver) return ask('handed-over')
    if (!words.isEnglish) return ask('unread-words')
    // An order in a verb that no tool has, and all that the call acts on is the person's: they may have meant just that.
    const isMeant = plan.ordersOtherwise(commonOf(tools).verbs) && isAllTheirs(leaves, context)
    return isMeant ? ask('only-mentioned') : { kind: 'refuse', rule: 'not-planned' }
  }
  if (leaves.some((leaf) => groundOf(leaf, leaves, context) === null)) return ask('unproven-value')
  if (asking === 'mentioned') return ask('only-mentioned')
  if (changes && lacksTarget(leaves, declared)) return ask('no-target')
  if (changes && isAgain(call, leaves, context)) return ask('again')
  if (changes && hasRefused) return ask('after-refusal')
  return { kind: 'allow', rule: changes ? 'planned' : 'reading' }
}

/** Does something of the person's stand for each value, and for one at least that is acted on? */
function isAllTheirs(leaves: readonly Leaf[], context: ActionContext): boolean {
  return (
    leaves.some(({ role: { role } }) => role === 'target') &&
    leaves.every((leaf) => groundOf(leaf, leaves, context) !== null)
  )
}

/** A tool that is told nothing to act on may take that for everything. What it makes has a name instead. */
function lacksTarget(leaves: readonly Leaf[], { parameters }: ToolDeclaration): boolean {
  return (
    Object.values(parameters).some(({ role }) => role === 'target') &&
    !leaves.some(({ role: { role } }) => role === 'target' || role === 'label')
  )
}

/** Has this been done to the same targets in this run? What the person wants once may be done once. */
function isAgain(
  { tool, arguments: given }: ProposedCall,
  leaves: readonly Leaf[],
  { tools, ledger }: ActionContext,
): boolean {
  const targets = (of: readonly Leaf[]) =>
    of
      .filter(({ role }) => role.role === 'target')
      .map(({ declared, value }) => JSON.stringify([declared, value]))
      .toSorted((left, right) => (left < right ? -1 : 1))
      .join('\n')
  const wanted = targets(leaves)
  return ledger.reads.some(
    (read) =>
      read.tool === tool &&
      (JSON.stringify(read.given) === JSON.stringify(given) ||
        (wanted !== '' && targets(leavesOf(read.given, tools[tool]!) ?? []) === wanted)),
  )
}

/** All of the call, what nothing stands for first. */
function shown(leaves: readonly Leaf[], context: ActionContext): readonly ShownValue[] {
  return leaves
    .map((leaf) => ({
      path: leaf.path,
      value: leaf.value,
      ground: groundOf(leaf, leaves, context),
      from: context.ledger.sourcesOf(leaf.value),
    }))
    .toSorted((left, right) => Number(left.ground !== null) - Number(right.ground !== null))
}

/** All values of a call with what they are declared to be; null for arguments deeper than any tool has. */
function leavesOf(given: Json, tool: ToolDeclaration): readonly Leaf[] | null {
  const leaves: Leaf[] = []
  const { effect, parameters, result } = tool
  const walk = (value: Json, path: string, declared: string, depth: number): boolean => {
    if (depth > 16) return false
    if (value === null) return true
    if (typeof value !== 'object') {
      const role = Object.hasOwn(parameters, declared) ? parameters[declared] : undefined
      if (role !== undefined) leaves.push({ path, declared, value: String(value), role, tool })
      // What nobody has declared of a tool that changes something is what it acts on; so is what a read of the web takes there.
      else if (effect === 'changes' || result.origin === 'web')
        leaves.push({ path, declared, value: String(value), role: undeclaredRole, tool })
      return true
    }
    if (Array.isArray(value))
      return (value as readonly Json[]).every((item, at) => walk(item, `${path}[${at}]`, `${declared}[]`, depth + 1))
    return Object.entries(value).every(([name, member]) =>
      // A name that spells a path is the name of nothing that is declared.
      walk(
        member,
        path === '' ? name : `${path}.${name}`,
        `${declared === '' ? '' : `${declared}.`}${name.replaceAll(/[.[\]]/g, '\u0000')}`,
        depth + 1,
      ),
    )
  }
  return walk(given, '', '', 0) ? leaves : null
}

function groundOf(leaf: Leaf, leaves: readonly Leaf[], context: ActionContext): Ground | null {
  const { role, value } = leaf
  if (role === undeclaredRole) return null
  if (role.role === 'content') return addressesSaid(value, context.words) ? 'filled' : null
  if (role.role === 'value') return isValue(leaf, context) ? 'filled' : null
  if (role.role === 'label') return isLabel(value, context) ? 'filled' : null
  return groundOfTarget(leaf, role, context) ?? (isLeftOpen(leaf, leaves, context) ? 'left-open' : null)
}

function groundOfTarget(
  { value, tool }: Leaf,
  { kind, fields, words: called }: Extract<ParameterRole, { role: 'target' }>,
  { tools, words, ledger }: ActionContext,
): Ground | null {
  if (kind !== undefined) {
    if (ledger.isOwn(kind, value)) return 'own'
    if (words.saysNumber(value, [kind, ...tool.calledFor.verbs, ...tool.calledFor.objects])) return 'said'
    return ledger.isNamed(kind, value, words, commonOf(tools).objects) ? 'named' : null
  }
  if (words.says(value)) return 'said'
  if (called.length === 0 || !words.speaksOf(called)) return null
  if (ledger.isOfNamed(fields, value, words, commonOf(tools).objects)) return 'named-member'
  const address = addressOf(value)
  if (address === null) return null
  if (ledger.isOnlyAddressAt(address, words)) return 'named-place'
  return tool.effect === 'reads' && words.speaksOfAll(called) && ledger.isAddressAt(address, words)
    ? 'all-at-named-place'
    : null
}

/**
 * A member of a closed list may be chosen by what was read where the person has left the choice open, and all else in the call is
 * theirs: the most that data can do is take their own words to another member.
 */
function isLeftOpen(leaf: Leaf, leaves: readonly Leaf[], context: ActionContext): boolean {
  const { role, value } = leaf
  if (role.role !== 'target' || role.roster === undefined || !context.words.speaksOf(role.words)) return false
  if (!context.ledger.isMember(role.roster, value)) return false
  return leaves.every((other) => {
    if (other === leaf) return true
    if (other.role.role === 'target') {
      return (
        groundOfTarget(other, other.role, context) !== null ||
        (other.role.roster !== undefined && context.ledger.isMember(other.role.roster, other.value))
      )
    }
    return context.words.missing(wordsOf(other.value)).length === 0 && addressesSaid(other.value, context.words)
  })
}

interface Common {
  /** Stems of what the tools act on. */
  readonly objects: ReadonlySet<string>
  /** Stems of what they do. */
  readonly verbs: ReadonlySet<string>
}

const commonByTools = new WeakMap<ToolDeclarations, Common>()

/** Words that say what tools do and to what. */
function commonOf(tools: ToolDeclarations): Common {
  const known = commonByTools.get(tools)
  if (known !== undefined) return known
  const objects = new Set<string>()
  const verbs = new Set<string>()
  for (const { calledFor, parameters } of Object.values(tools)) {
    for (const verb of calledFor.verbs) verbs.add(stemOf(verb))
    for (const object of calledFor.objects) objects.add(stemOf(object))
    for (const parameter of Object.values(parameters))
      if (parameter.role === 'target') for (const word of parameter.words) objects.add(stemOf(word))
  }
  const common = { objects, verbs }
  commonByTools.set(tools, common)
  return common
}

/** Where the person gives a number behind the verb, "pay 10", a number is one of theirs. */
function isValue({ value, tool }: Leaf, { words, plan }: ActionContext): boolean {
  if (value.length > longestValue || !addressesSaid(value, words)) return false
  return !/^-?\d+(?:\.\d+)?$/.test(value) || !plan.givesNumber(tool) || words.holdsNumber(Number(value))
}

/** Is each address in it the person's, whatever its form? Whom they call by a name they may be answered to by a handle of that name. */
function addressesSaid(value: string, words: TrustedWords): boolean {
  return (
    addressesIn(value).every(({ raw }) => words.holds(raw)) &&
    toldAddressesIn(value).every((told) => words.tells(told) || (told.startsWith('@') && words.says(told.slice(1))))
  )
}

/** Is each word of it the person's, or of a short value that was read whole? */
function isLabel(value: string, { words, ledger }: ActionContext): boolean {
  if (!addressesSaid(value, words)) return false
  const missing = new Set(words.missing(wordsOf(value)))
  if (missing.size === 0) return true
  const parts = value.toLowerCase().split(/\s+/)
  for (let from = 0; from < parts.length; from += 1) {
    for (let to = parts.length; to > from; to -= 1) {
      const atom = parts.slice(from, to).join(' ')
      if (ledger.isAtom(atom)) for (const word of wordsOf(atom)) missing.delete(word)
    }
  }
  return missing.size === 0
}
