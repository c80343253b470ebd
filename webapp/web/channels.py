"""Channels: an administrator lists where orders come from, adds a channel, and gives one another name and kind."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webapp.auth.guard import requires
from webapp.domain.clock import utc_now
from webapp.domain.roles import ADMINS
from webapp.extensions import db
from webapp.forms.channels import ChannelForm, NewChannelForm
from webapp.languages import _
from webapp.presenters.administration.channels import present_channel, present_channels
from webapp.presenters.refusals import NO_REFUSAL, Refusal
from webapp.services import channel_service
from webapp.services.people import staff_service
from webapp.services.people.staff_service import Administrator
from webapp.web.links import links
from webapp.web.performing import perform

blueprint = Blueprint("channels", __name__)


@blueprint.get("/channels")
@requires(ADMINS)
def index() -> Response:
    """List the channels of the store."""
    return _page()


@blueprint.post("/channels")
@requires(ADMINS)
def create() -> BaseResponse:
    """Add a channel before its first file."""
    form = NewChannelForm()

    def work(session: Session) -> str:
        _lock(session)
        code, name = form.code.data or "", form.name.data or ""
        return channel_service.add_channel(session, g.store_id, code, name, form.chosen_kind)

    code = perform(form, work, "channel")
    if isinstance(code, Refusal):
        return _page(code)
    flash(_("The channel %(code)s is there. Files that name it bring its orders.", code=code), "success")
    return redirect(links().channels, 303)


@blueprint.get("/channels/<id:channel_id>")
@requires(ADMINS)
def edit(channel_id: int) -> Response:
    """Show one channel's name and kind, to change them."""
    return _page_of(channel_id)


@blueprint.post("/channels/<id:channel_id>")
@requires(ADMINS)
def update(channel_id: int) -> BaseResponse:
    """Give a channel another name and kind."""
    channel_service.name_of_channel(db.session(), g.store_id, channel_id)
    form = ChannelForm()

    def work(session: Session) -> None:
        _lock(session)
        seen = form.seen_name.data or "", form.seen_kind.data or ""
        channel_service.change_channel(session, g.store_id, channel_id, form.name.data or "", form.chosen_kind, seen)

    refusal = perform(form, work, "change channel", channel_id)
    if isinstance(refusal, Refusal):
        return _page_of(channel_id, refusal)
    flash(_("The channel is saved."), "success")
    return redirect(links().channels, 303)


def _lock(session: Session) -> None:
    staff_service.lock_administrator(session, Administrator(g.signed_in.user_id, g.actor, g.store_id))


def _page(refusal: Refusal = NO_REFUSAL) -> Response:
    screen = present_channels(channel_service.list_channels(db.session(), g.store_id), utc_now(), refusal)
    return Response(render_template("pages/administration/channels.html", screen=screen), status=refusal.status)


def _page_of(channel_id: int, refusal: Refusal = NO_REFUSAL) -> Response:
    channel = channel_service.find_channel(db.session(), g.store_id, channel_id)
    screen = present_channel(channel, utc_now(), refusal)
    return Response(render_template("pages/administration/channel.html", screen=screen), status=refusal.status)
