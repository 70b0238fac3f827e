import type { AgentEvent, ToolSource } from '../../core/events.ts'
import { longestPlanStep, markOfStep, type PlanStep } from '../../core/plan.ts'
import { describeFindings } from '../../core/verdict.ts'
import type { Output } from '../terminal.ts'
import { duration } from './duration.ts'
import { foldText } from './fold-text.ts'
import { writeNotes } from './notes.ts'
import { plainLine, plainText } from './plain-text.ts'

/** The first lines of a source, indented, with what was left out said. */
export function preview(source: ToolSource, maximumLines: number): string {
  if (maximumLines === 0) return ''
  const lines = plainText(source.text).trimEnd().split('\n')
  const shown = lines
    .slice(0, maximumLines)
    .join('\n')
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`.trimEnd())
  const left = lines.length - shown.length
  return [...shown, ...(left > 0 ? [`    … ${left} more ${left === 1 ? 'line' : 'lines'}`] : []), ''].join('\n')
}

const stepStyles = { completed: 'dim', in_progress: 'bold', pending: null } as const

/** What the model means to do, a line for each step, and longer ones folded. */
function writePlan(output: Output, steps: readonly PlanStep[]): void {
  output.write(`${output.style('bold', 'Plan')}\n`)
  for (const step of steps) {
    const text = foldText(`  ${markOfStep(step)} ${plainLine(step.text, longestPlanStep)}`, output.width)
    const style = stepStyles[step.status]
    output.write(`${style === null ? text : output.style(style, text)}\n`)
  }
}

/** Writes the steps of a run to standard error while they happen. Text deltas are not its business. */
export function createProgress(output: Output, options: { readonly previewLines: number }) {
  const line = (mark: string, text: string): void => output.write(`${mark} ${text}\n`)
  const good = output.style('green', '✔')
  const bad = output.style('red', '✖')
  return (event: AgentEvent): void => {
    switch (event.type) {
      case 'plan':
        return writePlan(output, event.steps)
      case 'tool-call':
        line(output.style('cyan', '▸'), output.style('bold', plainLine(event.tool, 60)))
        if (event.source !== null) output.write(output.style('dim', preview(event.source, options.previewLines)))
        return
      case 'tool-result': {
        const facts = `${duration(event.milliseconds)}, ${plainLine(event.ranIn, 60)}`
        const outcome = event.cell?.outcome ?? 'ok'
        line(
          outcome === 'ok' ? good : bad,
          `${plainLine(event.tool, 60)}: ${plainLine(event.summary, 200)} ${output.style('dim', `(${facts})`)}`,
        )
        writeNotes(output, event.findings ?? [])
        if (event.cell?.notice) output.write(`    ${plainText(event.cell.notice)}\n`)
        return
      }
      case 'tool-refusal': {
        const reasons = event.findings.length > 0 ? describeFindings(event.findings).split('\n') : [event.message]
        line(bad, `${plainLine(event.tool, 60)} refused:`)
        for (const reason of reasons) output.write(`    ${plainText(reason)}\n`)
        return
      }
      case 'tool-failure':
        line(bad, `${plainLine(event.tool, 60)} failed: ${plainLine(event.message, 300)}`)
        return
      case 'end': {
        writeNotes(output, event.findings ?? [])
        const tokens = (event.usage.inputTokens + event.usage.outputTokens).toLocaleString('en')
        const steps = `${event.steps} ${event.steps === 1 ? 'step' : 'steps'}`
        output.write(output.style('dim', `${steps}, ${tokens} tokens, ${duration(event.milliseconds)}\n`))
        return
      }
      case 'step-start':
      case 'text-delta':
      case 'artifact':
        return
    }
  }
}
