import { isDoubtful } from '../../../src/core/answer-grounding.ts'
import type { AgentEvent } from '../../../src/core/events.ts'
import type { TableData } from '../../../src/core/result.ts'
import { LoopShare } from '../../../src/filters/loop-share.ts'
import { RunGrounding } from '../../../src/gateway/ground/run-grounding.ts'
import { collect, delta, end, replay, toolResult } from '../agent-events.ts'
import { callGrant } from '../received-call.ts'
import { cellResult } from '../sandbox/cell-result.ts'
import { createFreeTally, type FreeScore } from './free-scores.ts'
import { resultOf, type AnalystAnswer } from './free-sentences/fifth-set/analyst-answer.ts'
import { cellsOf } from './free-sentences/fifth-set/run-result.ts'

/** What comes of answers where a run gives them, behind its results: with all that a gateway takes for a source, and for a claim. */
export async function scoreAnswers(answers: readonly AnalystAnswer[]): Promise<FreeScore> {
  const tally = createFreeTally()
  for (const { question, results, answer, label } of answers) {
    const request = {
      messages: [{ role: 'user', content: question } as const],
      grant: { ...callGrant, grounding: 'annotate' as const },
    }
    const events = [...results.map((id, at) => eventOf(id, at + 1)), delta(answer, results.length + 1), end()]
    const last = (await collect(new RunGrounding(request, new LoopShare()).told(replay(events)))).at(-1)
    const marks = last?.type === 'end' ? (last.grounding?.marks ?? []) : []
    tally.add({
      text: answer,
      right: label,
      marks: marks.map((mark) => ({ marked: isDoubtful(mark), contradicted: mark.verdict === 'contradicted' })),
      told: marks.filter(isDoubtful).map(({ text, reason }) => `    ${text}: ${reason}`),
    })
  }
  return tally.score
}

function eventOf(id: string, number: number): AgentEvent {
  const { kind, text } = resultOf(id)
  if (kind === 'rows') return toolResult({ number, table: tableOf(text) })
  return toolResult({ number, tool: 'run_python', cell: cellResult({ stdout: { text, truncated: false } }) })
}

/** Rows as a database gives them: a column is of numbers where each cell is one. */
function tableOf(text: string): TableData {
  const [names = [], ...rows] = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(cellsOf)
  const numeric = names.map((_, place) => rows.every((row) => /^-?\d+(?:\.\d+)?$/.test(row[place] ?? '')))
  return {
    columns: names.map((name, place) => ({ name, type: numeric[place] === true ? 'numeric' : 'text' })),
    rows: rows.map((row) => row.map((cell, place) => (numeric[place] === true ? Number(cell) : cell))),
    totalRows: rows.length,
  }
}
