import type { SandboxAlert } from '../../../src/core/detection-facts.ts'
import type { SandboxEvent } from '../../../src/core/facts.ts'
import { createContainerDrivers } from '../../../src/sandbox/container-driver.ts'
import type { DetectionReport } from '../../../src/sandbox/detection/detection-report.ts'
import type { DetectionOptions } from '../../../src/sandbox/detection/options.ts'
import { createSandboxEngine, type OperableSandboxEngine } from '../../../src/sandbox/engine/engine.ts'
import { sandboxOptions } from '../../../src/sandbox/options.ts'
import { ensureTraceRelay } from '../../../setup/trace-relay.mjs'
import { sandboxImage } from '../sandbox/docker-sandbox.ts'

/** Why no sandbox can be traced here; null where one can. */
export async function tracingMissing(): Promise<string | null> {
  if (process.getuid?.() !== 0 || process.arch !== 'x64') return 'tracing takes root on x86-64'
  return ensureTraceRelay().then(
    () => null,
    (thrown: Error) => thrown.message,
  )
}

/** An engine whose sandboxes are traced, and what was told of them. */
export interface DetectingEngine extends AsyncDisposable {
  readonly engine: OperableSandboxEngine
  readonly alerts: SandboxAlert[]
  readonly events: SandboxEvent[]
  readonly reports: DetectionReport[]
}

export async function openDetectingEngine(
  name: 'docker' | 'runsc',
  detection: Partial<DetectionOptions> = {},
): Promise<DetectingEngine> {
  const settings = sandboxOptions.parse({ image: sandboxImage(), detection: { mode: 'on', ...detection } })
  const told: Omit<DetectingEngine, 'engine' | symbol> = { alerts: [], events: [], reports: [] }
  let hear: (report: DetectionReport) => void = () => {}
  const driver = await createContainerDrivers(settings).open(name, {
    warm: true,
    onSnapshotFault: (fault) => {
      throw fault
    },
    onDetection: (report) => {
      told.reports.push(report)
      hear(report)
    },
  })
  const engine = createSandboxEngine({
    driver,
    settings,
    warm: false,
    onEvent: (event) => {
      told.events.push(event)
      if (event.type === 'sandbox-alert') told.alerts.push(event)
    },
  })
  hear = (report) => engine.hear(report)
  return { ...told, engine, [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose]() }
}
