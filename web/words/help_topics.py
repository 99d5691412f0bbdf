"""Help topics: what the help says, in Markdown, a page for each topic. Paragraphs are translated one by one."""

from dataclasses import dataclass

from store.errors import _


@dataclass(frozen=True, slots=True)
class Topic:
    """A page of help."""

    title: str
    paragraphs: tuple[str, ...]


TOPICS = {
    "start": Topic(
        _("The first day"),
        (
            _(
                "Atrium keeps each project in a **room**. In it are the people who work on it, what they say, "
                "the tasks, the time, and the files. What happens in a room is seen there at once: nobody has to "
                "reload anything."
            ),
            _(
                "As an admin you find *First steps* on your home and among the settings. Each step ticks itself "
                "off when it is done. You can do them in any order, and hide the list when you no longer need it."
            ),
            _(
                "A good beginning: say who you are, add one colleague and one client, and open a room with both. "
                "Then write something on its wall."
            ),
        ),
    ),
    "rooms": Topic(
        _("Rooms"),
        (
            _(
                "A room has six places: an overview, the wall where people talk, tasks, files, the timesheet, "
                "and the timeline of all that happened."
            ),
            _(
                "A room can be for a company, for clients who belong to none, for both, or for nobody outside. "
                "The last is called **internal**."
            ),
            _(
                "On the wall, **@** and a name addresses somebody of the room; among the team also a department, with "
                "all below it. They see it at home, in their list of rooms and on the message, until they have looked."
            ),
            _(
                "Clients see the rooms that they are in, without what is for the team only. Staff see the rooms "
                "that they are in; admins, and staff who manage projects, see all."
            ),
            _(
                "A room that is done can be **archived**. It leaves the list, is read-only, and keeps its "
                "history. It can be taken up again at any time."
            ),
        ),
    ),
    "audiences": Topic(
        _("Who sees what"),
        (
            _(
                "Every message, task and file is either for everyone in the room or for the **team only**. What "
                "is for the team only stands on violet ground, with a lock."
            ),
            _(
                "Below the field where you write stands who will see it, by name when a client is among them. "
                "Files begin as team only: sharing one with the client is one click."
            ),
            _("What a client writes is always for everyone in the room."),
        ),
    ),
    "time": Topic(
        _("Time"),
        (
            _(
                "Start the timer in a room, or on a task. It runs on every device that you are signed in on, in "
                "the bar above; starting another one stops it."
            ),
            _(
                "Who is in the room sees at once that you work there. A client sees it too, with the hours, but "
                "not what is for the team only."
            ),
        ),
    ),
    "people": Topic(
        _("People"),
        (
            _("There are admins, staff and clients. One e-mail belongs to one of them, and to nobody else."),
            _(
                "Invite someone by e-mail, and they choose their own password; or add them with a first password "
                "that you tell them."
            ),
            _(
                "Nobody is ever deleted: what they wrote keeps its author. Who leaves is deactivated and can't "
                "sign in any more; whoever does it names a successor for their rooms, open tasks and departments."
            ),
            _("Who is locked, unlocked, let go or brought back gets a letter that says so, and whom to ask about it."),
            _(
                "A client without an e-mail can be kept by name, in rooms and companies. *Add an e-mail and invite*, "
                "on the client's page, lets them in later."
            ),
        ),
    ),
    "rights": Topic(
        _("Rights"),
        (
            _(
                "Staff may do their own work in the rooms that they are in. What they may do beside it are seven "
                "permissions: projects, clients, staff, invoicing, own leave, and, not yet of use, tickets and hours."
            ),
            _(
                "A **role** is a named set of them. Give someone another role, or take it away: it holds at "
                "once, also on pages that are open."
            ),
            _("Admins hold all permissions. The table of rights shows who may do what, and why."),
            _(
                "Below it an admin decides whether staff may find what they can't open. The search then tells them, by "
                "name only, that such a room or client is there, and whom to ask."
            ),
        ),
    ),
    "companies": Topic(
        _("Clients and companies"),
        (
            _(
                "A **company** is a firm that you work for. It can't sign in. Its people can, as **clients**; a "
                "client may belong to one company, to several, or to none."
            ),
            _(
                "On a company's page are its rooms with their state and hours, its clients, **contacts** who can "
                "be reached but don't sign in, what it uses of your services, and notes that only the team reads."
            ),
            _(
                "A client who belongs to several companies sees the projects grouped by company. Belonging to a "
                "company opens no room by itself: a client sees the rooms that they were added to."
            ),
            _(
                "A company that rooms are for can't be removed, since their history is with it. Archive it: then "
                "it is offered for no new room."
            ),
        ),
    ),
    "leave": Topic(
        _("Departments and leave"),
        (
            _(
                "**Departments** are a tree: each can have others below it, a head and deputies. Somebody belongs "
                "to one main department, and to any number of others. A whole department can be brought into a room."
            ),
            _(
                "Whoever wants days off asks for them on the page *Leave*; the head of their department decides, "
                "or its deputies, or who looks after staff. Weekends and holidays don't count as days off."
            ),
            _(
                "Which kinds of leave there are, how many days a year of each, and which days are holidays, is "
                "said in the settings. Who is away is seen in rooms, in the list of people, and in your own "
                "calendar program."
            ),
            _(
                "The days of a leave follow the calendar: when the working week, the country or a holiday is changed, "
                "what was asked for or approved is counted anew. A year that is over stays as it was counted."
            ),
            _(
                "If you work a Saturday in exchange for a Friday, enter it in Settings › Leave. Whoever works in part "
                "has a **week of their own** on their card: their leave, and their days of the year, are counted by it."
            ),
            _(
                "Whoever is let go has no requests any more, and what was approved ends with their last day: the one "
                "on their card, if it is still to come, else that day."
            ),
        ),
    ),
    "group": Topic(
        _("A group of businesses"),
        (
            _(
                "A business can stand below another. Admins of the upper one also work in those below it; the "
                "other way round nobody sees anything. Who runs the installation moves businesses."
            ),
            _(
                "On the page *Group* an admin of the upper business sees all of them at a glance, and goes to "
                "work in one. A line at the head of each page says in whose house you are, and leads back."
            ),
        ),
    ),
    "processes": Topic(
        _("Processes and stages"),
        (
            _(
                "A **process** is the way that rooms of one kind go. Each room is at one of its stages; the "
                "first is where a new room begins, and at the last ones work ends."
            ),
            _(
                "Tasks have stages of their own: they are the columns of a room's board. A task that comes to a "
                "stage where work ends is completed."
            ),
            _(
                "You can rename, add and move stages at any time. A stage at which something is can't be "
                "removed: move that first."
            ),
        ),
    ),
    "business": Topic(
        _("Your business"),
        (
            _(
                "Name and logo stand above the places on every page of yours. Address, tax data, header and "
                "footer are for documents; the settings show how they will look."
            ),
            _("A logo is drawn anew when you put it up: it can be PNG, JPEG, WebP, GIF or AVIF, of at most 5 MB."),
            _(
                "*Storage* shows how much of its room for files your business uses. Each file counts with its size, "
                "and what is removed makes room again. When it is full, new files are refused until then."
            ),
            _("The working week and the hours of a day say what a full week is: leave and plans count with it."),
            _(
                "Leave follows the holidays of your country, and of your region where it has some of its own. A kind "
                "of leave may give its days in part to who comes or leaves within the year, by the dates on their card."
            ),
            _(
                "*Meetings* is a link to the video call that your team always uses. The key for guests is for "
                "calls inside Atrium, which come later."
            ),
        ),
    ),
    "mail": Topic(
        _("Mail"),
        (
            _(
                "Invitations, reset links and notices are sent by mail, in the language of who gets them. Who "
                "runs the installation says by which server."
            ),
            _(
                "While there is none, mail waits and goes out when there is one. Invitations can be handed over "
                "as a link meanwhile."
            ),
        ),
    ),
    "signing-in": Topic(
        _("Signing in"),
        (
            _(
                "You sign in with your e-mail and password. On your account page you can make it safer, by a "
                "second factor or a passkey, and see where you are signed in."
            ),
            _(
                "On your account page you also choose where you begin after signing in: your home, the rooms, one "
                "room, or another page that you may open."
            ),
            _(
                "There you find a secret address for your calendar program too. It shows your tasks that are due on a "
                "day, your leave and the team's, and the holidays; you can take it back or make a new one at any time."
            ),
            _(
                "Something looks wrong there? Sign out everywhere else, and change your password: then only this "
                "browser stays in."
            ),
            _(
                "Somebody tries your password again and again? You come in as ever from a browser in which you signed "
                "in before; your account page lists them. Another one does some work first, which takes seconds."
            ),
            _(
                "As an admin you can have another service sign your people in. For each domain that you name for it, "
                "make the TXT record that the settings show, and check it: until it is found, nobody is sent to the "
                "service by that domain, and it signs in only those whom it knows already. Passwords go on working."
            ),
        ),
    ),
    "keys": Topic(
        _("Keys"),
        (
            _("**Ctrl K** goes anywhere: type a room, a person, a task. Every list can be walked with the arrow keys."),
            _("Most acts have a key of their own; it stands in the tip that shows up when you point at the act."),
        ),
    ),
}
