import { join } from 'node:path'
import type { KeyPurpose } from '../files/key-file.ts'
import type { TelemetryOptions } from './options.ts'

/** What telemetry keeps on disk, and where. */
export interface TelemetryConfig {
  readonly telemetry: TelemetryOptions
  readonly state_directory: string
  readonly secrets_directory: string
}

/** Where the audit trail of this configuration is. */
export function auditPath(config: Pick<TelemetryConfig, 'telemetry' | 'state_directory'>): string {
  return config.telemetry.audit_file ?? join(config.state_directory, 'audit.jsonl')
}

/** Where the key of the digests is: apart from the trail, so that a copy of the state does not hold it. */
export function digestKeyPath({ secrets_directory: folder }: Pick<TelemetryConfig, 'secrets_directory'>): string {
  return join(folder, 'digest.key')
}

/** Where the key is that signs checkpoints of the trail: who has only the state can make no other trail. */
export function auditKeyPath({ secrets_directory: folder }: Pick<TelemetryConfig, 'secrets_directory'>): string {
  return join(folder, 'audit.key')
}

export const auditKeyPurpose: KeyPurpose = {
  title: 'The key of the audit trail',
  loss: 'signs no checkpoint made so far; give the old public key to "audit verify" too',
  setting: 'secrets_directory',
}

export const digestKeyPurpose: KeyPurpose = {
  title: 'The key of the digests',
  loss: 'fits no digest made so far',
  setting: 'secrets_directory',
}
