import { users } from '../../isolation.ts'
import type { ClusterClient } from './cluster-client.ts'
import { runExec } from './exec-stream.ts'
import { containerNames } from './pod-shape.ts'

/** Programs of the sandbox that hinder a strike may end it so often, one after the other. */
const strikes = 3

/**
 * Ends every process of its uid but itself, until none is found: a fork may slip through. It ends by that, or with its
 * container, whose first process is among them, and with which gVisor ends all others.
 */
const strike = ['/bin/sh', '-c', 'while kill -s KILL -- -1 2>/dev/null; do :; done']

const noneLeft = 'none left'

/**
 * Waits until no process of the code's uid is left, and says so. One that is gone before it could be asked counts as one
 * that is there: so a chain of forks looks. Run by the supervisor's uid, which code in a sandbox can neither signal nor write to.
 */
const count = [
  '/bin/sh',
  '-c',
  `is_left() {
  for process in /proc/[0-9]*; do
    uid=
    while read -r name value rest; do
      case $name in
        State:) state=$value ;;
        Uid:) uid=$value; break ;;
      esac
    done 2>/dev/null <"$process/status"
    [ -z "$uid" ] && return 0
    [ "$uid" = ${users.code} ] && [ "$state" != Z ] && return 0
  done
  return 1
}
while is_left; do sleep 0.02; done
echo ${noneLeft}`,
]

interface StruckPod {
  readonly client: ClusterClient
  readonly namespace: string
  readonly name: string
}

/**
 * Ends every process of the code from inside its Pod. True once a program of the supervisor's uid has seen that none is
 * left; false where that cannot be told, which is no word that any runs. Never rejects.
 */
export async function strikePod({ client, namespace, name }: StruckPod, signal: AbortSignal): Promise<boolean> {
  const over = new AbortController()
  const until = AbortSignal.any([signal, over.signal])
  const run = (container: string, command: readonly string[]) =>
    runExec(client, { namespace, pod: name, container, command }, until)
  void strikeOften(() => run(containerNames.keeper, strike), until)
  try {
    const said = await run(containerNames.supervisor, count)
    return said?.trim() === noneLeft
  } catch {
    return false
  } finally {
    over.abort()
  }
}

/** What a strike says of itself proves nothing: code of the same uid may end it, or have it say anything. */
async function strikeOften(once: () => Promise<string | null>, signal: AbortSignal): Promise<void> {
  try {
    for (let done = 0; done < strikes && !signal.aborted; done += 1) if ((await once()) !== null) return
  } catch {
    // Its container is gone already, or cannot be entered: who counts tells.
  }
}
