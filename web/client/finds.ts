/** What search finds, by its kind. Made from the server's parts by `python -m hub.contract`. */
export const FOUND: Record<string, { icon: string }> = {
  room: { icon: "door" },
  person: { icon: "user" },
  company: { icon: "building" },
  task: { icon: "checkbox" },
  file: { icon: "file" },
  message: { icon: "message" },
};
