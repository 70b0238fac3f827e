"""llm_sandbox_runs.py IMAGE: one run of a program in an open session of llm-sandbox's pool for each line that comes, milliseconds of each
go out.

Its Python environment in the container is made beforehand from what the image has, since its own set-up asks a package registry. The
container is one of Docker's usual runtime: what it copies into a running container is not seen behind gVisor.
"""

import json
import sys
import time
import uuid

import docker
from llm_sandbox import SandboxBackend, SandboxSession
from llm_sandbox.pool import PoolConfig, create_pool_manager

VENV = "/sandbox/.sandbox-venv"


def with_environment(client: docker.DockerClient, image: str) -> str:
    """An image that has the environment where llm-sandbox looks for it."""
    command = ["/usr/bin/python3", "-m", "venv", "--without-pip", "--system-site-packages", VENV]
    container = client.containers.create(image, entrypoint=command, user="root", network_mode="none")
    try:
        container.start()
        ended = container.wait()
        if ended["StatusCode"] != 0:
            raise RuntimeError(container.logs().decode())
        name, tag = "sallyport-bench-llm-sandbox", uuid.uuid4().hex
        container.commit(name, tag)
        return f"{name}:{tag}"
    finally:
        container.remove(force=True)


def main() -> None:
    client = docker.from_env()
    image = with_environment(client, sys.argv[1])
    options = {"entrypoint": "/bin/sh", "user": "root", "network_mode": "none"}
    pool = create_pool_manager(
        backend=SandboxBackend.DOCKER,
        config=PoolConfig(max_pool_size=1, min_pool_size=1),
        lang="python",
        image=image,
        skip_environment_setup=True,
        runtime_configs=options,
    )
    try:
        with SandboxSession(lang="python", pool=pool) as session:
            print("ready", flush=True)
            for _line in sys.stdin:
                started = time.perf_counter()
                ran = session.run("print(1 + 1)")
                took = (time.perf_counter() - started) * 1000
                if ran.exit_code != 0 or ran.stdout.strip() != "2":
                    raise RuntimeError(repr(ran))
                print(json.dumps(took), flush=True)
    finally:
        pool.close()
        client.images.remove(image, force=True)


main()
