/** The room's page. */
import "./elements/room/room-page";
