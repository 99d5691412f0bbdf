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
                "In Atrium each project has a **room** with its people, messages, tasks, time and files. "
                "Everyone in a room sees what happens there at once, without reloading."
            ),
            _(
                "As an admin you'll find *First steps* on your home page and in the settings. Each step "
                "ticks itself off when it's done. Do them in any order, and hide the list when you no "
                "longer need it."
            ),
            _(
                "A good way to start: fill in your business profile, add a colleague and a client, and "
                "open a room with both. Then write something on its wall."
            ),
        ),
    ),
    "rooms": Topic(
        _("Rooms"),
        (
            _(
                "A room has six tabs: an overview, the wall where people talk, tasks, files, the "
                "timesheet, and a timeline of everything that happened."
            ),
            _(
                "A room can be for a company, for clients without a company, for both, or for nobody "
                "outside your business. The last kind is called **internal**."
            ),
            _(
                "On the wall, type **@** and a name to mention someone in the room. The team can also "
                "mention a department with everyone below it. They see the mention on their home page, "
                "in their room list and on the message until they've read it."
            ),
            _(
                "Answer a message with an emoji: everyone who sees the message sees who gave which. "
                "Choose it again to take it back."
            ),
            _(
                "**Pin** what matters, from a message's menu: it stays at the top of the wall for everyone who sees "
                "the message. The team pins and unpins, up to 50 messages in a room."
            ),
            _(
                "**Labels** sort tasks by kind. People who manage projects keep the list, under Labels on "
                "the Tasks tab; the team puts them on tasks and filters by them. Clients don't see labels."
            ),
            _(
                "Clients see the rooms they're in, except what's for the team only. Staff see the rooms "
                "they're in. Admins, and staff who manage projects, see every room."
            ),
            _(
                "When a room is done, **archive** it. It leaves the list, becomes read-only and keeps "
                "its history. You can restore it at any time."
            ),
        ),
    ),
    "audiences": Topic(
        _("Who sees what"),
        (
            _(
                "Every message, task and file is either for everyone in the room or for the **team "
                "only**. Team-only items have a violet background and a lock."
            ),
            _(
                "Below the message box you see who will read it, by name if clients are among them. "
                "Files start out as team only. Sharing one with the client takes one click."
            ),
            _("Everyone in the room sees what a client writes."),
        ),
    ),
    "time": Topic(
        _("Time"),
        (
            _(
                "Start the timer in a room or on a task. You'll see it in the top bar on every device "
                "you're signed in on. Starting another timer stops it."
            ),
            _(
                "Everyone in the room sees at once that you're working there. Clients see it too, with "
                "the hours, but not what's for the team only."
            ),
        ),
    ),
    "people": Topic(
        _("People"),
        (
            _("There are admins, staff and clients. Each email belongs to one person only."),
            _(
                "Invite someone by email and they choose their own password, or add them with a first "
                "password that you give them."
            ),
            _(
                "People are never deleted, so what they wrote keeps its author. When someone leaves, "
                "deactivate them: they can no longer sign in, and you choose who takes over their rooms, "
                "open tasks and departments."
            ),
            _(
                "When someone is locked, unlocked, deactivated or reactivated, they get an email that says "
                "so and whom to ask."
            ),
            _(
                "You can keep a client without an email, by name, in rooms and companies. To let them in "
                "later, use *Add an email and invite* on the client's page."
            ),
        ),
    ),
    "rights": Topic(
        _("Permissions"),
        (
            _(
                "Staff can do their own work in the rooms they're in. Beyond that there are seven "
                "permissions: projects, clients, staff, invoicing and own leave, plus tickets and hours, "
                "which have no effect yet."
            ),
            _(
                "A **role** is a named set of permissions. Give someone another role or remove it, and "
                "the change applies at once, even on pages that are already open."
            ),
            _("Admins have every permission. The table of permissions shows who can do what, and why."),
            _(
                "Below that, an admin decides whether search tells staff about rooms and clients they "
                "can't open. They see only the name and whom to ask."
            ),
        ),
    ),
    "companies": Topic(
        _("Clients and companies"),
        (
            _(
                "A **company** is a firm you work for. It can't sign in, but its people can, as "
                "**clients**. A client can belong to one company, several, or none."
            ),
            _(
                "A company's page shows its rooms with their state and hours, its clients, **contacts** "
                "who don't sign in, the services it uses, and notes that only the team can read."
            ),
            _(
                "A client of several companies sees projects grouped by company. Belonging to a company "
                "doesn't give access to its rooms: a client sees only the rooms they've been added to."
            ),
            _(
                "A company with rooms can't be removed, because their history belongs to it. Archive it "
                "instead, and it won't be offered for new rooms."
            ),
        ),
    ),
    "leave": Topic(
        _("Departments and leave"),
        (
            _(
                "**Departments** form a tree: each can have others below it, a head and deputies. A "
                "person belongs to one main department and to any number of others. You can add a whole "
                "department to a room."
            ),
            _(
                "Request time off on the *Leave* page. The head of your department decides, or its "
                "deputies, or someone who manages staff. Weekends and holidays don't count."
            ),
            _(
                "Kinds of leave, yearly allowances and holidays are in the settings. You can see who is "
                "away in rooms, in the list of people and in your calendar app."
            ),
            _(
                "Leave follows the calendar: when you change the working week, the country or a holiday, "
                "requested and approved days are recalculated. Past years stay as they were."
            ),
            _(
                "If you work a Saturday in exchange for a Friday, enter it in Settings › Leave. People "
                "who work part-time have their **own working week** on their card, and their leave and "
                "allowance are counted by it."
            ),
            _(
                "When someone is deactivated, their leave requests are withdrawn and approved leave ends "
                "with their last day: the one on their card if it's in the future, otherwise that day."
            ),
        ),
    ),
    "group": Topic(
        _("A group of businesses"),
        (
            _(
                "A business can have a parent. Admins of the parent can also work in the businesses "
                "below it, but not the other way round. Superadmins decide which business belongs where."
            ),
            _(
                "On the *Group* page an admin of the parent business sees them all at a glance and can "
                "go to work in one. A banner on each page says which business you're in and takes you "
                "back."
            ),
        ),
    ),
    "processes": Topic(
        _("Processes and stages"),
        (
            _(
                "A **process** is the path that rooms of one kind follow. Each room is at one of its "
                "stages. New rooms start at the first; work ends at the last ones."
            ),
            _(
                "Tasks have their own stages, which are the columns of a room's board. A task is "
                "completed when it reaches a stage where work ends."
            ),
            _(
                "You can rename, add and move stages at any time. A stage in use can't be removed until "
                "you move what's in it."
            ),
        ),
    ),
    "business": Topic(
        _("Your business"),
        (
            _(
                "Your name and logo are shown above the menu on every page. Address, tax data, header "
                "and footer are used on documents; the settings show a preview."
            ),
            _("Logos can be PNG, JPEG, WebP, GIF or AVIF, up to 5 MB, and are re-encoded when uploaded."),
            _(
                "*Storage* shows how much of its file space your business uses. When it is full, new "
                "files are refused until you remove some."
            ),
            _("The working week and the hours of a day define a full week. Leave and plans are based on it."),
            _(
                "Leave follows the public holidays of your country, and of your region if it has its "
                "own. A kind of leave can be proportional for people who join or leave during the year, "
                "by the dates on their card."
            ),
            _(
                "*Meetings* is a link to your team's usual video call. The guest key is for calls inside "
                "Atrium, which aren't available yet."
            ),
        ),
    ),
    "mail": Topic(
        _("Mail"),
        (
            _(
                "Invitations, password resets and notices are sent by email, in the recipient's "
                "language. A superadmin sets up the mail server."
            ),
            _(
                "Until one is set up, emails wait and are sent later. In the meantime you can hand over "
                "invitations as links."
            ),
        ),
    ),
    "signing-in": Topic(
        _("Sign-in"),
        (
            _(
                "You sign in with your email and password. On your account page you can add a second "
                "factor or a passkey, and see where you're signed in."
            ),
            _(
                "On your account page you can also choose where you start after signing in: your home "
                "page, the rooms, one room or another page."
            ),
            _(
                "There is also a private link for your calendar app. It shows due tasks, your leave, the "
                "team's leave and holidays. You can remove it or create a new one at any time."
            ),
            _(
                "Does something look wrong? Sign out everywhere else and change your password. Then only "
                "this browser stays signed in."
            ),
            _(
                "If someone keeps trying to guess your password, you can still sign in as usual from a "
                "browser you've used before; your account page lists them. Any other browser has to do a "
                "short calculation first, which takes a few seconds."
            ),
            _(
                "As an admin you can let your people sign in with another service. For each of its "
                "domains, add the TXT record shown in the settings, then check it. Until it is found, "
                "that domain leads nobody to the service, and the service signs in only people it "
                "already knows. Passwords keep working."
            ),
        ),
    ),
    "keys": Topic(
        _("Keyboard shortcuts"),
        (
            _(
                "**Ctrl K** takes you anywhere: type the name of a room, a person or a task. Arrow keys "
                "move through every list."
            ),
            _("Most actions have a keyboard shortcut. Point at an action to see its shortcut."),
        ),
    ),
}
