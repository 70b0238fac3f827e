import { useEffect, useRef, useState } from 'preact/hooks'
import { Badge } from '../../../components/badge.tsx'
import { Markdown } from '../../../components/markdown.tsx'
import { durationText } from '../../../components/time-text.ts'
import { visibleText } from '../../../components/visible-text.ts'
import type { OpenConversation } from '../conversation/open-conversation.ts'
import { StepCode } from './step-code.tsx'
import { useExplanation, type RuleFired } from './run-data.ts'
import { isRunning, runOf, stepsOf, wayOf, type Plan, type Step, type Turn } from '../turn/turn.ts'

interface StepsProps {
  readonly turn: Turn
  readonly conversation: OpenConversation
  readonly source: string | null
  /** The step that is shown, by its number from 1; null for none. */
  readonly openCall: number | null
  /** Words for the next question. */
  readonly onAbout: (words: string) => void
}

/** What was done for an answer, in order, with how long it took, what ran, and the rule that had a say. Closed until somebody looks. */
export function Steps({ turn, conversation, source, openCall, onAbout }: StepsProps) {
  const [isOpen, setOpen] = useState(false)
  const running = isRunning(turn)
  const rules = useExplanation(running ? null : runOf(turn), isOpen)
  const steps = stepsOf(turn)
  const way = wayOf(turn)
  useEffect(() => {
    if (openCall !== null) setOpen(true)
  }, [openCall])
  if (way.length === 0) return null
  const refused = steps.filter(({ state }) => state === 'failed').length
  return (
    <details class="steps" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {steps.length} {steps.length === 1 ? 'step' : 'steps'}{' '}
        {refused > 0 && !running && <Badge kind="warning">{refused} not done</Badge>}
      </summary>
      <ol class="step-list">
        {way.map((item) => {
          if (item.type === 'words')
            return (
              <li key={item.id} class="step-words">
                <Markdown text={item.text} />
              </li>
            )
          if (item.type === 'plan') return <PlanItem key={item.id} plan={item} />
          const call = steps.indexOf(item) + 1
          return (
            <StepItem
              key={item.id}
              {...{ step: item, call, turn, conversation, source, onAbout }}
              rule={rules.get(call) ?? null}
              isShown={openCall === call}
            />
          )
        })}
      </ol>
    </details>
  )
}

function PlanItem({ plan }: { readonly plan: Plan }) {
  return (
    <li class="step-words">
      <ul class="plan">
        {plan.lines.map((line) => (
          <li key={line}>{visibleText(line)}</li>
        ))}
      </ul>
    </li>
  )
}

const titles: Readonly<Record<string, string>> = {
  describe_data: 'Looked at the data',
  run_sql: 'Query',
  run_python: 'Program (Python)',
  run_javascript: 'Program (JavaScript)',
  run_shell: 'Commands (shell)',
  extract_values: 'Values out of a text',
}

interface StepProps extends Omit<StepsProps, 'openCall'> {
  readonly step: Step
  readonly call: number
  readonly rule: RuleFired | null
  readonly isShown: boolean
}

function StepItem({ step, call, turn, conversation, source, rule, isShown, onAbout }: StepProps) {
  const element = useRef<HTMLDetailsElement>(null)
  const { tool, state, output, code, begun, ended } = step
  useEffect(() => {
    if (!isShown || element.current === null) return
    element.current.open = true
    element.current.scrollIntoView({ block: 'nearest' })
    element.current.querySelector('summary')?.focus()
  }, [isShown])
  return (
    <li>
      <details ref={element} class={`step step-${state}`} data-call={call}>
        <summary>
          <span class="step-number">{call}</span> {visibleText(titles[tool] ?? tool)}{' '}
          {state === 'running' && <Badge kind="accent">running</Badge>}
          {state === 'failed' && <Badge kind="warning">not done</Badge>}{' '}
          {begun !== null && ended !== null && <span class="muted small">{durationText(ended - begun)}</span>}
          <TimeBar turn={turn} step={step} />
        </summary>
        {rule !== null && (
          <p class="step-rule">
            {rule.rules.map((name) => (
              <Badge key={name} kind="accent">
                {visibleText(name)}
              </Badge>
            ))}{' '}
            {visibleText(rule.sentence)}
          </p>
        )}
        {code !== null && code !== '' && (
          <StepCode {...{ step, code, conversation, source, onAbout }} mayRun={!isRunning(turn)} />
        )}
        {output !== null && output !== '' && (
          <pre class="step-output" tabIndex={0} aria-label={`What step ${call} said`}>
            {visibleText(output)}
          </pre>
        )}
      </details>
    </li>
  )
}

/** When a step ran within its turn. */
function TimeBar({ turn, step: { begun, ended } }: { readonly turn: Turn; readonly step: Step }) {
  const { begun: from, milliseconds } = turn
  if (from === null || begun === null || milliseconds === null || milliseconds <= 0) return null
  const percent = (at: number): number => Math.max(0, Math.min(100, ((at - from) / milliseconds) * 100))
  const left = percent(begun)
  const width = Math.max(1, percent(ended ?? from + milliseconds) - left)
  return (
    <span class="time-bar" aria-hidden="true">
      <span style={{ left: `${Math.min(left, 99)}%`, width: `${width}%` }} />
    </span>
  )
}
