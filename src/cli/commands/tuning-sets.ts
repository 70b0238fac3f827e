import { Readable } from 'node:stream'
import { z } from 'zod'
import { ServiceError } from '../../core/errors.ts'
import type { TuningPlace } from '../../core/recorded-decisions.ts'
import type { Confidence } from '../../core/tuning.ts'
import type { Aim, SetFacts } from '../../service/tuning-keeper.ts'
import { toProposal, toSet, toWholeSet } from '../../surfaces/wire/admin/tuning-sets.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { readJsonLines } from '../json-lines.ts'
import { figuresText } from '../output/tuning-text.ts'
import { plainLine, plainText } from '../output/plain-text.ts'
import { tuningAt } from '../remote/open.ts'
import { readWholeText } from '../text-input.ts'
import { placeText } from '../tuning-options.ts'
import { waitFor } from '../wait-for.ts'
import { operatorOf, type TuningOptions } from './tuning-queue.ts'

interface Times {
  /** ISO 8601. */
  readonly since?: string
  readonly until?: string
}

interface ReportOptions extends TuningOptions, Times {
  readonly group?: string
  readonly costFalseBlock?: number
  readonly unit: string
}

/** `sallyport tuning report`: of the last week unless times are named. */
export async function tuningReport(
  context: CommandContext,
  { output, group, since, until, costFalseBlock, unit, ...address }: ReportOptions,
): Promise<ExitCode> {
  await using keeper = await tuningAt(context, address)
  const cost = costFalseBlock === undefined ? null : { falseBlock: costFalseBlock, unit }
  const range = { group: group ?? null, since: since ?? null, until: until ?? null, cost }
  const { figures, markdown } = await waitFor(context, 'reading what is recorded', (signal) =>
    keeper.report(range, signal),
  )
  const { out } = context.terminal
  if (output === 'json') out.writeJson({ ...figures })
  else out.write(plainText(markdown))
  return exitCodes.ok
}

/** `sallyport tuning sets list` */
export async function tuningSetsList(
  context: CommandContext,
  { output, ...address }: TuningOptions,
): Promise<ExitCode> {
  await using keeper = await tuningAt(context, address)
  const sets = await keeper.sets()
  const { out } = context.terminal
  if (output === 'json') out.writeJson({ sets: sets.map(toSet) })
  else if (sets.length === 0) out.write('There is no evaluation set.\n')
  else for (const set of sets) out.write(setLine(set))
  return exitCodes.ok
}

/** `sallyport tuning sets make NAME PLACE` */
export async function tuningSetsMake(
  context: CommandContext,
  { name, place }: { readonly name: string; readonly place: TuningPlace },
  { output, since, until, ...address }: TuningOptions & Times,
): Promise<ExitCode> {
  await using keeper = await tuningAt(context, address)
  const request = { name, place, since: since ?? null, until: until ?? null }
  return writeSet(context, await keeper.makeSet(request, operatorOf(undefined)), output)
}

/** `sallyport tuning sets show NAME@VERSION` */
export async function tuningSetsShow(
  context: CommandContext,
  { name, version }: { readonly name: string; readonly version: number | null },
  { output, ...address }: TuningOptions,
): Promise<ExitCode> {
  await using keeper = await tuningAt(context, address)
  const set = await keeper.set(name, version)
  const { out } = context.terminal
  if (output === 'json') {
    out.writeJson(toWholeSet(set))
    return exitCodes.ok
  }
  out.write(setLine({ ...set, size: set.items.length }))
  for (const { decision, truth, score, isBound, stratum, weight, source } of set.items) {
    const told = `${truth.padEnd('harmless'.length)}  ${isBound ? '≥' : ' '}${score.toFixed(3)}`
    out.write(`${plainLine(decision, 120)}  ${told}  ${plainLine(stratum, 20)}  ×${weight}  ${source}\n`)
  }
  return exitCodes.ok
}

const labelledLine = z.object({ text: z.string(), labels: z.array(z.string()) })

/** `sallyport tuning sets import NAME PLACE FILE` */
export async function tuningSetsImport(
  context: CommandContext,
  { name, place, file }: { readonly name: string; readonly place: TuningPlace; readonly file: string | undefined },
  { output, ...address }: TuningOptions,
): Promise<ExitCode> {
  await using keeper = await tuningAt(context, address)
  const texts: z.output<typeof labelledLine>[] = []
  for await (const line of readJsonLines(Readable.from([await readWholeText(context, file)]), labelledLine)) {
    if (line.kind === 'malformed') {
      throw new ServiceError('invalid-request', line.reason, {
        advice: 'Each line is one object: {"text": "…", "labels": ["toxicity"]}; a harmless text has [].',
      })
    }
    texts.push(line.value)
  }
  const set = await waitFor(context, 'looking at texts', (signal) =>
    keeper.importSet({ name, place, texts }, operatorOf(undefined), signal),
  )
  return writeSet(context, set, output)
}

interface ProposeOptions extends TuningOptions, Times {
  readonly falsePositiveRate?: number
  readonly confidence?: Confidence
  readonly mostRecallLost?: number
  readonly costFalseBlock?: number
  readonly costMiss?: number
}

function aimOf(options: ProposeOptions): Aim {
  const { falsePositiveRate: most, confidence, mostRecallLost, costFalseBlock = 1, costMiss = 1 } = options
  if (most === undefined) return { kind: 'costs', falseBlock: costFalseBlock, miss: costMiss }
  return {
    kind: 'false-positive-rate',
    most,
    ...(confidence === undefined ? {} : { confidence }),
    ...(mostRecallLost === undefined ? {} : { mostRecallLost }),
  }
}

/** `sallyport tuning propose NAME@VERSION` */
export async function tuningPropose(
  context: CommandContext,
  { name, version }: { readonly name: string; readonly version: number | null },
  options: ProposeOptions,
): Promise<ExitCode> {
  const { output, since = null, until = null, server, keyFile } = options
  await using keeper = await tuningAt(context, { server, keyFile })
  const request = { set: name, version, since, until, aim: aimOf(options) }
  const proposal = await waitFor(context, 'going through what is recorded', (signal) =>
    keeper.propose(request, operatorOf(undefined), signal),
  )
  const json = toProposal(proposal)
  const { out } = context.terminal
  if (output === 'json') {
    out.writeJson(json)
    return exitCodes.ok
  }
  const { id, place, from, to, set } = proposal
  out.write(`${id}  ${plainLine(placeText(place), 300)}  ${from} → ${to}\n`)
  out.write(`set      ${set.name}@${set.version}  ${set.digest}\n`)
  out.write(figuresText(json.figures))
  return exitCodes.ok
}

/** `sallyport tuning simulate` */
export async function tuningSimulate(
  context: CommandContext,
  proposal: string | undefined,
  options: TuningOptions & Times & { readonly place?: TuningPlace; readonly threshold?: number },
): Promise<ExitCode> {
  const { output, place, threshold = 0, since = null, until = null, ...address } = options
  await using keeper = await tuningAt(context, address)
  const of = place === undefined ? { proposal: proposal ?? '' } : { place, threshold }
  const answer = await waitFor(context, 'going through what is recorded', (signal) =>
    keeper.simulate({ of, since, until }, signal),
  )
  const { out } = context.terminal
  if (output === 'json') {
    out.writeJson({ place: { ...answer.place }, from: answer.from, to: answer.to, figures: { ...answer.figures } })
    return exitCodes.ok
  }
  out.write(`${plainLine(placeText(answer.place), 300)}  ${answer.from} → ${answer.to}\n${figuresText(answer.figures)}`)
  return exitCodes.ok
}

function setLine({ name, version, place, digest, size, by, made }: SetFacts): string {
  const what = `${name}@${version}  ${plainLine(placeText(place), 300)}  ${size.toLocaleString('en')} labels`
  return `${what}  ${made}  ${plainLine(by, 200)}\n         ${digest}\n`
}

function writeSet({ terminal: { out } }: CommandContext, set: SetFacts, output: TuningOptions['output']): ExitCode {
  if (output === 'json') out.writeJson(toSet(set))
  else out.write(setLine(set))
  return exitCodes.ok
}
