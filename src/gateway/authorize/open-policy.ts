import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { readRegularFile } from '../../files/regular-file.ts'
import type { PolicyEngine } from './engine.ts'
import type { PolicyOptions } from './options.ts'

export const bundleLimit = { bytes: 64 * 1024 * 1024, setting: null }

/** The bundle that is built from `policies/`, as it comes with Sallyport: nothing has to be installed to decide by it. */
export const shippedBundle = new URL('./default-policy.tar.gz', import.meta.url)

/** Opens the rules that the configuration names, or the way to the server that has them. Throws `invalid-config` where they cannot be used. */
export async function openPolicyEngine({ bundle, server, deadline_ms }: PolicyOptions): Promise<PolicyEngine> {
  if (server !== null) {
    const { openServerEngine } = await import('./server-engine.ts')
    return openServerEngine(server, deadline_ms)
  }
  const path = bundle ?? fileURLToPath(shippedBundle)
  const { openWasmEngine } = await import('./wasm-engine.ts')
  return openWasmEngine(await readRegularFile(path, bundleLimit), bundle ?? 'of this installation')
}

/** Tells one state of the configured bundle from another; null for rules that are in no file of the operator's. */
export async function policyStamp({
  bundle,
  server,
}: Pick<PolicyOptions, 'bundle' | 'server'>): Promise<string | null> {
  if (bundle === null || server !== null) return null
  const { ino, size, mtimeMs, ctimeMs } = await stat(bundle)
  // Whoever copies a bundle may set its other times, as tools do that build the same bytes from the same rules.
  return `${ino} ${size} ${mtimeMs} ${ctimeMs}`
}
