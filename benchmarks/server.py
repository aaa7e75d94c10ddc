"""A server as `sidebyside serve` runs it, without its hourly work: `python -m benchmarks.server PORT`."""

import sys

import uvicorn

from sidebyside.cli.serving import SOCKETS

if __name__ == "__main__":
    uvicorn.run(
        "sidebyside.config.asgi:application",
        host="127.0.0.1",
        port=int(sys.argv[1]),
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        **SOCKETS,
    )
