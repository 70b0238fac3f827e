import { useState } from 'preact/hooks'
import type { Appeal } from '../../../../client/generated/appeals.ts'
import { toProblem } from '../../../api/problem.ts'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { visibleText } from '../../../components/visible-text.ts'
import { askApi } from '../ask-api.ts'
import type { RunTable } from '../data-api.ts'
import { ReasonFields, type ReasonDraft } from './reason-fields.tsx'
import type { Finding, Turn } from '../turn/turn.ts'

const reasons = [
  ['harmless', 'It is harmless'],
  ['needed', 'I need what was hidden'],
] as const

type Reason = (typeof reasons)[number][0]

const states: Readonly<Record<Appeal['state'], string>> = {
  waiting: 'It waits for a person to look at it.',
  labelled: 'A person has looked at it.',
  dismissed: 'It was put aside.',
}

const outcomes: Readonly<Record<NonNullable<Appeal['outcome']>, string>> = {
  upheld: 'The filter was wrong.',
  rejected: 'The filter was right.',
  undecided: 'They could not say.',
}

/** What filters and policy hid of an answer, and an objection to it. Nothing is shown where nothing was hidden. */
export function WhyHidden({ turn, tables }: { readonly turn: Turn; readonly tables: readonly RunTable[] }) {
  const [isOpen, setOpen] = useState(false)
  const findings = distinct([...turn.findings, ...tables.flatMap((table) => table.findings)])
  const masked = tables.flatMap(({ columns }) =>
    columns.filter(({ masked: by }) => by === 'policy').map(({ name }) => name),
  )
  // What was hidden when rows were read is no decision about the answer, and none is recorded of it.
  const isOfRows = turn.decision === null && turn.findings.length === 0
  const decision = isOfRows ? null : (turn.decision ?? turn.name ?? turn.response)
  if (findings.length === 0 && masked.length === 0 && turn.decision === null) return null
  return (
    <>
      <Button kind="quiet" onClick={() => setOpen(true)}>
        Why was this hidden?
      </Button>
      <Dialog open={isOpen} title="Why was this hidden?" onClose={() => setOpen(false)}>
        {turn.decision !== null && turn.fault !== null && <p>{visibleText(turn.fault.message)}</p>}
        <ul>
          {findings.map(({ rule, message }) => (
            <li key={`${rule} ${message}`}>
              {visibleText(message)} <code>{visibleText(rule)}</code>
            </li>
          ))}
          {[...new Set(masked)].map((name) => (
            <li key={name}>
              The policy of your group masks the column <code>{visibleText(name)}</code>.
            </li>
          ))}
        </ul>
        {decision === null && turn.response === null ? (
          <p class="muted">Nothing is kept of this answer that could be objected to.</p>
        ) : (
          <>
            {isOfRows && (
              <p class="muted">
                This was hidden when the rows were read, before the answer was written: no decision about the answer is
                recorded of that. What you say is an opinion about the answer, which people who run this service read.
              </p>
            )}
            <ObjectionForm decision={decision} answer={turn.response} />
          </>
        )}
      </Dialog>
    </>
  )
}

function distinct(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [`${finding.rule} ${finding.message}`, finding])).values()]
}

interface ObjectionProps {
  /** `dec-…`, or the name or the response of the answer; null where no decision is recorded. */
  readonly decision: string | null
  /** `resp_…` */
  readonly answer: string | null
}

/**
 * An objection to the decision of a filter, or, where none is recorded by itself, an opinion about the answer: people who run the service read both, and the person is told
 * which one it became.
 */
function ObjectionForm({ decision, answer }: ObjectionProps) {
  const [appeal, setAppeal] = useState<Appeal | null>(null)
  const [isSaid, setSaid] = useState(false)
  const [draft, setDraft] = useState<ReasonDraft<Reason>>({ reason: 'harmless', comment: '' })
  const [error, setError] = useState<unknown>(null)
  const object = async (): Promise<void> => {
    try {
      if (decision !== null) return done(await askApi.makeAppeal({ decision, ...draft }))
    } catch (problem) {
      // The decision about the answer is not kept, or it has hidden nothing.
      const { status, code } = toProblem(problem)
      if ((status !== 404 && code !== 'conflict') || answer === null) return setError(problem)
    }
    if (answer === null) return
    try {
      await askApi.giveFeedback({ about: answer, verdict: 'down', ...draft })
      setSaid(true)
      setError(null)
    } catch (problem) {
      setError(problem)
    }
  }
  const done = (made: Appeal): void => {
    setAppeal(made)
    setError(null)
  }
  if (appeal !== null)
    return (
      <div role="status">
        <p>
          Your objection was taken. {states[appeal.state]} {appeal.outcome === null ? '' : outcomes[appeal.outcome]}
        </p>
        {error !== null && <ProblemNotice error={error} />}
        <Button onClick={() => void askApi.showAppeal(appeal.id).then(done, setError)}>How does it stand?</Button>
      </div>
    )
  if (isSaid)
    return (
      <p role="status">
        What you said was taken as an opinion about the answer, since no decision of its own is recorded about this:
        people who run this service read it.
      </p>
    )
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void object()
      }}
    >
      {error !== null && <ProblemNotice error={error} />}
      <ReasonFields legend="Object to it" choices={reasons} draft={draft} onDraft={setDraft} />
      <Button kind="primary" type="submit">
        Object
      </Button>
    </form>
  )
}
