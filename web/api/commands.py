"""Commands over HTTP. How each is described comes from its class."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from people.signing.tokens import ANY
from web.api.answers import answered
from web.authentication import signed_in_with
from web.request_limits import json_object
from web.site import site_of


async def run_command(request: Request) -> Response:
    """Run a command. What its token must cover is looked at when it is run."""
    actor, fields = await signed_in_with(request, json_object, ANY)
    key = request.headers.get("idempotency-key")
    done = await site_of(request).commands.run(actor, request.path_params["name"], fields, key)
    return answered(done.wire())


ROUTES = [Route("/commands/{name}", run_command, methods=["POST"])]
