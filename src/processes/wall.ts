import { existsSync } from 'node:fs'

export interface WallOptions {
  /** Files and folders that the program may read, itself among them; the system's own programs and libraries beside. */
  readonly readable: readonly string[]
  /** Private memory that the program may ask the kernel for. */
  readonly memoryMegabytes: number
}

/** Where the system has programs and libraries. What a machine does not have is left out. */
const systemFolders = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64']

/** A folder of every Linux that the program needs nothing of: its root is built over it. */
const rootPlace = '/sys'

const openFiles = 64
const processes = 64

/**
 * What runs first inside the new namespaces, with all rights there and none outside: builds a root of what may be read,
 * all of it read-only, leaves the old root, and starts the program without any right and with no way to get one. The
 * kernel refuses further user namespaces to it, writes to files, sockets to anywhere, and memory beyond the limit.
 */
const builder = `set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
root=$1 memory=$2
shift 2
echo 0 > /proc/sys/user/max_user_namespaces
mount --make-rprivate /
mount -t tmpfs -o size=1m,nosuid,nodev none "$root"
while [ "$1" != -- ]; do
  path=$1
  shift
  if [ -d "$path" ] && ! [ -L "$path" ]; then mkdir -p "$root$path"; else mkdir -p "$root\${path%/*}"; fi
  if [ -L "$path" ]; then ln -s "$(readlink "$path")" "$root$path"; continue; fi
  [ -d "$path" ] || : > "$root$path"
  mount --bind "$path" "$root$path"
  mount -o remount,bind,ro,nosuid,nodev "$root$path"
done
shift
mkdir "$root/old" "$root/proc"
mount --rbind /proc "$root/proc"
cd "$root"
pivot_root . old
umount -l /old
umount -l /proc
rmdir /old /proc
mount -o remount,ro,nosuid,nodev /
exec prlimit --core=0 --fsize=0 --nofile=${openFiles} --nproc=${processes} --data="$memory" \\
  setpriv --no-new-privs --bounding-set=-all --inh-caps=-all --ambient-caps=-all -- "$@"
`

/**
 * The command line that runs another one behind a wall of the kernel: in namespaces of its own for users, files,
 * processes, network and messages, with a root of its own that holds what it may read, nothing to write to, no network,
 * no capabilities and bounds on memory and files. Needs no root, but util-linux and a kernel that lets this user make
 * user namespaces; without them the command ends before the program starts, with what failed as its last words, and
 * never runs it with less. It ends with whoever started it. Its standard streams and channel are passed on.
 */
export function behindWall(command: readonly string[], { readable, memoryMegabytes }: WallOptions): readonly string[] {
  const shown = [...systemFolders.filter((folder) => existsSync(folder)), ...readable]
  const namespaces = ['user', 'net', 'mount', 'pid', 'ipc', 'uts'].map((name) => `--${name}`)
  const endsWithParent = ['setpriv', '--pdeathsig', 'KILL', '--']
  const inNamespaces = ['unshare', ...namespaces, '--map-root-user', '--fork', '--kill-child=SIGKILL']
  const build = ['sh', '-c', builder, 'wall', rootPlace, String(memoryMegabytes * 1_048_576)]
  return [...endsWithParent, ...inNamespaces, ...build, ...shown, '--', ...command]
}
