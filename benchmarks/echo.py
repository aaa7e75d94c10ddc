"""A bare socket that sends back what it gets: `python -m benchmarks.echo PORT`. What the wire and the loop cost."""

import sys

import uvicorn

from sidebyside.cli.serving import SOCKETS


async def application(scope, receive, send):
    """Accept, and send everything back."""
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "bytes": message["bytes"]})


if __name__ == "__main__":
    uvicorn.run(
        application,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        lifespan="off",
        log_config=None,
        access_log=False,
        **SOCKETS,
    )
