import type { Flags } from './flag-layer.ts'

/** What a service, and the demo of it, take where nothing is configured; a single command takes the schema's defaults. */
export const serviceDefaults: Flags = { 'sandbox.driver': 'docker' }
