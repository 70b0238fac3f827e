import { useState } from 'preact/hooks'
import { Badge } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { Facts } from '../../../components/facts.tsx'
import { RecordTable } from '../../../components/record-table.tsx'
import { Code, Said } from '../../../components/said.tsx'
import { Time } from '../../../components/time.tsx'
import { linkTo } from '../../../shell/router.ts'
import { linesBefore } from '../audit/audit-query.ts'
import { queueRow, scoreRows, type OpenedItem } from './queue-rows.ts'

/** What an item is about: whose it is, the answer and the decision that it is of, and where the trail has what happened around it. */
export function OpenedFacts({ opened: { item, decision, labels } }: { readonly opened: OpenedItem }) {
  const { id, what, principal, made } = queueRow(item)
  const [wantsScores, setWantsScores] = useState(false)
  // Whoever sees what the filter thinks labels that, and not what the text is.
  const isBlind = labels.length === 0 && !wantsScores
  return (
    <>
      <Facts
        facts={[
          ['What is said', what],
          ['Id', <Code>{id}</Code>],
          ['Caller', <Said>{principal}</Said>],
          ['When', <Time at={made} />],
          ...('complaint' in item
            ? ([
                ['State', <Badge>{item.complaint.state}</Badge>],
                ['Answer', item.complaint.answer === null ? 'none is named' : <Code>{item.complaint.answer}</Code>],
                ...(decision !== null || item.complaint.decision === null
                  ? []
                  : [['Decision, which is not kept any more', <Code>{item.complaint.decision}</Code>] as const]),
              ] as const)
            : []),
          [
            'On the trail',
            <a href={linkTo(['operate', 'audit'], linesBefore(principal, made))}>
              What this caller did in the hour before
            </a>,
          ],
          ...(decision === null
            ? []
            : ([
                ['Decision', <Code>{decision.id}</Code>],
                isBlind
                  ? (['Direction', decision.direction] as const)
                  : (['What it did', `${decision.action}, ${decision.direction}`] as const),
                ['Group', <Said>{decision.group}</Said>],
                ['Profile', <Said>{`${decision.profile.name}, version ${decision.profile.version}`}</Said>],
              ] as const)),
        ]}
      />
      {decision === null && (
        <p class="muted">
          No decision of a filter is kept for it. The question and its answer are the caller’s, and no page of operators
          shows them; the comment says what was wrong.
        </p>
      )}
      {decision !== null && isBlind && (
        <p>
          <Button onClick={() => setWantsScores(true)}>Show the scores</Button>{' '}
          <span class="muted">They say what the filter thinks: label it first.</span>
        </p>
      )}
      {decision !== null && !isBlind && (
        <RecordTable
          caption="Scores"
          empty="No rule has scored it."
          rows={scoreRows(decision)}
          keyOf={({ rule }) => rule}
          columns={[
            { title: 'Category', cell: ({ rule }) => <Said>{rule}</Said> },
            { title: 'Score', cell: ({ score }) => score, isNumber: true },
            { title: 'Threshold', cell: ({ threshold }) => threshold, isNumber: true },
            {
              title: 'What it did',
              cell: ({ effective, acted }) => <Badge kind={acted ? 'warning' : 'neutral'}>{effective}</Badge>,
            },
          ]}
        />
      )}
    </>
  )
}
