import type { Metrics } from './metrics.ts'

/** What a single command counts with: nobody can ask it for figures, so none are kept and no library is loaded. */
export const noMetrics: Metrics = {
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
  text: async () => '',
  observeProcess() {},
  observe() {},
  fault() {},
  call() {},
  failedAttempt() {},
  endpointCall() {},
  detectorCheck() {},
  response() {},
  content() {},
  tuning: { decided() {}, compared() {}, recorded() {}, dropped() {}, state() {}, stale() {} },
  complaint() {},
  decision() {},
  refusal() {},
  quotas: { onRefused() {}, onSettled() {}, onUnsettled() {}, onRecovered() {} },
  count() {},
  setSandboxes() {},
}
