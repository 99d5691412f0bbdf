/** The room's page. */
import "./elements/room-page";
