"""`paraphe serve`: the HTTP API, and the registers kept up to date beside it."""

from typing import Annotated

import typer

from api.cli._console import backend, say


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    follow: Annotated[
        bool, typer.Option("--follow/--no-follow", help="Keep registers and seals here too.")
    ] = True,
) -> None:
    """Serve the HTTP API until stopped."""
    with backend() as opened:
        from api.server import run
        from services.standing import publish

        publish(opened)
        if follow:
            opened.follow()
        say(f"serving on http://{host}:{port}")
        run(opened, host, port)
