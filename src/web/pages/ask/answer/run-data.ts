import { useEffect, useState } from 'preact/hooks'
import { askApi } from '../ask-api.ts'
import { chartsOf, tablesOf, type RunChart, type RunTable } from '../data-api.ts'

/** What a run has come to, as data, once it is over. */
export interface RunData {
  readonly tables: readonly RunTable[]
  readonly charts: readonly RunChart[]
  readonly error: unknown
}

const nothing: RunData = { tables: [], charts: [], error: null }

/** `run`: null as long as it goes on, or where nothing is kept of it. */
export function useRunData(run: string | null): RunData {
  const [data, setData] = useState(nothing)
  useEffect(() => {
    let isCurrent = true
    if (run === null) return
    Promise.all([tablesOf(run), chartsOf(run)]).then(
      ([tables, charts]) => isCurrent && setData({ tables: tables.data, charts: charts.data, error: null }),
      (error: unknown) => isCurrent && setData({ ...nothing, error }),
    )
    return () => {
      isCurrent = false
    }
  }, [run])
  return data
}

/** Why calls of a run were asked about or refused, by the number of the call, once somebody looks at its steps. */
export function useExplanation(run: string | null, isLookedAt: boolean): ReadonlyMap<number, RuleFired> {
  const [rules, setRules] = useState<ReadonlyMap<number, RuleFired>>(new Map())
  useEffect(() => {
    let isCurrent = true
    if (run === null || !isLookedAt) return
    askApi.explain(run).then(
      ({ calls }) => {
        const found = calls.flatMap(({ call, ...said }) => (call === null ? [] : [[call, said] as const]))
        if (isCurrent) setRules(new Map(found))
      },
      // The steps are there all the same.
      () => {},
    )
    return () => {
      isCurrent = false
    }
  }, [run, isLookedAt])
  return rules
}

export interface RuleFired {
  readonly rules: readonly string[]
  readonly sentence: string
}
