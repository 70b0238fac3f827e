import { bytesOf } from '../../core/sizes.ts'
import { Listener, type ListenerOptions } from '../../http/listener.ts'
import { createFilterApp, type FilterAppOptions } from './filter-app.ts'

export type FilterServerOptions = Pick<FilterAppOptions, 'key' | 'check' | 'readiness' | 'metrics' | 'onFault'> &
  Required<Pick<ListenerOptions, 'settings' | 'onTlsReload' | 'onResponse'>>

/** The listener of a process of filters. */
export function createFilterServer(options: FilterServerOptions): Listener {
  const { settings, onTlsReload, onFault, onResponse } = options
  const stopping = new AbortController()
  const answer = createFilterApp({
    ...options,
    // The texts of a call, with what stands around each of them, and what the model was told.
    bodyLimitBytes: 4 * bytesOf.mb(settings.model_body_limit_mb),
    stopping: stopping.signal,
    isDraining: () => listener.isDraining,
    isRefusing: () => listener.isRefusing,
  })
  const graceMilliseconds = settings.drain_grace_ms
  const listener = new Listener({ settings, answer, stopping, graceMilliseconds, onTlsReload, onFault, onResponse })
  return listener
}
