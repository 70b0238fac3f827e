import { useState } from 'preact/hooks'
import { askOperators, type AnswerOf } from '../../../api/operators.ts'
import { Badge } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { CodeEditor } from '../../../components/code-editor.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { Facts } from '../../../components/facts.tsx'
import { Field } from '../../../components/field.tsx'
import { RecordTable } from '../../../components/record-table.tsx'
import { Said } from '../../../components/said.tsx'
import { useDoing } from '../../../components/use-loaded.ts'
import { useDraft } from '../../../shell/use-draft.ts'
import { askedText, exampleRequest, figureText, readExplain, skippedText, type ExplainDraft } from './explain-draft.ts'

const callers = [
  { name: 'principal', label: 'Caller', hint: 'The id of a key, or token-…; empty for anybody of the group.' },
  { name: 'group', label: 'Group', hint: 'Of whoever has a token, or of anybody; a key has its own.' },
  { name: 'person', label: 'Person', hint: 'One for whom an application would send it.' },
] as const

/** Where a request would go at this moment, by what the process knows; nothing is sent. */
export function Explain({ model }: { readonly model: string }) {
  const [draft, setDraft] = useDraft<ExplainDraft>('route', {
    body: exampleRequest(model),
    principal: '',
    group: '',
    person: '',
  })
  const [told, setTold] = useState<AnswerOf<'POST /admin/v1/routes/explain'> | null>(null)
  const doing = useDoing()
  const read = readExplain(draft)
  const fault = 'fault' in read ? read : null
  const explain = async (): Promise<void> => {
    if (fault !== null || !('body' in read)) return
    await doing.run(async () => {
      setTold(null)
      setTold(await askOperators('POST /admin/v1/routes/explain', { body: read.body }))
    })
  }
  return (
    <section aria-label="Where a request would go">
      <h2>Where a request would go</h2>
      <p class="muted">Nothing is sent, and the body is not on the audit trail.</p>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          void explain()
        }}
      >
        <CodeEditor
          label="The body of the request"
          value={draft.body}
          onInput={(body) => setDraft({ ...draft, body })}
          onRun={() => void explain()}
        />
        {fault?.field === 'body' && <p class="field-fault small">{fault.fault}</p>}
        <div class="operate-search">
          {callers.map(({ name, label, hint }) => (
            <Field key={name} label={label} hint={hint} fault={fault?.field === name ? fault.fault : null}>
              {(given) => (
                <input
                  {...given}
                  value={draft[name]}
                  onInput={(event) => setDraft({ ...draft, [name]: event.currentTarget.value })}
                />
              )}
            </Field>
          ))}
        </div>
        <div class="actions">
          <Button type="submit" kind="primary" busy={doing.isBusy} disabled={fault !== null}>
            Explain
          </Button>
        </div>
      </form>
      {doing.error !== null && <ProblemNotice error={doing.error} />}
      {told !== null && <Told told={told} />}
    </section>
  )
}

const breakers = { closed: 'good', open: 'danger', 'half-open': 'warning' } as const

function Told({ told }: { readonly told: AnswerOf<'POST /admin/v1/routes/explain'> }) {
  return (
    <div role="status">
      <Facts
        facts={[
          ['Route', <Said>{told.route}</Said>],
          ['Chosen by', askedText(told.by)],
        ]}
      />
      <RecordTable
        caption="Asked in this order: the first, and the others where those before it fail"
        empty="Nothing is asked."
        rows={told.asked.map((target, at) => ({ target, at }))}
        keyOf={({ at }) => at}
        columns={[
          { title: 'Place', cell: ({ at }) => at + 1, isNumber: true },
          { title: 'Target', cell: ({ target }) => <Said>{target.name}</Said> },
          { title: 'Provider', cell: ({ target }) => <Said>{target.upstream}</Said> },
          { title: 'Why', cell: ({ target }) => askedText(target.why) },
          { title: 'Ranked by', cell: ({ target }) => figureText(told.by, target.figure), isNumber: true },
          { title: 'Breaker', cell: ({ target }) => <Badge kind={breakers[target.breaker]}>{target.breaker}</Badge> },
        ]}
      />
      {told.skipped.length > 0 && (
        <RecordTable
          caption="Passed over"
          empty=""
          rows={told.skipped}
          keyOf={({ name, upstream }) => `${upstream}/${name}`}
          columns={[
            { title: 'Target', cell: ({ name }) => <Said>{name}</Said> },
            { title: 'Provider', cell: ({ upstream }) => <Said>{upstream}</Said> },
            { title: 'Why', cell: ({ why }) => skippedText(why) },
          ]}
        />
      )}
    </div>
  )
}
