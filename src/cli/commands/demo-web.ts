import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CommandContext, ExitCode } from '../context.ts'
import { serve } from './serve.ts'

/**
 * `sallyport demo --web`: the app for browsers over the sample shop with the scripted model, until Ctrl-C. Any free ports, and a storage,
 * a trail and keys of its own, which go when it ends: nothing of an installation on this machine is touched or left.
 */
export async function demoWeb(
  context: CommandContext,
  options: { readonly output?: 'text' | 'json' | undefined },
): Promise<ExitCode> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-demo-'))
  try {
    const overrides = {
      'model.provider': 'demo',
      'http.port': '0',
      'storage.kind': 'embedded',
      'storage.path': join(folder, 'sallyport.db'),
      'gateway.keys_file': join(folder, 'keys.json'),
      'telemetry.audit_file': join(folder, 'audit.jsonl'),
      secrets_directory: join(folder, 'secrets'),
      'web.enabled': 'true',
      'web.print_links': 'true',
    }
    return await serve(context, overrides, options)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
