/** What is told about the calls of sandboxes, and where drivers have them told. */
export interface Tracer extends AsyncDisposable {
  /** Begins to listen for one sandbox, before it starts. Rejects with `sandbox-unavailable` where nobody can. */
  watch(id: string, signal: AbortSignal): Promise<TraceWatch>
}

/** One sandbox that is listened to. Whoever asked for it forgets it when nothing of the sandbox is left. */
export interface TraceWatch {
  /** A file with the trace session, for `runsc --pod-init-config` and for `runsc trace create --config`. */
  readonly configPath: string
  /** Resolves when the sandbox's kernel is connected; rejects where it cannot be any more. Until then nothing is seen. */
  readonly connected: Promise<void>
  /** Resolves with the reason when nothing is heard any more although nobody has forgotten it. */
  readonly lost: Promise<string>
  forget(): Promise<void>
}
