"""Forms that only do something and come back: the timer's stop in the bar, and the like. They stand on every page and
have none of their own, so that nothing of them is declared but this address."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from store.errors import Refusal
from web.page import Feedback, back_to, perform, posted


class NotDone(Refusal):
    """What a form was refused, where no page of its own can say it."""

    def __init__(self, feedback: Feedback) -> None:
        super().__init__(feedback.error, code="not_done")
        self.status = feedback.status  # type: ignore[misc]  # this one's own


async def do(request: Request) -> Response:
    """Run a command with a posted form, and go back to where the form stood."""
    actor, form = await posted(request)
    outcome = await perform(request, actor, request.path_params["command"], form)
    if isinstance(outcome, Feedback):
        raise NotDone(outcome)
    return back_to(form, "/")


ROUTES: list[BaseRoute] = [Route("/do/{command}", do, methods=["POST"])]
