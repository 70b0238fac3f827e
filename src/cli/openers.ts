import type { Config } from '../config/schema.ts'
import type { AuditReport, AuditRequest, KeyKeeper, Sallyport } from '../service/sallyport.ts'

/** The parts that commands work with, each composed of no more than it needs. */
export interface Openers {
  /**
   * Everything. Nothing heavy starts before it is used, but for the sandbox of a command that says it will use one: that
   * starts while the rest is loaded.
   */
  readonly open: (config: Config, expected?: { readonly sandbox: boolean }) => Promise<Sallyport>
  /** The API keys of the service; a running one knows of a change at once. */
  readonly openKeys: (config: Config) => Promise<KeyKeeper>
  /** Follows the chain of an audit trail. Rejects with `invalid-file` for one that cannot be read. */
  readonly checkAudit: (config: Config, request: AuditRequest) => Promise<AuditReport>
}
