/** What shows the tabs of a room's page. Made from the server's parts by `python -m hub.contract`. */
import { RoomOverviewElement } from "./elements/room/room-overview";
import { RoomWallElement } from "./elements/room/wall/room-wall";
import { RoomTasksElement } from "./elements/room/tasks/room-tasks";
import { RoomFilesElement } from "./elements/room/files/room-files";
import { RoomTimesheetElement } from "./elements/room/time/room-timesheet";
import { RoomTimelineElement } from "./elements/room/room-timeline";
import type { TabClass } from "./elements/room/tab-element";
import type { Tab } from "./parts";

export const ELEMENTS: Record<Tab, TabClass> = {
  overview: RoomOverviewElement,
  wall: RoomWallElement,
  tasks: RoomTasksElement,
  files: RoomFilesElement,
  timesheet: RoomTimesheetElement,
  timeline: RoomTimelineElement,
};
