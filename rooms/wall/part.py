"""What the wall brings."""

from rooms.wall import reads, sentences
from rooms.wall.addressees import name_addressees
from rooms.wall.forms import MentionForm, MessageForm
from rooms.wall.mentions import leave_mentions, see_mentions, show_mentions, tell_mentioned, withdraw_mentions
from rooms.wall.messages import delete_message, edit_message, post_message, write_ahead
from rooms.wall.pages import find_messages, show_wall
from rooms.wall.pins import (
    PinForm,
    add_pin,
    follow_pinned_message,
    leave_pinned_message,
    remove_pin,
    show_pins,
)
from rooms.wall.reactions import ReactionForm, add_reaction, leave_answered_message, remove_reaction
from rooms.wall.summaries import sum_wall
from rooms.wall.usual_posts import post_at_once
from store.commands import Prepared
from store.finds import Find
from store.parts import Part
from store.tabs import Tab

WALL = Part(
    "wall",
    verbs=(
        Prepared(post_message, write_ahead, post_at_once),
        Prepared(edit_message, write_ahead),
        delete_message,
        add_reaction,
        remove_reaction,
        add_pin,
        remove_pin,
        see_mentions,
    ),
    reads=reads.READS,
    answers=(
        show_wall,
        show_mentions,
        sum_wall,
        name_addressees,
        tell_mentioned,
        leave_mentions,
        withdraw_mentions,
        show_pins,
        follow_pinned_message,
        leave_pinned_message,
        leave_answered_message,
    ),
    finds=(Find("message", 6, "message", find_messages),),
    shown={"room": (MessageForm, ReactionForm, PinForm), "person": (MentionForm,)},
    beside={"earlier_messages": bool},
    timeline=sentences.TIMELINE,
    notices=sentences.NOTICES,
    tabs=(Tab("wall", 2, icon="message-circle"),),
    at_every_tab=True,
)
