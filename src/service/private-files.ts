import { stat } from 'node:fs/promises'
import { privacyKeyPath } from '../gateway/privacy/keys/paths.ts'
import type { Probe } from './sallyport.ts'
import type { StorageConfig } from '../storage/options.ts'
import { storagePath } from '../storage/paths.ts'
import { auditKeyPath, auditPath, digestKeyPath, type TelemetryConfig } from '../telemetry/paths.ts'

export interface PrivateFilesConfig extends StorageConfig, TelemetryConfig {
  readonly http: { readonly tls: { readonly key_file: string } | null }
}

/** Bits of a mode that let anybody but the owner at a file. */
const others = 0o077

/** Files of the service that others than their owner may read or write, each as `PATH (mode 0644)`; what is not there is fine. */
export async function exposedFiles(config: PrivateFilesConfig): Promise<readonly string[]> {
  const paths = [
    storagePath(config),
    digestKeyPath(config),
    auditKeyPath(config),
    privacyKeyPath(config),
    auditPath(config),
    ...(config.http.tls === null ? [] : [config.http.tls.key_file]),
  ]
  const modes = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ mode }) => mode & 0o777,
        () => 0,
      ),
    ),
  )
  return paths.flatMap((path, index) => {
    const mode = modes[index] ?? 0
    return (mode & others) === 0 ? [] : [`${path} (mode ${mode.toString(8).padStart(4, '0')})`]
  })
}

export function privateFilesProbe(config: PrivateFilesConfig): Probe {
  return {
    name: 'Keys and audit trail are for their owner only',
    sandbox: false,
    run: async () => {
      const exposed = await exposedFiles(config)
      if (exposed.length === 0) return { passed: true, detail: 'nobody else may read or write them', fix: null }
      const fix = `chmod 600 ${exposed.map((file) => file.replace(/ \(mode \d+\)$/, '')).join(' ')}`
      return { passed: false, detail: `others may read or write ${exposed.join(', ')}`, fix }
    },
  }
}
