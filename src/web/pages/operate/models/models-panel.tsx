import { askOperators, type AnswerOf } from '../../../api/operators.ts'
import { Badge } from '../../../components/badge.tsx'
import { Facts } from '../../../components/facts.tsx'
import { Panel } from '../../../components/panel.tsx'
import { RecordTable } from '../../../components/record-table.tsx'
import { Said } from '../../../components/said.tsx'
import { useLoaded } from '../../../components/use-loaded.ts'
import { durationText } from '../../../components/time-text.ts'
import { countText } from '../words.ts'
import { Explain } from './explain.tsx'
import { askedText } from './explain-draft.ts'

type Models = AnswerOf<'GET /admin/v1/models'>
type Provider = Models['providers'][number]

const everyMilliseconds = 15_000
const breakers = { closed: 'good', open: 'danger', 'half-open': 'warning' } as const

/** The service's own model, providers with the health of their targets, routes, and where a request would go. */
export function ModelsPanel() {
  const loaded = useLoaded((signal) => askOperators('GET /admin/v1/models', { signal }), [], everyMilliseconds)
  return (
    <Panel
      title="Models and routes"
      about="What answers, how that has gone in the last hour by the counts of this process, and where a request would go."
      loaded={loaded}
    >
      {loaded.value !== null && <Known of={loaded.value} />}
      {loaded.value !== null && <Explain model={firstModel(loaded.value)} />}
    </Panel>
  )
}

function Known({ of: { own, providers, routes } }: { readonly of: Models }) {
  return (
    <>
      <Facts
        facts={[
          ['Answers as analyst', own.scripted ? 'a script: it is a demonstration' : <Said>{own.model}</Said>],
          ...(own.scripted ? [] : [['At', <Said>{own.address ?? 'the address of its provider'}</Said>] as const]),
        ]}
      />
      <RecordTable
        caption="Providers"
        empty="No provider is configured: only the service’s own model answers."
        rows={providers}
        keyOf={({ name }) => name}
        columns={[
          { title: 'Name', cell: ({ name }) => <Said>{name}</Said> },
          { title: 'Protocol', cell: ({ kind }) => kind },
          {
            title: 'Address',
            cell: ({ address, region }) => <Said>{region === null ? address : `${address} (${region})`}</Said>,
          },
          { title: 'Answered', cell: ({ calls }) => countText(calls.answered), isNumber: true },
          { title: 'Failed', cell: ({ calls }) => countText(calls.failed), isNumber: true },
          {
            title: '95 % within',
            cell: ({ calls: { latency_ms: latency } }) => (latency === null ? '–' : durationText(latency.p95)),
            isNumber: true,
          },
        ]}
      />
      <RecordTable
        caption="Models of providers"
        empty="There is none."
        rows={providers.flatMap(targetsOf)}
        keyOf={({ provider, name }) => `${provider}/${name}`}
        columns={[
          { title: 'Name', cell: ({ name }) => <Said>{name}</Said> },
          { title: 'Provider', cell: ({ provider }) => <Said>{provider}</Said> },
          { title: 'Its name there', cell: ({ model }) => <Said>{model}</Said> },
          { title: 'Breaker', cell: ({ breaker }) => <Badge kind={breakers[breaker]}>{breaker}</Badge> },
          { title: 'Can', cell: ({ abilities }) => (abilities === null ? 'not said' : abilities.join(', ')) },
          { title: 'Price', cell: ({ priced }) => (priced ? 'known' : 'not known') },
        ]}
      />
      <RecordTable
        caption="Routes"
        empty="No name stands for several models."
        rows={routes}
        keyOf={({ name }) => name}
        columns={[
          { title: 'Name', cell: ({ name }) => <Said>{name}</Said> },
          { title: 'Strategy', cell: ({ strategy }) => askedText(strategy) },
          {
            title: 'Targets',
            cell: ({ targets }) => (
              <Said>{targets.map(({ name, tier }) => (tier === null ? name : `${name} (${tier})`)).join(', ')}</Said>
            ),
          },
        ]}
      />
    </>
  )
}

/** A name that goes somewhere: that of a route, or of a model of a provider; the service's own model goes nowhere. */
const firstModel = ({ routes, providers }: Models): string =>
  routes[0]?.name ?? providers.find(({ models }) => models.length > 0)?.models[0]?.name ?? 'analyst'

function targetsOf({ name: provider, models }: Provider) {
  return models.map(({ name, model, breaker, abilities, priced }) => ({
    provider,
    name,
    model,
    breaker,
    abilities,
    priced,
  }))
}
