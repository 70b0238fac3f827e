import { bytesOf } from '../../../core/sizes.ts'
import { createHash } from 'node:crypto'
import { checkBytes } from '../bytes.ts'
import { limitRows, printCanonical, qualifyNames, type Canonical } from './grammar/canonical.ts'
import { checkCartesian } from './budgets/cartesian.ts'
import { mergeSubqueries } from './columns/merge-subqueries.ts'
import { planColumns, type ColumnPlan } from './columns/column-plan.ts'
import { hidePassed, hideValues, masksOf, type ShownOutput } from './columns/hide-values.ts'
import type { MaskedOutput } from './columns/mask-plan.ts'
import { dropSpareUses } from './columns/spare-uses.ts'
import { expandStars } from './names/expand-stars.ts'
import { checkFunctionNames, createFunctionPolicy, type FunctionPolicy } from './functions/function-policy.ts'
import { createPlacer, placeFindings, type Place, type RawFinding } from '../location.ts'
import type { SqlGateOptions } from '../options.ts'
import { pairPlaces, placeOfTwin, printedOffset, type Places } from './grammar/places.ts'
import { loadGrammar, parseStatement } from './grammar/parse.ts'
import type { SqlPolicy } from '../policy.ts'
import { loadReplicaGrammar, type ReadsTheSame } from './grammar/replica-grammar.ts'
import { findRelations, type RelationUse } from './names/relations.ts'
import { createSecondOpinion, type SecondOpinion } from './grammar/second-opinion.ts'
import { shapeOf } from './grammar/shape.ts'
import { templateOf, type Template } from './grammar/template.ts'
import { checkStructure } from './budgets/structure.ts'
import { asNode, asList, stringList, textField, type Struct } from '../syntax-tree.ts'
import { ambiguousDates, checkDateCasts, type DateMention } from './names/ambiguous-dates.ts'
import { checkTypes } from './names/types.ts'
import { castTypeNames } from './names/type-names.ts'
import { checkValues } from './budgets/value-size.ts'
import { walkStatement, type Visit } from './grammar/walk.ts'
import type { Finding } from '../../../core/verdict.ts'

/** What the checks that need no database are given. */
export interface ExamineProfile {
  readonly policy: SqlPolicy
  readonly major: number
  readonly options: SqlGateOptions
}

/** Where a name stands in the text that was sent. */
export interface Mention extends Place {
  readonly name: string
}

export interface Examined {
  /** The only text that runs: every name in full, limited to the policy's rows plus one, proven to mean the tree. */
  readonly canonical: string
  /** What runs: the canonical text, but that masked outputs leave the database no longer than their masks need them. */
  readonly shown: string
  /** Hash of the statement without its plain literals: statements of one shape resolve alike. */
  readonly shape: string
  readonly secondOpinion: SecondOpinion
  readonly columns: readonly Mention[]
  readonly functions: readonly Mention[]
  /** Texts that are another date elsewhere, where one is read as a date, with their places in the canonical text. */
  readonly dates: readonly (DateMention & { readonly printed: number })[]
  /** Where parts of the canonical text stood in the source: pairs of byte offsets, by the first of them. */
  readonly places: Places
  readonly plan: ColumnPlan
  /** Set where literals may be exchanged in the canonical text: nothing else of this value depends on them. */
  readonly template: Template | null
}

export type Examination =
  | { readonly kind: 'refused'; readonly findings: readonly [Finding, ...Finding[]] }
  | { readonly kind: 'open'; readonly open: OpenStatement }
  | { readonly kind: 'examined'; readonly value: Examined }

/**
 * A statement with calls whose name alone does not say which function is meant: the analyzer tells it by their
 * arguments, and the statement is examined again with the schemas of what it found.
 */
export interface OpenStatement extends Pick<Examined, 'canonical' | 'columns' | 'functions' | 'places'> {
  /** Where these calls begin in the canonical text, in bytes, in their order. */
  readonly calls: readonly number[]
}

/**
 * Every step that needs no database, in order; each fails closed. The steps that read the tree all report, so that a
 * person corrects everything at once; the later steps see only what the earlier ones let pass. Throws ParserCrash only.
 */
export async function createExaminer(profile: ExamineProfile): Promise<Examine> {
  await loadGrammar()
  const readsTheSame = await loadReplicaGrammar(profile.major)
  const functions = createFunctionPolicy(profile.major, profile.policy)
  const secondOpinion = createSecondOpinion()
  return (source, known = {}) => examine(source, { ...profile, functions, readsTheSame, secondOpinion, ...known })
}

/** What the analyzer said of the same statement before. */
export interface Known {
  /** The schemas of the calls that an examination left open. */
  readonly schemas?: readonly string[] | undefined
  /** The outputs of a statement that passes masked columns on to them. */
  readonly outputs?: readonly ShownOutput[] | undefined
}

type Examine = (source: string, known?: Known) => Examination

interface Prepared extends ExamineProfile, Known {
  readonly functions: FunctionPolicy
  readonly readsTheSame: ReadsTheSame
  readonly secondOpinion: ReturnType<typeof createSecondOpinion>
}

function examine(source: string, profile: Prepared): Examination {
  const refuse = (raw: readonly RawFinding[]): Examination => {
    const [first, ...rest] = placeFindings(source, raw)
    if (first === undefined) throw new TypeError('A refusal needs a finding.')
    return { kind: 'refused', findings: [first, ...rest] }
  }
  const { policy, options, functions } = profile
  const limits = { maximumBytes: bytesOf.kb(options.maximum_kb), maximumBrackets: options.maximum_depth }
  const bytes = checkBytes(source, limits)
  if (bytes !== null) return refuse([bytes])
  const parsed = parseStatement(source)
  if (!('select' in parsed)) return refuse(parsed.findings)
  const walk = walkStatement(parsed.select)
  if (walk.findings.length > 0) return refuse(walk.findings)
  const structure = checkStructure(walk.visits, structureLimits(options))
  if (structure.length > 0) return refuse(structure)
  const { uses: written, findings: relations } = findRelations(parsed.select, policy)
  const findings = [
    ...relations,
    ...checkFunctionNames(walk.visits, functions),
    ...checkTypes(walk.visits, policy),
    ...checkDateCasts(walk.visits),
    ...checkValues(walk.visits, {
      maximumValueBytes: bytesOf.kb(options.maximum_value_kb),
      maximumSeries: options.maximum_series,
    }),
    ...checkCartesian(walk.visits, written, options.maximum_cartesian_rows),
  ]
  if (findings.length > 0) return refuse(findings)
  const opinion = profile.secondOpinion(source, knownNames(walk.visits))
  if ('finding' in opinion) return refuse([opinion.finding])
  const mentions = mentionsIn(source, walk.visits)
  const uses = mergeSubqueries(parsed.select, written)
  const stars = expandStars(walkStatement(parsed.select).visits, uses)
  if (stars.length > 0) return refuse(stars)
  dropSpareUses(parsed.select, uses)
  const expanded = walkStatement(parsed.select)
  const open = qualifyNames(expanded.visits, uses, { policy, functions, schemas: profile.schemas })
  castTypeNames(parsed.select)
  if (profile.schemas === undefined && open.length > 0)
    return leaveOpen(parsed.select, open, { ...profile, mentions, refuse })
  const dates = ambiguousDates(walk.visits)
  return finish(source, parsed.select, { ...profile, mentions, opinion: opinion.opinion, uses, dates, refuse })
}

function leaveOpen(
  select: Struct,
  open: readonly Struct[],
  { mentions, readsTheSame, refuse }: Pick<Finish, 'mentions' | 'readsTheSame' | 'refuse'>,
): Examination {
  const printed = printCanonical(select, readsTheSame)
  if ('finding' in printed) return refuse([printed.finding])
  const { text, reading } = printed
  const places = pairPlaces(select, reading)
  const calls = open.map((call) => placeOfTwin(call, select, reading))
  return { kind: 'open', open: { canonical: text, ...mentions, places, calls } }
}

interface Finish extends Prepared {
  readonly mentions: Pick<Examined, 'columns' | 'functions'>
  readonly opinion: SecondOpinion
  readonly dates: readonly DateMention[]
  readonly uses: readonly RelationUse[]
  readonly refuse: (raw: readonly RawFinding[]) => Examination
}

function finish(source: string, select: Struct, given: Finish): Examination {
  const planned = planColumns(select, given.uses, given)
  if ('findings' in planned) return given.refuse(planned.findings)
  const limited = limitRows(planned.select, given.policy.rowLimit + 1)
  const canonical = printCanonical(limited, given.readsTheSame)
  if ('finding' in canonical) return given.refuse([canonical.finding])
  const shown = printShown(limited, canonical, { ...given, masks: planned.plan.masks })
  if ('finding' in shown) return given.refuse([shown.finding])
  const shape = createHash('sha256')
    .update(given.dates.length === 0 ? shapeOf(select) : `${shapeOf(select)}\0${source}`)
    .digest('base64')
  const plan = given.outputs === undefined ? planned.plan : { ...planned.plan, masks: masksOf(given.outputs) }
  const { text, reading } = canonical
  const places = pairPlaces(limited, reading)
  const dates = given.dates.map((mention) => ({ ...mention, printed: printedOffset(places, mention.offset) }))
  // What is planned around restricted columns repeats conditions in texts of its own.
  // Whether a text is a date that others read otherwise is asked of each text.
  const isOpen = given.opinion === 'agrees' && plan.residue === null && dates.length === 0
  const template = isOpen ? templateOf(source, text, { sent: limited, printed: reading }) : null
  return {
    kind: 'examined',
    value: {
      canonical: text,
      shown: shown.text,
      shape,
      secondOpinion: given.opinion,
      ...given.mentions,
      dates,
      places,
      plan,
      template,
    },
  }
}

/** What runs instead of the canonical text. */
function printShown(
  limited: Struct,
  canonical: Canonical,
  { outputs, masks, policy, readsTheSame }: Finish & { readonly masks: readonly MaskedOutput[] },
): Canonical {
  if (outputs !== undefined) return printCanonical(hidePassed(limited, outputs, policy), readsTheSame)
  return masks.length === 0 ? canonical : printCanonical(hideValues(limited, masks, policy), readsTheSame)
}

function structureLimits(options: SqlGateOptions): Parameters<typeof checkStructure>[1] {
  return {
    maximumDepth: options.maximum_depth,
    maximumNodes: options.maximum_nodes,
    maximumRelations: options.maximum_relations,
    maximumSetOperations: options.maximum_set_operations,
    maximumLiteralBytes: bytesOf.kb(options.maximum_literal_kb),
  }
}

/** Every name PostgreSQL's grammar saw where a table may stand, in lower case. */
function knownNames(visits: readonly Visit[]): ReadonlySet<string> {
  const names = visits.flatMap(({ type, struct }) => {
    // The other parser takes ONLY for the table and the table for its alias.
    if (type === 'RangeVar') return [textField(struct, 'relname') ?? '', struct['inh'] === true ? '' : 'only']
    if (type === 'CommonTableExpr') return [textField(struct, 'ctename') ?? '']
    if (type === 'Alias') return [textField(struct, 'aliasname') ?? '']
    return type === 'FuncCall' ? stringList(struct['funcname']).slice(-1) : []
  })
  return new Set(names.map((name) => name.toLowerCase()))
}

function mentionsIn(source: string, visits: readonly Visit[]): Pick<Examined, 'columns' | 'functions'> {
  const place = createPlacer(source)
  const of = (type: string, field: string): Mention[] =>
    visits.flatMap((visit) => {
      if (visit.type !== type) return []
      const isStar = asNode(asList(visit.struct[field]).at(-1), 'A_Star') !== null
      const name = isStar ? '*' : (stringList(visit.struct[field]).at(-1) ?? '')
      return [{ name, ...place(visit.offset) }]
    })
  return { columns: of('ColumnRef', 'fields'), functions: of('FuncCall', 'funcname') }
}
