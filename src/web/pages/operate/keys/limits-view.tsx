import { useState } from 'preact/hooks'
import { askOperators } from '../../../api/operators.ts'
import { Time } from '../../../components/time.tsx'
import { linkTo } from '../../../shell/router.ts'
import { Facts } from '../../../components/facts.tsx'
import { Field } from '../../../components/field.tsx'
import { Panel } from '../../../components/panel.tsx'
import { RecordTable } from '../../../components/record-table.tsx'
import { Code, Said } from '../../../components/said.tsx'
import { useLoaded } from '../../../components/use-loaded.ts'
import { limitRow } from './limit-rows.ts'

/** How each limit of one caller stands. To look uses nothing of it. */
export function LimitsView({ principal }: { readonly principal: string }) {
  const [typed, setTyped] = useState('')
  const [person, setPerson] = useState('')
  const loaded = useLoaded(
    (signal) =>
      askOperators('GET /admin/v1/limits', { query: { principal, ...(person === '' ? {} : { person }) }, signal }),
    [principal, person],
  )
  const { group, limits } = loaded.value ?? { group: '', limits: [] }
  return (
    <Panel
      title="Limits of a caller"
      about="What is used, what requests that run hold, and what is left."
      loaded={loaded}
    >
      <p>
        <a href={linkTo(['operate', 'keys'])}>All keys</a>
      </p>
      <Facts
        facts={[
          ['Caller', <Code>{principal}</Code>],
          ['Group', <Said>{group}</Said>],
        ]}
      />
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setPerson(typed.trim())
        }}
      >
        <Field
          label="One person behind this key"
          hint="As the application signs them; empty for the key itself. Enter looks."
        >
          {(given) => <input {...given} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />}
        </Field>
      </form>
      <RecordTable
        caption="Limits"
        empty="Nothing limits this caller."
        rows={limits.map(limitRow)}
        keyOf={({ name }) => name}
        columns={[
          { title: 'Limit', cell: ({ name }) => name },
          {
            title: 'Taken',
            cell: ({ name, filled, share }) => (
              <span class="operate-meter">
                <meter aria-label={`Taken of ${name}`} min={0} max={1} high={0.9} optimum={0} value={filled} /> {share}
              </span>
            ),
          },
          { title: 'Used', cell: ({ used }) => used, isNumber: true },
          { title: 'Held', cell: ({ held }) => held, isNumber: true },
          { title: 'Left', cell: ({ left }) => left, isNumber: true },
          { title: 'Of', cell: ({ most }) => most, isNumber: true },
          { title: 'More comes', cell: ({ nextAt }) => (nextAt === null ? '–' : <Time at={nextAt} relative />) },
        ]}
      />
    </Panel>
  )
}
