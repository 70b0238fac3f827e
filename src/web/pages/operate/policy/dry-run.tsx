import { useState } from 'preact/hooks'
import { askOperators, type AnswerOf } from '../../../api/operators.ts'
import { Badge } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { CodeEditor } from '../../../components/code-editor.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { visibleText } from '../../../components/visible-text.ts'
import { Facts } from '../../../components/facts.tsx'
import { Field } from '../../../components/field.tsx'
import { Said } from '../../../components/said.tsx'
import { useDoing } from '../../../components/use-loaded.ts'
import { useDraft } from '../../../shell/use-draft.ts'
import { aboutDecision, decisions, outcomeKind, readQuestion, type Decision } from './questions.ts'

type Answer = AnswerOf<'POST /admin/v1/policy/explain'>

interface DryRunDraft {
  readonly decision: Decision
  /** As typed. */
  readonly text: string
}

/** What the rules in force say of a question that nobody has asked: nothing happens by it. */
export function DryRun({ examples }: { readonly examples: Readonly<Record<Decision, object>> }) {
  const exampleOf = (decision: Decision): string => JSON.stringify(examples[decision], null, 2)
  const [{ decision, text }, setDraft] = useDraft<DryRunDraft>('dry run', {
    decision: 'grant',
    text: exampleOf('grant'),
  })
  const setText = (typed: string): void => setDraft({ decision, text: typed })
  const [answer, setAnswer] = useState<Answer | null>(null)
  const doing = useDoing()
  const read = readQuestion(decision, text)
  const run = async (): Promise<void> => {
    if ('fault' in read) return
    await doing.run(async () => {
      setAnswer(null)
      setAnswer(await askOperators('POST /admin/v1/policy/explain', { body: read.question }))
    })
  }
  return (
    <section aria-label="Dry run">
      <h2>Dry run</h2>
      <p class="muted">The rules in force are asked a question. Nothing of it happens, and what you ask is not kept.</p>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          void run()
        }}
      >
        <Field label="Decision" hint={`About ${aboutDecision(decision)}.`}>
          {(given) => (
            <select
              {...given}
              value={decision}
              onChange={(event) => {
                const chosen = decisions.find((each) => each === event.currentTarget.value) ?? 'grant'
                setDraft({ decision: chosen, text: exampleOf(chosen) })
                setAnswer(null)
              }}
            >
              {decisions.map((each) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </select>
          )}
        </Field>
        <CodeEditor label="The input of the question" value={text} onInput={setText} onRun={() => void run()} />
        {'fault' in read && <p class="field-fault small">{read.fault}</p>}
        <div class="actions">
          <Button type="submit" kind="primary" busy={doing.isBusy} disabled={'fault' in read}>
            Ask the rules
          </Button>
          <Button kind="quiet" onClick={() => setText(exampleOf(decision))}>
            Start from the example again
          </Button>
        </div>
      </form>
      {doing.error !== null && <ProblemNotice error={doing.error} />}
      <div aria-live="polite">{answer !== null && <Answered answer={answer} />}</div>
    </section>
  )
}

function Answered({ answer: { outcome, revision, rules, reason, output } }: { readonly answer: Answer }) {
  return (
    <>
      <Facts
        facts={[
          ['Outcome', <Badge kind={outcomeKind(outcome)}>{outcome}</Badge>],
          ['Why', <Said>{reason ?? 'no reason is given'}</Said>],
          ['Rules that had a say', <Said>{rules.length === 0 ? 'none' : rules.join(', ')}</Said>],
          ['Revision', <Said>{revision ?? 'none is said'}</Said>],
        ]}
      />
      {output !== null && (
        <pre class="quoted-text" tabIndex={0} aria-label="The whole decision">
          {visibleText(JSON.stringify(output, null, 2))}
        </pre>
      )}
    </>
  )
}
