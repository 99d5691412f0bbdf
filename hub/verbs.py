"""Every verb that the wire can ask for: each folder's, in the order of the layers."""

from people import commands as people_commands
from rooms import commands as rooms_commands

VERBS = (*people_commands.VERBS, *rooms_commands.VERBS)
