/** Something that code in a sandbox has no reason to do, and the rule that tells it. Harmless here: each is only tried. */
export interface Behaviour {
  readonly rule: string
  readonly code: string
}

/** Calls a function of the C library, or a system call by its number, and goes on whatever it says. */
const calls = (...lines: readonly string[]) =>
  ['import ctypes', 'libc = ctypes.CDLL(None, use_errno=True)', ...lines].join('\n')

const tryTo = (line: string) => `try:\n    ${line}\nexcept OSError:\n    pass`

const inChild = (line: string) => `import os
child = os.fork()
if child == 0:
    try:
        ${line}
    finally:
        os._exit(0)
os.waitpid(child, 0)`

export const behaviours: readonly Behaviour[] = [
  { rule: 'Connection to an address', code: `import socket\n${tryTo("socket.socket().connect(('192.0.2.1', 443))")}` },
  {
    rule: 'Connection to the metadata service of a cloud',
    code: `import socket\n${tryTo("socket.socket().connect(('169.254.169.254', 80))")}`,
  },
  {
    rule: 'Connection to a socket of the host',
    code: `import socket\n${tryTo("socket.socket(socket.AF_UNIX).connect('/var/run/docker.sock')")}`,
  },
  {
    rule: 'Socket that sees packets',
    code: `import socket\n${tryTo('socket.socket(socket.AF_PACKET, socket.SOCK_RAW)')}`,
  },
  {
    rule: "Socket of the kernel's cryptography",
    code: `import socket\n${tryTo('socket.socket(38, socket.SOCK_SEQPACKET)')}`,
  },
  { rule: 'Listening for connections', code: `import socket\n${tryTo("socket.socket().bind(('0.0.0.0', 4444))")}` },
  { rule: 'Credentials read', code: tryTo("open('/etc/shadow')") },
  { rule: 'Keys and tokens looked for', code: tryTo("open('/home/nobody/.ssh/id_rsa')") },
  { rule: 'Memory or environment of another process', code: tryTo("open('/proc/1/environ')") },
  { rule: 'Settings of the kernel written', code: tryTo("open('/proc/sys/kernel/hostname', 'w')") },
  { rule: 'Control groups or devices of the host looked for', code: tryTo("open('/sys/fs/cgroup/release_agent')") },
  { rule: 'Programs or libraries of the system written', code: tryTo("open('/usr/bin/python3', 'ab')") },
  { rule: 'Files of the supervisor looked for', code: tryTo("open('/run/sallyport/door')") },
  {
    rule: 'A call that opens files by a way that is not seen',
    code: calls("libc.syscall(437, -100, b'/etc/shadow', None, 0)"),
  },
  { rule: 'Symbolic link made', code: tryTo("__import__('os').symlink('/etc', '/mnt/data/elsewhere')") },
  {
    rule: 'Program from memory',
    code: `import os
program = os.memfd_create('x', 0)
os.write(program, open('/bin/true', 'rb').read())
${inChild("os.execve(f'/proc/self/fd/{program}', ['x'], {})")}`,
  },
  { rule: 'Program from a folder that can be written', code: inChild("os.execv('/mnt/data/x', ['x'])") },
  { rule: 'Program for the network', code: inChild("os.execv('/usr/bin/curl', ['curl', 'http://192.0.2.1'])") },
  { rule: 'Program that listens to or scans a network', code: inChild("os.execv('/usr/bin/tcpdump', ['tcpdump'])") },
  { rule: 'Program that mines', code: inChild("os.execv('/tmp/xmrig', ['xmrig'])") },
  {
    rule: 'Shell with a connection for its input',
    code: `import subprocess\nsubprocess.run(['/bin/bash', '-c', 'true # </dev/tcp/192.0.2.1/4444'])`,
  },
  { rule: 'Program that becomes another user', code: inChild("os.execv('/usr/bin/su', ['su', '-c', 'true'])") },
  { rule: 'Another user or group asked for', code: inChild('os.setuid(0)') },
  { rule: 'Capabilities asked for', code: calls('libc.syscall(126, None, None)') },
  { rule: 'Another process traced', code: calls('libc.ptrace(16, 1, None, None)') },
  { rule: 'Memory of another process read or written', code: calls('libc.syscall(310, 1, None, 0, None, 0, 0)') },
  { rule: 'File system mounted', code: calls("libc.mount(b'none', b'/mnt/data', b'tmpfs', 0, None)") },
  { rule: 'Root changed', code: tryTo("__import__('os').chroot('/mnt/data')") },
  { rule: 'Namespace made or entered', code: calls('libc.unshare(0x20000)') },
  { rule: 'Kernel extended or replaced', code: calls('libc.syscall(321, 0, None, 0)') },
  { rule: 'Keys of the kernel asked for', code: calls('libc.syscall(250, 0, -3, 0)') },
  {
    rule: 'File handles or watches of a whole file system',
    code: calls("libc.syscall(303, -100, b'/etc', None, None, 0)"),
  },
  { rule: 'Machine settings changed', code: calls("libc.sethostname(b'x', 1)") },
  { rule: 'Device file made', code: calls("libc.syscall(133, b'/mnt/data/device', 0o20666, 259)") },
  { rule: 'Protection against traces asked for', code: calls('libc.prctl(4, 1, 0, 0, 0)') },
  { rule: 'Signal to the supervisor', code: calls('libc.kill(1, 10)') },
  {
    rule: 'Very many processes',
    code: `import subprocess
children = []
try:
    for _ in range(66):
        children.append(subprocess.Popen(['/bin/sleep', '60']))
except OSError:
    pass
for child in children:
    child.kill()
    child.wait()`,
  },
]
