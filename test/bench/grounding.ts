import { shuffled } from '../support/random.ts'
import { createRandom } from '../support/random.ts'
import { calibrate } from '../support/grounding/calibration.ts'
import { evaluationSet, halves, type EvaluationSet } from '../support/grounding/evaluation-sets.ts'
import { scoreAnswers } from '../support/grounding/analyst-scores.ts'
import { scoreWritten, writtenPhrasings, writtenSentences, type FreeScore } from '../support/grounding/free-scores.ts'
import { freeSentences } from '../support/grounding/free-sentences/all.ts'
import { fifthSet } from '../support/grounding/free-sentences/fifth-set/all.ts'
import { fourthFreeSentences } from '../support/grounding/free-sentences/fourth-set.ts'
import { secondFreeSentences } from '../support/grounding/free-sentences/second-set.ts'
import { thirdFreeSentences } from '../support/grounding/free-sentences/third-set.ts'
import { mutantKinds } from '../support/grounding/generate/claim.ts'
import { createOwnCheck, evidenceOf } from '../support/grounding/own-check.ts'
import { score, sumOfTallies, type Check, type Score, type Tally } from '../support/grounding/score.ts'
import { tabfactStatements } from '../support/grounding/tabfact-statements.ts'
import { groundAnswer } from '../../src/grounding/ground-answer.ts'
import { documents } from './grounding/documents.ts'
import { figuredCheck, figuredPolicies, type Taken, type TracedAnswer } from './grounding/figured.ts'
import { firstWord } from './grounding/first-word.ts'
import { groundingMemory } from './grounding/memory.ts'
import { groundingSpeed } from './grounding/speed.ts'
import { report } from './figures.ts'
import { interval } from './intervals.ts'
import { optionOf } from './pass-through.ts'

/** True answers of each half of the tables; mutants come to about five times as many. */
const answersPerHalf = 350

/** Beside another program fewer: it takes as long again for each of its policies. */
const answersBeside = 100

const rate = ({ hits, total }: Tally) => interval(hits, total)

/** By kind of mutant and form of sentence, for each half; with `--verbose` what went wrong in the half that is looked at. */
function marks(): void {
  for (const half of halves) {
    const { answers, mutants } = evaluationSet(half, answersPerHalf)
    const scored = score(createOwnCheck(), answers, mutants)
    console.log(`\nTables ${half}: ${answers.length} true answers, ${mutants.length} mutants, 95 % Wilson intervals:`)
    printScore(scored)
    if (half === 'looked at' && process.argv.includes('--verbose')) printFailures(scored)
  }
}

function printScore({ mutants, falseMarks, bound }: Score): void {
  const kinds = mutantKinds.map((kind) => ({ mutant: kind, marked: rate(mutants.get(kind) ?? { hits: 0, total: 0 }) }))
  console.table([...kinds, { mutant: 'all', marked: rate(sumOfTallies(mutants.values())) }])
  const forms = [...falseMarks].map(([form, tally]) => ({
    'true figures of': form,
    'marked all the same': rate(tally),
  }))
  console.table([
    ...forms,
    { 'true figures of': 'all', 'marked all the same': rate(sumOfTallies(falseMarks.values())) },
  ])
  console.log(`True figures with a source: ${rate(bound)}`)
}

function printFailures({ missed, marked }: Score): void {
  for (const { kind, form, text, start, end } of missed)
    console.log(`not marked (${kind}, ${form}): ${text.slice(start, end)}`)
  for (const { answer, mark, form } of marked) {
    console.log(
      `marked, and true (${form}): [${answer.text.slice(mark.start, mark.end)}] in ${JSON.stringify(answer.text)}`,
    )
  }
}

/** Sentences of somebody who had not seen the checker; with `--verbose` what went wrong where it may be looked at: in the third set and a half of the fifth one. */
async function written(): Promise<void> {
  const everySet = [...freeSentences, ...secondFreeSentences, ...thirdFreeSentences, ...fourthFreeSentences]
  const sets = [
    ['free sentences', writtenSentences(freeSentences), createOwnCheck()],
    ['second set', writtenSentences(secondFreeSentences), createOwnCheck()],
    ['third set', writtenSentences(thirdFreeSentences), createOwnCheck()],
    ['fourth set', writtenSentences(fourthFreeSentences), createOwnCheck()],
    ['TabFact’s own, looked at', tabfactStatements('looked at', everySet), createOwnCheck()],
    ['TabFact’s own, counted alone', tabfactStatements('counted alone', everySet), createOwnCheck()],
    ['phrasings', writtenPhrasings(), createOwnCheck('2026-07-15')],
  ] as const
  const scores: (readonly [name: string, score: FreeScore])[] = sets.map(([name, sentences, check]) => [
    name,
    scoreWritten(check, sentences),
  ])
  for (const half of halves) scores.push([`fifth set, ${half}`, await scoreAnswers(fifthSet[half])])
  const rows = scores.map(([name, { wrongFound, rightMarked, rightContradicted, rightFigures, failures }]) => {
    const mayBeSeen = name === 'third set' || name === 'fifth set, looked at'
    if (mayBeSeen && process.argv.includes('--verbose')) console.log(failures.join('\n'))
    return { written: name, 'false ones marked': rate(wrongFound), 'true ones marked': rate(rightMarked), 'true ones contradicted': rate(rightContradicted), 'figures of true ones marked': rate(rightFigures) } // prettier-ignore
  })
  console.table(rows)
}

function calibration(): void {
  const { answers } = evaluationSet('counted alone', answersPerHalf)
  const percent = (value: number) => `${(value * 100).toFixed(1)} %`
  console.log('\nCoincidence, printed and measured on the same tables with their cells drawn anew:')
  console.table(
    calibrate(answers, 5, createRandom(7)).map(({ size, figures, printed, measured }) => ({
      size, figures, printed: percent(printed), measured: percent(measured), apart: percent(Math.abs(printed - measured)),
    })), // prettier-ignore
  )
}

/** The same answers, mutants and sentences for `figured`; each call of either indexes its tables anew. */
function beside(): void {
  const parts = halves.map((half) => evaluationSet(half, answersBeside))
  const set: EvaluationSet = {
    answers: parts.flatMap(({ answers }) => answers),
    mutants: parts.flatMap(({ mutants }) => mutants),
  }
  const asked = askedOf(set)
  const sentences = writtenSentences([...freeSentences, ...secondFreeSentences])
  const rows: Record<string, string>[] = []
  const row = (name: string, check: Check, { seconds, processor }: Taken) => {
    const { mutants, falseMarks, bound } = score(check, set.answers, set.mutants)
    const free = scoreWritten(check, sentences)
    rows.push({
      checker: name, 'mutants marked': rate(sumOfTallies(mutants.values())), 'true figures marked': rate(sumOfTallies(falseMarks.values())),
      'figures with a source': rate(bound), 'false free sentences marked': rate(free.wrongFound), 'true ones marked': rate(free.rightMarked),
      'ms an answer': ((seconds * 1000) / asked.length).toFixed(2), 'of the processor': ((processor * 1000) / asked.length).toFixed(2),
    }) // prettier-ignore
  }
  row('Sallyport', createOwnCheck(), ownTime(asked))
  for (const policy of figuredPolicies) {
    const theirs = figuredCheck([...asked, ...sentences], policy)
    if (theirs !== null) row(`figured 0.4.3, ${policy}`, theirs.check, theirs.taken)
  }
  console.log(`\nBeside figured, ${asked.length} answers:`)
  console.table(rows)
}

function askedOf({ answers, mutants }: EvaluationSet): readonly TracedAnswer[] {
  const asked = [
    ...answers.map(({ tables, text }) => ({ tables, text })),
    ...mutants.map(({ answer, text }) => ({ tables: answer.tables, text })),
  ]
  return shuffled(asked, createRandom(3))
}

/** As for the other program, a tenth of them is looked at once before. */
function ownTime(asked: readonly TracedAnswer[]): Taken {
  for (const { tables, text } of asked.filter((_, at) => at % 10 === 0)) groundAnswer(text, evidenceOf(tables))
  const [started, before] = [performance.now(), process.cpuUsage()]
  for (const { tables, text } of asked) groundAnswer(text, evidenceOf(tables))
  const { user, system } = process.cpuUsage(before)
  return { seconds: (performance.now() - started) / 1000, processor: (user + system) / 1e6 }
}

/**
 * What the checker of figures finds and what it takes: mutants and true figures (`--only marks`), written sentences (`written`), printed
 * coincidences (`calibration`), `figured` over the same answers (`beside`), answers over documents (`documents`), long answers over large tables (`speed`),
 * the time to the first word of a stream (`first-word`), and what a run keeps for it (`memory`).
 */
export async function benchGrounding(): Promise<void> {
  const parts: Readonly<Record<string, () => void | Promise<void>>> = {
    marks,
    written,
    calibration,
    beside,
    documents,
    speed: async () => report('grounding', await groundingSpeed()),
    'first-word': async () => report('grounding', await firstWord(200)),
    memory: async () => report('grounding', await groundingMemory()),
  }
  const only = optionOf('only')
  if (only !== null && !Object.hasOwn(parts, only)) {
    throw new Error(`--only takes ${Object.keys(parts).join(', ')}, not "${only}".`)
  }
  for (const [name, measure] of Object.entries(parts)) if (only === null || only === name) await measure()
}
