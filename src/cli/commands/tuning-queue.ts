import type { ComplaintState } from '../../core/complaints.ts'
import type { QueueKind, Truth } from '../../core/tuning.ts'
import type { OpenedItem, QueueItem, TuningOperator } from '../../service/tuning-keeper.ts'
import { toLabel, toOpened, toQueueItem } from '../../surfaces/wire/admin/tuning-queue.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainLine, plainText } from '../output/plain-text.ts'
import type { ServerAddress } from '../remote/admin-client.ts'
import { tuningAt } from '../remote/open.ts'

export interface TuningOptions extends ServerAddress {
  readonly output?: 'text' | 'json'
}

/** Who does something: `by` is filled in by the keeper, which knows the user of the terminal, or by a service elsewhere. */
export const operatorOf = (by: string | undefined): TuningOperator => ({ by: 'local', caller: by ?? null })

export interface QueueOptions extends TuningOptions {
  readonly group?: string
  readonly direction: 'inbound' | 'outbound'
  readonly rule?: string
  readonly kind?: QueueKind
  readonly state: ComplaintState
  readonly most: number
  readonly seed: number
}

/** `sallyport tuning queue list` */
export async function tuningQueueList(context: CommandContext, options: QueueOptions): Promise<ExitCode> {
  const { output, server, keyFile, group = null, rule = null, kind = null, direction, state, most, seed } = options
  await using keeper = await tuningAt(context, { server, keyFile })
  const { items, left } = await keeper.queue({ kind, group, direction, rule, state, most, seed })
  const { out, error } = context.terminal
  if (output === 'json') {
    out.writeJson({ items: items.map(toQueueItem), left })
    return exitCodes.ok
  }
  if (items.length === 0) out.write('Nothing waits.\n')
  for (const item of items) out.write(lineOf(item, rule))
  if (left > 0) error.write(`${left.toLocaleString('en')} more wait behind these (--most).\n`)
  return exitCodes.ok
}

/** `sallyport tuning queue show ID`: texts are printed only where they are asked for. */
export async function tuningQueueShow(
  context: CommandContext,
  id: string,
  { output, showValues = false, ...address }: TuningOptions & { readonly showValues?: boolean },
): Promise<ExitCode> {
  await using keeper = await tuningAt(context, address)
  const opened = await keeper.open(id, { values: showValues }, operatorOf(undefined))
  const { out } = context.terminal
  if (output === 'json') out.writeJson(toOpened(opened))
  else out.write(openedText(opened, showValues))
  return exitCodes.ok
}

export interface LabelOptions extends TuningOptions {
  readonly why: string
  readonly by?: string
  readonly decision?: string
}

/** `sallyport tuning label ID RULE TRUTH` */
export async function tuningLabel(
  context: CommandContext,
  said: { readonly item: string; readonly rule: string; readonly truth: Truth },
  { output, why, by, decision, ...address }: LabelOptions,
): Promise<ExitCode> {
  await using keeper = await tuningAt(context, address)
  const label = await keeper.label({ ...said, why, decision: decision ?? null }, operatorOf(by))
  const { out } = context.terminal
  if (output === 'json') out.writeJson(toLabel(label))
  else out.write(`${label.id}  ${label.decision} is ${label.truth} by ${plainLine(label.rule, 100)}.\n`)
  return exitCodes.ok
}

/** `sallyport tuning dismiss ID` */
export async function tuningDismiss(
  context: CommandContext,
  id: string,
  { output, why, by, ...address }: Omit<LabelOptions, 'decision'>,
): Promise<ExitCode> {
  await using keeper = await tuningAt(context, address)
  await keeper.dismiss(id, why, operatorOf(by))
  const { out } = context.terminal
  if (output === 'json') out.writeJson({ dismissed: id })
  else out.write(`Dismissed ${plainLine(id, 120)}.\n`)
  return exitCodes.ok
}

function lineOf(item: QueueItem, rule: string | null): string {
  if (item.kind === 'receipt') {
    const { id, made, fault, principal, receipt } = item.report
    return line([id, made, 'receipt', fault, principal, receipt])
  }
  if (item.kind === 'audit') {
    const { id, made, stratum, scores, group } = item.decision
    const score = scores.find((each) => each.rule === rule)
    const told = score === undefined ? '' : `${score.score.toFixed(3)} of ${score.threshold}`
    return line([id, made, 'audit', stratum, group, told])
  }
  const { id, made, kind, reason, group, principal, decision, answer } = item.complaint
  return line([id, made, kind, reason, group, principal, decision ?? answer ?? ''])
}

function openedText({ item, decision, comment, text, labels }: OpenedItem, showValues: boolean): string {
  const named: [string, string][] = []
  if (item.kind === 'appeal' || item.kind === 'thumb') {
    const { id, kind, verdict, reason, principal, group, state, made } = item.complaint
    named.push(['id', id], ['kind', `${kind}, ${verdict}`], ['reason', reason], ['state', state], ['made', made])
    named.push(['caller', principal], ['group', group])
  } else if (item.kind === 'receipt') {
    const { id, fault, principal, receipt, made } = item.report
    named.push(['id', id], ['kind', `receipt, ${fault}`], ['made', made], ['caller', principal], ['receipt', receipt])
  } else if (item.kind === 'audit') {
    named.push(['id', item.decision.id], ['kind', `audit, ${item.decision.stratum}`])
  }
  if (decision !== null) {
    const { id, direction, group, profile, action, made } = decision
    named.push(['decision', id], ['', `${direction}, ${action}, ${group}, ${profile.name} ${profile.version}, ${made}`])
    for (const { rule, score, threshold, effective, isBound } of decision.scores) {
      const told = `${rule} ${isBound ? '≥ ' : ''}${score.toFixed(3)} of ${threshold}: ${effective}`
      named.push(['', told])
    }
  }
  for (const { rule, truth, by, why, made } of labels) named.push(['label', `${rule} ${truth}, ${by}, ${made}: ${why}`])
  const facts = named.map(([name, value]) => `${name.padEnd(9)}${plainLine(value, 1_000)}\n`).join('')
  if (!showValues) return `${facts}texts    --show-values prints what there is\n`
  return `${facts}${valueText('comment', comment)}${valueText('text', text)}`
}

const valueText = (name: string, value: string | null): string =>
  `${name.padEnd(9)}${value === null ? 'none is kept' : plainText(value).replaceAll('\n', '\n         ')}\n`

const line = (parts: readonly string[]): string =>
  `${parts
    .map((part) => plainLine(part, 200))
    .join('  ')
    .trimEnd()}\n`
