import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A question of DABench about one table, with the program that is to answer it here, and what the corpus says is right. */
export interface Question {
  readonly id: number
  /** As a person would ask it: the question, what is to be minded, and the form of the answer. */
  readonly text: string
  readonly table: string
  readonly program: string
  /** Names and values of the answer. */
  readonly labels: readonly (readonly [name: string, value: string])[]
}

interface Corpus {
  readonly questions: string
  readonly labels: string
}

/** The questions of the corpus for which there is a program, in its order. Each has labels. */
export function readQuestions({ questions, labels }: Corpus): readonly Question[] {
  const programs = readPrograms()
  const answers = new Map(readLines<Labelled>(labels).map((row) => [row.id, row.common_answers]))
  return readLines<Asked>(questions).flatMap((row) => {
    const program = programs.sections.get(String(row.id))
    if (program === undefined) return []
    const text = `#${row.id} ${row.question}\n${row.constraints}\n${row.format}`
    const code = [programs.beginning, `path = ${JSON.stringify(`/mnt/data/${row.file_name}`)}`, readTable, program]
    return [{ id: row.id, text, table: row.file_name, program: code.join('\n'), labels: answers.get(row.id) ?? [] }]
  })
}

/** The names and values in an answer, as the corpus wants them written: `@mean_fare[34.65]`. */
export function valuesIn(answer: string): ReadonlyMap<string, string> {
  return new Map(Array.from(answer.matchAll(/^@(\w+)\[(.*)\]$/gm), ([, name = '', value = '']) => [name, value.trim()]))
}

/** Each label that the answer does not have, with what stands there; numbers are compared as numbers. */
export function mistakesIn(answer: string, { labels }: Question): readonly string[] {
  const values = valuesIn(answer)
  return labels.flatMap(([name, label]) => {
    const value = values.get(name)
    const isRight = value === label.trim() || (label.trim() !== '' && Math.abs(Number(value) - Number(label)) < 1e-6)
    return isRight ? [] : [`${name}: ${value ?? 'nothing'}, not ${label}`]
  })
}

interface Asked {
  readonly id: number
  readonly question: string
  readonly constraints: string
  readonly format: string
  readonly file_name: string
}

interface Labelled {
  readonly id: number
  readonly common_answers: Question['labels']
}

const readTable = 'data = pd.read_csv(path)'

function readLines<Row>(path: string): Row[] {
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line) as Row)
}

function readPrograms() {
  const text = readFileSync(join(import.meta.dirname, 'analyses.py'), 'utf8')
  const parts = text.split(/^# (beginning|question \d+)\n/m).slice(1)
  const sections = new Map<string, string>()
  for (let at = 0; at < parts.length; at += 2) {
    sections.set((parts[at] ?? '').replace('question ', ''), (parts[at + 1] ?? '').trim())
  }
  return { beginning: sections.get('beginning') ?? '', sections }
}
