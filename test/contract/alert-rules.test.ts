import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { createMetrics } from '../../src/telemetry/metrics.ts'
import { promtool } from '../support/prometheus/promtool.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const path = resolve(import.meta.dirname, '../../deploy/prometheus/sallyport.rules.yml')

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

const { groups } = parse(readFileSync(path, 'utf8')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[]
}
const rules = groups.flatMap((group) => group.rules)

const tool = promtool()
if ('missing' in tool) process.stderr.write(`SKIPPED: alert rules in Prometheus, ${tool.missing}\n`)

/** More than a day, in minutes: what some rules compare with. */
const quietMinutes = 1_560

const series = {
  answered: 'sallyport_http_responses_total{route="/v1/chat/completions",status="200"}',
  mistaken: 'sallyport_http_responses_total{route="/v1/chat/completions",status="400"}',
  failed: 'sallyport_http_responses_total{route="/v1/chat/completions",status="502"}',
  unready: 'sallyport_http_responses_total{route="/readyz",status="503"}',
  bytes: 'sallyport_http_request_bytes_sum{route="/v1/chat/completions"}',
  bodies: 'sallyport_http_request_bytes_count{route="/v1/chat/completions"}',
  money: 'sallyport_used_total{group="default",unit="money"}',
  tokens: 'sallyport_used_total{group="default",unit="tokens"}',
  guesses: 'sallyport_events_total{part="credentials",event="refused"}',
  recovered: 'sallyport_ledger_recovered_total',
  lost: 'sallyport_events_total{part="audit",event="lost"}',
  leases: 'sallyport_events_total{part="lease",event="lost"}',
  elsewhere: 'sallyport_refusals_total{code="wrong-replica"}',
  warned: 'sallyport_events_total{part="detection",event="warning"}',
  grave: 'sallyport_events_total{part="detection",event="critical"}',
  unheard: 'sallyport_events_total{part="detection",event="events-lost"}',
} as const

type Series = keyof typeof series

/** What a service in ordinary use counts in a minute. */
const ordinary: Readonly<Record<Series, number>> = {
  answered: 60,
  mistaken: 3,
  failed: 0.1,
  unready: 2,
  bytes: 120_000,
  bodies: 60,
  money: 20_000,
  tokens: 50_000,
  guesses: 0.2,
  recovered: 0.1,
  lost: 0,
  leases: 0,
  elsewhere: 2,
  warned: 0.1,
  grave: 0,
  unheard: 0,
}

/** What is not counted but measured, on an ordinary day. */
const ordinaryLevels = { sallyport_ledger_unsettled: 1, sallyport_tuning_ignored: 0, sallyport_tuning_stale: 0 }

/** An ordinary day, and then what an event adds in a minute, and the levels that it has. */
function input(event: Partial<Record<Series, number>>, levels: Partial<typeof ordinaryLevels> = {}) {
  const counters = Object.entries(series).map(([name, labelled]) => {
    const each = ordinary[name as Series]
    const at = each * quietMinutes
    const then = each + (event[name as Series] ?? 0)
    return { series: labelled, values: `0+${each}x${quietMinutes} ${at + then}+${then}x20` }
  })
  const measured = Object.entries(ordinaryLevels).map(([name, level]) => {
    const then = { ...ordinaryLevels, ...levels }[name as keyof typeof ordinaryLevels]
    return { series: name, values: `${level}x${quietMinutes} ${then}x20` }
  })
  return [...counters, ...measured]
}

const events: Readonly<Record<string, Parameters<typeof input>>> = {
  SallyportClientErrors: [{ mistaken: 200 }],
  SallyportServerErrors: [{ failed: 30 }],
  SallyportPayloadJump: [{ bytes: 12_000_000 }],
  SallyportSpendJump: [{ money: 1_000_000 }],
  SallyportRefusedKeys: [{ guesses: 200 }],
  SallyportLedgerBacklog: [{}, { sallyport_ledger_unsettled: 50 }],
  SallyportAuditLost: [{ lost: 3 }],
  SallyportTuningIgnored: [{}, { sallyport_tuning_ignored: 1 }],
  SallyportTuningStale: [{}, { sallyport_tuning_stale: 1 }],
  SallyportLeaseLost: [{ leases: 1 }],
  SallyportWrongReplica: [{ elsewhere: 60 }],
  SallyportSandboxAlert: [{ grave: 1 }],
  SallyportSandboxUnheard: [{ unheard: 40 }],
}

/** Runs tests of Prometheus itself over the rules; what it says where one fails. */
function ask(tests: readonly object[]): string {
  if ('missing' in tool) throw new Error(tool.missing)
  const file = join(temporaryFolder('alert-rules-'), 'test.yml')
  writeFileSync(file, stringify({ rule_files: [path], evaluation_interval: '1m', tests }))
  const { stdout, stderr, status } = spawnSync(tool.path, ['test', 'rules', file], { encoding: 'utf8' })
  return status === 0 ? '' : `${stdout}${stderr}`
}

const fired = ({ labels, annotations }: Rule) => [{ exp_labels: labels, exp_annotations: annotations }]
const expecting = (minute: number, firing: readonly string[]) =>
  rules.map((rule) => ({
    eval_time: `${minute}m`,
    alertname: rule.alert,
    exp_alerts: firing.includes(rule.alert) ? fired(rule) : [],
  }))

describe('the alert rules', () => {
  it('read what the service counts, by the names that it has', async () => {
    verifies('metrics.alerts')
    const text = await createMetrics().text()
    const counted = new Set(
      [...text.matchAll(/^# TYPE (\S+) (\S+)/gm)].flatMap(([, name = '', type]) =>
        type === 'histogram' ? [`${name}_sum`, `${name}_count`, `${name}_bucket`] : [name],
      ),
    )
    const read = new Set(rules.flatMap(({ expr }) => expr.match(/sallyport_\w+/g) ?? []))
    expect([...read].filter((name) => !counted.has(name))).toEqual([])
    // A counter that first appears with its first happening has not increased, as Prometheus sees it.
    expect(text).toContain('sallyport_events_total{part="audit",event="lost"} 0')
    expect(text).toContain('sallyport_events_total{part="credentials",event="refused"} 0')
    expect(text).toContain('sallyport_events_total{part="lease",event="lost"} 0')
    expect(text).toContain('sallyport_refusals_total{code="wrong-replica"} 0')
    expect(text).toContain('sallyport_events_total{part="detection",event="critical"} 0')
    expect(text).toContain('sallyport_events_total{part="detection",event="events-lost"} 0')
  })

  it('have an event each in this test', () => {
    expect(rules.map(({ alert }) => alert).toSorted()).toEqual(Object.keys(events).toSorted())
  })
})

describe.skipIf('missing' in tool)('the alert rules in Prometheus', () => {
  it('are silent through a day of ordinary use', () => {
    verifies('metrics.alerts')
    const minutes = Array.from({ length: 79 }, (_, index) => index * 20)
    const test = {
      interval: '1m',
      input_series: input({}),
      alert_rule_test: minutes.flatMap((at) => expecting(at, [])),
    }
    expect(ask([test])).toBe('')
  })

  it('would be told by this test where one fired that should not', () => {
    const test = {
      interval: '1m',
      input_series: input({ lost: 3 }),
      alert_rule_test: expecting(quietMinutes + 2, []),
    }
    expect(ask([test])).toContain('SallyportAuditLost')
  })

  it.each(Object.entries(events))('%s fires within two minutes of its event, and alone', (alert, event) => {
    verifies('metrics.alerts')
    const test = (firing: readonly string[]) => ({
      interval: '1m',
      input_series: input(...event),
      alert_rule_test: [...expecting(quietMinutes - 1, []), ...expecting(quietMinutes + 2, firing)],
    })
    expect(ask([test([alert])])).toBe('')
  })
})
